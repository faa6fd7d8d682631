import type { StageMark } from '#core/event/stage.ts';
import type { LinkStatus } from '#core/link/status.ts';
import type { Crossing } from './crossing.ts';
import { deadLetterEnded, markNow, record, statusMoved, type StepParts } from './record.ts';

/** Ends the events without a counterpart being touched or known. */
export async function skip(
  crossing: Crossing,
  marks: readonly StageMark[],
  why: string,
  parts: StepParts = {},
): Promise<void> {
  await record(crossing, {
    ...parts,
    marks: [...marks, markNow(crossing, 'SKIPPED', why)],
    end: true,
    attempt: { ...parts.attempt, endedAt: crossing.engine.clock.now(), outcome: 'SUCCEEDED' },
    healsDeadLetter: crossing.link.openDeadLetterId !== null,
    link: {
      statusReason: why,
      failures: 0,
      firstFailedAt: null,
      crashMarks: 0,
      openDeadLetterId: null,
      release: { dueInMs: null },
    },
    audit: [statusMoved(crossing, statusAtRest(crossing), why)],
    stream: deadLetterEnded(crossing, 'needs nothing any more.'),
  });
}

function statusAtRest({ link }: Crossing): LinkStatus {
  if (link.conflict !== null && link.conflict.status !== 'APPLYING') return 'CONFLICT';
  return link.internalId === null || link.quickbooksId === null ? 'UNLINKED' : 'IN_SYNC';
}
