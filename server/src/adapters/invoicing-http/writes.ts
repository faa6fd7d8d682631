import { failed, succeeded, type CallOutcome } from '#core/attempt/failure.ts';
import { toVersion } from '#core/brand.ts';
import { isJsonObject } from '#core/json.ts';
import { unreachable } from '#core/unreachable.ts';
import type { Written } from '#ports/accounting-system.ts';
import type { InvoicingWrite } from '#ports/invoicing-system.ts';
import type { Request } from './caller.ts';
import { noAnswer, type Answer } from './failures.ts';
import { seenFrom } from './seen.ts';
import { parseMaster, parsePaymentAnswer } from './wire.ts';

/** The request a write goes as (http.md §4): the recorded bytes under the intent's id. */
export function requestOf(write: InvoicingWrite): Request {
  const headers = {
    'idempotency-key': write.requestId,
    ...('restsOnVersion' in write ? { 'if-match': `"${write.restsOnVersion}"` } : {}),
  };
  const path = pathOf(write);
  if (write.operation === 'DELETED') return { method: 'DELETE', path, headers };
  const { body } = write;
  return { method: write.operation === 'UPDATED' ? 'PATCH' : 'POST', path, headers, body };
}

function pathOf(write: InvoicingWrite): string {
  switch (write.object) {
    case 'Invoice':
      if (write.operation === 'CREATED') return '/invoices';
      return `/invoices/${encodeURIComponent(write.id)}${write.operation === 'VOIDED' ? '/void' : ''}`;
    case 'Payment':
      return write.operation === 'CREATED'
        ? `/invoices/${encodeURIComponent(write.invoiceId)}/payments`
        : `/payments/${encodeURIComponent(write.id)}`;
    case 'Customer':
      return '/customers';
    case 'Item':
      return '/items';
    default:
      return unreachable(write);
  }
}

/** A success that cannot be read proves nothing about what is there now: it is looked at again. */
export function writtenFrom(
  { status, body }: Answer,
  object: InvoicingWrite['object'],
): CallOutcome<Written> {
  const written = read(body, object);
  if (written === null) return failed(noAnswer('the answer could not be read', status, null));
  return succeeded({ ...written, payment: null, httpStatus: status, traceId: null });
}

type Read = Omit<Written, 'payment' | 'httpStatus' | 'traceId'>;

function read(body: unknown, object: InvoicingWrite['object']): Read | null {
  switch (object) {
    case 'Invoice':
      return invoiceIn(body);
    case 'Payment':
      return paymentIn(body);
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

/** The payment's own id and version, with the invoice it belongs to as it stands then. */
function paymentIn(body: unknown): Read | null {
  const answer = parsePaymentAnswer(body);
  const invoice = invoiceIn(answer?.invoice);
  if (answer === null || invoice === null || !isJsonObject(body)) return null;
  return { ...invoice, id: answer.payment.id, version: answer.payment.version, raw: body };
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
