import type { Currency, Decimal } from '../brand.ts';
import type { Line } from '../invoice/invoice.ts';
import { isJsonObject, type Json, type JsonObject } from '../json.ts';
import { decimalPlacesMax, parseDecimal, unitsAt } from '../money/decimal.ts';
import { extended } from '../money/money.ts';
import { normalCountry } from './country.ts';
import { splitMarker } from './marker.ts';

/** How two values of a field are judged equal; the names are printed in the field map. */
export type ComparatorName =
  | 'exact text'
  | 'number'
  | 'date'
  | 'yes or no'
  | 'note'
  | 'gone or not'
  | 'unit price'
  | 'address'
  | 'same record'
  | 'tax code'
  | 'discount'
  | 'not compared';

/** What a comparison may need besides the two values; both are in the same side's terms. */
export type CompareContext = {
  readonly currency: Currency;
  /** The code that TAX stands for on US lines; null where there is none. */
  readonly defaultTaxCodeId: string | null;
  /** The lines the values stand on; null for a field of the header. */
  readonly lines: { readonly left: Line; readonly right: Line } | null;
  /** Two numbers that differ by no more than this are equal; none unless said. */
  readonly tolerance?: Decimal | null;
};

export type Comparator = (left: Json, right: Json, context: CompareContext) => boolean;

/** Every comparator by its name; total, so that a new name without one breaks the build. */
export const comparators: Readonly<Record<ComparatorName, Comparator>> = {
  'exact text': sameText,
  number: sameNumber,
  date: sameText,
  'yes or no': (left, right) => left === right,
  note: (left, right) => sameText(ownNote(left), ownNote(right)),
  'gone or not': (left, right) => (left === 'present') === (right === 'present'),
  'unit price': sameUnitPrice,
  address: sameAddress,
  'same record': (left, right) => idOf(left) === idOf(right),
  'tax code': sameTaxCode,
  discount: sameDiscount,
  'not compared': () => true,
};

/** No value and empty text say the same. */
function sameText(left: Json, right: Json): boolean {
  const present = (value: Json): Json => (value === '' ? null : value);
  return present(left) === present(right);
}

/** 12, 12.0 and 12.00 are one number; no number is not zero. */
function sameNumber(
  left: Json,
  right: Json,
  { tolerance = null }: Pick<CompareContext, 'tolerance'> = {},
): boolean {
  if (typeof left !== 'string' || typeof right !== 'string') return sameText(left, right);
  // Stored values are canonical: nearly all comparisons end here.
  if (left === right) return true;
  const [one, other] = [parseDecimal(left), parseDecimal(right)];
  if (one === null || other === null) return false;
  return one === other || (tolerance !== null && isWithin(one, other, tolerance));
}

function isWithin(one: Decimal, other: Decimal, tolerance: Decimal): boolean {
  const [left, right, most] = [one, other, tolerance].map((value) =>
    unitsAt(value, decimalPlacesMax),
  );
  if (left === undefined || right === undefined || most === undefined) return false;
  return (left > right ? left - right : right - left) <= most;
}

/** What a person wrote: without the bridge's marker and without the word QuickBooks puts before the note of a void. */
function ownNote(value: Json): string | null {
  if (typeof value !== 'string') return null;
  return splitMarker(value.replace(/^Voided(?![A-Za-z0-9])[\s.:,;-]*/, '')).note;
}

/**
 * QuickBooks keeps amount and quantity and rewrites the price to fit them (quickbooks.md §7.3): two prices are equal
 * where both explain the same amount of the same quantity.
 */
function sameUnitPrice(left: Json, right: Json, context: CompareContext): boolean {
  const { lines, currency } = context;
  if (sameNumber(left, right, context)) return true;
  if (lines === null || typeof left !== 'string' || typeof right !== 'string') return false;
  const { quantity, amount } = lines.left;
  const prices = [parseDecimal(left), parseDecimal(right)];
  if (quantity === null || quantity === '0') return false;
  if (quantity !== lines.right.quantity || amount !== lines.right.amount) return false;
  return prices.every((price) => price !== null && extended(quantity, price, currency) === amount);
}

function sameAddress(left: Json, right: Json): boolean {
  const [one, other] = [addressParts(left), addressParts(right)];
  return one.every((part, position) => part === other[position]);
}

/** Spaces at the ends do not count, and a country is the same in two letters or three (quickbooks.md §2.10). */
function addressParts(value: Json): readonly string[] {
  const address: JsonObject = isJsonObject(value) ? value : {};
  const part = (name: string): string => {
    const text = address[name];
    return typeof text === 'string' ? text.trim() : '';
  };
  const country = normalCountry(part('country'));
  return [...['line1', 'line2', 'city', 'region', 'postalCode'].map((name) => part(name)), country];
}

/** A reference is the record it names: the id decides, the name only shows. */
function idOf(value: Json): Json {
  return isJsonObject(value) ? (value['id'] ?? null) : value;
}

/** On US lines TAX says "the tax of the whole invoice" (quickbooks.md §7.4). */
function sameTaxCode(left: Json, right: Json, { defaultTaxCodeId }: CompareContext): boolean {
  const meant = (value: Json): Json => {
    const id = idOf(value);
    return id === 'TAX' && defaultTaxCodeId !== null ? defaultTaxCodeId : id;
  };
  return meant(left) === meant(right);
}

function sameDiscount(left: Json, right: Json): boolean {
  if (!isJsonObject(left) || !isJsonObject(right)) return left === right;
  const number = (value: JsonObject): Json =>
    (value['kind'] === 'percent' ? value['percent'] : value['amount']) ?? null;
  return left['kind'] === right['kind'] && sameNumber(number(left), number(right));
}
