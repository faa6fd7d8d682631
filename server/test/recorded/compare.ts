import { Decimal } from 'decimal.js';
import {
  isVoided,
  soldLines,
  type RecordedAddress,
  type RecordedLine,
  type ShownInvoice,
} from './wire.ts';

/** What comparing needs to know about the company and the crossing. */
export type Crossed = {
  readonly internalId: string;
  readonly homeCurrency: string;
  /** The code TAX stands for where the invoice does not say: TAX and that code are one (docs/field-map.md). */
  readonly defaultTaxCode: string | null;
};

type Value = string | null;
type Read = (invoice: ShownInvoice, crossed: Crossed) => Value;
type ReadLine = (line: RecordedLine, invoice: ShownInvoice, crossed: Crossed) => Value;

/** Fields of payments: they are compared by a later issue, which lets payments cross; until then all cross unpaid. */
export const comparedLater = ['amountPaid', 'balanceDue', 'payments'] as const;

/** What each field of the field map says on a QuickBooks invoice, as text that is equal where the values are. */
export const headerReads: Readonly<Record<string, Read>> = {
  existence: (invoice) => (isVoided(invoice) ? 'void' : 'present'),
  number: ({ DocNumber }) => DocNumber ?? null,
  customer: ({ CustomerRef }) => CustomerRef.value,
  currency: ({ CurrencyRef }, { homeCurrency }) => CurrencyRef?.value ?? homeCurrency,
  exchangeRate: ({ ExchangeRate }) => ExchangeRate ?? null,
  issueDate: ({ TxnDate }) => TxnDate,
  dueDate: ({ DueDate }) => DueDate ?? null,
  terms: ({ SalesTermRef }) => SalesTermRef?.value ?? null,
  billEmail: ({ BillEmail }) => BillEmail?.Address ?? null,
  billTo: ({ BillAddr }) => addressText(BillAddr ?? {}),
  taxInclusive: ({ GlobalTaxCalculation }) => GlobalTaxCalculation ?? null,
  poNumber: ({ PONumber }) => PONumber ?? null,
  customerMemo: ({ CustomerMemo }) => CustomerMemo?.value ?? null,
  privateNote: ({ PrivateNote }, { internalId }) => ownNote(PrivateNote ?? '', internalId),
  discount: ({ Line }) => discountText(Line),
  subtotal: ({ Line }) =>
    Line.find(({ DetailType }) => DetailType === 'SubTotalLineDetail')?.Amount ?? null,
  taxTotal: ({ TxnTaxDetail }) => TxnTaxDetail?.TotalTax ?? '0',
  total: ({ TotalAmt }) => TotalAmt,
};

export const lineReads: Readonly<Record<string, ReadLine>> = {
  'lines[*].item': ({ SalesItemLineDetail }) => SalesItemLineDetail?.ItemRef?.value ?? null,
  'lines[*].description': ({ Description }) => Description ?? null,
  'lines[*].quantity': ({ SalesItemLineDetail }) => SalesItemLineDetail?.Qty ?? null,
  'lines[*].unitPrice': ({ SalesItemLineDetail }) => SalesItemLineDetail?.UnitPrice ?? null,
  'lines[*].amount': ({ Amount, SalesItemLineDetail }) =>
    [Amount, SalesItemLineDetail?.TaxInclusiveAmt ?? ''].join(' '),
  'lines[*].taxCode': taxCodeOf,
  'lines[*].serviceDate': ({ SalesItemLineDetail }) => SalesItemLineDetail?.ServiceDate ?? null,
};

/** Not in the field map, since QuickBooks computes it; but if these differ, so do the books. */
export const computedReads: Readonly<Record<string, Read>> = {
  HomeTotalAmt: ({ HomeTotalAmt }) => HomeTotalAmt ?? null,
  'TxnTaxDetail.TaxLine': ({ TxnTaxDetail }) => taxLinesText(TxnTaxDetail),
};

/** One field of one invoice on both: as recorded, and as the bridge brought it there. */
export type Compared = {
  readonly path: string;
  readonly recorded: Value;
  readonly crossed: Value;
};

/** Compares all mapped fields, line by line; the answer names every field that was looked at. */
export function compareInvoices(
  recorded: ShownInvoice,
  held: ShownInvoice,
  crossed: Crossed,
): readonly Compared[] {
  const whole = Object.entries({ ...headerReads, ...computedReads }).map(([path, read]) => ({
    path,
    recorded: read(recorded, crossed),
    crossed: read(held, crossed),
  }));
  const heldLines = soldLines(held);
  const recordedLines = soldLines(recorded);
  const count = {
    path: 'lines',
    recorded: String(recordedLines.length),
    crossed: String(heldLines.length),
  };
  const lines = recordedLines.flatMap((line, index) => {
    const same = heldLines[index];
    return same === undefined ? [] : compareLines(index, [line, recorded], [same, held], crossed);
  });
  return [...whole, count, ...lines];
}

type Placed = readonly [RecordedLine, ShownInvoice];

function compareLines(index: number, one: Placed, other: Placed, crossed: Crossed): Compared[] {
  return Object.entries(lineReads)
    .filter(([path]) => path !== 'lines[*].item' || !isMarkupLine(one[0]))
    .map(([path, read]) => ({
      path: path.replace('*', String(index)),
      recorded: read(...one, crossed),
      crossed: read(...other, crossed),
    }));
}

/** A line QuickBooks made for the markup of a reimbursed charge has no item; an ordinary line always gets one. */
const isMarkupLine = ({ SalesItemLineDetail: detail }: RecordedLine): boolean =>
  detail?.MarkupInfo !== undefined && detail.ItemRef === undefined;

function addressText(address: RecordedAddress): Value {
  const { Line1, Line2, Line3, Line4, Line5, City, CountrySubDivisionCode } = address;
  const { PostalCode, Country } = address;
  const parts = [Line1, Line2, Line3, Line4, Line5, City, CountrySubDivisionCode];
  const whole = [...parts, PostalCode, Country].map((part) => part ?? '');
  return whole.every((part) => part === '') ? null : whole.join('|');
}

/** What a person wrote: without the bridge's last line and without the word of a void. */
function ownNote(text: string, internalId: string): Value {
  const note = text
    .split('\n')
    .filter((line, index, lines) => !(index === lines.length - 1 && isMarker(line, internalId)))
    .join('\n')
    .replace(/^Voided( - )?/, '');
  return note === '' ? null : note;
}

const isMarker = (line: string, internalId: string): boolean =>
  [`LedgerBridge ${internalId}`, `Voided - LedgerBridge ${internalId}`].includes(line);

function discountText(lines: readonly RecordedLine[]): Value {
  const discounts = lines.filter(({ DetailType }) => DetailType === 'DiscountLineDetail');
  if (discounts.length === 0) return null;
  return discounts
    .map(({ Amount, DiscountLineDetail: detail }) =>
      [Amount, detail?.PercentBased === true ? `${detail.DiscountPercent} %` : 'fixed'].join(
        ' is ',
      ),
    )
    .join();
}

function taxCodeOf(line: RecordedLine, { TxnTaxDetail }: ShownInvoice, crossed: Crossed): Value {
  const code = line.SalesItemLineDetail?.TaxCodeRef?.value ?? null;
  return code === 'TAX' ? (TxnTaxDetail?.TxnTaxCodeRef?.value ?? crossed.defaultTaxCode) : code;
}

/** A tax of nothing may be said or left out. */
function taxLinesText(detail: ShownInvoice['TxnTaxDetail']): Value {
  const lines = (detail?.TaxLine ?? []).filter(({ Amount }) => !new Decimal(Amount).isZero());
  const texts = lines.map(({ Amount, TaxLineDetail: { TaxRateRef, TaxPercent, ...rest } }) =>
    [TaxRateRef.value, `${TaxPercent} %`, rest.NetAmountTaxable, Amount].join(' '),
  );
  return texts.length === 0 ? null : texts.sort().join();
}
