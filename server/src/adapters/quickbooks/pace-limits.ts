import type { CallKind, CallsOfSecond } from '#ports/call-counts.ts';

/** Intuit's limits for one company and app (quickbooks.md §5), a little inside the edge: its clock is not ours. */
export const paceLimits = {
  perSecond: 10,
  perMinute: 500,
  batchesPerMinute: 40,
  concurrent: 10,
  secondMs: 1_100,
  minuteMs: 60_500,
  /** So many in a minute may follow each other at once; from then on they are spread, or the network would bunch them. */
  burst: 60,
} as const;

export type PaceLimits = { readonly [Name in keyof typeof paceLimits]: number };

/** How the pace gives way to a 429: it halves, and comes back at this rate. */
const yieldLimits = { shareMin: 0.1, halving: 0.5, recoverMs: 300_000 } as const;

/** When calls left, oldest first, on a clock that never goes back. */
export type Left = { readonly calls: readonly number[]; readonly batches: readonly number[] };

/** What a 429 left of the full pace, and when. */
export type Slowed = { readonly share: number; readonly at: number };

/** Share of the full pace that may be used now: it grows back steadily after each 429. */
export const shareAt = ({ share, at }: Slowed, now: number): number =>
  Math.min(1, share + (now - at) / yieldLimits.recoverMs);

/** After a 429 for a call that left at `leftAt`: half of what was; once for all calls that were in the air together. */
export function slowedBy(slowed: Slowed, leftAt: number, now: number): Slowed {
  if (leftAt < slowed.at) return slowed;
  const share = Math.max(yieldLimits.shareMin, shareAt(slowed, now) * yieldLimits.halving);
  return { share, at: now };
}

/** How long until the `max + 1`st call may follow the last `max`. */
function untilPassed(times: readonly number[], max: number, spanMs: number, now: number): number {
  const oldest = times.at(-max);
  return oldest === undefined ? 0 : Math.max(0, oldest + spanMs - now);
}

const partOf = (limit: number, share: number): number => Math.max(1, Math.floor(limit * share));

/** How long until one more call may leave, given when the last ones did; 0 for now. */
export function waitForTurn(
  kind: CallKind,
  left: Left,
  share: number,
  now: number,
  limits: PaceLimits = paceLimits,
): number {
  const { perSecond, perMinute, batchesPerMinute, secondMs, minuteMs, burst } = limits;
  const minute = partOf(perMinute, share);
  const last = left.calls.at(-1);
  const isBusy = untilPassed(left.calls, partOf(burst, share), minuteMs, now) > 0;
  return Math.max(
    untilPassed(left.calls, partOf(perSecond, share), secondMs, now),
    untilPassed(left.calls, minute, minuteMs, now),
    isBusy && last !== undefined ? last + minuteMs / minute - now : 0,
    kind === 'batch'
      ? untilPassed(left.batches, partOf(batchesPerMinute, share), minuteMs, now)
      : 0,
  );
}

/** What counted seconds say of when calls left: as late as can be, so that nothing leaves too early after them. */
export function leftBefore(seconds: readonly CallsOfSecond[], now: number): Left {
  const times = (countOf: (second: CallsOfSecond) => number): readonly number[] =>
    seconds.flatMap((second) => {
      const latest = Math.min(now, now - second.agoMs + 1_000);
      return Array.from({ length: countOf(second) }, () => latest);
    });
  return { calls: times(({ calls }) => calls), batches: times(({ batches }) => batches) };
}

/** Longer ago than any limit looks back. */
export const recent = ({ calls, batches }: Left, now: number, limits: PaceLimits): Left => ({
  calls: calls.filter((at) => now - at < limits.minuteMs),
  batches: batches.filter((at) => now - at < limits.minuteMs),
});
