import type { Amount, Currency } from '#core/brand.ts';
import type { PlannedEntry, PlannedField } from '#core/onboarding/planned-entry.ts';
import type { PaymentContent } from '#core/payment/payment.ts';
import type { PaymentStep } from '#core/payment/payment-plan.ts';
import type { Stop } from '#core/plan/stop.ts';
import { unreachable } from '#core/unreachable.ts';
import type { DecidedPayments } from './decide-payments.ts';

/** Every write of the payments of an invoice that both sides have. */
export function paymentEntries(
  payments: DecidedPayments | null,
  currency: Currency,
): readonly PlannedEntry[] {
  if (payments === null) return [];
  const { steps, stops } = payments.plan;
  return [...steps.map((step) => paymentEntry(step, currency)), ...stoppedPayments(stops)];
}

/** Payments that something keeps back. */
export const stoppedPayments = (stops: readonly Stop[]): readonly PlannedEntry[] =>
  stops.map(({ explanation }) => ({
    side: 'quickbooks',
    change: 'PAYMENT_APPLIED',
    reference: null,
    fields: [],
    reason: 'A payment has no counterpart yet.',
    problem: explanation,
    amount: null,
    currency: null,
  }));

/** One write of one payment. */
export function paymentEntry(step: PaymentStep, currency: Currency): PlannedEntry {
  const common = { side: step.side, reference: null, reason: step.explanation, problem: null };
  const entry = (
    change: PlannedEntry['change'],
    before: PaymentContent | null,
    after: PaymentContent | null,
    amount: Amount,
  ): PlannedEntry => ({
    ...common,
    change,
    fields: paymentFields(before, after),
    amount,
    currency,
  });
  switch (step.kind) {
    case 'create':
      return entry('PAYMENT_APPLIED', null, step.wanted, step.wanted.amount);
    case 'change':
      return entry('PAYMENT_CHANGED', step.held, step.wanted, step.wanted.amount);
    case 'remove':
      return entry('PAYMENT_REMOVED', step.held, null, step.held.amount);
    default:
      return unreachable(step);
  }
}

const paymentLabels = {
  amount: 'Payment · Amount',
  date: 'Payment · Date',
  reference: 'Payment · Reference',
} as const;

/** How it was paid is left out: money crosses with it or without (architecture.md §4, "Payments"). */
const paymentFields = (
  before: PaymentContent | null,
  after: PaymentContent | null,
): readonly PlannedField[] =>
  (['amount', 'date', 'reference'] as const)
    .map((field) => ({
      path: `payment.${field}`,
      label: paymentLabels[field],
      before: before?.[field] ?? null,
      after: after?.[field] ?? null,
    }))
    .filter((field) => field.before !== field.after);
