import { isNumericLiteral, isZeroDecimal, subtractDecimal } from './decimal.ts';
import { rememberFormat } from './remember.ts';

const numberFormat = rememberFormat<Intl.NumberFormatOptions, Intl.NumberFormat>(
  (locale, options) => new Intl.NumberFormat(locale, options),
);

/** Amount as the API gives it: an exact decimal string and an ISO 4217 code. */
export type MoneyValue = { readonly amount: string; readonly currency: string };

const fractionDigitsMax = 20;

function fractionDigitsOf(amount: string): number {
  return amount.split('.')[1]?.length ?? 0;
}

const placesByFormat = new WeakMap<Intl.NumberFormat, number>();

/** Asking a formatter what it resolved costs as much as formatting, and a list asks for each of its amounts. */
function placesOfFormat(format: Intl.NumberFormat): number {
  const known = placesByFormat.get(format);
  if (known !== undefined) return known;
  const places = format.resolvedOptions().maximumFractionDigits ?? 2;
  placesByFormat.set(format, places);
  return places;
}

/** A unit price of 0.0045 keeps its digits; an amount of 1250 still shows its cents. */
function currencyFormat(value: MoneyValue, locale: string | undefined): Intl.NumberFormat {
  const plain = numberFormat(locale, { style: 'currency', currency: value.currency });
  const usual = placesOfFormat(plain);
  const digits = Math.min(Math.max(usual, fractionDigitsOf(value.amount)), fractionDigitsMax);
  if (digits === usual) return plain;
  return numberFormat(locale, {
    style: 'currency',
    currency: value.currency,
    maximumFractionDigits: digits,
  });
}

/** Decimal places of a currency's amounts: 2 for USD, 0 for JPY. */
export function placesOf(currency: string): number {
  return placesOfFormat(numberFormat(undefined, { style: 'currency', currency }));
}

/** Money for a person, from the decimal string itself; what cannot be read is shown as it came. */
export function formatMoney(value: MoneyValue, locale?: string): string {
  if (!isNumericLiteral(value.amount) || !/^[A-Z]{3}$/.test(value.currency)) {
    return `${value.amount} ${value.currency}`;
  }
  return currencyFormat(value, locale).format(value.amount);
}

/** Internal minus QuickBooks; null when a side is missing, the currencies differ, or both are equal. */
export function moneyDifference(
  internal: MoneyValue | null | undefined,
  quickbooks: MoneyValue | null | undefined,
): MoneyValue | null {
  if (!internal || !quickbooks || internal.currency !== quickbooks.currency) return null;
  const amount = subtractDecimal(internal.amount, quickbooks.amount);
  return amount === null || isZeroDecimal(amount) ? null : { amount, currency: internal.currency };
}

/** Several currencies side by side, never added up; null when there is none. */
export function formatMoneyList(values: readonly MoneyValue[], locale?: string): string | null {
  if (values.length === 0) return null;
  return values.map((value) => formatMoney(value, locale)).join(' · ');
}

/** 12,480. */
export function formatCount(count: number, locale?: string): string {
  return numberFormat(locale, {}).format(count);
}

/** 98.7 %; a share just under one is never rounded up to all. */
export function formatShare(share: number, locale?: string): string {
  const format = numberFormat(locale, {
    style: 'percent',
    maximumFractionDigits: 1,
    roundingMode: 'floor',
  });
  return format.format(share);
}
