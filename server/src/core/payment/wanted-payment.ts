import type { Amount } from '../brand.ts';
import { amountOf, isZero, moneyOf, sum } from '../money/money.ts';
import type { Side } from '../side.ts';
import type { HeldApplication } from './pairing.ts';
import type { AccountingPayment, PaymentContent } from './payment.ts';

/**
 * Money a QuickBooks payment says was received once it gives `amount` to the invoice, null for none of it; null when the
 * payment goes as a whole. A payment that is all this invoice's follows the amount; of any other, what is taken from this
 * invoice stays with the customer, unapplied (architecture.md §4, "Payments").
 */
export function totalAfter(
  { payment, invoiceId }: Pick<HeldApplication, 'payment' | 'invoiceId'>,
  madeIn: Side | null,
  amount: Amount | null,
): Amount | null {
  const { currency, applications, unapplied, credits, total } = payment;
  const others = applications.filter((one) => one.invoiceId !== invoiceId);
  const isAll = others.length === 0 && isZero(unapplied) && isZero(credits);
  if (amount === null) return isAll && madeIn === 'quickbooks' ? null : total;
  if (isAll) return amount;
  const given = sum([amount, ...others.map((one) => one.amount)], currency).minor;
  const needed = given - moneyOf(credits, currency).minor;
  const received = moneyOf(total, currency).minor;
  return amountOf({ minor: needed > received ? needed : received, currency });
}

/** The whole payment as QuickBooks is to hold it, with one invoice's share as `content` has it, null for none. */
export function wantedPayment(
  { payment, invoiceId }: Pick<HeldApplication, 'payment' | 'invoiceId'>,
  content: PaymentContent | null,
  total: Amount,
): AccountingPayment {
  if (content === null) {
    const applications = payment.applications.filter((one) => one.invoiceId !== invoiceId);
    return { ...payment, total, applications };
  }
  const { amount, date, method, reference } = content;
  const applications = payment.applications.map((one) =>
    one.invoiceId === invoiceId ? { invoiceId, amount } : one,
  );
  return { ...payment, total, date, method, reference, applications };
}
