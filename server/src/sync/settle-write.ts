import type { BaseHalves } from '#core/plan/advance-base.ts';
import { isCarried } from '#core/plan/carried.ts';
import { otherSide, sides, type Side } from '#core/side.ts';
import type { IntentChange, LinkChange } from '#ports/store.ts';
import { acknowledged } from './apply.ts';
import {
  baseAfter,
  baseAfterAdoption,
  ownWay,
  returnedBy,
  writeAudit,
  writesTo,
  type Arrival,
  type Basis,
} from './arrival.ts';
import { baseAudit } from './base-audit.ts';
import type { Crossing } from './crossing.ts';
import { ruledBy } from './disputes.ts';
import { finish } from './finish.ts';
import { observationOf } from './observe.ts';
import { replacedBy } from './replaced.ts';
import { markNow, record, statusMoved, type StepParts } from './record.ts';

/**
 * Ends a crossing whose writes were all answered: one step from the answers to Settled. Where payments are left to cross,
 * the events go on with them instead.
 */
export async function settleWritten(
  crossing: Crossing,
  basis: Basis,
  arrivals: readonly Arrival[],
  hasPayments: boolean,
): Promise<void> {
  const { decision } = basis;
  const base = baseAfter(crossing.link.base, basis, arrivals);
  const notes = arrivals.flatMap((arrival) => ownWay(arrival, decision) ?? []);
  const ruled = ruledBy(crossing, basis);
  const replaced = replacedBy(crossing, arrivals);
  const ending = {
    base,
    now: nowAfter(basis, arrivals),
    merges: decision.merges,
    decided: decision.decided,
    wrote: true,
    explanation: decision.explanation,
    changedPaths: changedPathsOf(basis),
    disputes: [],
    moreFollows: hasPayments || isNewWithPayments(basis, arrivals),
  };
  await finish(crossing, ending, {
    marks: [
      markNow(crossing, 'ACKNOWLEDGED'),
      markNow(crossing, 'VERIFIED', notes.length === 0 ? null : notes.join(' ')),
    ],
    writtenTo: arrivals.map(({ intent }) => intent.side),
    ...shownSince(crossing, basis, arrivals),
    intentChanges: arrivals.map(({ intent, written }) =>
      acknowledged(crossing, intent, written, null),
    ),
    link: { ...counterpartIn(arrivals), ...replaced.link, quickbooksFresh: true },
    ruledConflicts: ruled.ruledConflicts,
    audit: [
      ...arrivals.map((arrival) => writeAudit(crossing, arrival, decision, null)),
      ...replaced.audit,
      ...ruled.audit,
    ],
    stream: replaced.stream,
  });
}

/** A new document comes without the payments that its counterpart has: it is made first, then they. */
const isNewWithPayments = (
  { internal, quickbooks }: Basis,
  arrivals: readonly Arrival[],
): boolean =>
  arrivals.some(({ intent }) => intent.operation === 'CREATED') &&
  [internal, quickbooks].some((invoice) => invoice !== null && invoice.payments.length > 0);

/**
 * Settles the write to one side where the other side's must wait, and gives the link back at once: what is left is then
 * decided by itself, and says why it waits.
 */
export async function settleHalf(
  crossing: Crossing,
  basis: Basis,
  arrivals: readonly Arrival[],
): Promise<void> {
  const { decision } = basis;
  const written = arrivals.map(({ intent }) => intent.side);
  const crossed = decision.merges.filter((merge) =>
    written.some((side) => isCarried(merge, otherSide(side))),
  );
  const base = baseAfter(crossing.link.base, basis, arrivals);
  const ruled = ruledBy(crossing, { ...basis, decision: { ...decision, merges: crossed } });
  const note = 'One side is written; the write to the other side has to wait.';
  await record(crossing, {
    marks: [markNow(crossing, 'RETRY_SCHEDULED', note)],
    writtenTo: written,
    attempt: { endedAt: crossing.engine.clock.now(), outcome: 'SUCCEEDED' },
    ...shownSince(crossing, basis, arrivals),
    intentChanges: arrivals.map((arrival) =>
      acknowledged(crossing, arrival.intent, arrival.written, null),
    ),
    link: { base, crashMarks: 0, statusReason: note, release: { dueInMs: 0 } },
    ruledConflicts: ruled.ruledConflicts,
    audit: [
      ...arrivals.map((arrival) => writeAudit(crossing, arrival, decision, null)),
      ...baseAudit(crossing, base),
      ...ruled.audit,
      statusMoved(crossing, 'PENDING', note),
    ],
  });
}

/** Both sides as they stand after the writes. */
function nowAfter({ decision, internal, quickbooks }: Basis, arrivals: readonly Arrival[]) {
  const shown = Object.fromEntries(
    arrivals.map((arrival) => [arrival.intent.side, returnedBy(arrival, decision)]),
  );
  const now = { internal, quickbooks, ...shown };
  if (now.quickbooks === null || now.internal === null)
    throw new Error('a side was written to and yet has no invoice');
  return { internal: now.internal, quickbooks: now.quickbooks };
}

const changedPathsOf = ({ decision }: Basis): readonly string[] => [
  ...new Set(sides.flatMap((side) => writesTo(decision, side).map(({ path }) => path))),
];

const shownSince = (
  crossing: Crossing,
  { decision }: Basis,
  arrivals: readonly Arrival[],
): Pick<StepParts, 'observations'> => ({
  observations: arrivals.map((arrival) => {
    const seen = { raw: arrival.seen.raw, invoice: returnedBy(arrival, decision) };
    return observationOf(crossing, seen, arrival.intent.side);
  }),
});

/** A create brings the counterpart's id. */
function counterpartIn(
  arrivals: readonly Arrival[],
): Pick<LinkChange, 'internalId' | 'quickbooksId'> {
  const idOn = (side: Side) => arrivals.find(({ intent }) => intent.side === side)?.written.id;
  const [internalId, quickbooksId] = [idOn('internal'), idOn('quickbooks')];
  return {
    ...(internalId === undefined ? {} : { internalId }),
    ...(quickbooksId === undefined ? {} : { quickbooksId }),
  };
}

/**
 * Records the one of two writes that was answered while the other one needs more; the crossing goes on from there. Null
 * when the lease is no longer ours.
 */
export async function keepArrived(
  crossing: Crossing,
  basis: Basis,
  arrival: Arrival,
): Promise<Crossing | null> {
  const { decision } = basis;
  const base = baseAfter(crossing.link.base, basis, [arrival]);
  const kept = await record(crossing, {
    ...shownSince(crossing, basis, [arrival]),
    intentChanges: [acknowledged(crossing, arrival.intent, arrival.written, null)],
    link: { base },
    audit: [writeAudit(crossing, arrival, decision, null), ...baseAudit(crossing, base)],
  });
  return kept === 'done' ? { ...crossing, link: { ...crossing.link, base } } : null;
}

/**
 * Adopts what an earlier write without an answer turned out to have done, and gives the link back at once: what the
 * events want beyond it is planned anew. `also` closes other writes of the document.
 */
export async function adopt(
  crossing: Crossing,
  basis: Basis,
  arrival: Arrival,
  evidence: string,
  also: readonly IntentChange[] = [],
): Promise<void> {
  const base = baseAfterAdoption(crossing.link.base, basis, arrival);
  await giveBack(crossing, basis, arrival, base, evidence, also);
}

/**
 * Takes the answer to an earlier write that was sent again, and gives the link back at once: its bytes are of then, and an
 * event that came since may want more.
 */
export async function acceptRepeat(
  crossing: Crossing,
  basis: Basis,
  arrival: Arrival,
): Promise<void> {
  // Whether a repeat is answered with the document of then or of now, nobody says (quickbooks.md §3).
  const base = baseAfterAdoption(crossing.link.base, basis, arrival);
  const evidence = 'it was sent again under the same request id and answered';
  await giveBack(crossing, basis, arrival, base, evidence);
}

async function giveBack(
  crossing: Crossing,
  basis: Basis,
  arrival: Arrival,
  base: BaseHalves,
  evidence: string,
  also: readonly IntentChange[] = [],
): Promise<void> {
  const { decision } = basis;
  const { intent, written } = arrival;
  const ruled = ruledBy(crossing, basis);
  const replaced = replacedBy(crossing, [arrival]);
  await record(crossing, {
    marks: [markNow(crossing, 'CLAIMED', evidence)],
    attempt: {
      endedAt: crossing.engine.clock.now(),
      outcome: 'SUCCEEDED',
      decision: { ...decision, explanation: evidence },
    },
    ...shownSince(crossing, basis, [arrival]),
    intentChanges: [acknowledged(crossing, intent, written, evidence), ...also],
    link: {
      ...counterpartIn([arrival]),
      ...replaced.link,
      // A query may lag behind, and a repeat may be answered with the document of then: it is read by its id before anything is written.
      ...(intent.side === 'quickbooks' ? { quickbooksFresh: false } : {}),
      base,
      uncertain: crossing.link.openIntents.some(
        ({ id }) => id !== intent.id && !also.some((one) => one.id === id),
      ),
      crashMarks: 0,
      statusReason: evidence,
      release: { dueInMs: 0 },
    },
    ruledConflicts: ruled.ruledConflicts,
    audit: [
      writeAudit(crossing, arrival, decision, evidence),
      ...replaced.audit,
      ...baseAudit(crossing, base, evidence),
      ...ruled.audit,
      statusMoved(crossing, 'PENDING', evidence),
    ],
    stream: replaced.stream,
  });
}
