import { brandAmount, type Amount, type Currency, type Decimal } from '../brand.ts';
import { parseDecimal, productAt, textOf, unitsAt } from './decimal.ts';

/** An exact amount in the currency's smallest unit, with the currency beside it. */
export type Money = { readonly minor: bigint; readonly currency: Currency };

/** ISO 4217 currencies whose smallest unit is not a hundredth. */
const places: Readonly<Record<string, number>> = {
  BHD: 3,
  CLP: 0,
  DJF: 0,
  GNF: 0,
  ISK: 0,
  JOD: 3,
  JPY: 0,
  KMF: 0,
  KRW: 0,
  KWD: 3,
  OMR: 3,
  PYG: 0,
  RWF: 0,
  TND: 3,
  UGX: 0,
  VND: 0,
  VUV: 0,
  XAF: 0,
  XOF: 0,
  XPF: 0,
};

/** Decimals an amount of this currency is written with. */
export const placesOf = (currency: Currency): number => places[currency] ?? 2;

/** Text of an amount with exactly the currency's decimals. */
export const amountOf = ({ minor, currency }: Money): Amount =>
  brandAmount(textOf(minor, placesOf(currency)));

/** Reads '78000' or '78000.00' as the amount '78000.00'; null when it is not a decimal. Rounds half up. */
export function parseAmount(text: string, currency: Currency): Amount | null {
  const decimal = parseDecimal(text);
  if (decimal === null) return null;
  return amountOf({ minor: unitsAt(decimal, placesOf(currency)), currency });
}

/** The amount as money, to calculate with. */
export function moneyOf(amount: Amount, currency: Currency): Money {
  const decimal = parseDecimal(amount);
  if (decimal === null) throw new Error(`not an amount: ${amount}`);
  return { minor: unitsAt(decimal, placesOf(currency)), currency };
}

/** Sum in one currency; zero for an empty list. */
export function sum(amounts: readonly Amount[], currency: Currency): Money {
  const minor = amounts.reduce((total, amount) => total + moneyOf(amount, currency).minor, 0n);
  return { minor, currency };
}

/** Left minus right; both in the same currency. */
export function difference(left: Amount, right: Amount, currency: Currency): Money {
  return { minor: moneyOf(left, currency).minor - moneyOf(right, currency).minor, currency };
}

/** Quantity times price, rounded half up to the currency's smallest unit, as QuickBooks rounds a line. */
export const extended = (quantity: Decimal, unitPrice: Decimal, currency: Currency): Amount =>
  amountOf({ minor: productAt(quantity, unitPrice, placesOf(currency)), currency });

export const zero = (currency: Currency): Amount => amountOf({ minor: 0n, currency });

export const isZero = (amount: Amount): boolean => !/[1-9]/.test(amount);
