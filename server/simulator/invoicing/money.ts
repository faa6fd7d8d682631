import { Decimal as AnyDecimal } from 'decimal.js';
import type { Discount } from './wire.ts';

/** Exact far beyond any invoice; halves go away from zero, as on paper. */
const Decimal = AnyDecimal.clone({ precision: 60, rounding: AnyDecimal.ROUND_HALF_UP });

const digitsByCurrency = new Map<string, number>();

/** How many digits the currency's amounts have after the point (ISO 4217): 2 for USD, 0 for JPY. */
export function minorDigits(currency: string): number {
  const known = digitsByCurrency.get(currency);
  if (known !== undefined) return known;
  const format = new Intl.NumberFormat('en', { style: 'currency', currency });
  const digits = format.resolvedOptions().maximumFractionDigits ?? 2;
  digitsByCurrency.set(currency, digits);
  return digits;
}

export type PricedLine = {
  readonly quantity: string | null;
  readonly unitPrice: string | null;
  /** Counts only where quantity or unit price is null (http.md §4). */
  readonly amount: string | null;
  /** Percent of the line's tax code; "0" without one. */
  readonly taxPercent: string;
};

export type Pricing = {
  readonly lines: readonly PricedLine[];
  readonly discount: Discount | null;
  readonly taxInclusive: boolean;
  /** Null lets the system compute it. */
  readonly statedTaxTotal: string | null;
  readonly currency: string;
};

export type Totals = {
  readonly lineAmounts: readonly string[];
  readonly subtotal: string;
  readonly taxTotal: string;
  readonly total: string;
};

/**
 * Line amounts, subtotal, tax and total. Amounts are rounded half-up line by line, tax too: a line's tax is worked out
 * on the line less its share of the discount. With `taxInclusive` the tax is contained in the amounts.
 */
export function totalsOf(pricing: Pricing): Totals {
  const digits = minorDigits(pricing.currency);
  const round = (value: AnyDecimal) => value.toDecimalPlaces(digits);
  const amounts = pricing.lines.map((line) => round(amountOf(line)));
  const subtotal = sumOf(amounts);
  const discount = round(discountOf(pricing.discount, subtotal));

  const net = subtotal.minus(discount);
  const taxes = pricing.lines.map((line, index) => {
    const amount = amounts[index] ?? new Decimal(0);
    return round(
      taxOf(amount, line.taxPercent, { net, subtotal, inclusive: pricing.taxInclusive }),
    );
  });
  const taxTotal =
    pricing.statedTaxTotal === null ? sumOf(taxes) : new Decimal(pricing.statedTaxTotal);

  return {
    lineAmounts: amounts.map((amount) => amount.toFixed(digits)),
    subtotal: subtotal.toFixed(digits),
    taxTotal: taxTotal.toFixed(digits),
    total: (pricing.taxInclusive ? net : net.plus(taxTotal)).toFixed(digits),
  };
}

function amountOf(line: PricedLine): AnyDecimal {
  if (line.quantity === null || line.unitPrice === null) return new Decimal(line.amount ?? 0);
  return new Decimal(line.quantity).times(line.unitPrice);
}

function discountOf(discount: Discount | null, subtotal: AnyDecimal): AnyDecimal {
  if (discount === null) return new Decimal(0);
  if ('amount' in discount) return new Decimal(discount.amount);
  return subtotal.times(discount.percent).div(100);
}

/** One division at the very end: an exact half stays an exact half. */
function taxOf(
  amount: AnyDecimal,
  percent: string,
  whole: { net: AnyDecimal; subtotal: AnyDecimal; inclusive: boolean },
): AnyDecimal {
  const rate = new Decimal(percent);
  const part = amount.times(rate);
  const base = whole.inclusive ? rate.plus(100) : new Decimal(100);
  if (whole.subtotal.isZero()) return part.div(base);
  return part.times(whole.net).div(whole.subtotal.times(base));
}

function sumOf(values: readonly AnyDecimal[]): AnyDecimal {
  return values.reduce((sum, value) => sum.plus(value), new Decimal(0));
}

/** The sum of amounts in the currency's digits. */
export function sumAmounts(amounts: readonly string[], currency: string): string {
  return sumOf(amounts.map((amount) => new Decimal(amount))).toFixed(minorDigits(currency));
}

/** `one` less `other` in the currency's digits. */
export function subtractAmounts(one: string, other: string, currency: string): string {
  return new Decimal(one).minus(other).toFixed(minorDigits(currency));
}

/** Below zero, zero or above as `one` is less than, equal to or more than `other`. */
export function compareAmounts(one: string, other: string): number {
  return new Decimal(one).comparedTo(other);
}

/** A share of an amount, rounded half-up to the currency's digits; for the demo's part payments. */
export function shareOfAmount(amount: string, percent: number, currency: string): string {
  return new Decimal(amount).times(percent).div(100).toFixed(minorDigits(currency));
}

/** The same number as it is shown: no needless zeros, but at least `digitsMin` after the point. */
export function showDecimal(text: string, digitsMin: number): string {
  const value = new Decimal(text);
  return value.toFixed(Math.max(digitsMin, value.decimalPlaces()));
}

/** The sum of decimals that are not amounts: percentages, quantities. */
export function addDecimals(texts: readonly string[]): string {
  return showDecimal(sumOf(texts.map((text) => new Decimal(text))).toFixed(), 0);
}
