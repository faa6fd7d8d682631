/** Limits of retrying; twelve answered failures over at least an hour end in a dead letter (architecture.md §3). */
export const retryLimits = {
  failuresMax: 12,
  spanMsMin: 3_600_000,
  backoffMsMin: 1_000,
  backoffMsMax: 900_000,
  throttleMsDefault: 60_000,
  crashMarksMax: 3,
  /** A write without an answer is found out about first: nobody would look for it once the invoice had stopped. */
  crashMarksInDoubtMax: 12,
} as const;

/** Exponential backoff with full jitter: anywhere between 0 and the doubling ceiling. `chance` is in [0, 1). */
export function backoffMs(failures: number, chance: number): number {
  const ceiling = Math.min(
    retryLimits.backoffMsMax,
    retryLimits.backoffMsMin * 2 ** Math.min(failures, 20),
  );
  return Math.floor(ceiling * chance);
}

/** Whether a link has failed often and long enough to stop trying. */
export function isExhausted(failures: number, firstFailedAtMs: number, nowMs: number): boolean {
  return failures >= retryLimits.failuresMax && nowMs - firstFailedAtMs >= retryLimits.spanMsMin;
}
