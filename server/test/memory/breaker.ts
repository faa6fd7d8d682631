import type { Lease } from '#ports/store.ts';
import type { MemoryRows } from './rows.ts';

const failuresMax = 5;

/** Whether the breaker was open and lets one link find out now. */
export const probing = ({ breaker }: MemoryRows): boolean => breaker.failures >= failuresMax;

/** Counts failures in a row and opens the breaker, or closes it; true when a failure costs its link an attempt. */
export function noteReachability(rows: MemoryRows, lease: Lease, reachable: boolean): boolean {
  if (!rows.holds(lease)) return false;
  const { breaker } = rows;
  if (reachable) {
    if (probing(rows)) rows.saw('a probe closed the breaker');
    rows.breaker = { failures: 0, openUntil: null, probing: false };
    return false;
  }
  const before = breaker.failures;
  if (breaker.probing || (breaker.openUntil ?? 0) <= rows.nowMs) {
    breaker.failures += 1;
    breaker.probing = false;
    if (breaker.failures === failuresMax) rows.saw('the breaker opened');
    breaker.openUntil = breaker.failures < failuresMax ? null : rows.nowMs + openMs(rows);
  }
  return before < failuresMax;
}

function openMs({ breaker, ids }: MemoryRows): number {
  const seconds = Math.min(600, 30 * 2 ** Math.min(breaker.failures - failuresMax, 10));
  return seconds * 1_000 * (1 - 0.1 * ids.chance());
}
