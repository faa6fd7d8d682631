import { z } from 'zod';
import type { Company } from './company.ts';
import { justAnswer, type Decision } from './decision.ts';
import { fieldErrorsOf } from './field-errors.ts';
import { showInvoice } from './invoices.ts';
import { granted, refused, type Judged } from './problem.ts';
import type { InvoiceRecord } from './wire.ts';

/** Deleted invoices stay listed for this long (http.md §4). */
const tombstoneMs = 90 * 86_400_000;

const limit = z
  .string()
  .regex(/^\d+$/, 'must be a whole number')
  .default('100')
  .transform(Number)
  .refine((count) => count >= 1 && count <= 500, 'must be between 1 and 500');
const cursor = z.string().optional();

const invoiceQuery = z.strictObject({
  updatedSince: z.iso.datetime({ offset: true, error: 'must be an ISO 8601 instant' }).optional(),
  externalRef: z.string().optional(),
  cursor,
  limit,
});
const plainQuery = z.strictObject({ cursor, limit });

/** `GET /invoices`: oldest change first; a cursor names the last change seen, so that changes while paging are not missed. */
export function listInvoices(
  company: Company,
  query: unknown,
  now: Date,
  baseUrl: string,
): Judged<Decision> {
  const asked = invoiceQuery.safeParse(query);
  if (!asked.success) return badQuery(asked.error);
  const { externalRef, updatedSince } = asked.data;
  if (externalRef !== undefined) {
    const record = company.invoiceByExternalRef(externalRef);
    const invoices = record === undefined ? [] : [listed(record, baseUrl)];
    return justAnswer({ invoices, nextCursor: null });
  }

  const after = readCursor(asked.data.cursor);
  if (!after.ok) return after;
  const sinceMs = updatedSince === undefined ? -Infinity : Date.parse(updatedSince);
  const changes = [...company.records.invoices.values()]
    .filter((record) => !isForgotten(record, now) && updatedAtMs(record) >= sinceMs)
    .map((record) => ({ record, position: positionOf(record) }))
    .filter(({ position }) => after.value === null || position > after.value)
    .sort((one, other) => (one.position < other.position ? -1 : 1));

  const page = changes.slice(0, asked.data.limit);
  const last = page.length < changes.length ? page.at(-1) : undefined;
  return justAnswer({
    invoices: page.map(({ record }) => listed(record, baseUrl)),
    nextCursor: last === undefined ? null : writeCursor(last.position),
  });
}

/** `GET /customers` and its like: in the order they came to be. */
export function listMasters(
  name: string,
  records: ReadonlyMap<string, unknown>,
  query: unknown,
): Judged<Decision> {
  const asked = plainQuery.safeParse(query);
  if (!asked.success) return badQuery(asked.error);
  const after = readCursor(asked.data.cursor);
  if (!after.ok) return after;

  const ids = [...records.keys()];
  const start = after.value === null ? 0 : ids.indexOf(after.value) + 1;
  const page = ids.slice(start, start + asked.data.limit);
  const hasMore = start + page.length < ids.length;
  const last = hasMore ? page.at(-1) : undefined;
  return justAnswer({
    [name]: page.map((id) => records.get(id)),
    nextCursor: last === undefined ? null : writeCursor(last),
  });
}

function listed({ invoice, deleted }: InvoiceRecord, baseUrl: string): Record<string, unknown> {
  const { id, version, updatedAt } = invoice;
  return deleted ? { id, deleted, version, updatedAt } : showInvoice(invoice, baseUrl);
}

function updatedAtMs({ invoice }: InvoiceRecord): number {
  return Date.parse(invoice.updatedAt);
}

function isForgotten(record: InvoiceRecord, now: Date): boolean {
  return record.deleted && now.getTime() - updatedAtMs(record) > tombstoneMs;
}

/** Sorts by instant whatever the spelling of the time, then by id so that equal instants have an order. */
function positionOf(record: InvoiceRecord): string {
  return `${String(updatedAtMs(record)).padStart(16, '0')} ${record.invoice.id}`;
}

function writeCursor(position: string): string {
  return Buffer.from(position, 'utf8').toString('base64url');
}

function readCursor(cursor: string | undefined): Judged<string | null> {
  if (cursor === undefined) return granted(null);
  const position = Buffer.from(cursor, 'base64url').toString('utf8');
  if (position !== '' && writeCursor(position) === cursor) return granted(position);
  return refused('bad-request', 'cursor is not one of ours', {
    errors: [{ path: 'cursor', message: 'is not one of ours' }],
  });
}

function badQuery(error: z.ZodError) {
  const errors = fieldErrorsOf(error);
  const detail = errors.map(({ path, message }) => `${path} ${message}`).join('; ');
  return refused('bad-request', detail, { errors });
}
