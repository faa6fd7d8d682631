import { maySee } from '#ports/access.ts';
import type { RequestOutcome } from '#ports/change-requests.ts';
import {
  answerOnce,
  illegal,
  notFound,
  staleSince,
  type Ask,
  type Desk,
} from './change-request.ts';
import { policyChange } from './upsert-field-policy.ts';

export type DeleteFieldPolicy = {
  readonly companyId: string;
  readonly pattern: string;
  readonly expectedVersion: number;
};

/** Removes a company's own rule at once; the next broader one applies, in the end the built-in one. */
export const deleteFieldPolicy = (
  desk: Desk,
  ask: Ask<DeleteFieldPolicy>,
): Promise<RequestOutcome> =>
  answerOnce(desk, 'deleteFieldPolicy', ask, async (rows) => {
    const { companyId, pattern, expectedVersion } = ask.input;
    const company = await rows.company(companyId);
    if (company === null || !maySee(ask.caller, company.id)) return notFound;
    const held = await rows.fieldPolicy(company.id, pattern);
    if (held === null || held.rule === null)
      return illegal('It is built in: it can be overridden, not removed.', false);
    if (held.version !== expectedVersion) return staleSince(held);
    const nothing = { rule: null, tolerance: null };
    const policy = { id: held.id, pattern, ...nothing, former: nothing, undoToken: null };
    await rows.record(policyChange(ask, company, held, policy));
    const subjectId = `${company.id}/${pattern}`;
    return { companyId: company.id, subjectId, eventId: null, undoToken: null };
  });
