import type { LockedRows, LockedUndo, Refusal } from '#ports/change-requests.ts';
import type { UndoFieldPolicy } from '#ports/field-policies.ts';
import { entryOf, illegal, notFound, type Ask } from './change-request.ts';
import { policyChange } from './upsert-field-policy.ts';

/** Takes a change of a rule back that has not taken force: what held before goes on without a break. */
export async function undoFieldPolicy(
  rows: LockedRows,
  ask: Ask<{ readonly token: string }>,
  right: LockedUndo,
  { pattern, version }: UndoFieldPolicy,
): Promise<Refusal | null> {
  const { companyId, label } = right;
  const company = companyId === null ? null : await rows.company(companyId);
  const held = company === null ? null : await rows.fieldPolicy(company.id, pattern);
  if (company === null || held === null) return notFound;
  if (held.version !== version)
    return illegal('The rule was changed again since; it can no longer be taken back.', false);
  // The right was looked at before the rule was locked: only now it is certain that nothing was decided by it.
  if (held.isInForce) return illegal('The rule has taken force already.', false, 'UNDO_EXPIRED');
  const { token } = ask.input;
  const policy = {
    id: held.id,
    pattern,
    ...held.holding,
    former: held.holding,
    undoToken: null,
  };
  const change = policyChange(ask, company, held, policy);
  const summary = `${label} was taken back by ${ask.caller.name}.`;
  const subject = { type: 'FieldPolicy', id: `${company.id}/${pattern}` } as const;
  const changes = change.audit.flatMap((entry) => entry.changes);
  await rows.record({
    ...change,
    undone: token,
    audit: [entryOf(ask, 'UNDONE', summary, subject, { changes })],
    stream: [{ type: 'POLICY_CHANGED', summary, detail: { pattern } }],
  });
  return null;
}
