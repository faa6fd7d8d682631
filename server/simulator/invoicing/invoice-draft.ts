import { isSameBody } from '../control/mutation-log.ts';
import type { Company } from './company.ts';
import type { InvoiceWrite } from './invoice-write.ts';
import { digitErrors, draftLines, pricedLine } from './lines.ts';
import {
  compareAmounts,
  minorDigits,
  showDecimal,
  subtractAmounts,
  sumAmounts,
  totalsOf,
  type Totals,
} from './money.ts';
import { granted, refusedFields, type FieldError, type Judged } from './problem.ts';
import { resolveReference, shownCustomer } from './references.ts';
import type { Discount, Invoice, InvoiceRecord, Payment } from './wire.ts';

/** What an invoice would be after a write: references found, lines with ids, money worked out. Version and time are not moved yet. */
export function draftInvoice(
  company: Company,
  write: InvoiceWrite,
  held: InvoiceRecord | null,
  id: string,
): Judged<InvoiceRecord> {
  const { customer: customerWrite, lines: lineWrites, taxTotal, discount, ...fields } = write;
  const customer = resolveReference(
    customerWrite,
    [shownCustomer(company, customerWrite.id), held?.invoice.customer],
    'customer',
  );
  const drafted = draftLines(company, lineWrites, held, write.currency);
  const errors = [
    ...customer.errors,
    ...drafted.errors,
    ...termsErrors(company, write, held),
    ...moneyErrors(write),
  ];
  if (customer.found === null || errors.length > 0) return refusedFields(errors);

  const money = {
    currency: write.currency,
    lines: [...drafted.lines],
    discount: shownDiscount(discount, write.currency),
    taxInclusive: write.taxInclusive,
    statedTaxTotal: taxTotal,
  };
  const { subtotal, total, taxTotal: taxShown } = totals(company, money, held);
  const invoice = withBalance({
    ...emptyInvoice(id),
    ...held?.invoice,
    ...fields,
    customer: customer.found,
    lines: money.lines,
    discount: money.discount,
    subtotal,
    taxTotal: taxShown,
    total,
  });
  const overdrawn = balanceErrors(invoice);
  if (overdrawn.length > 0) return refusedFields(overdrawn);

  const { lineNumberLast } = drafted;
  return granted({ invoice, taxIsStated: taxTotal !== null, lineNumberLast, deleted: false });
}

/** The invoice with other payments: amount paid, balance due and status follow. */
export function withPayments(invoice: Invoice, payments: readonly Payment[]): Invoice {
  return withBalance({ ...invoice, payments: [...payments] });
}

function withBalance(invoice: Invoice): Invoice {
  if (invoice.status === 'void') return invoice;
  const { currency, total, payments } = invoice;
  const amountPaid = sumAmounts(
    payments.map((payment) => payment.amount),
    currency,
  );
  const balanceDue = subtractAmounts(total, amountPaid, currency);
  const status = compareAmounts(balanceDue, '0') === 0 ? 'paid' : 'open';
  return { ...invoice, amountPaid, balanceDue, status };
}

type Money = Pick<Invoice, 'currency' | 'lines' | 'discount' | 'taxInclusive'> & {
  readonly statedTaxTotal: string | null;
};

/** Totals move only when what they come from moves: an invoice loaded as it is keeps its own until then. */
function totals(
  company: Company,
  money: Money,
  held: InvoiceRecord | null,
): Omit<Totals, 'lineAmounts'> {
  if (held !== null && isSameBody(moneyOf(held), withBareLines(money))) {
    return held.invoice;
  }
  return totalsOf({ ...money, lines: money.lines.map((line) => pricedLine(company, line)) });
}

function moneyOf({ invoice, taxIsStated }: InvoiceRecord) {
  const { currency, lines, discount, taxInclusive, taxTotal } = invoice;
  const statedTaxTotal = taxIsStated ? taxTotal : null;
  return withBareLines({ currency, lines, discount, taxInclusive, statedTaxTotal });
}

function withBareLines(money: Money) {
  return { ...money, lines: money.lines.map(({ amount, taxCode }) => ({ amount, taxCode })) };
}

function shownDiscount(discount: Discount | null, currency: string): Discount | null {
  if (discount === null) return null;
  if ('percent' in discount) return { percent: showDecimal(discount.percent, 0) };
  return { amount: showDecimal(discount.amount, minorDigits(currency)) };
}

function termsErrors(
  company: Company,
  { terms }: InvoiceWrite,
  held: InvoiceRecord | null,
): FieldError[] {
  const isKnown = terms === null || company.records.terms.has(terms);
  return isKnown || held?.invoice.terms === terms
    ? []
    : [{ path: 'terms', message: 'is not known' }];
}

function moneyErrors({ taxTotal, discount, currency }: InvoiceWrite): FieldError[] {
  const errors = taxTotal === null ? [] : digitErrors(taxTotal, currency, 'taxTotal');
  if (discount === null || 'percent' in discount) return errors;
  const isNegative = compareAmounts(discount.amount, '0') < 0;
  if (isNegative) errors.push({ path: 'discount.amount', message: 'must not be negative' });
  return [...errors, ...digitErrors(discount.amount, currency, 'discount.amount')];
}

/** Neither what is asked for nor what is still due may be less than nothing. */
function balanceErrors({ total, balanceDue, amountPaid }: Invoice): FieldError[] {
  if (compareAmounts(total, '0') < 0) {
    return [{ path: 'lines', message: `would make the total negative: ${total}` }];
  }
  if (compareAmounts(balanceDue, '0') < 0) {
    return [
      { path: 'lines', message: `would make the total ${total}, less than the ${amountPaid} paid` },
    ];
  }
  return [];
}

function emptyInvoice(id: string): Invoice {
  return {
    id,
    externalRef: null,
    version: '0',
    updatedAt: '',
    updatedBy: '',
    number: null,
    status: 'open',
    currency: 'USD',
    exchangeRate: null,
    customer: { id: '', displayName: '', email: null, version: '1' },
    issueDate: '',
    dueDate: null,
    terms: null,
    taxInclusive: false,
    poNumber: null,
    customerMemo: null,
    privateNote: null,
    billTo: null,
    lines: [],
    discount: null,
    subtotal: '0.00',
    taxTotal: '0.00',
    total: '0.00',
    amountPaid: '0.00',
    balanceDue: '0.00',
    payments: [],
  };
}
