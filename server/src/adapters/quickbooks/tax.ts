import type { Amount, Currency } from '#core/brand.ts';
import type { QuickBooksFacts } from '#core/company/company.ts';
import type { InvoiceContent, Line } from '#core/invoice/invoice.ts';
import { divideHalfUp } from '#core/money/decimal.ts';
import { amountOf, moneyOf } from '#core/money/money.ts';
import { exact, type DraftObject } from './spell.ts';

/** Codes a US line may carry; they say only whether it is taxed (quickbooks.md §7.4). */
const lineCodes: ReadonlySet<string> = new Set(['TAX', 'NON']);

export const isPseudoTaxCode = (id: string): boolean => lineCodes.has(id);

/** The reference a line carries: in US companies TAX or NON, elsewhere the code itself. */
export function lineTaxCode(line: Line, facts: QuickBooksFacts): DraftObject | undefined {
  if (line.taxCode === null) return undefined;
  const { id } = line.taxCode;
  return { value: facts.usTax && id !== 'NON' ? 'TAX' : id };
}

/** Real tax codes the lines name; US invoices can hold one. */
export const wholeTaxCodes = (content: InvoiceContent): readonly string[] => [
  ...new Set(
    content.lines.flatMap((line) =>
      line.taxCode === null || isPseudoTaxCode(line.taxCode.id) ? [] : [line.taxCode.id],
    ),
  ),
];

/**
 * The tax of a whole US invoice, stated so that it stands: a code and a total, since QuickBooks ignores one without the
 * other (quickbooks.md §7.4). Elsewhere QuickBooks computes from the codes of the lines.
 */
export function statedTax(
  content: InvoiceContent,
  taxTotal: Amount,
  facts: QuickBooksFacts,
): DraftObject | undefined {
  if (!facts.usTax) return undefined;
  const isTaxed = content.lines.some((line) => line.taxCode !== null && line.taxCode.id !== 'NON');
  const code = isTaxed ? (wholeTaxCodes(content)[0] ?? facts.defaultTaxCodeId) : null;
  return {
    TxnTaxCodeRef: code === null ? undefined : { value: code },
    TotalTax: exact(taxTotal),
  };
}

/**
 * Line amounts without their tax. The tax of the whole is spread by share and the last taxed line takes the remainder, so
 * that they add up to the cent; exact where all lines have one code (see `spellingProblems`).
 */
export function netAmounts(
  lines: readonly Line[],
  taxTotal: Amount,
  currency: Currency,
): readonly Amount[] {
  const gross = lines.map((line) => moneyOf(line.amount, currency).minor);
  const whole = gross.reduce((total, amount) => total + amount, 0n);
  const tax = moneyOf(taxTotal, currency).minor;
  let open = tax;
  return gross.map((amount, position) => {
    const isLast = position === gross.length - 1;
    const share = isLast || whole === 0n ? open : divideHalfUp(tax * amount, whole);
    open -= share;
    return amountOf({ minor: amount - share, currency });
  });
}
