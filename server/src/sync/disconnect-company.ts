import type { RequestOutcome } from '#ports/change-requests.ts';
import { companyAsSeen, companyChange, touchedCompany } from './administer-company.ts';
import { answerOnce, illegal, type Ask, type Desk } from './change-request.ts';

export type DisconnectCompany = {
  readonly companyId: string;
  readonly expectedVersion: number;
  /** Must repeat the company's name. */
  readonly confirmName: string;
};

/** Disconnects a company: no call is made for it any more, its history is kept, and its tokens are given back to Intuit later. */
export const disconnectCompany = (
  desk: Desk,
  ask: Ask<DisconnectCompany>,
): Promise<RequestOutcome> =>
  answerOnce(desk, 'disconnectCompany', ask, async (rows) => {
    const found = await companyAsSeen(rows, ask);
    if ('kind' in found) return found;
    const { company } = found;
    if (company.status === 'DISCONNECTED')
      return illegal('The company is disconnected already.', false);
    if (ask.input.confirmName !== company.name)
      return {
        kind: 'invalid',
        issues: [{ path: ['confirmName'], message: 'Repeat the name of the company exactly.' }],
      };
    const summary = `${ask.caller.name} disconnected ${company.name} from QuickBooks; its history is kept.`;
    const changes = [{ path: 'status', side: null, before: company.status, after: 'DISCONNECTED' }];
    await rows.record(companyChange(ask, company, summary, changes, { disconnected: true }));
    return touchedCompany(company);
  });
