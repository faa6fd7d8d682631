import { maySee } from '#ports/access.ts';
import type { LockedRows, LockedUndo, Refusal } from '#ports/change-requests.ts';
import { tellingOf } from './accept-bulk.ts';
import { actorOf, illegal, notFound, type Ask } from './change-request.ts';
import { undoDecision } from './undo-decision.ts';

/** Stops a bulk decision, and takes back those whose own window is still open; the others have left already. */
export async function undoBulkDecision(
  rows: LockedRows,
  ask: Ask<{ readonly token: string }>,
  { companyId, subjectId }: LockedUndo,
): Promise<Refusal | null> {
  const bulk = await rows.bulkOperation(subjectId);
  if (bulk === null || companyId === null) return notFound;
  const isRunning = bulk.status === 'QUEUED' || bulk.status === 'RUNNING';
  const decided = await rows.bulkItems(subjectId, 'SUCCEEDED');
  let taken = 0;
  for (const { subjectId: conflictId, version } of decided)
    if (await isTakenBack(rows, ask, conflictId, version)) taken += 1;
  if (taken === 0 && !isRunning)
    return illegal('All of them have crossed or moved on; none can be taken back any more.', false);
  const change = tellingOf(
    ask,
    isRunning ? { ...bulk, status: 'CANCELLED' } : bulk,
    companyId,
    `${taken} taken back.`,
  );
  await rows.record({
    ...change,
    actor: actorOf(ask.caller),
    undone: ask.input.token,
    ...(isRunning ? { bulkCancelled: bulk.id } : {}),
  });
  return null;
}

/** Whether a decision of the operation was still waiting and is no more; one that somebody made since stays. */
async function isTakenBack(
  rows: LockedRows,
  ask: Ask<{ readonly token: string }>,
  conflictId: string,
  versionBefore: number,
): Promise<boolean> {
  const conflict = await rows.conflict(conflictId);
  const token = conflict?.resolution?.undoToken;
  if (conflict === null || token === undefined || !maySee(ask.caller, conflict.companyId))
    return false;
  if (conflict.status !== 'UNDO_WINDOW' || conflict.version !== versionBefore + 1) return false;
  const right = await rows.undo(token);
  if (right?.state !== 'open' || right.before.kind !== 'decision') return false;
  const one = { ...ask, input: { token } };
  return (await undoDecision(rows, one, right, right.before)) === null;
}
