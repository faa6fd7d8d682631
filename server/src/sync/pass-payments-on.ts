import type { CallFailure, CallOutcome } from '#core/attempt/failure.ts';
import { isGone } from '#core/invoice/invoice.ts';
import type { FoundPayment } from '#ports/payments.ts';
import type { PaymentNews, ToldPayment } from '#ports/stored-payments.ts';
import type { Drain } from './crossing.ts';
import { workerLimits } from './limits.ts';
import { callOptions } from './observe.ts';
import { paymentsListed } from './observe-payments.ts';
import { causeOf } from './stop.ts';

/**
 * Events about a payment of QuickBooks lead to the invoices it pays or paid: it names no invoice until it is read. One read
 * serves all of them (architecture.md §3, step 4). Returns how many events were passed on; none when it could not be read.
 */
export async function passPaymentsOn(work: Drain): Promise<number> {
  const { engine, lease } = work;
  const told = await engine.store.waitingPayments(lease, workerLimits.paymentsBatch);
  if (told.length === 0) return 0;
  const news = await readNews(work, told);
  if (!news.ok) {
    await fileFailure(work, news.failure);
    return 0;
  }
  return engine.store.passOn(lease, news.value);
}

/** By one query; what is not in the answer, older there than it was told of, or not understood is read by its id. */
async function readNews(
  work: Drain,
  told: readonly ToldPayment[],
): Promise<CallOutcome<readonly PaymentNews[]>> {
  const { accounting } = work;
  const ids = told.map(({ id }) => id);
  const listed = await paymentsListed(work, ids);
  if (!listed.ok && listed.failure.kind !== 'refused') return listed;
  const news: PaymentNews[] = [];
  for (const { id, toldAt } of told) {
    const seen = listed.ok ? listed.value.get(id) : undefined;
    const read =
      seen === undefined || seen.payment.modifiedAt < wholeSecond(toldAt ?? 0)
        ? await accounting.readPayment(id, callOptions(work))
        : { ok: true as const, value: seen };
    if (!read.ok && read.failure.kind !== 'refused') return read;
    news.push(read.ok ? newsOf(id, read.value) : notUnderstood(id, read.failure));
  }
  return { ok: true, value: news };
}

/** Times of QuickBooks have whole seconds. */
const wholeSecond = (at: number): number => Math.floor(at / 1_000) * 1_000;

const newsOf = (id: string, found: FoundPayment): PaymentNews =>
  'gone' in found
    ? { id, seen: null, isGone: true, note: null }
    : { id, seen: found, isGone: isGone(found.payment), note: null };

/** Whoever is paired with it looks at it again and stops with the reason. */
const notUnderstood = (id: string, failure: CallFailure): PaymentNews => ({
  id,
  seen: null,
  isGone: false,
  note: `The payment could not be read: ${causeOf(failure)}`,
});

/** The events wait where they are; what the failure says of the company is noted. */
async function fileFailure({ engine, lease, company }: Drain, failure: CallFailure): Promise<void> {
  const cause = causeOf(failure);
  engine.log.warn('payments that events tell of could not be read', {
    companyId: company.id,
    cause,
  });
  if (failure.kind === 'throttled') await engine.store.throttle(lease, failure.retryAfterMs);
  else if (failure.kind === 'access-lapsed') await engine.store.markNeedsReconnect(lease, cause);
  else await engine.store.noteReachability(lease, false);
}
