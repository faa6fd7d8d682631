import type { LinkId } from '#core/brand.ts';
import type { JoinedLinks } from '#ports/joins.ts';
import type { Lease } from '#ports/store.ts';
import { statusEntry } from './claim.ts';
import type { LinkRow, MemoryRows } from './rows.ts';

/** Joins two links that turned out to be one invoice. */
export function joinLinks(rows: MemoryRows, lease: Lease, join: JoinedLinks): boolean {
  if (!rows.holds(lease)) return false;
  const { intoId, quickbooksId, because } = join;
  const into = rows.link(intoId);
  const before = rows.status(into);
  const from = rows.linkOn('quickbooks', quickbooksId);
  absorb(rows, from !== null && from.internalId === null ? from : null, into);
  into.statusReason = because;
  into.quickbooksFresh = false;
  into.quickbooksNews += 1;
  rows.makeDue(into);
  const isMadeByUs = [...rows.intents.values()].some(
    (one) =>
      one.linkId === intoId &&
      one.side === 'quickbooks' &&
      one.object === 'Invoice' &&
      one.operation === 'CREATED',
  );
  if (into.quickbooksId === null && into.unlinkedFrom === null && !isMadeByUs)
    into.quickbooksId = quickbooksId;
  rows.log([statusEntry(into, before, rows.status(into), because, join.correlationId)]);
  return true;
}

/** Joins a link of internal invoicing alone to the one that its document belongs to. */
export function joinStrayHere(
  rows: MemoryRows,
  lease: Lease,
  intoId: LinkId,
  internalId: string,
): boolean {
  if (!rows.holds(lease)) return false;
  const into = rows.link(intoId);
  const before = rows.status(into);
  const from = rows.linkOn('internal', internalId);
  absorb(rows, from !== null && from.quickbooksId === null ? from : null, into);
  rows.makeDue(into);
  rows.log([statusEntry(into, before, rows.status(into), 'is one with another.', '')]);
  return true;
}

/** Moves all that hangs on the one link to the other one and ends it. */
function absorb(rows: MemoryRows, from: LinkRow | null, into: LinkRow): void {
  if (from === null || from.id === into.id) return;
  rows.saw('two links turned out to be one');
  const events = [...rows.events.values()]
    .filter(({ linkId }) => linkId === from.id)
    .toSorted((one, other) => (one.sequence ?? 0) - (other.sequence ?? 0));
  for (const event of events) {
    event.linkId = into.id;
    event.sequence = into.nextSequence;
    into.nextSequence += 1;
  }
  for (const letter of rows.deadLetters.values()) {
    if (letter.linkId !== from.id) continue;
    if (letter.status === 'OPEN' || letter.status === 'REPLAYING') letter.status = 'SUPERSEDED';
    letter.linkId = into.id;
  }
  for (const table of [rows.attempts, rows.intents, rows.conflicts])
    for (const row of table.values()) if (row.linkId === from.id) row.linkId = into.id;
  rows.links.delete(from.id);
}
