import { toInstant, toVersion } from '#core/brand.ts';
import { builtInRules } from '#core/merge/policy.ts';
import type { Seen } from '#ports/accounting-system.ts';
import type { CarriedEvent, ClaimedLink, Lease, OpenIntent } from '#ports/store.ts';
import { probing } from './breaker.ts';
import {
  isOpenState,
  mark,
  type EventRow,
  type IntentRow,
  type LinkRow,
  type MemoryRows,
} from './rows.ts';

/** Claims up to `limit` due links, oldest due first, and loads what one attempt for each needs. */
export function claimLinks(
  rows: MemoryRows,
  lease: Lease,
  limit: number,
  marked: boolean,
): readonly ClaimedLink[] {
  if (!rows.holds(lease, true) || rows.company.status !== 'ACTIVE' || rows.isResting) return [];
  const isProbing = probing(rows);
  const now = rows.nowMs;
  const due = [...rows.links.values()]
    .filter((link) => link.claimEpoch === null && link.dueAt !== null && link.dueAt <= now)
    .filter((link) => link.crashMarks > 0 === marked)
    .toSorted((one, other) => (one.dueAt ?? 0) - (other.dueAt ?? 0) || one.place - other.place)
    .slice(0, isProbing ? 1 : limit);
  if (due.length === 0) return [];
  if (isProbing) {
    rows.breaker.probing = true;
    rows.breaker.openUntil = now + 30_000;
  }
  for (const link of due) claim(rows, lease, link);
  return due.map((link) => loaded(rows, link));
}

function claim(rows: MemoryRows, lease: Lease, link: LinkRow): void {
  const before = rows.status(link);
  link.claimEpoch = lease.epoch;
  link.dueAt = null;
  link.statusReason = link.uncertain
    ? 'Checking whether the last write arrived.'
    : 'Crossing right now.';
  const events = rows.openEvents(link.id);
  for (const event of events) {
    rows.saw(`event ${event.stage} → CLAIMED`);
    event.stage = 'CLAIMED';
    event.history.push(mark('CLAIMED', rows.nowMs, null));
  }
  const after = rows.status(link);
  rows.saw(`link ${before} → ${after}`);
  if (link.crashMarks > 0) rows.saw('a link that a dead worker left was taken up');
  if (before !== after)
    rows.log([
      statusEntry(
        link,
        before,
        after,
        'was taken up by the worker.',
        events[0]?.correlationId ?? '',
      ),
    ]);
}

export const statusEntry = (
  link: LinkRow,
  before: string | null,
  after: string,
  what: string,
  correlationId: string,
) => ({
  actor: { kind: 'system', name: 'worker' } as const,
  action: 'STATE_CHANGED' as const,
  summary: `${link.number ?? link.internalId ?? 'An invoice'} ${what}`,
  subject: { type: 'Invoice' as const, id: link.id },
  linkId: link.id,
  changes: before === after ? [] : [{ path: 'status', side: null, before, after }],
  note: null,
  correlationId,
});

function loaded(rows: MemoryRows, link: LinkRow): ClaimedLink {
  const intents = [...rows.intents.values()].filter(({ linkId }) => linkId === link.id);
  const events = rows.openEvents(link.id).filter(({ stage }) => stage === 'CLAIMED');
  const carried = events.map((event) => carriedOf(rows, event));
  const [first] = events;
  const refused = intents.filter(
    ({ state, operation, object }) =>
      state === 'REFUSED' && operation === 'CREATED' && object === 'Invoice',
  );
  return {
    id: link.id,
    companyId: rows.companyId,
    internalId: link.internalId,
    quickbooksId: link.quickbooksId,
    unlinkedFrom: link.unlinkedFrom,
    secondId: null,
    base: link.base,
    internal: link.observed.internal,
    quickbooks: link.observed.quickbooks,
    quickbooksFresh: link.quickbooksFresh,
    failures: link.failures,
    firstFailedAt: link.firstFailedAt === null ? null : toInstant(link.firstFailedAt),
    crashMarks: link.crashMarks,
    openDeadLetterId: link.openDeadLetterId ?? replayingOf(rows, link),
    conflict: conflictOf(rows, link),
    taxVariance: link.taxVariance,
    pausedDirections: [],
    number: link.number,
    quickbooksNews: link.quickbooksNews,
    approvedPlan: null,
    events: carried,
    attempts: first === undefined ? 0 : attemptsOf(rows, first),
    openIntents: intents.filter(({ state }) => isOpenState(state)).map((one) => openOf(rows, one)),
    refusedCreates: refused
      .map((one) => openOf(rows, one))
      .filter((one) => link.base === null || isInPlaceOf(link, one)),
    rules: builtInRules,
    ownVersions: {
      internal: ownVersion(intents, 'internal', 'version', null),
      quickbooks: ownVersion(intents, 'quickbooks', 'SyncToken', link.quickbooksId),
    },
    claimedAt: toInstant(rows.nowMs),
  };
}

const replayingOf = (rows: MemoryRows, link: LinkRow): string | null =>
  [...rows.deadLetters.values()].find(
    ({ linkId, status }) => linkId === link.id && status === 'REPLAYING',
  )?.id ?? null;

function conflictOf(rows: MemoryRows, link: LinkRow): ClaimedLink['conflict'] {
  const found = [...rows.conflicts.values()].findLast(
    ({ linkId, status }) =>
      linkId === link.id &&
      (status === 'OPEN' || status === 'UNDO_WINDOW' || status === 'APPLYING'),
  );
  if (found === undefined) return null;
  const { id, status, fields, resolution, applyAfter } = found;
  if (status !== 'OPEN' && status !== 'UNDO_WINDOW' && status !== 'APPLYING') return null;
  const applyInMs = status === 'UNDO_WINDOW' ? Math.ceil((applyAfter ?? 0) - rows.nowMs) : null;
  return { id, status, disputes: fields, resolution, applyInMs };
}

const attemptsOf = (rows: MemoryRows, event: EventRow): number =>
  [...rows.attempts.values()].filter(({ eventId }) => eventId === event.id).length;

function carriedOf(rows: MemoryRows, event: EventRow): CarriedEvent {
  const attempts = [...rows.attempts.values()].filter(({ eventId }) => eventId === event.id);
  const isTold = event.source === 'QUICKBOOKS_WEBHOOK' || event.source === 'POLL';
  return {
    id: event.id,
    kind: event.kind,
    direction: event.direction,
    stage: event.stage,
    correlationId: event.correlationId,
    wrote: attempts.some(({ id }) =>
      [...rows.intents.values()].some(
        (intent) =>
          intent.attemptId === id &&
          intent.state === 'ACKNOWLEDGED' &&
          (intent.object === 'Invoice' || intent.object === 'Payment'),
      ),
    ),
    toldAt: event.subject.side === 'quickbooks' && isTold ? event.occurredAt : null,
    askedAgoMs: null,
  };
}

/** A committed intent counts as sent: the moment it was written down is the latest it can be known not to have left. */
function openOf(rows: MemoryRows, row: IntentRow): OpenIntent {
  const attempt = rows.attempts.get(row.attemptId);
  if (attempt?.decision == null) throw new Error(`intent ${row.id} has no decision`);
  const then = (id: string | null): Seen | null => {
    const seen = id === null ? undefined : rows.observations.get(id);
    return seen === undefined ? null : { invoice: seen.invoice, raw: seen.raw };
  };
  const { id, attemptId, side, object, objectKey, operation, state, body, bodyHash } = row;
  return {
    id,
    attemptId,
    side,
    object,
    objectKey,
    operation,
    state,
    body,
    bodyHash,
    restsOnVersion: row.restsOnVersion,
    externalId: row.externalId,
    lastSentAt: toInstant(row.sentAt.at(-1) ?? row.createdAt),
    decision: attempt.decision,
    internalThen: then(attempt.decision.internalObservationId),
    quickbooksThen: then(attempt.decision.quickbooksObservationId),
  };
}

const isInPlaceOf = (link: LinkRow, { side, internalThen, quickbooksThen }: OpenIntent): boolean =>
  side === 'quickbooks'
    ? link.quickbooksId !== null && quickbooksThen?.invoice.id === link.quickbooksId
    : link.internalId !== null && internalThen?.invoice.id === link.internalId;

function ownVersion(
  intents: readonly IntentRow[],
  side: IntentRow['side'],
  field: string,
  externalId: string | null,
): string | null {
  const newest = intents
    .filter((one) => one.side === side && one.object === 'Invoice' && one.state === 'ACKNOWLEDGED')
    .filter((one) => side === 'internal' || one.externalId === externalId)
    .toSorted((one, other) => (other.settledAt ?? 0) - (one.settledAt ?? 0))[0];
  const value = newest?.response?.[field];
  return typeof value === 'string' ? toVersion(value) : null;
}
