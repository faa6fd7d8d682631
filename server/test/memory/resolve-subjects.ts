import { toLinkId } from '#core/brand.ts';
import type { Side } from '#core/side.ts';
import type { Lease } from '#ports/store.ts';
import { statusEntry } from './claim.ts';
import { isOpenState, type EventRow, type LinkRow, type MemoryRows } from './rows.ts';

/** Until news that may be about an open create of ours is looked at again. */
const putOffMs = 250;

const invoiceIdOf = ({ subject }: EventRow): string => subject.invoiceId ?? subject.id;

const isSeenByItself = ({ subject }: EventRow): boolean =>
  subject.side === 'quickbooks' &&
  subject.invoiceId === null &&
  (subject.kind === 'payment' || subject.kind === 'customer' || subject.kind === 'item');

function leadsTo(rows: MemoryRows, event: EventRow): 'replaced' | 'known' | 'none' {
  const { subject } = event;
  if (rows.replaced.has(`${subject.side}:${invoiceIdOf(event)}`)) return 'replaced';
  return subject.kind === 'invoice' || subject.invoiceId !== null ? 'known' : 'none';
}

/** Turns events whose subject waits into due links; returns how many it placed. */
export function resolveSubjects(rows: MemoryRows, lease: Lease, limit: number): number {
  const looked = [...rows.events.values()]
    .filter((event) => event.linkId === null && event.endedAt === null)
    .filter((event) => event.availableAt <= rows.nowMs && !isSeenByItself(event))
    .toSorted((one, other) => one.receivedAt - other.receivedAt || one.place - other.place)
    .slice(0, limit);
  const isHeld = rows.holds(lease);
  const ready: EventRow[] = [];
  for (const event of looked) {
    if (!isEarly(rows, event)) ready.push(event);
    else if (isHeld) {
      rows.saw('news came before the answer of our own create');
      event.availableAt = rows.nowMs + putOffMs;
    }
  }
  if (ready.length === 0 || !isHeld) return 0;
  meetStrangers(rows, ready);
  place(rows, ready);
  return ready.length;
}

const unheld = (rows: MemoryRows, event: EventRow): boolean =>
  leadsTo(rows, event) === 'known' && rows.linkOn(event.subject.side, invoiceIdOf(event)) === null;

/** News of an invoice that no link holds while a create of ours is open on that side. */
const isEarly = (rows: MemoryRows, event: EventRow): boolean =>
  unheld(rows, event) &&
  [...rows.intents.values()].some(
    (one) =>
      one.side === event.subject.side &&
      one.object === 'Invoice' &&
      one.operation === 'CREATED' &&
      isOpenState(one.state) &&
      one.createdAt <= event.receivedAt,
  );

/** A link of one side, for an invoice of QuickBooks that the crossing finds out about. */
function meetStrangers(rows: MemoryRows, ready: readonly EventRow[]): void {
  const wantsAll = rows.company.settings.importFromQuickbooks;
  const maybeOurs = [...rows.intents.values()].some(
    (one) =>
      one.side === 'quickbooks' &&
      one.object === 'Invoice' &&
      one.operation === 'CREATED' &&
      one.state === 'REFUSED' &&
      rows.links.get(one.linkId)?.quickbooksId === null,
  );
  if (!wantsAll && !maybeOurs) return;
  const strange = ready.filter(
    (event) =>
      event.subject.side === 'quickbooks' &&
      event.subject.kind === 'invoice' &&
      event.kind !== 'VOIDED' &&
      event.kind !== 'DELETED' &&
      unheld(rows, event) &&
      ![...rows.links.values()].some(({ unlinkedFrom }) => unlinkedFrom === invoiceIdOf(event)),
  );
  for (const id of [...new Set(strange.map(invoiceIdOf))].toSorted())
    if (rows.linkOn('quickbooks', id) === null)
      rows.makeLink({ internalId: null, quickbooksId: id }, toLinkId(rows.ids.next()));
}

function place(rows: MemoryRows, ready: readonly EventRow[]): void {
  const nudged = new Map<LinkRow, { status: string | null; theirs: boolean; first: EventRow }>();
  for (const event of ready) {
    const where = leadsTo(rows, event);
    const link = where === 'known' ? linkFor(rows, event.subject.side, invoiceIdOf(event)) : null;
    if (link === null) {
      const why =
        where === 'replaced'
          ? 'A new document has taken its place.'
          : 'It concerns nothing that the bridge carries.';
      rows.endEvent(event, 'SKIPPED', why);
      continue;
    }
    const known = nudged.get(link.row);
    const theirs = event.subject.side === 'quickbooks';
    if (known === undefined) nudged.set(link.row, { status: link.status, theirs, first: event });
    else known.theirs ||= theirs;
    event.linkId = link.row.id;
    event.sequence = link.row.nextSequence;
    link.row.nextSequence += 1;
  }
  for (const [link, { status, theirs, first }] of nudged) nudge(rows, link, status, theirs, first);
}

function linkFor(
  rows: MemoryRows,
  side: Side,
  id: string,
): { row: LinkRow; status: string | null } | null {
  const row = rows.linkOn(side, id);
  if (row !== null) return { row, status: rows.status(row) };
  if (side === 'quickbooks') return null;
  const ids = { internalId: id, quickbooksId: null };
  return { row: rows.makeLink(ids, toLinkId(rows.ids.next())), status: null };
}

function nudge(
  rows: MemoryRows,
  link: LinkRow,
  status: string | null,
  theirs: boolean,
  first: EventRow,
): void {
  rows.makeDue(link);
  if (link.internalId !== null) link.statusReason = 'A change is waiting for its turn.';
  if (theirs) {
    link.quickbooksFresh = false;
    link.quickbooksNews += 1;
  }
  if (status !== null && status !== 'IN_SYNC' && status !== 'UNLINKED') return;
  rows.saw(`link ${status ?? 'UNLINKED'} → PENDING`);
  rows.log([
    statusEntry(link, status, 'PENDING', 'has a change waiting for its turn.', first.correlationId),
  ]);
}
