import { z } from 'zod';
import { toInstant, type Instant } from '#core/brand.ts';
import type { ChangeKind, Subject } from '#core/event/event.ts';
import { isJsonObject, jsonPath, type JsonObject } from '#core/json.ts';

/** What the internal invoicing system told (http.md §3). */
type InvoicingNotice = {
  readonly kind: ChangeKind;
  readonly subject: Subject;
  readonly type: string;
  readonly occurredAt: Instant | null;
  readonly payload: JsonObject;
};

export type InvoicingDelivery =
  | { readonly kind: 'event'; readonly event: InvoicingNotice }
  | { readonly kind: 'not-json' }
  | { readonly kind: 'bad-shape'; readonly path: string; readonly message: string };

const id = z.string().min(1).max(255);
const time = z.iso.datetime({ offset: true, error: 'expected a time as ISO 8601' });

const invoiceEvent = z.looseObject({
  type: z.string().min(1).max(255),
  timestamp: time,
  data: z.looseObject({ invoiceId: id, version: z.string().optional() }),
});
const paymentEvent = z.looseObject({
  type: z.string(),
  timestamp: time,
  data: z.looseObject({ invoiceId: id, paymentId: id }),
});
const anyEvent = z.looseObject({
  type: z.string().min(1).max(255),
  timestamp: time.optional(),
  data: z.looseObject({}).optional(),
});

const invoiceKinds: Readonly<Record<string, ChangeKind>> = {
  'invoice.created': 'CREATED',
  'invoice.updated': 'UPDATED',
  'invoice.voided': 'VOIDED',
  'invoice.deleted': 'DELETED',
};
const paymentKinds: Readonly<Record<string, ChangeKind>> = {
  'payment.recorded': 'PAYMENT_APPLIED',
  'payment.updated': 'PAYMENT_CHANGED',
  'payment.deleted': 'PAYMENT_REMOVED',
};

/** Reads a delivery whose signature has been checked; types nobody knows are kept as they are. */
export function readDelivery(rawBody: Uint8Array): InvoicingDelivery {
  const body = jsonOf(rawBody);
  if (body === undefined) return { kind: 'not-json' };
  const any = anyEvent.safeParse(body);
  if (!any.success) return badShape(any.error);
  const payload = isJsonObject(body) ? body : {};
  const { type } = any.data;

  const paymentKind = paymentKinds[type];
  if (paymentKind !== undefined) {
    const parsed = paymentEvent.safeParse(body);
    if (!parsed.success) return badShape(parsed.error);
    const { invoiceId, paymentId } = parsed.data.data;
    const subject: Subject = { side: 'internal', kind: 'payment', id: paymentId, invoiceId };
    return told({ kind: paymentKind, subject, type, payload }, parsed.data.timestamp);
  }

  const invoiceKind = invoiceKinds[type];
  if (invoiceKind === undefined) {
    const named = any.data.data?.['invoiceId'];
    const invoiceId = typeof named === 'string' ? named : null;
    const subject: Subject = { side: 'internal', kind: 'other', id: invoiceId ?? type, invoiceId };
    return told({ kind: 'OTHER', subject, type, payload }, any.data.timestamp);
  }
  const parsed = invoiceEvent.safeParse(body);
  if (!parsed.success) return badShape(parsed.error);
  const { invoiceId } = parsed.data.data;
  const subject: Subject = { side: 'internal', kind: 'invoice', id: invoiceId, invoiceId };
  return told({ kind: invoiceKind, subject, type, payload }, parsed.data.timestamp);
}

function told(
  event: Omit<InvoicingNotice, 'occurredAt'>,
  timestamp: string | undefined,
): InvoicingDelivery {
  const at = Date.parse(timestamp ?? '');
  const occurredAt = Number.isNaN(at) ? null : toInstant(at);
  return { kind: 'event', event: { ...event, occurredAt } };
}

function jsonOf(rawBody: Uint8Array): unknown {
  try {
    return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(rawBody));
  } catch {
    return undefined;
  }
}

function badShape(error: z.ZodError): InvoicingDelivery {
  const [issue] = error.issues;
  return {
    kind: 'bad-shape',
    path: jsonPath(issue?.path ?? []),
    message: issue?.message ?? 'not the expected shape',
  };
}
