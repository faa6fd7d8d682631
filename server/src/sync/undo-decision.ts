import type { LockedRows, LockedUndo, Refusal, UndoDecision } from '#ports/change-requests.ts';
import { actorOf, illegal, notFound, statusEntry, type Ask } from './change-request.ts';
import { conflictEntry, conflictTold } from './conflict-request.ts';

/**
 * Takes a decision back: the opposite single-row change of taking it up, so that whichever commits first wins
 * (architecture.md §4). The worker may hold the invoice meanwhile; neither side has heard of the decision yet.
 */
export async function undoDecision(
  rows: LockedRows,
  ask: Ask<{ readonly token: string }>,
  { subjectId, label }: LockedUndo,
  { eventIds }: UndoDecision,
): Promise<Refusal | null> {
  const conflict = await rows.conflict(subjectId);
  if (conflict === null) return notFound;
  const { token } = ask.input;
  if (conflict.status !== 'UNDO_WINDOW' || conflict.resolution?.undoToken !== token)
    return illegal('It has moved on since; it can no longer be taken back.', false);
  const { link } = conflict;
  const summary = `${label} was taken back by ${ask.caller.name}.`;
  await rows.record({
    companyId: conflict.companyId,
    linkId: link.id,
    correlationId: ask.correlationId,
    actor: actorOf(ask.caller),
    link: {
      id: link.id,
      isUndue: true,
      statusReason: 'Both sides were changed; a person has to choose.',
    },
    conflict: { id: conflict.id, status: 'OPEN' },
    ended: { ids: eventIds, note: summary },
    undone: token,
    audit: [
      conflictEntry(ask, 'UNDONE', summary, conflict, 'OPEN', null),
      ...statusEntry(ask, link, { due: false }, summary),
    ],
    stream: [conflictTold(conflict, summary)],
  });
  return null;
}
