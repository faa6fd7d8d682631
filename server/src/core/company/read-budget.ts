/** What the app has read of QuickBooks in a month, all companies together. */
export type AppReads = {
  readonly used: number;
  /** Companies that share what is left. */
  readonly companies: number;
  readonly monthLeftMs: number;
};

/** Limits of how the month's reads are spent; spans are in milliseconds. */
export const readLimits = {
  /** Share of the month's reads that is kept for writes, which cannot do without them (architecture.md §5). */
  keptForWrites: 0.05,
  pollEveryMsMax: 3_600_000,
  /** One call shows the changes of all kinds; a long absence costs pages, which later intervals make up for. */
  readsPerPoll: 1,
} as const;

/** Reads that may still be spent on looking for news; none when only those a write needs are left. Null is unmetered. */
export function readsToSpare(monthlyReads: number | null, { used }: AppReads): number {
  if (monthlyReads === null) return Number.POSITIVE_INFINITY;
  return Math.max(0, Math.floor(monthlyReads * (1 - readLimits.keptForWrites)) - used);
}

/**
 * How long until a company is asked again what changed, so that the month's reads last: as often as wanted while they
 * do, at most an hour apart. Whatever else is read is in `used`, so that the interval makes up for it.
 */
export function pollIntervalMs(
  wantedMs: number,
  monthlyReads: number | null,
  reads: AppReads,
): number {
  const longestMs = Math.max(wantedMs, readLimits.pollEveryMsMax);
  const pollsLeft = readsToSpare(monthlyReads, reads) / readLimits.readsPerPoll;
  if (pollsLeft === 0) return longestMs;
  const lastingMs = Math.ceil((reads.monthLeftMs * Math.max(1, reads.companies)) / pollsLeft);
  return Math.min(longestMs, Math.max(wantedMs, lastingMs));
}
