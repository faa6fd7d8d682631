import type { FieldRule } from '#core/mapping/field-entry.ts';
import { policyProblems } from '#core/merge/policy.ts';
import { parseDecimal } from '#core/money/decimal.ts';
import { maySee } from '#ports/access.ts';
import type {
  LockedCompany,
  Refusal,
  RequestedChange,
  RequestedUndo,
  RequestOutcome,
} from '#ports/change-requests.ts';
import type {
  LockedFieldPolicy,
  RequestedFieldPolicy,
  StatedPolicy,
} from '#ports/field-policies.ts';
import { applyToOpen } from './apply-field-policy.ts';
import {
  actorOf,
  answerOnce,
  callerIdOf,
  entryOf,
  illegal,
  notFound,
  staleSince,
  type Ask,
  type Desk,
} from './change-request.ts';

export type UpsertFieldPolicy = {
  readonly companyId: string;
  readonly pattern: string;
  readonly rule: FieldRule;
  readonly tolerance: string | null;
  /** Null makes a rule where there is none of the company's own. */
  readonly expectedVersion: number | null;
  /** Whether open conflicts that the rule now decides are settled by it. */
  readonly applyToOpen: boolean;
};

/** A company that never changed a pattern sees the built-in rule in its first version. */
const builtInVersion = 1;

/** Nothing of the company's own: the built-in rule holds. */
const nothing: StatedPolicy = { rule: null, tolerance: null };

/** Makes or changes a rule; it takes force when the window to take it back is over (architecture.md §4). */
export const upsertFieldPolicy = (
  desk: Desk,
  ask: Ask<UpsertFieldPolicy>,
): Promise<RequestOutcome> =>
  answerOnce(desk, 'upsertFieldPolicy', ask, async (rows) => {
    const { input } = ask;
    const company = await rows.company(input.companyId);
    if (company === null || !maySee(ask.caller, company.id)) return notFound;
    const issues = policyProblems(input).map(({ input: name, message }) => ({
      path: [name],
      message,
    }));
    if (issues.length > 0) return { kind: 'invalid', issues };
    const held = await rows.fieldPolicy(company.id, input.pattern);
    const refusal = refusalOf(company, held, input.expectedVersion);
    if (refusal !== null) return refusal;
    const undo = undoFor(desk, ask, company, held);
    const policy = {
      id: undo.subjectId,
      pattern: input.pattern,
      rule: input.rule,
      tolerance: input.tolerance === null ? null : parseDecimal(input.tolerance),
      former: held?.holding ?? nothing,
      undoToken: undo.token,
    };
    await rows.record({ ...policyChange(ask, company, held, policy), undo });
    const bulkOperationId = input.applyToOpen
      ? await applyToOpen(desk, ask, rows, company.id, policy)
      : undefined;
    const subjectId = `${company.id}/${input.pattern}`;
    const undoToken = undo.token;
    return { companyId: company.id, subjectId, eventId: null, undoToken, bulkOperationId };
  });

function refusalOf(
  company: LockedCompany,
  held: LockedFieldPolicy | null,
  expectedVersion: number | null,
): Refusal | null {
  if (company.status === 'DISCONNECTED')
    return illegal('The company is disconnected.', false, 'COMPANY_UNAVAILABLE');
  const version = held?.version ?? builtInVersion;
  const isOwn = held !== null && held.rule !== null;
  const isExpected = expectedVersion === null ? !isOwn : expectedVersion === version;
  return isExpected ? null : staleSince({ version });
}

const undoFor = (
  { ids }: Desk,
  { caller, input }: Ask<UpsertFieldPolicy>,
  company: LockedCompany,
  held: LockedFieldPolicy | null,
): RequestedUndo => ({
  token: ids.next(),
  callerId: callerIdOf(caller),
  subjectType: 'FieldPolicy',
  subjectId: held?.id ?? ids.next(),
  label: `The rule for ${input.pattern}`,
  windowSeconds: company.undoWindowSeconds,
  before: {
    kind: 'field-policy',
    companyId: company.id,
    pattern: input.pattern,
    version: held === null ? builtInVersion + 1 : held.version + 1,
  },
});

/** What every change of a rule records and tells. */
export function policyChange(
  ask: Ask<unknown>,
  company: Pick<LockedCompany, 'id' | 'name'>,
  held: LockedFieldPolicy | null,
  policy: RequestedFieldPolicy,
): RequestedChange {
  const summary = `${company.name}: ${wordsOf(policy)}, as ${ask.caller.name} asked.`;
  const subject = { type: 'FieldPolicy', id: `${company.id}/${policy.pattern}` } as const;
  const before = held ?? nothing;
  const changes = (['rule', 'tolerance'] as const)
    .filter((name) => before[name] !== policy[name])
    .map((name) => ({ path: name, side: null, before: before[name], after: policy[name] }));
  return {
    companyId: company.id,
    linkId: null,
    correlationId: ask.correlationId,
    actor: actorOf(ask.caller),
    fieldPolicy: policy,
    audit: [entryOf(ask, 'POLICY_CHANGED', summary, subject, { changes })],
    stream: [{ type: 'POLICY_CHANGED', summary, detail: { pattern: policy.pattern } }],
  };
}

const words = {
  ASK: 'a person decides about',
  LATEST_WINS: 'the later edit wins for',
  INTERNAL_WINS: 'internal invoicing wins for',
  QUICKBOOKS_WINS: 'QuickBooks wins for',
  READ_ONLY: 'the bridge never writes',
} as const satisfies Record<FieldRule, string>;

function wordsOf({ rule, tolerance, pattern }: RequestedFieldPolicy): string {
  if (rule === null) return `the company has no rule of its own for ${pattern} any more`;
  const nearly = tolerance === null ? '' : `, and differences up to ${tolerance} count as equal`;
  return `${words[rule]} ${pattern}${nearly}`;
}
