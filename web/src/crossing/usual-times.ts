import type { StageMark } from './layout.ts';
import { isPier } from './stages.ts';
import type { PierStage } from './stages.ts';

/** What a stage usually takes, from settled crossings of the same direction. */
export type UsualTime = { readonly medianMs: number; readonly p95Ms: number };

/** By stage; a stage seen too seldom has no entry. */
export type UsualTimes = ReadonlyMap<PierStage, UsualTime>;

/** Fewer than this many crossings say nothing about what is usual. */
const usualSampleMin = 5;

/** Median and 95th percentile of each stage over the given crossings. */
export function usualTimes(crossings: readonly (readonly StageMark[])[]): UsualTimes {
  const samples = new Map<PierStage, number[]>();
  for (const { stage, durationMs } of crossings.flat()) {
    if (!isPier(stage) || durationMs === null) continue;
    samples.set(stage, [...(samples.get(stage) ?? []), durationMs]);
  }
  const usual = new Map<PierStage, UsualTime>();
  for (const [stage, durations] of samples) {
    if (durations.length < usualSampleMin) continue;
    const sorted = durations.toSorted((a, b) => a - b);
    usual.set(stage, { medianMs: quantile(sorted, 0.5), p95Ms: quantile(sorted, 0.95) });
  }
  return usual;
}

/** Nearest rank: always a time that was really seen. */
function quantile(sorted: readonly number[], share: number): number {
  const rank = Math.max(Math.ceil(sorted.length * share) - 1, 0);
  return sorted[rank] ?? 0;
}

/** A shorter stop is never worth a warning: one millisecond is more than the usual none, and nobody waits for it. */
const feltMs = 250;

/** True when a stop took, or already takes, longer than 95 of 100 do, and long enough to be felt. */
export function isSlow(spentMs: number, usual: UsualTime | undefined): boolean {
  return usual !== undefined && spentMs > usual.p95Ms && spentMs >= feltMs;
}
