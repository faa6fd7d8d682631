import { z } from 'zod';
import { toInstant, type Instant } from '#core/brand.ts';
import type { ChangeKind, Subject } from '#core/event/event.ts';
import { isJsonObject, jsonPath, type JsonObject } from '#core/json.ts';

/** One thing Intuit told, of one company; a delivery may hold several of several companies (quickbooks.md §6.1). */
export type QuickBooksNotice = {
  readonly realmId: string;
  /** The teller's own key; a repeat of the delivery carries it again. */
  readonly eventKey: string;
  readonly kind: ChangeKind;
  readonly subject: Subject;
  /** As Intuit names it, for example 'Invoice'. */
  readonly entity: string;
  readonly operation: NoticeOperation;
  /** The record that went away in a merge. */
  readonly deletedId: string | null;
  readonly occurredAt: Instant | null;
  readonly payload: JsonObject;
};

export type QuickBooksDelivery =
  | { readonly kind: 'events'; readonly events: readonly QuickBooksNotice[] }
  | { readonly kind: 'not-json' }
  | { readonly kind: 'bad-shape'; readonly path: string; readonly message: string };

/** Spellings differ between the formats and between deliveries: void and voided, Create and created. */
const operations = {
  create: 'CREATED',
  created: 'CREATED',
  update: 'UPDATED',
  updated: 'UPDATED',
  delete: 'DELETED',
  deleted: 'DELETED',
  void: 'VOIDED',
  voided: 'VOIDED',
  merge: 'MERGED',
  merged: 'MERGED',
  email: 'EMAILED',
  emailed: 'EMAILED',
} as const satisfies Readonly<Record<string, string>>;
type NoticeOperation = (typeof operations)[keyof typeof operations] | 'OTHER';

const isKnown = (word: string): word is keyof typeof operations => word in operations;
const operationOf = (word: string): NoticeOperation => {
  const lower = word.toLowerCase();
  return isKnown(lower) ? operations[lower] : 'OTHER';
};

const cloudEvents = z.array(
  z.looseObject({
    id: z.string().min(1),
    type: z.string().regex(/^qbo\.[^.]+\.[^.]+\.v\d+$/, 'expected qbo.<entity>.<operation>.v1'),
    time: z.string().optional(),
    intuitentityid: z.string().min(1),
    intuitaccountid: z.string().min(1),
  }),
);

const legacy = z.looseObject({
  eventNotifications: z.array(
    z.looseObject({
      realmId: z.string().min(1),
      dataChangeEvent: z.looseObject({
        entities: z.array(
          z.looseObject({
            name: z.string().min(1),
            id: z.string().min(1),
            operation: z.string().min(1),
            lastUpdated: z.string().optional(),
            deletedId: z.string().optional(),
          }),
        ),
      }),
    }),
  ),
});

/** Reads a delivery in either format; the signature has been checked before. */
export function readDelivery(rawBody: Uint8Array): QuickBooksDelivery {
  const body = jsonOf(rawBody);
  if (body === undefined) return { kind: 'not-json' };
  if (Array.isArray(body)) {
    const parsed = cloudEvents.safeParse(body);
    if (!parsed.success) return badShape(parsed.error);
    return { kind: 'events', events: parsed.data.map(cloudNotice) };
  }
  const parsed = legacy.safeParse(body);
  if (!parsed.success) return badShape(parsed.error);
  const events = parsed.data.eventNotifications.flatMap(({ realmId, dataChangeEvent }) =>
    dataChangeEvent.entities.map((entity) => legacyNotice(realmId, entity)),
  );
  return { kind: 'events', events };
}

function jsonOf(rawBody: Uint8Array): unknown {
  try {
    return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(rawBody));
  } catch {
    return undefined;
  }
}

function badShape(error: z.ZodError): QuickBooksDelivery {
  const [issue] = error.issues;
  return {
    kind: 'bad-shape',
    path: jsonPath(issue?.path ?? []),
    message: issue?.message ?? 'not the expected shape',
  };
}

const entityNames: Readonly<Record<string, string>> = {
  creditmemo: 'CreditMemo',
  paymentmethod: 'PaymentMethod',
  salesreceipt: 'SalesReceipt',
  refundreceipt: 'RefundReceipt',
};

/** CloudEvents write entities in lower case. */
const entityName = (word: string): string =>
  entityNames[word] ?? `${word.charAt(0).toUpperCase()}${word.slice(1)}`;

function cloudNotice(event: z.infer<typeof cloudEvents>[number]): QuickBooksNotice {
  const [, entity = '', operation = ''] = event.type.split('.');
  return notice({
    realmId: event.intuitaccountid,
    eventKey: event.id,
    entity: entityName(entity.toLowerCase()),
    id: event.intuitentityid,
    operation: operationOf(operation),
    deletedId: null,
    time: event.time,
    payload: event,
  });
}

type LegacyEntity = z.infer<
  typeof legacy
>['eventNotifications'][number]['dataChangeEvent']['entities'][number];

/** The old format has no key of its own: a change of one object at one time is one event. */
function legacyNotice(realmId: string, entity: LegacyEntity): QuickBooksNotice {
  const { name, id, operation, lastUpdated, deletedId } = entity;
  const key = [name, id, operation, lastUpdated ?? '', deletedId ?? ''].join(':');
  return notice({
    realmId,
    eventKey: key,
    entity: name,
    id,
    operation: operationOf(operation),
    deletedId: deletedId ?? null,
    time: lastUpdated,
    payload: entity,
  });
}

type NoticeParts = Pick<
  QuickBooksNotice,
  'realmId' | 'eventKey' | 'entity' | 'operation' | 'deletedId'
> & { readonly id: string; readonly time: string | undefined; readonly payload: unknown };

function notice({ id, time, payload, ...parts }: NoticeParts): QuickBooksNotice {
  const occurredAt = Date.parse(time ?? '');
  return {
    ...parts,
    kind: kindOf(parts.entity, parts.operation),
    subject: { side: 'quickbooks', kind: subjectKind(parts.entity), id, invoiceId: null },
    occurredAt: Number.isNaN(occurredAt) ? null : toInstant(occurredAt),
    payload: isJsonObject(payload) ? payload : {},
  };
}

const subjectKinds: Readonly<Record<string, Subject['kind']>> = {
  Invoice: 'invoice',
  Payment: 'payment',
  Customer: 'customer',
  Item: 'item',
};
/** What an event about such an object is about. */
export const subjectKind = (entity: string): Subject['kind'] => subjectKinds[entity] ?? 'other';

const paymentKinds = {
  CREATED: 'PAYMENT_APPLIED',
  UPDATED: 'PAYMENT_CHANGED',
  VOIDED: 'PAYMENT_REMOVED',
  DELETED: 'PAYMENT_REMOVED',
  MERGED: 'OTHER',
  EMAILED: 'OTHER',
  OTHER: 'OTHER',
} as const satisfies Record<NoticeOperation, ChangeKind>;

/** What kind of change an operation on such an object is. */
export function kindOf(entity: string, operation: NoticeOperation): ChangeKind {
  if (entity === 'Payment') return paymentKinds[operation];
  if (entity === 'Customer' || entity === 'Item') return 'REFERENCE_CHANGED';
  if (entity !== 'Invoice') return 'OTHER';
  return operation === 'MERGED' || operation === 'EMAILED' ? 'OTHER' : operation;
}
