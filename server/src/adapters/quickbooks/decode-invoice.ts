import { toCurrency, type Currency, type Decimal } from '#core/brand.ts';
import type { Address, Invoice, Payment } from '#core/invoice/invoice.ts';
import { splitMarker } from '#core/mapping/marker.ts';
import { difference, amountOf, isZero, sum } from '#core/money/money.ts';
import { amountIn, decodeLines, kindsOf, refOf, textOf } from './decode-lines.ts';
import type { WireAddress, WireInvoice } from './wire.ts';

/** What an invoice does not say itself. */
export type DecodePlace = {
  /** Currency of documents that name none, as in companies without multi-currency. */
  readonly homeCurrency: Currency;
  /** Start of the address that opens an invoice in the browser; null where there is none. */
  readonly invoicePage: string | null;
};

/** An invoice of QuickBooks in core's terms; total, since `wire` was checked on arrival. */
export function decodeInvoice(wire: WireInvoice, place: DecodePlace): Invoice {
  const currency = currencyOf(wire, place);
  const isVoided = hasVoidTrace(wire);
  const { note, internalId } = decodeNote(wire.PrivateNote ?? '', isVoided);
  return {
    side: 'quickbooks',
    id: wire.Id,
    version: wire.SyncToken,
    modifiedAt: wire.MetaData.LastUpdatedTime,
    modifiedBy: refOf(wire.MetaData.LastModifiedByRef)?.name ?? null,
    url: place.invoicePage === null ? null : `${place.invoicePage}${encodeURIComponent(wire.Id)}`,
    counterpartId: internalId,
    existence: wire.status === 'Deleted' ? 'deleted' : isVoided ? 'void' : 'present',
    number: textOf(wire.DocNumber),
    currency,
    exchangeRate: rateOf(wire, currency, place),
    customer: refOf(wire.CustomerRef) ?? { id: '', name: '' },
    billEmail: textOf(wire.BillEmail?.Address),
    billTo: decodeAddress(wire.BillAddr),
    issueDate: wire.TxnDate,
    dueDate: wire.DueDate ?? null,
    terms: refOf(wire.SalesTermRef),
    taxInclusive: wire.GlobalTaxCalculation === 'TaxInclusive',
    poNumber: textOf(wire.PONumber),
    customerMemo: textOf(wire.CustomerMemo?.value),
    privateNote: note,
    ...decodeLines(wire, currency),
    derived: decodeDerived(wire, currency),
    payments: decodePayments(wire, currency),
  };
}

const currencyOf = (wire: WireInvoice, place: DecodePlace): Currency =>
  wire.CurrencyRef === null || wire.CurrencyRef === undefined
    ? place.homeCurrency
    : toCurrency(wire.CurrencyRef.value);

/** Multi-currency companies state a rate of 1 in home currency as well; there it says nothing (quickbooks.md §7.5). */
function rateOf(wire: WireInvoice, currency: Currency, place: DecodePlace): Decimal | null {
  return currency === place.homeCurrency ? null : (wire.ExchangeRate ?? null);
}

/** A void has no field of its own: only the note and the zeros reveal it (recorded, quickbooks.md §2.6). */
function hasVoidTrace(wire: WireInvoice): boolean {
  if (wire.status === 'Voided' || wire.invoiceStatus === 'VOIDED') return true;
  const amounts = [wire.TotalAmt, ...wire.Line.map((line) => line.Amount ?? null)];
  const allZero = amounts.every((amount) => amount === null || !/[1-9]/.test(amount));
  return allZero && /^Voided(?![A-Za-z0-9])/.test(wire.PrivateNote ?? '');
}

/** The note as a person wrote it: without QuickBooks' void word and without the bridge's marker. */
function decodeNote(
  text: string,
  isVoided: boolean,
): { readonly note: string | null; readonly internalId: string | null } {
  const own = isVoided ? text.replace(/^Voided(?![A-Za-z0-9])[\s.:,;-]*/, '') : text;
  return splitMarker(own);
}

/** QuickBooks has five lines; everything after the first is kept in the second, a line break between each. */
function decodeAddress(wire: WireAddress | null | undefined): Address | null {
  if (wire === null || wire === undefined) return null;
  const rest = [wire.Line2, wire.Line3, wire.Line4, wire.Line5]
    .map((line) => textOf(line))
    .filter((line) => line !== null);
  const address: Address = {
    line1: textOf(wire.Line1),
    line2: rest.length === 0 ? null : rest.join('\n'),
    city: textOf(wire.City),
    region: textOf(wire.CountrySubDivisionCode),
    postalCode: textOf(wire.PostalCode),
    country: textOf(wire.Country),
  };
  return Object.values(address).every((value) => value === null) ? null : address;
}

function decodeDerived(wire: WireInvoice, currency: Currency): Invoice['derived'] {
  const kinds = kindsOf(wire.Line);
  const sold = wire.Line.filter(
    (_, position) => kinds[position] === 'item' || kinds[position] === 'carried',
  ).filter((line) => line.DetailType !== 'DiscountLineDetail');
  const total = amountIn(wire.TotalAmt, currency);
  const balanceDue = amountIn(wire.Balance ?? wire.TotalAmt, currency);
  return {
    subtotal: amountOf(
      sum(
        sold.map((line) => amountIn(line.Amount, currency)),
        currency,
      ),
    ),
    taxTotal: amountIn(wire.TxnTaxDetail?.TotalTax, currency),
    total,
    amountPaid: amountOf(difference(total, balanceDue, currency)),
    balanceDue,
  };
}

/** Links that bring or take money; the others (estimates, reimbursed charges) only tell where lines came from. */
const moneyLinks: ReadonlySet<string> = new Set([
  'Payment',
  'CreditMemo',
  'Deposit',
  'JournalEntry',
]);

/** An invoice names what pays it without amounts: only a single payment's amount follows from the balance. */
function decodePayments(wire: WireInvoice, currency: Currency): readonly Payment[] {
  const links = (wire.LinkedTxn ?? []).filter((link) => moneyLinks.has(link.TxnType));
  const { amountPaid } = decodeDerived(wire, currency);
  return links.map((link) => ({
    id: link.TxnId,
    by: link.TxnType === 'Payment' ? 'payment' : 'credit',
    version: null,
    date: null,
    amount: links.length === 1 && !isZero(amountPaid) ? amountPaid : null,
    method: null,
    reference: null,
  }));
}
