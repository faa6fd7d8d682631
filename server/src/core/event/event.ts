import type { CompanyId, CorrelationId, EventId, Instant } from '../brand.ts';
import type { JsonObject } from '../json.ts';
import type { Side } from '../side.ts';

/** Who told the bridge that something changed. */
export type EventSource =
  | 'INVOICING_WEBHOOK'
  | 'QUICKBOOKS_WEBHOOK'
  | 'POLL'
  | 'RECONCILE'
  | 'OPERATOR';

/** What kind of change the teller reports; a hint, never an instruction. */
export type ChangeKind =
  | 'CREATED'
  | 'UPDATED'
  | 'VOIDED'
  | 'DELETED'
  | 'PAYMENT_APPLIED'
  | 'PAYMENT_CHANGED'
  | 'PAYMENT_REMOVED'
  | 'REFERENCE_CHANGED'
  | 'OTHER';

export type Direction = 'TO_QUICKBOOKS' | 'TO_INTERNAL';

/** What an event is about: a side's object. */
export type Subject = {
  readonly side: Side;
  readonly kind: 'invoice' | 'payment' | 'customer' | 'item' | 'other';
  readonly id: string;
  /** Invoice the teller names beside a payment. */
  readonly invoiceId: string | null;
};

/** One thing we were told, as it is stored. */
export type IncomingEvent = {
  readonly id: EventId;
  readonly companyId: CompanyId;
  readonly source: EventSource;
  /** The teller's key; a repeat collapses into the first. */
  readonly eventKey: string;
  readonly kind: ChangeKind;
  readonly subject: Subject;
  readonly actor: Actor;
  readonly occurredAt: Instant | null;
  readonly correlationId: CorrelationId;
  readonly payload: JsonObject;
};

export const directionOf = (subject: Subject): Direction =>
  subject.side === 'internal' ? 'TO_QUICKBOOKS' : 'TO_INTERNAL';

/** Who did something. */
export type Actor =
  | {
      readonly kind: 'system';
      readonly name: string;
      /** Company and pattern of the rule that made it act, `<company id>/<pattern>`. */
      readonly policy?: string;
    }
  | { readonly kind: 'side'; readonly side: Side; readonly name: string }
  | { readonly kind: 'client'; readonly id: string; readonly name: string };
