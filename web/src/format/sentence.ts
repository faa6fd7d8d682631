import { formatDate } from './date.ts';
import { formatMoney } from './money.ts';

const date = /(?<![\w-])\d{4}-\d{2}-\d{2}(?![\w-])/g;
const money = /(?<![\w.,-])(-?\d+\.\d{2,}) ([A-Z]{3})\b/g;

/** A sentence of the API as this reader writes dates and amounts; the API words both the same for everybody. */
export function readable(sentence: string, locale?: string): string {
  return sentence
    .replace(date, (found) => formatDate(found, locale))
    .replace(money, (_, amount: string, currency: string) =>
      formatMoney({ amount, currency }, locale),
    );
}
