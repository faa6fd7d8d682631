import { parseAmount } from '#core/money/money.ts';
import { toCurrency } from '#core/brand.ts';
import { builder } from './builder.ts';

/** An exact amount with its currency, both as text. */
export type MoneyShape = { readonly amount: string; readonly currency: string };

export const MoneyRef = builder.objectRef<MoneyShape>('Money').implement({
  description: 'Amount with its currency.',
  fields: (t) => ({
    amount: t.expose('amount', { type: 'Decimal', description: 'Exact amount.' }),
    currency: t.expose('currency', { type: 'CurrencyCode', description: 'Currency.' }),
  }),
});

/** Money from a numeric column, written with the currency's decimals. */
export function moneyOfColumn(
  amount: { toFixed(): string } | string,
  currency: string,
): MoneyShape {
  const text = typeof amount === 'string' ? amount : amount.toFixed();
  return { amount: parseAmount(text, toCurrency(currency)) ?? text, currency };
}
