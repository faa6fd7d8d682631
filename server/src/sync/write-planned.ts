import type { CallFailure } from '#core/attempt/failure.ts';
import type { Intent } from '#core/attempt/intent.ts';
import type { StageMark } from '#core/event/stage.ts';
import type { Reference } from '#core/mapping/reference.ts';
import type { PlannedWrite } from '#core/plan/plan.ts';
import type { StoredDecision, StoredSeen } from '#ports/store.ts';
import { afterFailure, intentOf, send } from './apply.ts';
import type { Crossing } from './crossing.ts';
import { lookFor, lookForCreated, stopAmbiguous } from './evidence.ts';
import { fileFailure } from './failures.ts';
import { workerLimits } from './limits.ts';
import type { Observed } from './observe.ts';
import { markNow, record, statusMoved } from './record.ts';
import { adopt, settleWritten } from './settle-write.ts';
import { draftOf } from './write-invoice.ts';

/** A decided write with all that is recorded along with it. */
export type Planned = {
  readonly observed: Observed;
  readonly internal: StoredSeen;
  readonly marks: readonly StageMark[];
  readonly decision: StoredDecision;
  readonly references: readonly Reference[];
  readonly write: PlannedWrite;
};

/** Writes down, then sends: from the commit on, the write may have happened. */
export async function writePlanned(crossing: Crossing, planned: Planned): Promise<void> {
  const { observed, internal, decision, references } = planned;
  if (await isEarlierCreateFound(crossing, planned)) return;
  const intent = intentOf(
    crossing,
    draftOf(crossing, planned.write, internal.invoice, observed.quickbooks),
  );
  const prepared = await record(crossing, {
    marks: [...planned.marks, markNow(crossing, 'SENDING')],
    observations: observed.fresh,
    attempt: { decision },
    newIntents: [intent],
    references,
  });
  if (prepared === 'busy') return waitForTheOther(crossing);
  if (prepared !== 'done') return;
  const outcome = await send(crossing, intent);
  if (!outcome.ok) return fileRefusal(crossing, intent, planned, outcome.failure);
  if (outcome.value.seen === null)
    throw new Error('QuickBooks answered a write of an invoice without the invoice');
  return settleWritten(
    crossing,
    { intent, decision, internal: internal.invoice },
    outcome.value,
    outcome.value.seen,
  );
}

/** Before any create, an earlier one that was refused is looked for the same way: it may have been done after all. */
async function isEarlierCreateFound(crossing: Crossing, planned: Planned): Promise<boolean> {
  const earlier = crossing.link.refusedCreate;
  if (planned.write.operation !== 'CREATED' || earlier === null || earlier.internalThen === null)
    return false;
  const evidence = await lookForCreated(crossing, earlier.decision);
  if (!evidence.ok) {
    await fileFailure(crossing, evidence.failure, { observations: planned.observed.fresh });
    return true;
  }
  if (evidence.value.kind === 'several') await stopAmbiguous(crossing, evidence.value.found);
  if (evidence.value.kind === 'done') {
    const settled = {
      intent: earlier,
      decision: earlier.decision,
      internal: earlier.internalThen.invoice,
    };
    await adopt(crossing, settled, evidence.value.found, evidence.value.because);
  }
  return evidence.value.kind !== 'not-done';
}

/** A refusal that is known to hide a commit, or that names a document with our number, is looked into before it counts. */
async function fileRefusal(
  crossing: Crossing,
  intent: Intent,
  { decision, internal }: Planned,
  failure: CallFailure,
): Promise<void> {
  const refusal = {
    intentChanges: [afterFailure(crossing, intent, failure)],
    attempt: { decision },
  };
  const doubtful =
    failure.kind === 'refused' && (failure.mayHaveCommitted || failure.existingId !== null);
  if (!doubtful) return fileFailure(crossing, failure, refusal);
  const evidence = await lookFor(crossing, { ...intent, decision, internalThen: internal });
  if (!evidence.ok || evidence.value.kind !== 'done')
    return fileFailure(crossing, failure, refusal);
  return adopt(
    crossing,
    { intent, decision, internal: internal.invoice },
    evidence.value.found,
    `QuickBooks refused it and yet ${evidence.value.because}`,
  );
}

/** Another write of the same document is still open under another link; its outcome comes first. */
async function waitForTheOther(crossing: Crossing): Promise<void> {
  const note = 'An earlier write of this document is still being settled.';
  await record(crossing, {
    marks: [markNow(crossing, 'RETRY_SCHEDULED', note)],
    link: { statusReason: note, release: { dueInMs: workerLimits.busyMs } },
    audit: [statusMoved(crossing, 'PENDING', note)],
  });
}
