import type { CallFailure, CallOutcome } from '#core/attempt/failure.ts';
import type { Intent } from '#core/attempt/intent.ts';
import type { StageMark } from '#core/event/stage.ts';
import type { Reference } from '#core/mapping/reference.ts';
import type { PlannedWrites } from '#core/plan/plan.ts';
import { sideNamesFirst } from '#core/side.ts';
import type { Written } from '#ports/accounting-system.ts';
import type { IntentChange, StoredDecision, StoredSeen } from '#ports/store.ts';
import { afterFailure, intentOf, send } from './apply.ts';
import type { Arrival, Basis } from './arrival.ts';
import { makerOf } from './as-meant.ts';
import type { Crossing } from './crossing.ts';
import { hasWork, type DecidedPayments } from './decide-payments.ts';
import {
  arrivalOf,
  basisOf as madeOf,
  foundAs,
  lookFor,
  lookForCreated,
  stopAmbiguous,
} from './evidence.ts';
import { fileFailure } from './failures.ts';
import { isMadeBeforeRestore } from './made-before-restore.ts';
import { workerLimits } from './limits.ts';
import { isNamedMissing } from './name-missing.ts';
import type { Observed } from './observe.ts';
import { markNow, record, statusMoved } from './record.ts';
import { adopt, keepArrived, settleHalf, settleWritten } from './settle-write.ts';
import { takingUp, underWay } from './standing-conflict.ts';
import { planAgain } from './taken-back.ts';
import { draftsOf } from './write-invoice.ts';

/** Decided writes with all that is recorded along with them. */
export type Planned = {
  readonly observed: Observed;
  /** Null where it is made there. */
  readonly internal: StoredSeen | null;
  readonly marks: readonly StageMark[];
  readonly decision: StoredDecision;
  readonly references: readonly Reference[];
  readonly writes: PlannedWrites;
  /** Whether the other side's write has to wait; the events go on with it. */
  readonly restWaits: boolean;
  /** What is decided of its payments; they follow the invoice. */
  readonly payments: DecidedPayments | null;
  /** Whether payments are still to be looked at, because the invoice was not on both sides before. */
  readonly paymentsFollow?: boolean;
};

/** Writes down, then sends: from the commit on, each write may have happened. */
export async function writePlanned(crossing: Crossing, planned: Planned): Promise<void> {
  const { observed, internal, decision, references, writes, payments } = planned;
  if (await isEarlierCreateFound(crossing, planned)) return;
  const drafts = draftsOf(crossing, writes, internal?.invoice ?? null, observed.quickbooks);
  const intents = drafts.map((draft) => intentOf(crossing, draft));
  const taken = takingUp(crossing, decision.decided);
  const prepared = await record(crossing, {
    marks: [...planned.marks, markNow(crossing, 'SENDING')],
    writtenTo: intents.map(({ side }) => side),
    observations: observed.fresh,
    attempt: { decision },
    newIntents: intents,
    payments: { seen: payments?.observed.fresh ?? [] },
    references: [...references, ...(payments?.references ?? [])],
    audit: taken.audit,
    stream: taken.stream,
    ...(taken.conflict === undefined
      ? {}
      : { conflict: taken.conflict, link: { openConflictId: null } }),
  });
  if (prepared === 'taken-back') return planAgain(crossing);
  if (prepared === 'busy') return waitForTheOther(crossing);
  if (prepared !== 'done') return;
  const under = taken.conflict === undefined ? crossing : underWay(crossing);
  // The two documents do not depend on each other, so neither write waits for the other.
  const sent = await Promise.all(
    intents.map(async (intent) => sentOf(intent, await send(under, intent))),
  );
  return afterSending(under, planned, sent);
}

type Failed = { readonly intent: Intent; readonly failure: CallFailure };
type Sent = { readonly arrival: Arrival } | { readonly failed: Failed };

const sentOf = (intent: Intent, outcome: CallOutcome<Written>): Sent =>
  outcome.ok
    ? { arrival: arrivalOf(intent, outcome.value) }
    : { failed: { intent, failure: outcome.failure } };

/** Settles when all arrived; else keeps what arrived and goes by the failure that has to be seen to first. */
async function afterSending(
  crossing: Crossing,
  planned: Planned,
  sent: readonly Sent[],
): Promise<void> {
  const basis = basisOf(planned);
  const arrivals = sent.flatMap((one) => ('arrival' in one ? [one.arrival] : []));
  const [first, second] = sent
    .flatMap((one) => ('failed' in one ? [one.failed] : []))
    .sort((one, other) => urgency[one.failure.kind] - urgency[other.failure.kind]);
  if (first === undefined)
    return planned.restWaits
      ? settleHalf(crossing, basis, arrivals)
      : settleWritten(
          crossing,
          basis,
          arrivals,
          hasWork(planned.payments) || planned.paymentsFollow === true,
        );
  const along = second === undefined ? [] : [afterFailure(crossing, second.intent, second.failure)];
  const [arrival] = arrivals;
  const rest = arrival === undefined ? crossing : await keepArrived(crossing, basis, arrival);
  if (rest !== null) await fileRefusal(rest, planned, first, along);
}

const basisOf = ({ decision, internal, observed }: Planned): Basis => ({
  decision,
  internal: internal?.invoice ?? null,
  quickbooks: observed.quickbooks?.invoice ?? null,
});

/**
 * Which of two failures decides what follows. An unknown outcome comes before all else; a refusal comes last, since
 * whatever is tried again meets it again.
 */
const urgency = {
  'no-answer': 0,
  'access-lapsed': 1,
  throttled: 2,
  'not-sent': 3,
  'read-failed': 3,
  'stale-version': 4,
  'not-found': 5,
  refused: 6,
} as const satisfies Record<CallFailure['kind'], number>;

/** Before any create, an earlier one that was refused is looked for the same way: it may have been done after all. */
async function isEarlierCreateFound(crossing: Crossing, planned: Planned): Promise<boolean> {
  const earlier = crossing.link.refusedCreates.at(-1) ?? null;
  if (planned.writes.quickbooks?.operation !== 'CREATED') return false;
  if (earlier === null || earlier.internalThen === null)
    return crossing.company.restoredOn !== null && isMadeBeforeRestore(crossing, planned);
  const evidence = await lookForCreated(crossing, earlier.decision);
  if (!evidence.ok) {
    await fileFailure(crossing, evidence.failure, { observations: planned.observed.fresh });
    return true;
  }
  if (evidence.value.kind === 'several') await stopAmbiguous(crossing, evidence.value.found);
  if (evidence.value.kind === 'done') {
    const { found, because } = evidence.value;
    const maker = makerOf(crossing, crossing.link.refusedCreates, 'quickbooks', found) ?? earlier;
    await adopt(crossing, madeOf(maker), arrivalOf(maker, foundAs(found)), because);
  }
  return evidence.value.kind !== 'not-done';
}

/** A refusal that is known to hide a commit, or that names a document with our number, is looked into before it counts. */
async function fileRefusal(
  crossing: Crossing,
  planned: Planned,
  { intent, failure }: Failed,
  along: readonly IntentChange[],
): Promise<void> {
  const { decision, internal, observed } = planned;
  const refusal = {
    intentChanges: [afterFailure(crossing, intent, failure), ...along],
    attempt: { decision },
    writtenTo: [intent.side],
  };
  const doubtful =
    failure.kind === 'refused' && (failure.mayHaveCommitted || failure.existingId !== null);
  if (!doubtful) {
    const written = intent.side === 'quickbooks' ? (internal?.invoice ?? null) : null;
    if (await isNamedMissing(crossing, written, failure, refusal)) return;
    return fileFailure(crossing, failure, refusal, intent.side);
  }
  const own = { ...intent, decision, internalThen: internal, quickbooksThen: observed.quickbooks };
  const evidence = await lookFor(crossing, own);
  if (!evidence.ok || evidence.value.kind !== 'done')
    return fileFailure(crossing, failure, refusal, intent.side);
  const { found, because } = evidence.value;
  const said = `${sideNamesFirst[intent.side]} refused it and yet ${because}`;
  const creates = [...crossing.link.refusedCreates, own];
  const maker = makerOf(crossing, creates, intent.side, found) ?? own;
  if (maker === own || intent.operation !== 'CREATED')
    return adopt(crossing, basisOf(planned), arrivalOf(intent, foundAs(found)), said);
  // It was refused because an earlier one had been done: that one is what both sides agree on.
  const refused = afterFailure(crossing, intent, failure);
  return adopt(crossing, madeOf(maker), arrivalOf(maker, foundAs(found)), said, [refused]);
}

/** Another write of the same document is still open under another link; its outcome comes first. */
export async function waitForTheOther(crossing: Crossing): Promise<void> {
  const note = 'An earlier write of this document is still being settled.';
  await record(crossing, {
    marks: [markNow(crossing, 'RETRY_SCHEDULED', note)],
    link: { statusReason: note, release: { dueInMs: workerLimits.busyMs } },
    audit: [statusMoved(crossing, 'PENDING', note)],
  });
}
