import { backoffMs, isExhausted, retryLimits } from '#core/attempt/backoff.ts';
import { later } from '#core/brand.ts';
import { dispositionOf } from '#core/attempt/disposition.ts';
import type { CallFailure, Fault } from '#core/attempt/failure.ts';
import { sideNames, sideNamesFirst, type Side } from '#core/side.ts';
import { unreachable } from '#core/unreachable.ts';
import type { AttemptOutcome, LinkChange } from '#ports/store.ts';
import type { Crossing } from './crossing.ts';
import { workerLimits } from './limits.ts';
import { markNow, record, statusMoved, type StepParts } from './record.ts';
import { causeOf, exhausted, refusalOf, stop } from './stop.ts';

const outcomeOf = {
  'observe-again': 'STALE',
  snooze: 'THROTTLED',
  retry: 'RETRYABLE',
  'settle-by-evidence': 'UNKNOWN',
  'dead-letter': 'REJECTED',
  reconnect: 'RETRYABLE',
} as const satisfies Record<string, AttemptOutcome>;

/** The error as its side stated it, where it did. */
const faultOf = (failure: CallFailure): Fault | null => ('fault' in failure ? failure.fault : null);

/** Files a failed call to a side by what it leads to; the disposition table decides. `parts` are recorded along with it. */
export async function fileFailure(
  crossing: Crossing,
  failure: CallFailure,
  parts: StepParts = {},
  side: Side = 'quickbooks',
): Promise<void> {
  const { next } = dispositionOf[failure.kind];
  const outcome = outcomeOf[next];
  switch (next) {
    case 'observe-again':
      crossing.reads.distrust(crossing.link);
      return again(
        crossing,
        outcome,
        failure,
        0,
        'The other side moved meanwhile; both are read again.',
        parts,
        { quickbooksFresh: false },
      );
    case 'snooze':
      return snooze(crossing, failure, outcome, parts, side);
    case 'retry':
      return retry(crossing, failure, outcome, parts);
    case 'settle-by-evidence':
      return again(
        crossing,
        outcome,
        failure,
        waitBeforeLooking(crossing),
        `No clear answer came; checking with ${sideNames[side]} whether it arrived.`,
        parts,
        { uncertain: true },
      );
    case 'dead-letter':
      return stop(crossing, refusalOf(failure, side), {
        ...parts,
        attempt: { ...parts.attempt, outcome, fault: faultOf(failure) },
      });
    case 'reconnect':
      return reconnect(crossing, failure, outcome, parts, side);
    default:
      return unreachable(next);
  }
}

/** The first look follows at once; a write that was sent again in vain waits, or it would be sent in a circle. */
const waitBeforeLooking = ({ link }: Crossing): number =>
  link.openIntents.length === 0 ? 0 : workerLimits.lookAgainMs;

async function snooze(
  crossing: Crossing,
  failure: CallFailure,
  outcome: AttemptOutcome,
  parts: StepParts,
  side: Side,
): Promise<void> {
  const ms = failure.kind === 'throttled' ? failure.retryAfterMs : retryLimits.throttleMsDefault;
  await crossing.engine.store.throttle(crossing.lease, ms);
  const note = `${sideNamesFirst[side]} asked us to slow down.`;
  await again(crossing, outcome, failure, ms, note, parts, {});
}

async function retry(
  crossing: Crossing,
  failure: CallFailure,
  outcome: AttemptOutcome,
  parts: StepParts,
): Promise<void> {
  const { engine, link } = crossing;
  const costsAttempt = await engine.store.noteReachability(crossing.lease, false);
  const now = engine.clock.now();
  if (!costsAttempt) {
    const note = `${causeOf(failure)} Calls rest for a while; this costs no try.`;
    const restMs = backoffMs(Math.max(1, link.failures), engine.ids.chance());
    return again(crossing, outcome, failure, restMs, note, parts, {});
  }
  const failures = link.failures + 1;
  const firstFailedAt = link.firstFailedAt ?? now;
  if (isExhausted(failures, firstFailedAt, now))
    return stop(crossing, exhausted(failure, failures), parts);
  const waitMs = backoffMs(failures, engine.ids.chance());
  const note = `${causeOf(failure)} Try ${failures + 1} follows.`;
  await again(crossing, outcome, failure, waitMs, note, parts, { failures, firstFailedAt });
}

async function reconnect(
  crossing: Crossing,
  failure: CallFailure,
  outcome: AttemptOutcome,
  parts: StepParts,
  side: Side,
): Promise<void> {
  await crossing.engine.store.markNeedsReconnect(crossing.lease, causeOf(failure));
  const note =
    side === 'quickbooks'
      ? 'QuickBooks access lapsed; it goes on once someone reconnects.'
      : 'Internal invoicing refuses our access; it goes on once someone renews it.';
  await again(crossing, outcome, failure, 0, note, parts, {});
}

/** Gives the link back with the next try due in `waitMs`. */
async function again(
  crossing: Crossing,
  outcome: AttemptOutcome,
  failure: CallFailure,
  waitMs: number,
  note: string,
  parts: StepParts,
  change: LinkChange,
): Promise<void> {
  const now = crossing.engine.clock.now();
  const status = change.uncertain === true ? 'UNCERTAIN' : 'PENDING';
  await record(crossing, {
    ...parts,
    marks: [...(parts.marks ?? []), markNow(crossing, 'RETRY_SCHEDULED', note)],
    attempt: {
      ...parts.attempt,
      endedAt: now,
      outcome,
      fault: faultOf(failure),
      nextAttemptAt: later(now, waitMs),
    },
    link: { ...parts.link, ...change, statusReason: note, release: { dueInMs: waitMs } },
    audit: [...(parts.audit ?? []), statusMoved(crossing, status, note)],
  });
}
