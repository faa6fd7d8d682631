import { toCorrelationId, toEventId, type CompanyId } from '#core/brand.ts';
import type { JsonObject } from '#core/json.ts';
import type { ChangeKind, IncomingEvent } from '#core/event/event.ts';
import type { Invoice } from '#core/invoice/invoice.ts';
import { shownText } from '#core/invoice/shown-text.ts';
import { canonicalText } from '#core/canonical-text.ts';
import type { Side } from '#core/side.ts';
import { unreachable } from '#core/unreachable.ts';
import type { ChangedRow } from '#ports/changes.ts';
import type { PolledNews } from '#ports/watermarks.ts';
import type { Engine } from './crossing.ts';

/** What is stored of the objects that rows are about, by that side's ids. */
type Known = {
  readonly invoices: ReadonlyMap<string, Invoice>;
  readonly customers: ReadonlyMap<string, string>;
  readonly items: ReadonlyMap<string, string>;
  readonly payments: ReadonlyMap<string, JsonObject>;
};

/** Rows that say what nobody has told yet, as events; decided by content, never by version (architecture.md §5). */
export async function newsIn(
  engine: Engine,
  companyId: CompanyId,
  side: Side,
  rows: readonly ChangedRow[],
): Promise<PolledNews> {
  const known = await knownOf(engine, companyId, side, rows);
  const news = rows.filter((row) => !isKnown(row, known));
  const quiet = rows.filter((row) => isKnown(row, known));
  return {
    side,
    events: news.map((row) => eventOf(engine, companyId, row, kindOf(row, known))),
    staleIds: quiet.filter((row) => isOutdated(row, known)).map((row) => row.subject.id),
  };
}

async function knownOf(
  { watermarks }: Engine,
  companyId: CompanyId,
  side: Side,
  rows: readonly ChangedRow[],
): Promise<Known> {
  const idsOf = (kind: ChangedRow['subject']['kind']): readonly string[] =>
    rows.filter(({ subject }) => subject.kind === kind).map(({ subject }) => subject.id);
  const [invoices, customers, items, payments] = await Promise.all([
    watermarks.observed(companyId, side, idsOf('invoice')),
    watermarks.matchedNames(companyId, 'CUSTOMER', idsOf('customer')),
    watermarks.matchedNames(companyId, 'ITEM', idsOf('item')),
    watermarks.payments(companyId, side === 'quickbooks' ? idsOf('payment') : []),
  ]);
  return { invoices, customers, items, payments };
}

/**
 * Whether it shows nothing new: our own writes, and what a webhook told before. Of customers and items the bridge keeps the
 * name; every invoice moves its customer's time along with the balance.
 */
function isKnown({ subject, kind, seen, record, raw }: ChangedRow, known: Known): boolean {
  const stored = known.invoices.get(subject.id);
  switch (subject.kind) {
    case 'invoice':
      if (stored === undefined) return false;
      if (kind === 'DELETED') return stored.existence === 'deleted';
      return seen !== null && shownText(seen.invoice) === shownText(stored);
    case 'customer':
      return record?.active === true && known.customers.get(subject.id) === record.name;
    case 'item':
      return record?.active === true && known.items.get(subject.id) === record.name;
    case 'payment': {
      const last = known.payments.get(subject.id);
      return kind !== 'PAYMENT_REMOVED' && last !== undefined && saysSame(last, raw);
    }
    case 'other':
      return false;
    default:
      return unreachable(subject.kind);
  }
}

const isOutdated = ({ subject, seen }: ChangedRow, { invoices }: Known): boolean =>
  seen !== null && invoices.get(subject.id)?.version !== seen.invoice.version;

/** Times move without the content (quickbooks.md §4.1). */
function saysSame(one: JsonObject, other: JsonObject): boolean {
  const text = ({ MetaData: _when, ...shown }: JsonObject): string => canonicalText(shown);
  return text(one) === text(other);
}

/** What is stored says better than times whether an invoice is new, and whether its void is. */
function kindOf({ subject, kind, seen }: ChangedRow, { invoices }: Known): ChangeKind {
  const stored = invoices.get(subject.id);
  if (subject.kind !== 'invoice' || kind === 'DELETED' || stored === undefined) return kind;
  return seen?.invoice.existence === 'void' && stored.existence !== 'void' ? 'VOIDED' : 'UPDATED';
}

/** The key makes a row that an overlap shows again collapse into the first. */
function eventOf(
  { ids, digest }: Engine,
  companyId: CompanyId,
  row: ChangedRow,
  kind: ChangeKind,
): IncomingEvent {
  const { subject, entity, changedAt } = row;
  const contentHash = digest.sha256(
    row.seen === null ? canonicalText(row.raw) : shownText(row.seen.invoice),
  );
  const changed = changedAt === null ? null : new Date(changedAt).toISOString();
  return {
    id: toEventId(ids.next()),
    companyId,
    source: 'POLL',
    eventKey: [subject.side, entity, subject.id, changed ?? '', contentHash].join(':'),
    kind,
    subject,
    actor: {
      kind: 'side',
      side: subject.side,
      name: subject.side === 'internal' ? 'internal invoicing' : 'QuickBooks user',
    },
    occurredAt: changedAt,
    correlationId: toCorrelationId(ids.next()),
    payload: { entity, id: subject.id, kind, changedAt: changed, contentHash },
  };
}
