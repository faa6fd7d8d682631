import type { CompanySettings } from '#core/company/company.ts';
import { parseDecimal } from '#core/money/decimal.ts';
import type { InputProblem, RequestOutcome } from '#ports/change-requests.ts';
import { companyAsSeen, companyChange, differences, touchedCompany } from './administer-company.ts';
import { answerOnce, type Ask, type Desk } from './change-request.ts';

export type UpdateCompanySettings = {
  readonly companyId: string;
  readonly expectedVersion: number;
  /** What is left out stays. */
  readonly settings: Partial<CompanySettings>;
};

/** Longest wait before a decision leaves, largest difference tax may explain, longest account id. */
const settingLimits = { undoWindowSeconds: 120, tolerance: 100, accountIdLength: 50 } as const;

/** Changes what the bridge may do by itself in a company. */
export const updateCompanySettings = (
  desk: Desk,
  ask: Ask<UpdateCompanySettings>,
): Promise<RequestOutcome> =>
  answerOnce(desk, 'updateCompanySettings', ask, async (rows) => {
    const issues = problemsWith(ask.input.settings);
    if (issues.length > 0) return { kind: 'invalid', issues };
    const found = await companyAsSeen(rows, ask);
    if ('kind' in found) return found;
    const { company } = found;
    const { settings } = ask.input;
    const changes = differences('settings', company.settings, settings);
    if (changes.length > 0) {
      const summary = `${ask.caller.name} changed the settings of ${company.name}.`;
      await rows.record(companyChange(ask, company, summary, changes, { settings }));
    }
    return touchedCompany(company);
  });

function problemsWith(settings: Partial<CompanySettings>): readonly InputProblem[] {
  const { undoWindowSeconds, taxVarianceTolerance, incomeAccountId } = settings;
  const problems: InputProblem[] = [];
  if (
    undoWindowSeconds !== undefined &&
    (undoWindowSeconds < 0 || undoWindowSeconds > settingLimits.undoWindowSeconds)
  )
    problems.push({
      path: ['undoWindowSeconds'],
      message: `Give 0 to ${settingLimits.undoWindowSeconds} seconds.`,
    });
  if (taxVarianceTolerance !== undefined && !isTolerance(taxVarianceTolerance))
    problems.push({
      path: ['taxVarianceTolerance'],
      message: `Give an amount from 0 to ${settingLimits.tolerance}.`,
    });
  if (
    typeof incomeAccountId === 'string' &&
    (incomeAccountId.trim() === '' || incomeAccountId.length > settingLimits.accountIdLength)
  )
    problems.push({
      path: ['incomeAccountId'],
      message: 'Give the id of a QuickBooks account, or null for none.',
    });
  return problems;
}

/** Text is enough to judge by: no sign, and no more digits than the limit has. */
function isTolerance(text: string): boolean {
  const [whole = '', decimals = ''] = (parseDecimal(text) ?? '-').split('.');
  if (whole.startsWith('-') || decimals.length > 7) return false;
  const limit = settingLimits.tolerance;
  return Number(whole) < limit || (Number(whole) === limit && decimals === '');
}
