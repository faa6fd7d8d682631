import type { AuditAction, AuditChange, AuditEntry, AuditSubject } from '#core/audit/entry.ts';
import type { CorrelationId } from '#core/brand.ts';
import { canonicalText } from '#core/canonical-text.ts';
import type { Actor } from '#core/event/event.ts';
import type { JsonObject } from '#core/json.ts';
import { statusOf, type LinkFacts } from '#core/link/status.ts';
import { maySee, type Caller } from '#ports/access.ts';
import type {
  ChangeRequests,
  LockedLink,
  LockedRows,
  Refusal,
  RequestedEvent,
  RequestOutcome,
  Touched,
} from '#ports/change-requests.ts';
import type { KeyIssuer } from '#ports/access.ts';
import type { Authorizations } from '#ports/authorizations.ts';
import type { Clock } from '#ports/clock.ts';
import type { Digest } from '#ports/digest.ts';
import type { Doorbell } from '#ports/doorbell.ts';
import type { Ids } from '#ports/ids.ts';
import type { Secrets } from '#ports/secrets.ts';
import type { StreamRecord } from '#ports/store.ts';

/** What requests of people work with; composed once per process. */
export type Desk = {
  readonly requests: ChangeRequests;
  readonly doorbell: Doorbell;
  readonly ids: Ids;
  readonly digest: Digest;
  readonly keys: KeyIssuer;
  readonly administration: AdministrationDesk;
};

/** What requests about companies themselves work with beside that. */
export type AdministrationDesk = {
  readonly secrets: Secrets;
  readonly clock: Clock;
  /** Whether internal books may be in one's own network (http.md §1). */
  readonly allowPrivateAddresses: boolean;
  /** Whether companies made here belong to the demo, which starts again only beside its own (http.md §2). */
  readonly demo: boolean;
  readonly authorizations: Authorizations;
  /** Intuit's page where a person gives consent. */
  readonly consentUrl: (state: string) => string;
};

/** One request of a person or a program to change something. */
export type Ask<Input> = {
  readonly caller: Caller;
  readonly idempotencyKey: string;
  readonly correlationId: CorrelationId;
  readonly input: Input;
};

/** Runs a request once for its key, then rings; a repeat is answered only while the caller may still see the company. */
export async function answerOnce<Input extends JsonObject>(
  desk: Desk,
  mutation: string,
  { caller, idempotencyKey, input }: Ask<Input>,
  work: (rows: LockedRows) => Promise<Touched | Refusal>,
): Promise<RequestOutcome> {
  const inputHash = desk.digest.sha256(canonicalText(input));
  const callerId = callerIdOf(caller);
  const outcome = await desk.requests.once({ callerId, mutation, idempotencyKey, inputHash }, work);
  if (outcome.kind !== 'done') return outcome;
  const { companyId } = outcome.touched;
  if (companyId === null) return outcome;
  if (!maySee(caller, companyId)) return notFound;
  desk.doorbell.ring(companyId);
  return outcome;
}

/** Keys and undo tokens belong to whoever used them first. */
export const callerIdOf = ({ kind, id }: Caller): string => `${kind}:${id}`;

export const actorOf = ({ id, name }: Caller): Actor => ({ kind: 'client', id, name });

export const notFound = { kind: 'not-found' } as const satisfies Refusal;

/** The object changed since the caller looked at it. */
export const staleSince = ({ version }: { readonly version: number }): Refusal => ({
  kind: 'stale',
  currentVersion: version,
});

/** Not possible as things stand. */
export const illegal = (
  message: string,
  retryable: boolean,
  code: Extract<Refusal, { kind: 'illegal' }>['code'] = 'ILLEGAL_STATE',
): Extract<Refusal, { kind: 'illegal' }> => ({ kind: 'illegal', code, message, retryable });

/** Not possible while something else is done with the link; says when that is looked at next, where it is planned. */
export const busy = (message: string, link: Pick<LockedLink, 'nextTryAt'> | null): Refusal => ({
  ...illegal(message, true),
  ...(link !== null && link.nextTryAt !== null && { retryAt: link.nextTryAt }),
});

export const nameOfLink = ({ number, internalId, quickbooksId }: LockedLink): string =>
  number ?? internalId ?? quickbooksId ?? 'the invoice';

/** An audit entry of a request, by whoever asked, with the key it came under. */
export const entryOf = (
  { caller, correlationId, idempotencyKey }: Ask<unknown>,
  action: AuditAction,
  summary: string,
  subject: AuditSubject,
  more: {
    readonly linkId?: string | null;
    readonly changes?: readonly AuditChange[];
    readonly note?: string | null;
  } = {},
): AuditEntry => ({
  actor: actorOf(caller),
  action,
  summary,
  subject,
  linkId: more.linkId ?? null,
  changes: more.changes ?? [],
  note: more.note ?? null,
  correlationId,
  idempotencyKey,
});

/** The entry of a link's move to another status; none while it stays where it is. */
export function statusEntry(
  ask: Ask<unknown>,
  link: LockedLink,
  after: Partial<LinkFacts>,
  why: string,
): readonly AuditEntry[] {
  const [from, to] = [statusOf(link.facts), statusOf({ ...link.facts, ...after })];
  if (from === to) return [];
  const changes = [{ path: 'status', side: null, before: from, after: to }];
  const subject = { type: 'Invoice', id: link.id } as const;
  return [entryOf(ask, 'STATE_CHANGED', why, subject, { linkId: link.id, changes })];
}

/** What the stream says of a new event. */
export const arrivalOf = ({ id, note }: RequestedEvent, summary: string): StreamRecord => ({
  type: 'STAGE_CHANGED',
  summary,
  detail: { eventId: id, from: 'DETECTED', to: 'QUEUED', note },
});
