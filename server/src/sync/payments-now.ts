import { acceptedNow, type AcceptedPayments } from '#core/payment/accepted-payments.ts';
import type { BaseHalves } from '#core/plan/advance-base.ts';
import type { LockedLink, LockedRows } from '#ports/change-requests.ts';
import { applicationsTo, internalPayments } from './observe-payments.ts';

/** The payments as both sides show them, and as they were accepted before. */
export type PaymentsNow = {
  readonly before: AcceptedPayments | null;
  readonly now: AcceptedPayments | null;
};

/** What is remembered of a link's payments when a person accepts the invoice as both sides show it. */
export async function paymentsNow(
  rows: LockedRows,
  link: LockedLink,
  { internal, quickbooks }: BaseHalves,
): Promise<PaymentsNow> {
  const { pairs, seen, accepted: before } = await rows.payments(link);
  const wire = new Map(seen.map((one) => [one.payment.id, one]));
  const there = applicationsTo(quickbooks, wire, pairs);
  return { before, now: acceptedNow(pairs, internalPayments(internal), there) };
}
