import { Decimal as BigNumber } from 'decimal.js';
import type { Amount, Currency, Decimal } from '#core/brand.ts';
import type { CarriedLine, Discount, Line, PartyRef } from '#core/invoice/invoice.ts';
import { parseDecimal, unitsAt } from '#core/money/decimal.ts';
import { amountOf, placesOf, zero } from '#core/money/money.ts';
import type { WireInvoice, WireLine } from './wire.ts';

/** What a wire line is to the bridge. */
export type LineKind = 'item' | 'discount' | 'subtotal' | 'carried';

/** Why a kind of line stays on its side untouched (quickbooks.md §7.2). */
const carriedReasons: Readonly<Record<string, string>> = {
  GroupLineDetail: 'bundle',
  DescriptionOnly: 'description line with an amount',
  DiscountLineDetail: 'second discount',
};

/** Kinds of all lines in order: the first discount counts, sub-totals are QuickBooks' own (quickbooks.md §2.4). */
export function kindsOf(lines: readonly WireLine[]): readonly LineKind[] {
  const discountAt = lines.findIndex((line) => line.DetailType === 'DiscountLineDetail');
  return lines.map((line, position) => {
    if (line.DetailType === 'SalesItemLineDetail' || isWordsOnly(line)) return 'item';
    if (line.DetailType === 'SubTotalLineDetail') return 'subtotal';
    return position === discountAt ? 'discount' : 'carried';
  });
}

/** A line that only says something is a line of nothing: no item, no price, amount zero. */
const isWordsOnly = (line: WireLine): boolean =>
  line.DetailType === 'DescriptionOnly' && !/[1-9]/.test(line.Amount ?? '0');

/** A wire number as an amount of the currency. */
export const amountIn = (value: Decimal | null | undefined, currency: Currency): Amount =>
  value === null || value === undefined
    ? zero(currency)
    : amountOf({ minor: unitsAt(value, placesOf(currency)), currency });

export type DecodedLines = {
  readonly lines: readonly Line[];
  readonly carriedLines: readonly CarriedLine[];
  readonly discount: Discount | null;
};

/** The lines of an invoice in core's terms. */
export function decodeLines(wire: WireInvoice, currency: Currency): DecodedLines {
  const kinds = kindsOf(wire.Line);
  const ofKind = (kind: LineKind): readonly WireLine[] =>
    wire.Line.filter((_, position) => kinds[position] === kind);
  return {
    lines: ofKind('item').map((line) => decodeLine(line, wire, currency)),
    carriedLines: ofKind('carried').map((line) => ({
      sideId: line.Id ?? null,
      reason: carriedReasons[line.DetailType] ?? line.DetailType,
      amount:
        line.Amount === undefined || line.Amount === null ? null : amountIn(line.Amount, currency),
    })),
    discount: decodeDiscount(ofKind('discount')[0], currency),
  };
}

/** One item line; `wire` says whether amounts contain tax and which code TAX stands for. */
export function decodeLine(line: WireLine, wire: WireInvoice, currency: Currency): Line {
  const detail = line.SalesItemLineDetail;
  const inclusive =
    wire.GlobalTaxCalculation === 'TaxInclusive' ? (detail?.TaxInclusiveAmt ?? null) : null;
  const quantity = detail?.Qty ?? null;
  return {
    key: null,
    sideId: line.Id ?? null,
    item: refOf(detail?.ItemRef),
    description: textOf(line.Description),
    quantity,
    unitPrice:
      inclusive === null
        ? (detail?.UnitPrice ?? null)
        : inclusivePrice(inclusive, quantity, detail?.UnitPrice ?? null),
    amount: amountIn(inclusive ?? line.Amount, currency),
    taxCode: taxCodeOf(detail?.TaxCodeRef, wire),
    serviceDate: detail?.ServiceDate ?? null,
  };
}

/** QuickBooks prices such a line without its tax; on the paper it is the amount with tax for one (quickbooks.md §7.4). */
function inclusivePrice(
  amount: Decimal,
  quantity: Decimal | null,
  price: Decimal | null,
): Decimal | null {
  if (price === null || quantity === null || new BigNumber(quantity).isZero()) return price;
  const exactPrice = new BigNumber(amount).dividedBy(quantity);
  return parseDecimal(exactPrice.toDecimalPlaces(7, BigNumber.ROUND_HALF_UP).toFixed());
}

type WireRef = { readonly value: string; readonly name?: string | null | undefined };

/** A reference, or null; a nameless one shows its id. */
export const refOf = (reference: WireRef | null | undefined): PartyRef | null =>
  reference === null || reference === undefined || reference.value === ''
    ? null
    : { id: reference.value, name: reference.name ?? reference.value };

/** Text, where empty means none. */
export const textOf = (text: string | null | undefined): string | null =>
  text === undefined || text === '' ? null : text;

/** US lines say only TAX; which tax that is stands once on the whole invoice (quickbooks.md §7.4). */
function taxCodeOf(reference: WireRef | null | undefined, wire: WireInvoice): PartyRef | null {
  const whole = refOf(wire.TxnTaxDetail?.TxnTaxCodeRef);
  return reference?.value === 'TAX' && whole !== null ? whole : refOf(reference);
}

function decodeDiscount(line: WireLine | undefined, currency: Currency): Discount | null {
  if (line === undefined) return null;
  const percent = line.DiscountLineDetail?.DiscountPercent ?? null;
  return line.DiscountLineDetail?.PercentBased === true && percent !== null
    ? { kind: 'percent', percent }
    : { kind: 'amount', amount: amountIn(line.Amount, currency) };
}
