import { Decimal } from 'decimal.js';
import { namedInternally } from './internal-books.ts';
import { homeCurrencyOf } from './made-masters.ts';
import type { RecordedCompany } from './recorded-company.ts';
import { soldLines, type RecordedAddress, type RecordedLine, type ShownInvoice } from './wire.ts';

/** Decimals as money is written: at least two places. */
const money = (value: Decimal): string => value.toFixed(Math.max(2, value.decimalPlaces()));
const zero = new Decimal(0);

/**
 * A recorded QuickBooks invoice as the internal system would have written it (http.md §4), open and unpaid. Made from the
 * contract alone: nothing of the bridge is used, whose way from here to QuickBooks is what these tests judge.
 */
export function internalForm(invoice: ShownInvoice, company: RecordedCompany) {
  const taxInclusive = invoice.GlobalTaxCalculation === 'TaxInclusive';
  const lines = soldLines(invoice).map((line, index) => ({
    id: `l${index + 1}`,
    ...internalLine(line, invoice, company),
  }));
  const subtotal = lines.reduce((sum, { amount }) => sum.plus(amount), zero);
  const total = money(new Decimal(invoice.TotalAmt));
  const { CustomerRef, SalesTermRef, CurrencyRef, ExchangeRate } = invoice;
  const home = homeCurrencyOf(company.invoices.map(({ open }) => open));
  const currency = CurrencyRef?.value ?? home;
  return {
    id: internalId(invoice),
    number: invoice.DocNumber ?? null,
    status: 'open',
    currency,
    exchangeRate: currency === home ? null : (ExchangeRate ?? null),
    customer: {
      id: `cus_${CustomerRef.value}`,
      displayName: CustomerRef.name ?? CustomerRef.value,
      email: invoice.BillEmail?.Address ?? null,
    },
    issueDate: invoice.TxnDate,
    dueDate: invoice.DueDate ?? null,
    terms: SalesTermRef === undefined ? null : namedInternally(company, 'Term', SalesTermRef.value),
    taxInclusive,
    poNumber: invoice.PONumber ?? null,
    customerMemo: invoice.CustomerMemo?.value ?? null,
    privateNote: invoice.PrivateNote ?? null,
    billTo: internalAddress(invoice.BillAddr ?? {}),
    lines,
    discount: internalDiscount(invoice),
    subtotal: money(subtotal),
    taxTotal: money(new Decimal(invoice.TxnTaxDetail?.TotalTax ?? 0)),
    total,
    amountPaid: '0.00',
    balanceDue: total,
    payments: [],
  };
}

/** The id an invoice has in the internal books. */
export const internalId = ({ Id }: ShownInvoice): string => `inv_${Id}`;

function internalLine(line: RecordedLine, invoice: ShownInvoice, company: RecordedCompany) {
  const { ItemRef, Qty, UnitPrice, ServiceDate, TaxInclusiveAmt } = line.SalesItemLineDetail ?? {};
  const amount = new Decimal(TaxInclusiveAmt ?? line.Amount ?? 0);
  return {
    item:
      ItemRef === undefined
        ? null
        : { id: `itm_${ItemRef.value}`, name: ItemRef.name ?? ItemRef.value },
    description: line.Description ?? null,
    quantity: Qty ?? null,
    unitPrice: UnitPrice === undefined ? null : priceOf(UnitPrice, Qty, TaxInclusiveAmt),
    amount: money(amount),
    taxCode: internalTaxCode(line, invoice, company),
    serviceDate: ServiceDate ?? null,
  };
}

/** Where amounts contain tax, QuickBooks shows the price without it (recorded); on the paper it is with it. */
function priceOf(price: string, quantity: string | undefined, gross: string | undefined): string {
  if (gross === undefined || quantity === undefined) return money(new Decimal(price));
  return money(new Decimal(gross).dividedBy(quantity).toDecimalPlaces(7));
}

/** US lines say TAX, and which tax that is stands once on the invoice (quickbooks.md §7.4). */
function internalTaxCode(
  line: RecordedLine,
  { TxnTaxDetail }: ShownInvoice,
  company: RecordedCompany,
): string | null {
  const code = line.SalesItemLineDetail?.TaxCodeRef?.value ?? null;
  if (code === null || code === 'NON') return code;
  const meant = code === 'TAX' ? TxnTaxDetail?.TxnTaxCodeRef?.value : code;
  return meant === undefined ? code : namedInternally(company, 'TaxCode', meant);
}

/** The first line is the first line, and what follows it is the second, a line break between each (docs/field-map.md). */
function internalAddress(address: RecordedAddress) {
  const { Line1, Line2, Line3, Line4, Line5, City, CountrySubDivisionCode } = address;
  const rest = [Line2, Line3, Line4, Line5].filter((text) => text !== undefined);
  const parts = {
    line1: Line1 ?? null,
    line2: rest.length === 0 ? null : rest.join('\n'),
    city: City ?? null,
    region: CountrySubDivisionCode ?? null,
    postalCode: address.PostalCode ?? null,
    country: address.Country ?? null,
  };
  return Object.values(parts).every((part) => part === null) ? null : parts;
}

function internalDiscount({ Line }: ShownInvoice) {
  const line = Line.find(({ DetailType }) => DetailType === 'DiscountLineDetail');
  if (line === undefined) return null;
  const { PercentBased, DiscountPercent } = line.DiscountLineDetail ?? {};
  return PercentBased === true && DiscountPercent !== undefined
    ? { percent: DiscountPercent }
    : { amount: money(new Decimal(line.Amount ?? 0)) };
}
