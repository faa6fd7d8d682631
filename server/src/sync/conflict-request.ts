import type { AuditAction, AuditEntry } from '#core/audit/entry.ts';
import type { KnownConflict, Refusal, RequestedConflictChange } from '#ports/change-requests.ts';
import type { StreamRecord } from '#ports/store.ts';
import { busy, entryOf, nameOfLink, type Ask } from './change-request.ts';

/** The conflict's move in the audit trail. */
export function conflictEntry(
  ask: Ask<unknown>,
  action: AuditAction,
  summary: string,
  { id, link, status }: KnownConflict,
  to: RequestedConflictChange['status'],
  note: string | null,
): AuditEntry {
  const changes = [{ path: 'status', side: null, before: status, after: to }];
  return entryOf(
    ask,
    action,
    summary,
    { type: 'Conflict', id },
    { linkId: link.id, changes, note },
  );
}

/** What the stream says of a conflict that moved. */
export const conflictTold = (
  { id, link }: Pick<KnownConflict, 'id' | 'link'>,
  summary: string,
): StreamRecord => ({
  type: 'CONFLICT_CHANGED',
  summary,
  detail: { conflictId: id, linkId: link.id },
});

/** The worker holds the invoice for a moment; whatever it finds may change the conflict. */
export const whyCrossing = ({ link }: KnownConflict): Refusal | null =>
  link.facts.claimed
    ? busy(`${nameOfLink(link)} is crossing right now; look again in a moment.`, link)
    : null;
