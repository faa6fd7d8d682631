import type { Direction } from '#core/event/event.ts';
import type { Side } from '#core/side.ts';
import type { ClaimedLink } from '#ports/store.ts';
import type { Crossing } from './crossing.ts';
import { workerLimits } from './limits.ts';
import { markNow, record, statusMoved, type StepParts } from './record.ts';

const towards = {
  quickbooks: 'TO_QUICKBOOKS',
  internal: 'TO_INTERNAL',
} as const satisfies Record<Side, Direction>;

/** Whether nothing new may be written to that side; a change of the other side may lead to such a write. */
export const isPausedTowards = (link: ClaimedLink, side: Side): boolean =>
  link.pausedDirections.includes(towards[side]);

const words = {
  quickbooks: 'Writing to QuickBooks is paused for this company; it goes on after the restart.',
  internal:
    'Writing to internal invoicing is paused for this company; it goes on after the restart.',
} as const satisfies Record<Side, string>;

/** Gives the link back unwritten, to be planned anew after the restart; nothing of the plan is kept but what was seen. */
export async function waitForRestart(
  crossing: Crossing,
  side: Side,
  parts: Pick<StepParts, 'observations' | 'references'>,
): Promise<void> {
  const note = words[side];
  await record(crossing, {
    ...parts,
    marks: [markNow(crossing, 'RETRY_SCHEDULED', note)],
    link: { statusReason: note, release: { dueInMs: workerLimits.pausedMs } },
    audit: [statusMoved(crossing, 'PENDING', note)],
  });
}
