import { succeeded, type CallOutcome } from '#core/attempt/failure.ts';
import { isGone, type Invoice } from '#core/invoice/invoice.ts';
import { isZero, moneyOf, sum } from '#core/money/money.ts';
import type { AcceptedPayments } from '#core/payment/accepted-payments.ts';
import type { HeldApplication, HeldPayment, PaymentPair } from '#core/payment/pairing.ts';
import type { SeenPayment } from '#ports/payments.ts';
import type { StoredPayments } from '#ports/stored-payments.ts';
import type { Crossing } from './crossing.ts';
import { callOptions, type Observed } from './observe.ts';

/** The payments of one invoice as both sides show them now. */
export type ObservedPayments = {
  readonly pairs: readonly PaymentPair[];
  readonly accepted: AcceptedPayments | null;
  readonly internal: readonly HeldPayment[];
  /** Applications to the invoice; one that a credit brought is no payment and is left out. */
  readonly quickbooks: readonly HeldApplication[];
  /** What was on the wire of each QuickBooks payment, by its id. */
  readonly wire: ReadonlyMap<string, SeenPayment>;
  /** Those just read, to be stored. */
  readonly fresh: readonly SeenPayment[];
};

/** Whether either side shows payments, or did when it was last seen: else there is nothing to look up. */
export const mayHavePayments = ({ link }: Crossing, now: readonly Invoice[]): boolean =>
  [
    ...now,
    link.base?.internal,
    link.base?.quickbooks,
    link.internal?.invoice,
    link.quickbooks?.invoice,
  ].some((invoice) => invoice !== undefined && invoice.payments.length > 0);

/**
 * Internal payments come with their invoice. QuickBooks' are read only where what is stored of them may be old: an event told
 * of them, the invoice names others, or its amount paid is not their sum (architecture.md §3, step 5).
 */
export async function observePayments(
  crossing: Crossing,
  { internal, quickbooks, fresh: observations }: Observed,
): Promise<CallOutcome<ObservedPayments>> {
  if (internal === null || quickbooks === null)
    throw new Error('payments are compared where both sides have the invoice');
  const { engine, company, link } = crossing;
  const there = quickbooks.invoice;
  const named = there.payments.filter(({ by }) => by === 'payment').map(({ id }) => id);
  const stored = await engine.store.payments(company.id, link.id, named);
  const isJustRead = observations.some(({ side }) => side === 'quickbooks');
  const wanted = staleAmong(stored, named, there, isJustRead);
  const read = await readPayments(crossing, wanted, stored.seen);
  if (!read.ok) return read;
  const known = stored.seen.filter(({ payment }) => !wanted.includes(payment.id));
  const wire = new Map([...known, ...read.value].map((seen) => [seen.payment.id, seen]));
  return {
    ok: true,
    value: {
      pairs: stored.pairs,
      accepted: stored.accepted,
      internal: internalPayments(internal.invoice),
      quickbooks: applicationsTo(there, wire, stored.pairs),
      wire,
      fresh: read.value,
    },
  };
}

/** Ids of payments that have to be read. */
function staleAmong(
  { pairs, seen }: StoredPayments,
  named: readonly string[],
  there: Invoice,
  isJustRead: boolean,
): readonly string[] {
  const ids = [...new Set([...named, ...pairs.map(({ quickbooksId }) => quickbooksId)])];
  const fresh = seen.filter(
    ({ payment, isFresh }) => isFresh && isPlausible(payment.id, named, payment, there.id),
  );
  const stale = ids.filter((id) => !fresh.some(({ payment }) => payment.id === id));
  if (stale.length > 0 || !isJustRead) return stale;
  const { currency, derived } = there;
  const given = fresh.flatMap(({ payment }) =>
    payment.applications.filter(({ invoiceId }) => invoiceId === there.id),
  );
  const paid = sum(
    given.map(({ amount }) => amount),
    currency,
  ).minor;
  return paid === moneyOf(derived.amountPaid, currency).minor ? [] : ids;
}

/** Whether the payment gives to the invoice exactly where the invoice names it. */
const isPlausible = (
  id: string,
  named: readonly string[],
  { applications }: SeenPayment['payment'],
  invoiceId: string,
): boolean => named.includes(id) === applications.some((one) => one.invoiceId === invoiceId);

/** By one query, which may lag behind; one alone is read by its id, which never does (architecture.md §3, step 5). */
export const paymentsListed = (
  work: Pick<Crossing, 'accounting' | 'signal'>,
  ids: readonly string[],
): Promise<CallOutcome<ReadonlyMap<string, SeenPayment>>> =>
  ids.length < 2
    ? Promise.resolve(succeeded(new Map()))
    : work.accounting.readPayments(ids, callOptions(work));

/** By one query; what is not in the answer, not understood, or older there than it is known, is read by id. */
export async function readPayments(
  crossing: Crossing,
  ids: readonly string[],
  known: readonly SeenPayment[],
): Promise<CallOutcome<readonly SeenPayment[]>> {
  const { accounting } = crossing;
  if (ids.length === 0) return { ok: true, value: [] };
  const listed = await paymentsListed(crossing, ids);
  if (!listed.ok && listed.failure.kind !== 'refused') return listed;
  const isOld = ({ payment }: SeenPayment): boolean =>
    known.some(
      (one) => one.payment.id === payment.id && one.payment.modifiedAt > payment.modifiedAt,
    );
  const found = listed.ok ? [...listed.value.values()].filter((seen) => !isOld(seen)) : [];
  for (const id of ids) {
    if (found.some(({ payment }) => payment.id === id)) continue;
    const read = await accounting.readPayment(id, callOptions(crossing));
    if (!read.ok) return read;
    if (!('gone' in read.value)) found.push(read.value);
  }
  return { ok: true, value: found };
}

/** The payments an internal invoice shows; each has a date and an amount there (http.md §4). */
export const internalPayments = ({ payments }: Invoice): readonly HeldPayment[] =>
  payments.flatMap(({ id, amount, date, method, reference }) =>
    amount === null || date === null
      ? []
      : [
          {
            id,
            content: {
              amount,
              date,
              method: method === null ? null : { id: method, name: method },
              reference,
            },
          },
        ],
  );

/** What the payments that are known of QuickBooks give to the invoice. */
export function applicationsTo(
  { id: invoiceId, currency }: Invoice,
  wire: ReadonlyMap<string, SeenPayment>,
  pairs: readonly PaymentPair[],
): readonly HeldApplication[] {
  return [...wire.values()].flatMap(({ payment }) => {
    const given = payment.applications.find((one) => one.invoiceId === invoiceId);
    const isPaired = pairs.some(({ quickbooksId }) => quickbooksId === payment.id);
    // Credits are shown, never written; a paired one was money when it was paired.
    const isMoney = isPaired || (isZero(payment.credits) && payment.currency === currency);
    if (given === undefined || isGone(payment) || !isMoney) return [];
    const { id, date, method, reference } = payment;
    return [{ id, invoiceId, payment, content: { amount: given.amount, date, method, reference } }];
  });
}
