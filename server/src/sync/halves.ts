import type { PlannedWrites } from '#core/plan/plan.ts';
import type { Side } from '#core/side.ts';
import type { Crossing } from './crossing.ts';
import { isPausedTowards } from './paused.ts';

/** Why the write to one side cannot go now. */
type Waits =
  | { readonly kind: 'paused'; readonly side: Side }
  | { readonly kind: 'unacceptable'; readonly problems: readonly string[] };

/** What of a plan can be written now; what keeps one half back does not keep the other one. */
export type Halves = { readonly now: PlannedWrites; readonly waits: Waits | null };

/** Takes out the writes in a paused direction, and the one that QuickBooks could not hold. */
export function halvesOf(crossing: Crossing, { internal, quickbooks }: PlannedWrites): Halves {
  const there = quickbooks === null ? null : whyQuickbooksWaits(crossing, quickbooks);
  const here =
    internal !== null && isPausedTowards(crossing.link, 'internal')
      ? ({ kind: 'paused', side: 'internal' } as const)
      : null;
  return {
    now: {
      internal: here === null ? internal : null,
      quickbooks: there === null ? quickbooks : null,
    },
    waits: there ?? here,
  };
}

function whyQuickbooksWaits(
  { engine, facts, link }: Crossing,
  write: NonNullable<PlannedWrites['quickbooks']>,
): Waits | null {
  if (isPausedTowards(link, 'quickbooks')) return { kind: 'paused', side: 'quickbooks' };
  if (write.operation === 'VOIDED') return null;
  const problems = engine.sides.spelling.problems(write.wanted, facts);
  return problems.length === 0 ? null : { kind: 'unacceptable', problems };
}
