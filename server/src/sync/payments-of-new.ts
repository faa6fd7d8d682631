import { isGone, type Invoice } from '#core/invoice/invoice.ts';
import { zero } from '#core/money/money.ts';
import type { PlannedEntry } from '#core/onboarding/planned-entry.ts';
import { pairPayments } from '#core/payment/pairing.ts';
import { planPayments } from '#core/payment/plan-payments.ts';
import { otherSide, type Side } from '#core/side.ts';
import type { Crossing } from './crossing.ts';
import { paymentEntry, stoppedPayments } from './planned-payments.ts';
import { applicationsTo, internalPayments, readPayments } from './observe-payments.ts';

/**
 * The payments that would follow an invoice once it is made on the other side, which asks for all of it then; one that could not
 * be read is left out, and is planned with the next pass.
 */
export async function paymentsOfNew(
  crossing: Crossing,
  from: Side,
  invoice: Invoice,
): Promise<readonly PlannedEntry[]> {
  const { currency, derived } = invoice;
  const theirs = from === 'internal' ? [] : await appliedTo(crossing, invoice);
  const ours = from === 'internal' ? internalPayments(invoice) : [];
  const room = { internal: zero(currency), quickbooks: zero(currency) };
  const plan = planPayments({
    pairing: pairPayments([], ours, theirs),
    currency,
    room: { ...room, [otherSide(from)]: derived.total },
    methods: [],
    booksClosedThrough: crossing.facts.booksClosedThrough,
    choices: [],
    stillThere: theirs.map(({ id }) => id),
  });
  return [
    ...plan.steps.map((step) => paymentEntry(step, currency)),
    ...stoppedPayments(plan.stops),
  ];
}

async function appliedTo(crossing: Crossing, invoice: Invoice) {
  const ids = invoice.payments.filter(({ by }) => by === 'payment').map(({ id }) => id);
  const read = await readPayments(crossing, ids, []);
  if (!read.ok) return [];
  const standing = read.value.filter(({ payment }) => !isGone(payment));
  return applicationsTo(invoice, new Map(standing.map((seen) => [seen.payment.id, seen])), []);
}
