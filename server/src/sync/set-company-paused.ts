import type { Direction } from '#core/event/event.ts';
import { maySee } from '#ports/access.ts';
import type { LockedCompany, RequestedChange, RequestOutcome } from '#ports/change-requests.ts';
import {
  actorOf,
  answerOnce,
  entryOf,
  illegal,
  notFound,
  staleSince,
  type Ask,
  type Desk,
} from './change-request.ts';
import { noteProblems } from './refusals.ts';

export type SetCompanyPaused = {
  readonly companyId: string;
  readonly expectedVersion: number;
  /** Directions that are paused from now on. */
  readonly directions: readonly Direction[];
  readonly note: string | null;
};

/** Pauses or restarts directions of a company; no new plan is made that way, a write under way is still settled. */
export const setCompanyPaused = (desk: Desk, ask: Ask<SetCompanyPaused>): Promise<RequestOutcome> =>
  answerOnce(desk, 'setCompanyPaused', ask, async (rows) => {
    const issues = noteProblems('note', ask.input.note);
    if (issues.length > 0) return { kind: 'invalid', issues };
    const company = await rows.company(ask.input.companyId);
    if (company === null || !maySee(ask.caller, company.id)) return notFound;
    if (company.version !== ask.input.expectedVersion) return staleSince(company);
    if (company.status === 'DISCONNECTED')
      return illegal('The company is disconnected.', false, 'COMPANY_UNAVAILABLE');
    const wanted = inOrder(ask.input.directions);
    if (inOrder(company.pausedDirections).join() !== wanted.join())
      await rows.record(changeOf(ask, company, wanted));
    return {
      companyId: company.id,
      subjectId: company.id,
      eventId: null,
      undoToken: null,
    };
  });

const all = ['TO_QUICKBOOKS', 'TO_INTERNAL'] as const satisfies readonly Direction[];

const inOrder = (directions: readonly Direction[]): readonly Direction[] =>
  all.filter((direction) => directions.includes(direction));

const words = {
  TO_QUICKBOOKS: 'to QuickBooks',
  TO_INTERNAL: 'to internal invoicing',
} as const satisfies Record<Direction, string>;

function changeOf(
  ask: Ask<SetCompanyPaused>,
  company: LockedCompany,
  wanted: readonly Direction[],
): RequestedChange {
  const what =
    wanted.length === 0
      ? 'runs both ways again'
      : `is paused ${wanted.map((direction) => words[direction]).join(' and ')}`;
  const summary = `${company.name} ${what}, as ${ask.caller.name} asked.`;
  const before = inOrder(company.pausedDirections);
  const changes = [{ path: 'pausedDirections', side: null, before, after: wanted }];
  const subject = { type: 'Company', id: company.id } as const;
  return {
    companyId: company.id,
    linkId: null,
    correlationId: ask.correlationId,
    actor: actorOf(ask.caller),
    pausedDirections: wanted,
    audit: [entryOf(ask, 'COMPANY_CHANGED', summary, subject, { changes, note: ask.input.note })],
    stream: [{ type: 'COMPANY_CHANGED', summary, detail: { companyId: company.id } }],
  };
}
