import type { Crossing } from './crossing.ts';
import { markNow, record, statusMoved } from './record.ts';

/** The decision that a step was to take up was undone first: nothing of it happened, and the invoice is planned anew. */
export async function planAgain(crossing: Crossing): Promise<void> {
  const note = 'What was decided was taken back before it left; it is planned anew.';
  await record(crossing, {
    marks: [markNow(crossing, 'RETRY_SCHEDULED', note)],
    link: { statusReason: note, release: { dueInMs: 0 } },
    audit: [statusMoved(crossing, 'CONFLICT', note)],
  });
}
