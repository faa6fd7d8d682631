import { pollIntervalMs, readsToSpare } from '#core/company/read-budget.ts';
import type { Side } from '#core/side.ts';
import type { Engine } from './crossing.ts';

/** When a side is asked again what changed; reads of internal invoicing are not metered. */
export type PollPace = {
  /** False while the month's reads only last for what writes need. */
  readonly isAllowed: boolean;
  readonly everyMs: number;
};

/** How often a side may be asked, so that the month's reads of the app last (architecture.md §5). */
export async function pollPaceOf(
  { counts, monthlyReads, pollEveryMs }: Engine,
  side: Side,
): Promise<PollPace> {
  if (side === 'internal' || monthlyReads === null)
    return { isAllowed: true, everyMs: pollEveryMs };
  const reads = await counts.thisMonth();
  return {
    isAllowed: readsToSpare(monthlyReads, reads) > 0,
    everyMs: pollIntervalMs(pollEveryMs, monthlyReads, reads),
  };
}
