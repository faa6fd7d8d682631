import type { AuditEntry } from '#core/audit/entry.ts';
import type { PaymentDispute } from '#core/payment/payment-plan.ts';
import type { PaymentQuestion } from '#core/resolution/dispute.ts';
import { nameOf, type Crossing } from './crossing.ts';
import type { DecidedPayments } from './decide-payments.ts';
import { pairMoved } from './settle-payment.ts';

/** What is remembered of payments without a write, as the audit trail tells it. */
export function pairingAudit(
  crossing: Crossing,
  decided: DecidedPayments | null,
): readonly AuditEntry[] {
  if (decided === null) return [];
  const { plan, observed } = decided;
  const baseOf = (key: string) => observed.pairs.find((pair) => pair.key === key)?.base ?? null;
  const name = nameOf(crossing);
  return [
    ...plan.agreed.map(({ pair, why }) => {
      const summary =
        why === null
          ? `${name}: both sides show the same change of a payment.`
          : `${name}: payment ${pair.internalId} is ${pair.quickbooksId} in QuickBooks; ${why}.`;
      return pairMoved(crossing, pair.key, baseOf(pair.key), pair.base, summary);
    }),
    ...plan.ended.map(({ key, base }) =>
      pairMoved(crossing, key, base, null, `${name}: both sides removed a payment.`),
    ),
  ];
}

/** A payment in dispute as a conflict keeps it: its three values, each a JSON list in the order of the paths. */
export function paymentDisputeOf({
  key,
  field,
  shown,
  options,
  barred,
  base,
  internal,
  quickbooks,
  why,
}: PaymentDispute): PaymentQuestion {
  const isWhole = field === null || field === 'amount';
  const listed = (value: string | null): string | null =>
    value === null ? null : JSON.stringify([value]);
  return {
    group: 'payment',
    paths: [isWhole ? `payments[key=${key}]` : `payments[key=${key}].${field}`],
    lineKey: null,
    base: listed(base),
    internal: listed(internal),
    quickbooks: listed(quickbooks),
    why,
    about: { key, field, shown },
    options,
    ...(barred === undefined ? {} : { barred }),
  };
}
