import type { Actor } from '../event/event.ts';
import type { Json } from '../json.ts';
import type { Side } from '../side.ts';

export type AuditAction =
  | 'WRITE'
  | 'BASE_ADVANCED'
  | 'CONFLICT_RESOLVED'
  | 'UNDONE'
  | 'REPLAYED'
  | 'DISCARDED'
  | 'POLICY_CHANGED'
  | 'COMPANY_CHANGED'
  | 'LINK_CHANGED'
  | 'RECONCILED'
  | 'API_CLIENT_CHANGED'
  | 'STATE_CHANGED'
  | 'CONFLICT_OPENED'
  | 'CONFLICT_SUPERSEDED'
  | 'DEAD_LETTERED'
  | 'DRIFT_FOUND'
  | 'DRIFT_ACCEPTED'
  | 'REFERENCE_MAPPED'
  | 'PAUSED'
  | 'BULK';

/** What an entry is about. */
export type AuditSubject = {
  readonly type:
    | 'Invoice'
    | 'Conflict'
    | 'DeadLetter'
    | 'OutboxEvent'
    | 'Company'
    | 'FieldPolicy'
    | 'ReconcileRun'
    | 'ApiClient'
    | 'Drift'
    | 'Reference'
    | 'BulkOperation';
  readonly id: string;
};

/** One field before and after. */
export type AuditChange = {
  readonly path: string;
  /** Side written to; null when it is the bridge's own data. */
  readonly side: Side | null;
  readonly before: Json;
  readonly after: Json;
};

/** One thing worth recording; written in the transaction of the change it records. */
export type AuditEntry = {
  readonly actor: Actor;
  readonly action: AuditAction;
  /** One sentence a controller can read. */
  readonly summary: string;
  readonly subject: AuditSubject;
  /** Invoice the subject belongs to, so that its page can list the entry. */
  readonly linkId: string | null;
  readonly changes: readonly AuditChange[];
  readonly note: string | null;
  readonly correlationId: string;
  /** Key of the request that caused it, where a person or a program asked. */
  readonly idempotencyKey?: string;
};
