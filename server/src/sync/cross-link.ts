import { toAttemptId, toCorrelationId } from '#core/brand.ts';
import { retryLimits } from '#core/attempt/backoff.ts';
import { keptApart, neverSeen } from '#core/link/apart.ts';
import { fixFor } from '#core/attempt/dead-letter.ts';
import { isGone } from '#core/invoice/invoice.ts';
import { makesRoom, type PaymentStep } from '#core/payment/payment-plan.ts';
import { advanceBase } from '#core/plan/advance-base.ts';
import type { Side } from '#core/side.ts';
import { isHeldByClosedBooks, type Plan } from '#core/plan/plan.ts';
import { sides } from '#core/side.ts';
import type { ClaimedLink, StoredSeen } from '#ports/store.ts';
import { isCancelledButMadeAdopted, isRefusedAgainAdopted } from './adopt-refused.ts';
import { withNewerFacts } from './company-facts.ts';
import { nameOf, withNumber, type Crossing, type Drain } from './crossing.ts';
import { decide, type Decided } from './decide.ts';
import { decidePayments, rememberedOf, type DecidedPayments } from './decide-payments.ts';
import { settleByEvidence } from './evidence.ts';
import { fileFailure } from './failures.ts';
import { finish } from './finish.ts';
import { followMerge } from './follow-merge.ts';
import { crossUnpaired, isJoinedToOrigin, isRefusedImportAdopted } from './import-invoice.ts';
import { makeMissing, refuseCircle, stopAt } from './obstacles.ts';
import { skip } from './skip.ts';
import { observe, type Observed } from './observe.ts';
import { halvesOf } from './halves.ts';
import { isPausedTowards, waitForRestart } from './paused.ts';
import { pairingAudit } from './payment-audit.ts';
import { keepPlanned, plannedOnly, type Looked, type Planned } from './keep-planned.ts';
import { keptIn, linkPlanIn } from './link-plan.ts';
import { settlePaymentByEvidence } from './payment-evidence.ts';
import { markNow, statusMoved } from './record.ts';
import { crashed, held, stop, unacceptable } from './stop.ts';
import { isOfSecond, isSecondSeenTo, settleSecondByEvidence } from './void-second.ts';
import { writePayment } from './write-payment.ts';
import { writePlanned } from './write-planned.ts';

/** One attempt for one claimed link: settle what is open, observe, plan, apply, settle. Every way out gives the link back. */
export async function crossLink(drain: Drain, link: ClaimedLink): Promise<void> {
  const crossing = begin(drain, link);
  if (crossing === null) return giveBack(drain, link);
  try {
    await cross(crossing);
  } catch (error) {
    // Nothing is known of what was recorded last: the link stays claimed, and whoever holds the lease next looks into it.
    if (drain.engine.store.isUnavailable(error)) throw error;
    // A bug of ours must not take the other invoices with it, nor loop (architecture.md §3, "our bug").
    drain.engine.log.error('a crossing failed by our own fault', {
      linkId: link.id,
      correlationId: crossing.correlationId,
      cause: String(error),
    });
    await stop(crossing, {
      reason: 'MAPPING',
      explanation: 'The bridge could not translate this invoice; this is most likely our mistake.',
      suggestedFix: fixFor('MAPPING'),
      cause: `MAPPING:${String(error)}`,
    });
  }
}

function begin(drain: Drain, link: ClaimedLink): Crossing | null {
  const [carrier] = link.events;
  if (carrier === undefined) return null;
  const { engine } = drain;
  return {
    ...drain,
    link,
    attemptId: toAttemptId(engine.ids.next()),
    attemptNumber: link.attempts + 1,
    eventId: carrier.id,
    startedAt: engine.clock.now(),
    correlationId: carrier.correlationId,
    progress: { stage: carrier.stage },
  };
}

/** Due without an open event: what made it due has ended meanwhile. */
async function giveBack(drain: Drain, link: ClaimedLink): Promise<void> {
  const correlationId = toCorrelationId(drain.engine.ids.next());
  const why = 'Nothing was left to do.';
  await drain.engine.store.recordStep(drain.lease, {
    linkId: link.id,
    quickbooksNews: link.quickbooksNews,
    eventIds: [],
    correlationId,
    observations: [],
    attempt: null,
    newIntents: [],
    intentChanges: [],
    events: { marks: [], changedPaths: [], end: false },
    link: { statusReason: why, release: { dueInMs: null } },
    deadLetter: null,
    healsDeadLetter: false,
    conflictFields: null,
    references: [],
    // It was taken up, and is given back: the trail says both (invariant I18).
    audit: [statusMoved({ link, correlationId }, 'IN_SYNC', why)],
    stream: [],
  });
}

async function cross(crossing: Crossing): Promise<void> {
  const { link } = crossing;
  const [open] = link.openIntents;
  if (link.crashMarks >= retryLimits[open === undefined ? 'crashMarksMax' : 'crashMarksInDoubtMax'])
    return stop(crossing, crashed(link.crashMarks), { link: { crashMarks: 0 } });
  if (open?.object === 'Payment') return settlePaymentByEvidence(crossing, open);
  if (open !== undefined)
    return isOfSecond(link, open)
      ? settleSecondByEvidence(crossing, open)
      : settleByEvidence(crossing, open);
  if (link.unlinkedFrom !== null && link.quickbooksId === null)
    return skip(crossing, [], keptApart(link.unlinkedFrom));
  if (await isSecondSeenTo(crossing)) return;
  const observed = await observe(crossing);
  if (!observed.ok) return fileFailure(crossing, observed.failure, {}, observed.side);
  await crossing.engine.store.noteReachability(crossing.lease, true);
  const { internal } = observed.value;
  if (link.internalId === null) return crossUnpaired(crossing, observed.value);
  const lacking = lackedSide(link, observed.value);
  if (lacking !== null) return stop(crossing, neverSeen(lacking, nameOf(crossing)));
  if (internal === null) return skip(crossing, [], 'Internal invoicing has no such invoice.');
  if (await isJoinedToOrigin(crossing, internal)) return;
  if (await isRefusedImportAdopted(crossing, internal)) return;
  if (await isRefusedAgainAdopted(crossing, observed.value)) return;
  if (await isCancelledButMadeAdopted(crossing, internal)) return;
  const followed = await followMerge(withNumber(crossing, internal.invoice.number), observed.value);
  if (followed.kind === 'lost') return;
  if (followed.kind === 'failed') return fileFailure(crossing, followed.failure);
  const named = followed.crossing;
  const seenMark = markNow(named, 'MAPPED');
  const { on, decided } = await decideOnNewFacts(named, observed.value, internal);
  return followUp(
    on,
    { observed: observed.value, internal, marks: [seenMark, markNow(on, 'COMPARED')] },
    decided,
  );
}

/** The side of a linked pair on which there is no such document and never was, as far as anybody saw. */
function lackedSide(
  { quickbooksId }: ClaimedLink,
  { internal, quickbooks }: Observed,
): Side | null {
  if (quickbooksId === null) return null;
  if (quickbooks === null) return 'quickbooks';
  return internal === null ? 'internal' : null;
}

/** Decides; where closed books are in the way, once more on the closing date as it is now. */
async function decideOnNewFacts(
  crossing: Crossing,
  observed: Observed,
  internal: StoredSeen,
): Promise<{ readonly on: Crossing; readonly decided: Decided }> {
  const decided = await decide(crossing, observed, internal);
  const newer =
    decided.kind === 'planned' && isHeldByClosedBooks(decided.plan)
      ? await withNewerFacts(crossing)
      : null;
  return newer === null
    ? { on: crossing, decided }
    : { on: newer, decided: await decide(newer, observed, internal) };
}

async function followUp(crossing: Crossing, looked: Looked, decided: Decided): Promise<void> {
  switch (decided.kind) {
    case 'failed':
    case 'waiting':
      return stopAt(crossing, looked.observed.fresh, decided);
    case 'make':
      return makeThenDecide(crossing, looked, decided);
    case 'planned':
      return act(crossing, { ...looked, observed: decided.observed }, decided);
  }
}

/** Makes the missing records one by one, then decides anew from what is stored. */
async function makeThenDecide(
  crossing: Crossing,
  looked: Looked,
  { toMake, references, content }: Extract<Decided, { kind: 'make' }>,
): Promise<void> {
  const { engine, facts } = crossing;
  // Nothing is made for an invoice that could not be written afterwards.
  const { quickbooks } = looked.observed;
  const isNew = quickbooks === null || isGone(quickbooks.invoice);
  const problems = isNew ? engine.sides.spelling.problems(content, facts) : [];
  const missing = { toMake, references };
  if (!(await makeMissing(crossing, looked.observed.fresh, missing, problems))) return;
  const decided = await decide(crossing, looked.observed, looked.internal);
  if (decided.kind === 'make') refuseCircle(toMake, decided.toMake);
  return followUp(
    crossing,
    { ...looked, marks: [markNow(crossing, 'MAPPED'), markNow(crossing, 'COMPARED')] },
    decided,
  );
}

/** What makes room goes before the invoice's own writes, all other payments after them (architecture.md §4, "Payments"). */
async function act(crossing: Crossing, looked: Looked, invoicePlanned: Planned): Promise<void> {
  const { plan, references } = invoicePlanned;
  const seen = { observations: looked.observed.fresh, references };
  const outcome = await decidePayments(crossing, looked.observed, plan);
  if (outcome.kind === 'failed') return fileFailure(crossing, outcome.failure, seen, outcome.side);
  const { payments } = outcome;
  const decided = withPayments(invoicePlanned, payments);
  const linkPlan = await linkPlanIn(crossing, looked, decided, payments);
  const planned = { ...decided, linkPlan };
  const parts = { ...seen, marks: looked.marks, attempt: { decision: planned.decision } };
  const [first] = payments?.plan.steps ?? [];
  if (
    payments !== null &&
    first !== undefined &&
    makesRoom(first, looked.internal.invoice.currency)
  )
    return payOrStop(crossing, looked, planned, payments, first);
  // An invoice that is held keeps back no payment: each fits what is still asked for as it stands.
  const isHeld = plan.next.kind === 'stop' && crossing.company.mode === 'LIVE';
  if (isHeld && payments !== null && first !== undefined)
    return payOrStop(crossing, looked, planned, payments, first);
  switch (plan.next.kind) {
    case 'stop':
      return crossing.company.mode === 'SHADOW'
        ? skip(crossing, looked.marks, plannedOnly(planned), keptIn(planned, parts))
        : stop(crossing, held(plan.next.stop), {
            ...parts,
            payments: rememberedOf(payments),
            audit: pairingAudit(crossing, payments),
          });
    case 'nothing':
    case 'leave':
      return payments === null || first === undefined
        ? settleUnwritten(crossing, looked, planned, payments)
        : payOrStop(crossing, looked, planned, payments, first);
    case 'write':
      return writeOrStop(crossing, looked, planned, plan.next, payments);
  }
}

/** The decision keeps what was decided on about payments as well. */
const withPayments = (planned: Planned, payments: DecidedPayments | null): Planned =>
  payments === null
    ? planned
    : { ...planned, decision: { ...planned.decision, paymentInputs: payments.inputs } };

/** In shadow mode and in a paused direction no payment is sent either. */
async function payOrStop(
  crossing: Crossing,
  looked: Looked,
  planned: Planned,
  payments: DecidedPayments,
  step: PaymentStep,
): Promise<void> {
  const { decision, references } = planned;
  const { observed, internal, marks } = looked;
  const along = { observations: observed.fresh, references };
  if (crossing.company.mode === 'SHADOW') {
    const parts = keptIn(planned, { ...along, attempt: { decision } });
    return skip(crossing, marks, `Planned, not written: ${step.explanation}`, parts);
  }
  if (isPausedTowards(crossing.link, step.side)) return waitForRestart(crossing, step.side, along);
  const { quickbooks } = observed;
  if (quickbooks === null) throw new Error('a payment was decided without an invoice for it');
  return writePayment(crossing, {
    step,
    payments,
    observed,
    internal,
    quickbooks,
    marks,
    decision,
    references,
  });
}

/** In shadow mode nothing is sent; what QuickBooks could not hold is not sent either. */
async function writeOrStop(
  crossing: Crossing,
  looked: Looked,
  planned: Planned,
  writes: Extract<Plan['next'], { kind: 'write' }>,
  payments: DecidedPayments | null,
): Promise<void> {
  const { decision, references } = planned;
  const parts = {
    marks: looked.marks,
    observations: looked.observed.fresh,
    references,
    attempt: { decision },
  };
  if (crossing.company.mode === 'SHADOW') return keepPlanned(crossing, looked, planned, parts);
  const { now, waits } = halvesOf(crossing, writes);
  if (sides.some((side) => now[side] !== null)) {
    const restWaits = waits !== null || writes.held !== null || writes.follows !== undefined;
    return writePlanned(crossing, {
      ...looked,
      decision,
      references,
      writes: now,
      restWaits,
      payments,
    });
  }
  if (waits === null) throw new Error('a plan to write has nothing to write');
  const [payment] = payments?.plan.steps ?? [];
  if (payments !== null && payment !== undefined)
    return payOrStop(crossing, looked, planned, payments, payment);
  return waits.kind === 'paused'
    ? waitForRestart(crossing, waits.side, { observations: looked.observed.fresh, references })
    : stop(crossing, unacceptable(waits.problems), parts);
}

const overtaken = 'A payment that was decided about has changed since.';

/** Nothing to write: what both sides show equal is agreed, and the events end. */
async function settleUnwritten(
  crossing: Crossing,
  { observed, internal, marks }: Looked,
  planned: Planned,
  payments: DecidedPayments | null,
): Promise<void> {
  const { plan, decision, references } = planned;
  const seen = { marks, observations: observed.fresh, references, attempt: { decision } };
  const parts = keptIn(planned, seen);
  if (observed.quickbooks === null) return skip(crossing, marks, plan.explanation, parts);
  const base = advanceBase(
    crossing.link.base,
    internal.invoice,
    observed.quickbooks.invoice,
    plan.merges,
    [],
  );
  const wrote = crossing.link.events.some((event) => event.wrote);
  const ending = {
    base,
    now: { internal: internal.invoice, quickbooks: observed.quickbooks.invoice },
    merges: plan.merges,
    numberThere: decision.numberThere,
    decided:
      payments?.isOvertaken === true && plan.decision?.kind === 'taken'
        ? ({ kind: 'fell-back', kept: [], because: overtaken } as const)
        : plan.decision,
    wrote,
    left: plan.next.kind === 'leave',
    explanation: plan.explanation,
    changedPaths: [],
    disputes: payments?.plan.disputes ?? [],
    moreFollows: false,
  };
  const settled = {
    ...parts,
    references: [...references, ...(payments?.references ?? [])],
    payments: rememberedOf(payments),
    audit: pairingAudit(crossing, payments),
    link: { quickbooksFresh: true },
  };
  const [stopped] = payments?.plan.stops ?? [];
  // In shadow mode it stands among what is planned, and stops nothing.
  if (stopped === undefined || crossing.company.mode === 'SHADOW')
    return finish(crossing, ending, settled);
  // The invoice agrees and only a payment cannot cross: what is agreed is kept.
  return stop(crossing, held(stopped), { ...settled, link: { ...settled.link, base } });
}
