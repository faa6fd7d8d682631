import type { QuickBooksFacts } from '#core/company/company.ts';
import type { InvoiceContent } from '#core/invoice/invoice.ts';
import { digitsOf, fieldLimits } from '#core/mapping/field-limits.ts';
import type { NeededReference } from '#core/mapping/reference.ts';
import { isZero } from '#core/money/money.ts';
import { isWordsOnly } from './encode-lines.ts';
import { wholeTaxCodes } from './tax.ts';

/** Why QuickBooks could not hold this invoice, in words; pure, so that the plan can ask before any write. */
export function spellingProblems(
  content: InvoiceContent,
  facts: QuickBooksFacts,
): readonly string[] {
  return [
    ...textProblems(content),
    ...lineProblems(content, facts),
    ...taxProblems(content, facts),
    ...currencyProblems(content, facts),
  ];
}

function tooLong(label: string, text: string | null, max: number): readonly string[] {
  if (text === null || text.length <= max) return [];
  return [`${label} has ${text.length} characters; QuickBooks takes at most ${max}.`];
}

function textProblems(content: InvoiceContent): readonly string[] {
  const addressLines = content.billTo?.line2?.split('\n').length ?? 0;
  return [
    ...tooLong('The invoice number', content.number, fieldLimits.number),
    ...tooLong('The purchase order number', content.poNumber, fieldLimits.poNumber),
    ...tooLong('The note to the customer', content.customerMemo, fieldLimits.customerMemo),
    ...tooLong(
      'The private note',
      content.privateNote,
      fieldLimits.privateNote - fieldLimits.marker,
    ),
    ...tooLong('The e-mail address', content.billEmail, fieldLimits.billEmail),
    ...(addressLines >= fieldLimits.addressLines
      ? ['The billing address has more than five lines.']
      : []),
  ];
}

function lineProblems(content: InvoiceContent, facts: QuickBooksFacts): readonly string[] {
  return content.lines.flatMap((line, position) => {
    const label = `Line ${position + 1}`;
    const numbers = [line.quantity, line.unitPrice, line.amount];
    const isTooFine = numbers.some((number) => digitsOf(number) > fieldLimits.significantDigits);
    return [
      ...tooLong(`${label}: the text`, line.description, fieldLimits.description),
      ...(isTooFine ? [`${label}: QuickBooks keeps at most 15 digits of a number.`] : []),
      ...(!facts.usTax && line.taxCode === null && !isWordsOnly(line)
        ? [`${label} has no tax code, and this company's QuickBooks needs one on every line.`]
        : []),
    ];
  });
}

function taxProblems(content: InvoiceContent, facts: QuickBooksFacts): readonly string[] {
  const codes = wholeTaxCodes(content);
  if (facts.usTax) {
    return [
      ...(codes.length > 1 ? ['A US invoice in QuickBooks can have only one tax code.'] : []),
      ...(content.taxInclusive ? ['A US invoice in QuickBooks cannot contain its tax.'] : []),
    ];
  }
  const isSplit = content.taxInclusive && codes.length > 1;
  return isSplit && content.lines.some((line) => !isZero(line.amount))
    ? ['An invoice whose amounts contain tax can have only one tax code here.']
    : [];
}

function currencyProblems(content: InvoiceContent, facts: QuickBooksFacts): readonly string[] {
  if (content.currency !== facts.homeCurrency && !facts.multiCurrency)
    return [
      `It is in ${content.currency}, but this company's QuickBooks keeps only ${facts.homeCurrency}.`,
    ];
  const { discount } = content;
  const amounts = [
    ...content.lines.map(({ amount }) => amount),
    ...(discount?.kind === 'amount' ? [discount.amount] : []),
  ];
  return amounts
    .filter((amount) => /\.\d\d0*[1-9]/.test(amount))
    .map(
      (amount) =>
        `QuickBooks keeps two decimals of an amount, so ${amount} ${content.currency} would not stay what it is.`,
    );
}

/** Why QuickBooks could not take a new customer, item or term under this name. */
export function referenceProblems(needed: NeededReference): readonly string[] {
  const name = needed.name.trim();
  return [
    ...(name === '' ? ['It has no name.'] : []),
    ...tooLong(`The name ${name}`, name, fieldLimits.name),
    ...(name.includes(':') ? [`The name ${name} has a colon, which QuickBooks refuses.`] : []),
    ...(needed.kind === 'TERMS' && dueDaysOf(name) === null
      ? [`The terms ${name} do not say after how many days to pay.`]
      : []),
  ];
}

/** Days to pay that the name of a term says: 'Net 30' and 'net-30' say 30, 'Due on receipt' says 0. */
export function dueDaysOf(name: string): number | null {
  const digits = /\d{1,3}/.exec(name)?.[0];
  if (digits !== undefined) return Number(digits);
  return /receipt/i.test(name) ? 0 : null;
}
