import { failed, succeeded, type CallOutcome } from '#core/attempt/failure.ts';
import { toVersion } from '#core/brand.ts';
import { isJsonObject } from '#core/json.ts';
import { unreachable } from '#core/unreachable.ts';
import type { Written } from '#ports/accounting-system.ts';
import type { InvoicingWrite } from '#ports/invoicing-system.ts';
import type { Request } from './caller.ts';
import { noAnswer, type Answer } from './failures.ts';
import { seenFrom } from './seen.ts';
import { parseMaster } from './wire.ts';

/** Where records are made (http.md §4). */
const places = {
  Invoice: '/invoices',
  Customer: '/customers',
  Item: '/items',
} as const satisfies Record<Extract<InvoicingWrite, { operation: 'CREATED' }>['object'], string>;

/** The request a write goes as: the recorded bytes under the intent's id. */
export function requestOf(write: InvoicingWrite): Request {
  const { requestId, body } = write;
  const key = { 'idempotency-key': requestId };
  if (write.operation === 'CREATED')
    return { method: 'POST', path: places[write.object], headers: key, body };
  const path = `/invoices/${encodeURIComponent(write.id)}`;
  const headers = { ...key, 'if-match': `"${write.restsOnVersion}"` };
  return write.operation === 'VOIDED'
    ? { method: 'POST', path: `${path}/void`, headers, body }
    : { method: 'PATCH', path, headers, body };
}

/** A success that cannot be read proves nothing about what is there now: it is looked at again. */
export function writtenFrom(
  { status, body }: Answer,
  object: InvoicingWrite['object'],
): CallOutcome<Written> {
  const written = read(body, object);
  if (written === null) return failed(noAnswer('the answer could not be read', status, null));
  return succeeded({ ...written, httpStatus: status, traceId: null });
}

type Read = Omit<Written, 'httpStatus' | 'traceId'>;

function read(body: unknown, object: InvoicingWrite['object']): Read | null {
  switch (object) {
    case 'Invoice':
      return invoiceIn(body);
    case 'Customer':
    case 'Item':
      return recordIn(body);
    default:
      return unreachable(object);
  }
}

function invoiceIn(body: unknown): Read | null {
  const seen = seenFrom(body);
  if (!seen.ok) return null;
  const { invoice, raw } = seen.value;
  return { id: invoice.id, version: invoice.version, name: null, seen: seen.value, raw };
}

function recordIn(body: unknown): Read | null {
  const made = parseMaster(body);
  if (made === null || !isJsonObject(body)) return null;
  return {
    id: made.id,
    version: made.version ?? toVersion(''),
    name: made.name,
    seen: null,
    raw: body,
  };
}
