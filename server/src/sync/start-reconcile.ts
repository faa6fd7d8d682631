import { parseLocalDate } from '#core/time/local-date.ts';
import type { ReconcileScope } from '#core/reconcile/run.ts';
import { maySee } from '#ports/access.ts';
import type { InputProblem, RequestOutcome } from '#ports/change-requests.ts';
import {
  actorOf,
  answerOnce,
  entryOf,
  illegal,
  notFound,
  type Ask,
  type Desk,
} from './change-request.ts';
import { whyClosed } from './refusals.ts';

export type StartReconcile = {
  readonly companyId: string;
  readonly scope: ReconcileScope;
  /** Issue dates, both included; for windows only. */
  readonly from: string | null;
  readonly to: string | null;
};

const scopeWords = {
  FULL: 'A full reconcile',
  INCREMENTAL: 'A reconcile of what changed',
  WINDOW: 'A reconcile of a date window',
} as const satisfies Record<ReconcileScope, string>;

/** Starts a reconcile; the worker takes it up between other work, one of a company at a time. */
export const startReconcile = (desk: Desk, ask: Ask<StartReconcile>): Promise<RequestOutcome> =>
  answerOnce(desk, 'startReconcile', ask, async (rows) => {
    const issues = windowProblems(ask.input);
    if (issues.length > 0) return { kind: 'invalid', issues };
    const { scope, from, to } = ask.input;
    const company = await rows.company(ask.input.companyId);
    if (company === null || !maySee(ask.caller, company.id)) return notFound;
    const closed = whyClosed({ ...company, pausedDirections: [] }, 'TO_QUICKBOOKS');
    if (closed !== null) return closed;
    if ((await rows.reconciles.openRunId(company.id)) !== null)
      return illegal(
        'A reconcile of this company is under way; wait for its end or stop it.',
        true,
      );
    const id = desk.ids.next();
    const summary = `${scopeWords[scope]} was started by ${ask.caller.name}.`;
    await rows.record({
      companyId: company.id,
      linkId: null,
      correlationId: ask.correlationId,
      actor: actorOf(ask.caller),
      reconcile: { kind: 'start', id, scope, from, to },
      audit: [entryOf(ask, 'RECONCILED', summary, { type: 'ReconcileRun', id })],
      stream: [{ type: 'RECONCILE_CHANGED', summary, detail: { reconcileRunId: id } }],
    });
    return { companyId: company.id, subjectId: id, eventId: null, undoToken: null };
  });

function windowProblems({ scope, from, to }: StartReconcile): readonly InputProblem[] {
  const problem = (path: string, message: string): InputProblem => ({ path: [path], message });
  if (scope !== 'WINDOW')
    return from === null && to === null
      ? []
      : [problem(from === null ? 'to' : 'from', 'Dates are for windows; leave them out.')];
  const missing = [
    ...(from === null ? [problem('from', 'Say from which issue date on.')] : []),
    ...(to === null ? [problem('to', 'Say up to which issue date.')] : []),
  ];
  if (from === null || to === null) return missing;
  const wrong = Object.entries({ from, to })
    .filter(([, date]) => parseLocalDate(date) === null)
    .map(([path]) => problem(path, 'There is no such day.'));
  if (wrong.length > 0) return wrong;
  return from <= to ? [] : [problem('to', 'The window ends before it begins.')];
}
