import { toCorrelationId, toEventId, toInstant, type LinkId } from '#core/brand.ts';
import type {
  PaymentNews,
  PaymentsChange,
  StoredPayments,
  ToldPayment,
} from '#ports/stored-payments.ts';
import type { Lease } from '#ports/store.ts';
import { keyOf, type EventRow, type MemoryRows } from './rows.ts';

const isPaymentNews = ({ linkId, endedAt, subject }: EventRow): boolean =>
  linkId === null &&
  endedAt === null &&
  subject.side === 'quickbooks' &&
  subject.kind === 'payment' &&
  subject.invoiceId === null;

/** QuickBooks payments that waiting events tell of. */
export function waitingPayments(
  rows: MemoryRows,
  lease: Lease,
  limit: number,
): readonly ToldPayment[] {
  if (!rows.holds(lease) || rows.isResting) return [];
  const waiting = [...rows.events.values()].filter(isPaymentNews);
  const ids = [...new Set(waiting.map(({ subject }) => subject.id))].toSorted().slice(0, limit);
  return ids.map((id) => {
    const times = waiting.flatMap(({ subject, occurredAt }) =>
      subject.id === id && occurredAt !== null ? [occurredAt] : [],
    );
    return { id, toldAt: times.length === 0 ? null : toInstant(Math.max(...times)) };
  });
}

/** One derived event for each invoice that the payment pays, paid when it was last seen, or is paired for. */
export function passOn(rows: MemoryRows, lease: Lease, news: readonly PaymentNews[]): number {
  if (!rows.holds(lease)) return 0;
  let passed = 0;
  for (const one of news) {
    const targets = targetsOf(rows, one);
    const waiting = [...rows.events.values()].filter(
      (event) => isPaymentNews(event) && event.subject.id === one.id,
    );
    remember(rows, one, targets.size > 0);
    for (const event of waiting) {
      passed += 1;
      for (const invoiceId of targets) derive(rows, event, invoiceId);
      rows.endEvent(event, 'SKIPPED', noteOf(one, targets.size));
    }
  }
  return passed;
}

function targetsOf(rows: MemoryRows, { id, seen }: PaymentNews): ReadonlySet<string> {
  const before = rows.seenPayments.get(id)?.seen.payment.applications ?? [];
  const paid = [...(seen?.payment.applications ?? []), ...before].map(({ invoiceId }) => invoiceId);
  const linked = paid.filter((invoiceId) => rows.linkOn('quickbooks', invoiceId) !== null);
  const paired = rows.payments
    .filter(({ pair, state }) => state === 'PAIRED' && pair.quickbooksId === id)
    .flatMap(({ linkId }) => rows.links.get(linkId)?.quickbooksId ?? []);
  return new Set([...linked, ...paired]);
}

function remember(rows: MemoryRows, { id, seen, isGone }: PaymentNews, isOurs: boolean): void {
  if (seen !== null) {
    if (isOurs) rows.seenPayments.set(id, { seen, fresh: true });
    return;
  }
  const known = rows.seenPayments.get(id);
  if (known === undefined) return;
  known.fresh = false;
  if (!isGone) return;
  const payment = { ...known.seen.payment, existence: 'deleted' as const, applications: [] };
  known.seen = { ...known.seen, payment };
}

const noteOf = ({ note }: PaymentNews, count: number): string => {
  if (count === 0) return note ?? 'It concerns nothing that the bridge carries.';
  return count === 1 ? 'Passed on to 1 invoice.' : `Passed on to ${count} invoices.`;
};

function derive(rows: MemoryRows, event: EventRow, invoiceId: string): void {
  const eventKey = `${event.eventKey}:${invoiceId}`;
  if (rows.eventByKey.has(keyOf({ ...event, eventKey }))) return;
  const row: EventRow = {
    ...event,
    id: toEventId(rows.ids.next()),
    place: rows.nextPlace(),
    eventKey,
    subject: { ...event.subject, invoiceId },
    stage: 'QUEUED',
    history: [...event.history],
    derivedFromId: event.id,
    availableAt: rows.nowMs,
    correlationId: toCorrelationId(event.correlationId),
    endedAt: null,
    duplicates: 0,
  };
  rows.events.set(row.id, row);
  rows.eventByKey.set(keyOf(row), row);
}

/** What is remembered of a link's payments, and of the QuickBooks payments of those ids. */
export function findPayments(
  rows: MemoryRows,
  linkId: LinkId,
  quickbooksIds: readonly string[],
): StoredPayments {
  const pairs = rows.payments
    .filter((row) => row.linkId === linkId && row.state === 'PAIRED')
    .map(({ pair }) => pair);
  const ids = new Set([...quickbooksIds, ...pairs.map(({ quickbooksId }) => quickbooksId)]);
  const seen = [...rows.seenPayments]
    .filter(([id]) => ids.has(id))
    .map(([, row]) => ({ ...row.seen, isFresh: row.fresh }));
  return { pairs, seen, accepted: null };
}

/** What a step remembers of payments. */
export function recordPayments(
  rows: MemoryRows,
  linkId: LinkId,
  { paired = [], ended = [], seen = [], stale = [] }: PaymentsChange = {},
): void {
  const standing = rows.payments.filter(({ state }) => state === 'PAIRED');
  // Both look at the rows as they were before the statement.
  const over = standing.filter((row) => row.linkId === linkId && ended.includes(row.pair.key));
  for (const pair of paired) {
    const known = standing.find((row) => row.pair.internalId === pair.internalId);
    if (known === undefined) rows.payments.push({ linkId, pair, state: 'PAIRED' });
    else known.pair = { ...known.pair, base: pair.base };
  }
  for (const row of over) {
    rows.saw('a payment was taken back');
    row.state = 'ENDED';
  }
  for (const one of seen)
    rows.seenPayments.set(one.payment.id, { seen: one, fresh: !stale.includes(one.payment.id) });
  for (const id of stale) {
    const known = rows.seenPayments.get(id);
    if (known !== undefined) known.fresh = false;
  }
}
