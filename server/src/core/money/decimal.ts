import { brandDecimal, type Decimal } from '../brand.ts';

/** QuickBooks keeps quantities and rates to seven places (quickbooks.md §7.3); more are cut by rounding half up. */
export const decimalPlacesMax = 7;

type Scaled = { readonly units: bigint; readonly places: number };

const form = /^(-?)(\d+)(?:\.(\d+))?$/;
/** What is written the only way we write it needs no reading: most texts are our own. */
const shortest = /^(?:0|-?(?:[1-9]\d*|0(?=\.))(?:\.\d{0,6}[1-9])?)$/;

function scaledOf(text: string): Scaled | null {
  const match = form.exec(text);
  if (match === null) return null;
  const [, sign = '', whole = '0', fraction = ''] = match;
  const units = BigInt(whole + fraction);
  return { units: sign === '-' ? -units : units, places: fraction.length };
}

/** Divides rounding half away from zero, as QuickBooks does on each line. */
export function divideHalfUp(numerator: bigint, denominator: bigint): bigint {
  const negative = numerator < 0n !== denominator < 0n;
  const above = numerator < 0n ? -numerator : numerator;
  const below = denominator < 0n ? -denominator : denominator;
  const rounded = (above * 2n + below) / (below * 2n);
  return negative ? -rounded : rounded;
}

/** The same number with exactly `places` places, rounded half up where it had more. */
function atPlaces({ units, places }: Scaled, wanted: number): bigint {
  if (places <= wanted) return units * 10n ** BigInt(wanted - places);
  return divideHalfUp(units, 10n ** BigInt(places - wanted));
}

/** Text of `units` with a point before the last `places` digits. */
export function textOf(units: bigint, places: number): string {
  const digits = (units < 0n ? -units : units).toString().padStart(places + 1, '0');
  const cut = digits.length - places;
  const text = places === 0 ? digits : `${digits.slice(0, cut)}.${digits.slice(cut)}`;
  return units < 0n ? `-${text}` : text;
}

function canonical(units: bigint, places: number): Decimal {
  const text = textOf(units, places);
  const trimmed = text.includes('.') ? text.replace(/\.?0+$/, '') : text;
  return brandDecimal(trimmed);
}

/** Reads '12.50' as '12.5'; null when it is not a plain decimal. Rounds to seven places. */
export function parseDecimal(text: string): Decimal | null {
  if (shortest.test(text)) return brandDecimal(text);
  const scaled = scaledOf(text);
  return scaled === null ? null : canonical(atPlaces(scaled, decimalPlacesMax), decimalPlacesMax);
}

function must(value: Decimal): Scaled {
  const scaled = scaledOf(value);
  if (scaled === null) throw new Error(`not a decimal: ${value}`);
  return scaled;
}

/** Units of a decimal at the given number of places, rounded half up. */
export const unitsAt = (value: Decimal, places: number): bigint => atPlaces(must(value), places);

/** Product in units at the given number of places, rounded half up once. */
export function productAt(left: Decimal, right: Decimal, places: number): bigint {
  const a = must(left);
  const b = must(right);
  return atPlaces({ units: a.units * b.units, places: a.places + b.places }, places);
}
