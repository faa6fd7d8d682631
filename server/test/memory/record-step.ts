import { toInstant, type LinkId } from '#core/brand.ts';
import type { Lease, Step, StepOutcome } from '#ports/store.ts';
import { joinLinks, joinStrayHere } from './joins.ts';
import { recordPayments } from './payments.ts';
import { recordReferences } from './references.ts';
import { isOpenState, type LinkRow, type MemoryRows } from './rows.ts';

/** Records a step whole or not at all, as the one statement of the database does. */
export function recordStep(rows: MemoryRows, lease: Lease, step: Step): StepOutcome {
  return recorded(rows, lease, step, false);
}

function recorded(rows: MemoryRows, lease: Lease, step: Step, isJoined: boolean): StepOutcome {
  const link = rows.links.get(step.linkId);
  if (!rows.holds(lease) || link === undefined || link.claimEpoch !== lease.epoch)
    return isTakenBack(rows, step) ? 'taken-back' : 'fenced';
  if (!mayTake(rows, step)) return isTakenBack(rows, step) ? 'taken-back' : 'fenced';
  if (isBusy(rows, step)) return 'busy';
  const joined = isJoined ? 'none' : joinHolder(rows, lease, step);
  if (joined === 'fenced') return 'fenced';
  if (joined === 'joined') return recorded(rows, lease, step, true);
  carryOut(rows, lease, step, link);
  return 'done';
}

/** A decision is taken up only after the undo window, and only while nobody took it back. */
function mayTake(rows: MemoryRows, { conflict }: Step): boolean {
  if (conflict === undefined || (conflict.to !== 'APPLYING' && conflict.to !== 'RESOLVED'))
    return true;
  const row = rows.conflicts.get(conflict.id);
  if (row === undefined) return false;
  return (
    row.status === 'APPLYING' ||
    (row.status === 'UNDO_WINDOW' && (row.applyAfter ?? 0) <= rows.nowMs)
  );
}

const isTakenBack = (rows: MemoryRows, { conflict }: Step): boolean => {
  if (conflict === undefined) return false;
  const row = rows.conflicts.get(conflict.id);
  return row !== undefined && row.status !== 'UNDO_WINDOW' && row.status !== 'APPLYING';
};

/** The unique index `intent_open_key`: one open intent per object written. */
function isBusy(rows: MemoryRows, { newIntents, intentChanges }: Step): boolean {
  const settled = new Set<string>(
    intentChanges.filter(({ state }) => !isOpenState(state)).map(({ id }) => id),
  );
  return newIntents.some((intent) =>
    [...rows.intents.values()].some(
      (other) =>
        isOpenState(other.state) &&
        !settled.has(other.id) &&
        other.side === intent.side &&
        other.object === intent.object &&
        other.objectKey === intent.objectKey,
    ),
  );
}

/** News of what we made came before its answer and has a link of its own by now: the two are one. */
function joinHolder(
  rows: MemoryRows,
  lease: Lease,
  { linkId: intoId, correlationId, link: { quickbooksId, internalId } }: Step,
): 'none' | 'joined' | 'fenced' {
  const there = rows.linkOn('quickbooks', quickbooksId ?? null);
  if (quickbooksId !== undefined && there !== null && there.id !== intoId) {
    const because = `${quickbooksId} of QuickBooks is the invoice that was made there.`;
    return joinLinks(rows, lease, { intoId, quickbooksId, because, correlationId })
      ? 'joined'
      : 'fenced';
  }
  const here = rows.linkOn('internal', internalId ?? null);
  if (internalId !== undefined && here !== null && here.id !== intoId)
    return joinStrayHere(rows, lease, intoId, internalId) ? 'joined' : 'fenced';
  return 'none';
}

function carryOut(rows: MemoryRows, lease: Lease, step: Step, link: LinkRow): void {
  const before = rows.status(link);
  changeConflict(rows, step);
  changeLink(rows, step, link);
  recordTries(rows, lease, step);
  moveEvents(rows, step);
  changeDeadLetters(rows, step);
  recordReferences(rows, step.references);
  recordDisputes(rows, step);
  recordPayments(rows, link.id, step.payments);
  const { replaced } = step.link;
  if (replaced !== undefined) rows.replaced.add(`${replaced.side}:${replaced.id}`);
  const status = rows.status(link);
  if (before !== status) rows.saw(`link ${before} → ${status}`);
  noteRarePaths(rows, step);
  rows.log(
    step.audit.map((entry) => {
      const [change] = entry.changes;
      if (entry.action !== 'STATE_CHANGED' || change?.path !== 'status') return entry;
      return { ...entry, changes: [{ ...change, after: status }, ...entry.changes.slice(1)] };
    }),
  );
}

/** What a step says of itself, for the paths that are rare. */
function noteRarePaths(rows: MemoryRows, step: Step): void {
  for (const { evidence, state } of step.intentChanges) {
    if (evidence === null) continue;
    const path = rarePaths.find(([, words]) => words.test(evidence));
    if (path !== undefined) rows.saw(`${path[0]} (${state})`);
  }
  if (step.healsDeadLetter) rows.saw('a dead letter was healed');
  if (step.deadLetter !== null) rows.saw(`dead letter ${step.deadLetter.reason}`);
  if (step.conflict?.to === 'SUPERSEDED') rows.saw('a conflict was superseded');
  if (step.conflictFields !== null) rows.saw('a conflict was opened or changed');
  if (step.link.replaced !== undefined) rows.saw('a document was replaced');
}

const rarePaths = [
  ['timed out, then adopted', /^it had arrived/],
  ['refused, and yet done', /refused it and yet/],
  ['an earlier create had arrived', /^an earlier one had arrived/],
  ['sent again under its id, and answered', /sent again under the same request id/],
  ['overtaken by somebody else', /meanwhile/],
  ['refused before it was looked at', /^Refused before it was looked at/],
] as const;

function changeLink(rows: MemoryRows, step: Step, link: LinkRow): void {
  const set = step.link;
  for (const { id, side, seen } of step.observations) {
    const stored = { ...seen, observationId: id };
    rows.observations.set(id, stored);
    link.observed[side] = stored;
  }
  // As in the statement: internal's observation shows the number where there is one.
  const shown = step.observations.find(({ side }) => side === 'internal') ?? step.observations[0];
  link.number = shown?.seen.invoice.number ?? link.number;
  link.internalId = set.internalId ?? link.internalId;
  link.quickbooksId = set.quickbooksId ?? link.quickbooksId;
  link.base = set.base ?? link.base;
  if (set.quickbooksFresh !== undefined)
    link.quickbooksFresh = set.quickbooksFresh && link.quickbooksNews === step.quickbooksNews;
  link.uncertain = set.uncertain ?? link.uncertain;
  link.failures = set.failures ?? link.failures;
  if (set.firstFailedAt !== undefined) link.firstFailedAt = set.firstFailedAt;
  link.crashMarks = set.crashMarks ?? link.crashMarks;
  if (set.openDeadLetterId !== undefined) link.openDeadLetterId = set.openDeadLetterId;
  if (set.openConflictId !== undefined) link.openConflictId = set.openConflictId;
  if (set.taxVariance !== undefined) link.taxVariance = set.taxVariance;
  link.statusReason = set.statusReason ?? link.statusReason;
  if (set.release === undefined) return;
  link.claimEpoch = null;
  if (set.release.dueInMs !== null) rows.makeDue(link, rows.nowMs + set.release.dueInMs);
}

function recordTries(rows: MemoryRows, lease: Lease, step: Step): void {
  const { linkId, attempt } = step;
  if (attempt !== null) {
    const row = rows.attempts.get(attempt.id);
    if (row === undefined) {
      const { id, eventId, number, endedAt, outcome, decision, fault } = attempt;
      const epoch = lease.epoch;
      rows.attempts.set(id, {
        id,
        linkId,
        eventId,
        number,
        epoch,
        endedAt,
        outcome,
        decision,
        fault,
      });
    } else {
      row.endedAt = attempt.endedAt;
      row.outcome = attempt.outcome;
      row.fault = attempt.fault;
      row.decision = attempt.decision ?? row.decision;
    }
  }
  for (const { lastSentAt: _machine, ...intent } of step.newIntents)
    rows.intents.set(intent.id, {
      ...intent,
      linkId,
      epoch: lease.epoch,
      // By database time: a machine's clock says nothing to another machine.
      sentAt: [rows.nowMs],
      settledAt: null,
      evidence: null,
      response: null,
      createdAt: rows.nowMs,
    });
  for (const change of step.intentChanges) {
    const row = rows.intents.get(change.id);
    if (row === undefined || row.linkId !== linkId) continue;
    rows.saw(`intent ${row.state} → ${change.state}`);
    row.state = change.state;
    row.epoch = lease.epoch;
    row.externalId = change.externalId ?? row.externalId;
    if (change.sentAt !== null) row.sentAt.push(rows.nowMs);
    row.settledAt = change.settledAt ?? row.settledAt;
    row.evidence = change.evidence ?? row.evidence;
    row.response = change.response ?? row.response;
  }
}

function moveEvents(rows: MemoryRows, { eventIds, events, link }: Step): void {
  const dueInMs = link.release?.dueInMs ?? null;
  for (const id of eventIds) {
    const event = rows.events.get(id);
    if (event === undefined || event.endedAt !== null) continue;
    for (const { stage } of events.marks) {
      if (stage !== event.stage) rows.saw(`event ${event.stage} → ${stage}`);
      event.stage = stage;
    }
    event.history.push(...events.marks);
    if (dueInMs !== null) event.availableAt = rows.nowMs + dueInMs;
    event.endedAt = events.end ? rows.nowMs : null;
  }
}

function changeDeadLetters(rows: MemoryRows, step: Step): void {
  const { linkId, deadLetter } = step;
  if (step.healsDeadLetter)
    for (const row of rows.deadLetters.values()) {
      if (row.linkId !== linkId || (row.status !== 'OPEN' && row.status !== 'REPLAYING')) continue;
      row.status = row.status === 'REPLAYING' && deadLetter === null ? 'REPLAYED' : 'SUPERSEDED';
    }
  const [eventId] = step.eventIds;
  if (deadLetter === null || eventId === undefined) return;
  const { id, reason, explanation, waitsFor } = deadLetter;
  const diedAt = rows.nowMs;
  const status = 'OPEN';
  rows.deadLetters.set(id, { id, linkId, eventId, reason, explanation, waitsFor, diedAt, status });
}

function changeConflict(rows: MemoryRows, { conflict }: Step): void {
  if (conflict === undefined) return;
  const row = rows.conflicts.get(conflict.id);
  if (row === undefined || conflict.to === 'OPEN') return;
  row.status = conflict.to;
}

function recordDisputes(rows: MemoryRows, step: Step): void {
  const { linkId, conflict, conflictFields } = step;
  const reopened = conflict?.to === 'OPEN' ? conflict.kept : null;
  const id = step.link.openConflictId;
  if (conflictFields !== null && id != null) {
    const row = rows.conflicts.get(id);
    if (row === undefined) newConflict(rows, id, linkId, 'OPEN', conflictFields, reopened);
    else {
      row.fields = conflictFields;
      if (conflict?.to === 'OPEN') {
        row.status = 'OPEN';
        row.resolution = null;
        row.applyAfter = null;
        row.kept = reopened;
      }
    }
  }
  for (const ruled of step.ruledConflicts ?? [])
    newConflict(rows, ruled.id, linkId, 'RESOLVED', ruled.fields, null);
}

function newConflict(
  rows: MemoryRows,
  id: string,
  linkId: LinkId,
  status: 'OPEN' | 'RESOLVED',
  fields: NonNullable<Step['conflictFields']>,
  kept: Extract<Step['conflict'], { to: 'OPEN' }>['kept'] | null,
): void {
  const detectedAt = toInstant(rows.nowMs);
  rows.conflicts.set(id, {
    id,
    linkId,
    detectedAt,
    status,
    fields,
    resolution: null,
    applyAfter: null,
    kept,
  });
}
