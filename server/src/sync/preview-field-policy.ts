import { toCompanyId } from '#core/brand.ts';
import type { FieldRule } from '#core/mapping/field-entry.ts';
import { policyProblems, type PolicyProblem } from '#core/merge/policy.ts';
import { parseDecimal } from '#core/money/decimal.ts';
import { rehearsePolicy, type PolicyRehearsal } from '#core/resolution/rehearse-policy.ts';
import type { Desk } from './change-request.ts';

export type PreviewFieldPolicy = {
  readonly companyId: string;
  readonly pattern: string;
  readonly rule: FieldRule;
  readonly tolerance: string | null;
};

/** Newest conflicts a rule is tried on; a year of a busy company. */
const conflictsMax = 1_000;

/** Tries a rule on past conflicts, or says why there can be no such rule. */
export async function previewFieldPolicy(
  { requests }: Desk,
  wanted: PreviewFieldPolicy,
): Promise<PolicyRehearsal | { readonly problems: readonly PolicyProblem[] }> {
  const problems = policyProblems(wanted);
  if (problems.length > 0) return { problems };
  const companyId = toCompanyId(wanted.companyId);
  const { pattern, rule } = wanted;
  const tolerance = wanted.tolerance === null ? null : parseDecimal(wanted.tolerance);
  return requests.look(async (rows) => {
    const { version, policies } = await rows.rulesInForce(companyId);
    const others = policies.filter((policy) => policy.pattern !== pattern);
    const book = { version, policies: [...others, { pattern, rule, tolerance }] };
    return rehearsePolicy(await rows.pastConflicts(companyId, conflictsMax), book, pattern);
  });
}
