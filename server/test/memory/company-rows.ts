import { toCorrelationId, toEventId } from '#core/brand.ts';
import type { QuickBooksFacts } from '#core/company/company.ts';
import type { Reference } from '#core/mapping/reference.ts';
import type { Rematch, ToldRecord } from '#ports/pairings.ts';
import type { Lease } from '#ports/store.ts';
import { recordReferences } from './references.ts';
import { keyOf, mark, type EventRow, type LinkRow, type MemoryRows } from './rows.ts';

/** Stores the facts; a closing date that moved wakes every invoice that waits for closed books. */
export function saveFacts(rows: MemoryRows, lease: Lease, facts: QuickBooksFacts): void {
  if (!rows.holds(lease)) return;
  const before = rows.company.facts?.booksClosedThrough ?? null;
  const { settings } = rows.company;
  const incomeAccountId = settings.incomeAccountId ?? facts.incomeAccountIds[0] ?? null;
  rows.company = { ...rows.company, facts, settings: { ...settings, incomeAccountId } };
  const after = facts.booksClosedThrough;
  if (before === after) return;
  for (const link of rows.links.values()) {
    const letter = rows.deadLetters.get(link.openDeadLetterId ?? '');
    if (letter?.reason !== 'PERIOD_CLOSED') continue;
    rows.saw('books were opened, and what waited went on');
    const eventKey = `closing-date:${after ?? 'none'}:${link.id}:${link.nextSequence}`;
    wake(rows, link, null, { source: 'POLL', eventKey, kind: 'OTHER' });
  }
}

export function markNeedsReconnect(rows: MemoryRows, lease: Lease): void {
  if (!rows.holds(lease) || rows.company.status !== 'ACTIVE') return;
  rows.saw('access lapsed, until a person connected again');
  rows.company = { ...rows.company, status: 'NEEDS_RECONNECT' };
}

export function throttle(rows: MemoryRows, lease: Lease, ms: number): void {
  if (rows.holds(lease)) rows.throttledUntil = Math.max(rows.throttledUntil, rows.nowMs + ms);
}

/** Makes a link due by an event of its own, which tells on what `after` told. */
function wake(
  rows: MemoryRows,
  link: LinkRow,
  after: EventRow | null,
  { source, eventKey, kind }: Pick<EventRow, 'source' | 'eventKey' | 'kind'>,
): void {
  const invoiceId = link.internalId ?? link.quickbooksId ?? link.id;
  const row: EventRow = {
    id: toEventId(rows.ids.next()),
    place: rows.nextPlace(),
    source,
    eventKey,
    kind,
    direction: after?.direction ?? 'TO_QUICKBOOKS',
    subject: after?.subject ?? {
      side: 'internal',
      kind: 'invoice',
      id: invoiceId,
      invoiceId: null,
    },
    actor: { kind: 'system', name: 'worker' },
    occurredAt: null,
    correlationId: after?.correlationId ?? toCorrelationId(rows.ids.next()),
    payload: {},
    receivedAt: rows.nowMs,
    derivedFromId: after?.id ?? null,
    availableAt: rows.nowMs,
    stage: 'QUEUED',
    history: [mark('DETECTED', rows.nowMs, null), mark('QUEUED', rows.nowMs, null)],
    duplicates: 0,
    linkId: link.id,
    sequence: link.nextSequence,
    endedAt: null,
  };
  link.nextSequence += 1;
  rows.makeDue(link);
  rows.events.set(row.id, row);
  rows.eventByKey.set(keyOf(row), row);
}

/** Dead letters that wait for records which all have a counterpart by now go round again; returns how many. */
export function resumeWaiting(rows: MemoryRows, lease: Lease, limit: number): number {
  if (!rows.holds(lease)) return 0;
  const ready = [...rows.links.values()]
    .flatMap((link) => {
      const letter = rows.deadLetters.get(link.openDeadLetterId ?? '');
      return letter === undefined ? [] : [{ link, letter }];
    })
    .filter(
      ({ link, letter }) =>
        link.dueAt === null && link.claimEpoch === null && letter.status === 'OPEN',
    )
    .filter(
      ({ letter }) =>
        letter.waitsFor.length > 0 && letter.waitsFor.every((key) => isThere(rows, key)),
    )
    .toSorted((one, other) => one.letter.diedAt - other.letter.diedAt)
    .slice(0, limit);
  for (const { link, letter } of ready) {
    const event = rows.events.get(letter.eventId) ?? null;
    const kind = event?.kind ?? 'OTHER';
    wake(rows, link, event, { source: 'OPERATOR', eventKey: rows.ids.next(), kind });
  }
  return ready.length;
}

function isThere(rows: MemoryRows, key: string): boolean {
  const [kind, side, ...rest] = key.split(':');
  const id = rest.join(':');
  const holds = (row: Reference): boolean =>
    row.kind === kind &&
    (row.status === 'MATCHED' || row.request === 'MAKE') &&
    (side === 'internal' ? row.internalId : row.quickbooksId) === id;
  return rows.references.some(holds);
}

/** News of customers and items of QuickBooks that nobody has looked at yet. */
export function toldRecords(rows: MemoryRows, lease: Lease, limit: number): readonly ToldRecord[] {
  if (!rows.holds(lease) || rows.isResting) return [];
  return [...rows.events.values()]
    .filter(
      ({ linkId, endedAt, subject }) =>
        linkId === null && endedAt === null && subject.side === 'quickbooks',
    )
    .flatMap((event): readonly ToldRecord[] => {
      const { id, subject } = event;
      const deleted = event.payload['deletedId'];
      const deletedId = typeof deleted === 'string' ? deleted : null;
      if (subject.kind === 'customer')
        return [{ eventId: id, kind: 'CUSTOMER', id: subject.id, deletedId }];
      return subject.kind === 'item'
        ? [{ eventId: id, kind: 'ITEM', id: subject.id, deletedId }]
        : [];
    })
    .slice(0, limit);
}

export function recordRematch(rows: MemoryRows, lease: Lease, rematch: Rematch): boolean {
  if (!rows.holds(lease)) return false;
  recordReferences(rows, rematch.references);
  for (const { eventId, note } of rematch.told) {
    const event = rows.events.get(eventId);
    if (event !== undefined && event.endedAt === null) rows.endEvent(event, 'SKIPPED', note);
  }
  rows.log(rematch.audit);
  return true;
}
