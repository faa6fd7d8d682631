import { Decimal as BigNumber } from 'decimal.js';
import type { Amount, Currency, Decimal } from '#core/brand.ts';
import type { QuickBooksFacts } from '#core/company/company.ts';
import type { Discount, InvoiceContent, Line, PartyRef } from '#core/invoice/invoice.ts';
import { isJsonObject, type JsonObject } from '#core/json.ts';
import { decimalPlacesMax, divideHalfUp, parseDecimal, unitsAt } from '#core/money/decimal.ts';
import { amountOf, isZero, sum } from '#core/money/money.ts';
import { amountIn, decodeLine, kindsOf, type LineKind } from './decode-lines.ts';
import { exact, type Draft, type DraftObject } from './spell.ts';
import { lineTaxCode, netAmounts } from './tax.ts';
import type { WireInvoice, WireLine } from './wire.ts';

/** What a new set of lines is built on: the recorded ones, as raw objects and as read. */
export type HeldLines = { readonly wire: WireInvoice; readonly raw: readonly JsonObject[] };

export type LineSpelling = {
  readonly currency: Currency;
  readonly facts: QuickBooksFacts;
  /** Needed only where amounts contain their tax. */
  readonly taxTotal: Amount;
  readonly held: HeldLines | null;
};

type HeldLine = {
  readonly raw: JsonObject;
  readonly wire: WireLine;
  readonly kind: LineKind;
};

/**
 * The whole `Line` array: a sparse update still replaces the set (quickbooks.md §2.5), so every line is sent. Ids are
 * kept, a line that did not change goes back as it came, what the bridge does not understand stays where it was, the
 * discount comes last, and QuickBooks makes its own sub-total.
 */
export function encodeLines(content: InvoiceContent, spelling: LineSpelling): readonly Draft[] {
  const held = heldLines(spelling.held);
  const nets = netAmounts(content.lines, spelling.taxTotal, spelling.currency);
  const items = content.lines.map((line, position) => ({
    sideId: line.sideId,
    draft: encodeLine(line, nets[position] ?? line.amount, content, spelling, held),
  }));
  const sold = withCarried(items, held);
  const discounts = held.filter(({ wire }) => wire.DetailType === 'DiscountLineDetail');
  const [main, ...others] = discounts;
  return [
    ...sold.map(numbered),
    ...encodeDiscount(content, main, carriedAmounts(held, spelling.currency), spelling),
    ...others.map(({ raw }) => raw),
  ];
}

function heldLines(held: HeldLines | null): readonly HeldLine[] {
  if (held === null) return [];
  const kinds = kindsOf(held.wire.Line);
  return held.wire.Line.flatMap((wire, position) => {
    const raw = held.raw[position];
    const kind = kinds[position];
    return raw === undefined || kind === undefined ? [] : [{ raw, wire, kind }];
  });
}

function encodeLine(
  line: Line,
  net: Amount,
  content: InvoiceContent,
  spelling: LineSpelling,
  held: readonly HeldLine[],
): DraftObject {
  const before = held.find(
    ({ kind, wire }) => kind === 'item' && line.sideId !== null && wire.Id === line.sideId,
  );
  if (before !== undefined && isUnchanged(line, before, content, spelling)) return before.raw;
  if (isWordsOnly(line)) return encodeWords(line, before);
  const detail = objectIn(before?.raw, 'SalesItemLineDetail');
  const amount = content.taxInclusive ? net : line.amount;
  return {
    ...before?.raw,
    Description: line.description ?? undefined,
    Amount: exact(amount),
    DetailType: 'SalesItemLineDetail',
    DescriptionLineDetail: undefined,
    SalesItemLineDetail: {
      ...detail,
      ...itemFields(line.item, detail),
      Qty: exact(line.quantity),
      UnitPrice: exact(content.taxInclusive ? netPrice(line, net) : line.unitPrice),
      TaxCodeRef: lineTaxCode(line, spelling.facts),
      ServiceDate: line.serviceDate ?? undefined,
      TaxInclusiveAmt: content.taxInclusive ? exact(line.amount) : undefined,
    },
  };
}

/** A line that sells nothing is spelled without a sale, or QuickBooks would put its first item into it. */
export const isWordsOnly = (line: Line): boolean =>
  isZero(line.amount) &&
  [line.item, line.quantity, line.unitPrice, line.taxCode, line.serviceDate].every(
    (value) => value === null,
  );

const encodeWords = (line: Line, before: HeldLine | undefined): DraftObject => ({
  ...before?.raw,
  Description: line.description ?? undefined,
  Amount: undefined,
  DetailType: 'DescriptionOnly',
  SalesItemLineDetail: undefined,
  DescriptionLineDetail: objectIn(before?.raw, 'DescriptionLineDetail') ?? {},
});

/** Whether the line as recorded already says all of this, under the same way of counting tax. */
function isUnchanged(
  line: Line,
  before: HeldLine,
  content: InvoiceContent,
  spelling: LineSpelling,
): boolean {
  const wire = spelling.held?.wire;
  if (wire === undefined) return false;
  if ((wire.GlobalTaxCalculation === 'TaxInclusive') !== content.taxInclusive) return false;
  const was = decodeLine(before.wire, wire, spelling.currency);
  const ids = (ref: PartyRef | null): string | null => ref?.id ?? null;
  return (
    ids(was.item) === ids(line.item) &&
    ids(was.taxCode) === ids(line.taxCode) &&
    was.description === line.description &&
    was.quantity === line.quantity &&
    was.unitPrice === line.unitPrice &&
    was.amount === line.amount &&
    was.serviceDate === line.serviceDate
  );
}

/** The income account follows the item, so a new item drops the recorded one. */
function itemFields(item: PartyRef | null, detail: JsonObject | undefined): DraftObject {
  const before = objectIn(detail, 'ItemRef')?.['value'];
  if (item !== null && before === item.id) return {};
  const ItemRef = item === null ? undefined : { value: item.id, name: item.name };
  return { ItemRef, ItemAccountRef: undefined };
}

/** Price of one without tax, to seven places (quickbooks.md §7.3). */
function netPrice(line: Line, net: Amount): Decimal | null {
  if (line.unitPrice === null || line.quantity === null) return line.unitPrice;
  const quantity = new BigNumber(line.quantity);
  if (quantity.isZero()) return line.unitPrice;
  const price = new BigNumber(net).dividedBy(quantity);
  return parseDecimal(price.toDecimalPlaces(7, BigNumber.ROUND_HALF_UP).toFixed());
}

type Placed = { readonly sideId: string | null; readonly draft: DraftObject };

/** Puts each carried line back behind the item line it followed, or in front when it followed none that is left. */
function withCarried(items: readonly Placed[], held: readonly HeldLine[]): readonly DraftObject[] {
  const left = new Set(items.map(({ sideId }) => sideId));
  const behind = new Map<string | null, JsonObject[]>();
  let anchor: string | null = null;
  for (const { kind, wire, raw } of held) {
    if (kind === 'item' && left.has(wire.Id ?? null)) anchor = wire.Id ?? null;
    if (kind !== 'carried' || wire.DetailType === 'DiscountLineDetail') continue;
    behind.set(anchor, [...(behind.get(anchor) ?? []), raw]);
  }
  return [
    ...(behind.get(null) ?? []),
    ...items.flatMap(({ sideId, draft }) => [
      draft,
      ...(sideId === null ? [] : (behind.get(sideId) ?? [])),
    ]),
  ];
}

const numbered = (line: DraftObject, position: number): DraftObject => ({
  ...line,
  LineNum: position + 1,
});

const carriedAmounts = (held: readonly HeldLine[], currency: Currency): readonly Amount[] =>
  held
    .filter(({ kind, wire }) => kind === 'carried' && wire.DetailType !== 'DiscountLineDetail')
    .map(({ wire }) => amountIn(wire.Amount, currency));

function encodeDiscount(
  content: InvoiceContent,
  before: HeldLine | undefined,
  carried: readonly Amount[],
  { currency }: LineSpelling,
): readonly DraftObject[] {
  const { discount } = content;
  if (discount === null) return [];
  const base = [...content.lines.map((line) => line.amount), ...carried];
  return [
    {
      ...before?.raw,
      Amount: exact(discountAmount(discount, base, currency)),
      DetailType: 'DiscountLineDetail',
      DiscountLineDetail: {
        ...objectIn(before?.raw, 'DiscountLineDetail'),
        PercentBased: discount.kind === 'percent',
        DiscountPercent: discount.kind === 'percent' ? exact(discount.percent) : undefined,
      },
    },
  ];
}

/** A discount is positive on the wire and subtracted (quickbooks.md §7.2); a percentage rounds half up to the cent. */
function discountAmount(
  discount: Discount,
  amounts: readonly Amount[],
  currency: Currency,
): Amount {
  if (discount.kind === 'amount') return discount.amount;
  const base = sum(amounts, currency).minor;
  const percent = unitsAt(discount.percent, decimalPlacesMax);
  const whole = 100n * 10n ** BigInt(decimalPlacesMax);
  return amountOf({ minor: divideHalfUp(base * percent, whole), currency });
}

function objectIn(holder: JsonObject | undefined, key: string): JsonObject | undefined {
  const value = holder?.[key];
  return isJsonObject(value) ? value : undefined;
}
