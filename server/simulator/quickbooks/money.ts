import { Decimal } from 'decimal.js';
import type { Json, JsonObject } from './json.ts';

export { Decimal };

export const zero = new Decimal(0);

/** Nothing in a small company's books is larger; also keeps sums exact as JSON numbers. */
const largest = new Decimal(1e12);

/** The number a client sent, as number or text; undefined when there is none, it is not one, or it is absurdly large. */
export function toDecimal(value: Json | undefined): Decimal | undefined {
  const number = readDecimal(value);
  return number === undefined || number.abs().greaterThan(largest) ? undefined : number;
}

function readDecimal(value: Json | undefined): Decimal | undefined {
  if (typeof value === 'number') return Number.isFinite(value) ? new Decimal(value) : undefined;
  if (typeof value !== 'string' || value.length > 40) return undefined;
  return /^[+-]?(\d+\.?\d*|\.\d+)$/.test(value.trim()) ? new Decimal(value.trim()) : undefined;
}

/** A numeric field of an object, zero when missing. */
export function amountOf(object: JsonObject | undefined, key: string): Decimal {
  return toDecimal(object?.[key]) ?? zero;
}

/** Cents, halves away from zero (quickbooks.md §7.3). */
export function toCents(amount: Decimal): Decimal {
  return amount.toDecimalPlaces(2, Decimal.ROUND_HALF_UP);
}

/** Rates and unit prices keep seven decimals (quickbooks.md §7.3). */
export function toSevenDecimals(amount: Decimal): Decimal {
  return amount.toDecimalPlaces(7, Decimal.ROUND_HALF_UP);
}

/** The sum of a list. */
export function sumOf(amounts: readonly Decimal[]): Decimal {
  return amounts.reduce((sum, amount) => sum.plus(amount), zero);
}

/** Splits a total over weights so that the parts add up to it; the last part takes what rounding leaves. */
export function prorate(total: Decimal, weights: readonly Decimal[]): readonly Decimal[] {
  const whole = sumOf(weights);
  let left = total;
  return weights.map((weight, index) => {
    const share = whole.isZero() ? zero : toCents(total.times(weight).dividedBy(whole));
    const part = index === weights.length - 1 ? left : share;
    left = left.minus(part);
    return part;
  });
}
