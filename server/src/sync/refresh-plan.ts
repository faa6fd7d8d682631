import { maySee } from '#ports/access.ts';
import type { LockedCompany, Refusal, RequestOutcome } from '#ports/change-requests.ts';
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

export type RefreshPlan = { readonly companyId: string };

/** Plans anew for a company in shadow mode; a pass that is under way ends, since what it would show is out of date. */
export const refreshPlan = (desk: Desk, ask: Ask<RefreshPlan>): Promise<RequestOutcome> =>
  answerOnce(desk, 'refreshPlan', ask, async (rows) => {
    const company = await rows.company(ask.input.companyId);
    if (company === null || !maySee(ask.caller, company.id)) return notFound;
    const administered = await rows.administration.find(company.id);
    const refusal = whyNotPlanned(company, administered?.mode ?? 'LIVE');
    if (refusal !== null) return refusal;
    const id = desk.ids.next();
    const summary = `${ask.caller.name} had it planned anew what ${company.name} would write.`;
    const subject = { type: 'Company', id: company.id } as const;
    await rows.record({
      companyId: company.id,
      linkId: null,
      correlationId: ask.correlationId,
      actor: actorOf(ask.caller),
      planning: { kind: 'refresh', id },
      audit: [entryOf(ask, 'COMPANY_CHANGED', summary, subject)],
      stream: [{ type: 'COMPANY_CHANGED', summary, detail: { companyId: company.id } }],
    });
    return { companyId: company.id, subjectId: id, eventId: null, undoToken: null };
  });

/** What is live writes at once; there is nothing to plan. */
export const whyNotPlanned = (company: LockedCompany, mode: 'SHADOW' | 'LIVE'): Refusal | null =>
  mode === 'LIVE'
    ? illegal(`${company.name} is live: what changes is written, not planned.`, false)
    : whyClosed({ ...company, pausedDirections: [] }, 'TO_QUICKBOOKS');
