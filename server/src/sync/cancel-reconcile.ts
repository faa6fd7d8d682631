import { maySee } from '#ports/access.ts';
import type { RequestOutcome } from '#ports/change-requests.ts';
import type { LockedRun } from '#ports/reconcile-requests.ts';
import {
  actorOf,
  answerOnce,
  entryOf,
  illegal,
  notFound,
  type Ask,
  type Desk,
} from './change-request.ts';

export type CancelReconcile = { readonly reconcileRunId: string };

/** Stops a reconcile; what it found so far stays. */
export const cancelReconcile = (desk: Desk, ask: Ask<CancelReconcile>): Promise<RequestOutcome> =>
  answerOnce(desk, 'cancelReconcile', ask, async (rows) => {
    const run = await rows.reconciles.run(ask.input.reconcileRunId);
    if (run === null || !maySee(ask.caller, run.companyId)) return notFound;
    const over = whyOver[run.status];
    if (over !== null) return illegal(over, false);
    const summary = `A reconcile was stopped by ${ask.caller.name}; what it found stays.`;
    const changes = [{ path: 'status', side: null, before: run.status, after: 'CANCELLED' }];
    await rows.record({
      companyId: run.companyId,
      linkId: null,
      correlationId: ask.correlationId,
      actor: actorOf(ask.caller),
      reconcile: { kind: 'cancel', id: run.id },
      audit: [
        entryOf(ask, 'RECONCILED', summary, { type: 'ReconcileRun', id: run.id }, { changes }),
      ],
      stream: [{ type: 'RECONCILE_CHANGED', summary, detail: { reconcileRunId: run.id } }],
    });
    return { companyId: run.companyId, subjectId: run.id, eventId: null, undoToken: null };
  });

const whyOver = {
  QUEUED: null,
  RUNNING: null,
  CLEAN: 'It has ended already.',
  DRIFT_FOUND: 'It has ended already.',
  FAILED: 'It has ended already.',
  CANCELLED: 'It was stopped already.',
} as const satisfies Record<LockedRun['status'], string | null>;
