import type { CompanyId } from '#core/brand.ts';
import type { FieldRule } from '#core/mapping/field-entry.ts';
import { policyOver, type RuleBook } from '#core/merge/policy.ts';
import { ruleOfGroup } from '#core/merge/rules.ts';
import type { Decimal } from '#core/brand.ts';
import type { BulkItem, ItemOutcome } from '#ports/bulk.ts';
import type { LockedRows, Refusal, Touched } from '#ports/change-requests.ts';
import type { OpenConflict } from '#ports/field-policies.ts';
import { acceptBulk, bulkLimits } from './accept-bulk.ts';
import { notFound, type Ask, type Desk } from './change-request.ts';
import { syncLocked } from './sync-invoice-now.ts';

type NewRule = {
  readonly pattern: string;
  readonly rule: FieldRule;
  readonly tolerance: Decimal | null;
  readonly undoToken: string;
};

/** Invoices a minute: each costs two reads and a write or two of a realm's 500 calls a minute (quickbooks.md §5). */
const ratePerMinute = 60;

/**
 * Starts an operation that settles the open conflicts which the rule decides from now on; it begins when the rule takes
 * force. Undefined when it decides none of them.
 */
export async function applyToOpen(
  { ids }: Pick<Desk, 'ids'>,
  ask: Ask<unknown>,
  rows: LockedRows,
  companyId: CompanyId,
  { pattern, rule, tolerance, undoToken }: NewRule,
): Promise<string | undefined> {
  const { version, policies } = await rows.rulesInForce(companyId);
  const others = policies.filter((policy) => policy.pattern !== pattern);
  const book = { version, policies: [...others, { pattern, rule, tolerance }] };
  const open = await rows.openConflicts(companyId, bulkLimits.itemsMax);
  const chosen = open.filter((conflict) => isDecided(conflict, book, pattern));
  if (chosen.length === 0) return undefined;
  const { kind, id, name } = ask.caller;
  const bulk = {
    id: ids.next(),
    kind: 'APPLY_FIELD_POLICY',
    label: `The rule for ${pattern} on ${chosen.length} open ${chosen.length === 1 ? 'conflict' : 'conflicts'}`,
    parameters: { companyId, pattern, rule },
    ratePerMinute,
    startsAfterUndo: undoToken,
    caller: { kind, id, name },
    idempotencyKey: ask.idempotencyKey,
    correlationId: ask.correlationId,
    items: chosen.map((conflict) => ({
      companyId,
      subjectId: conflict.id,
      version: conflict.version,
      leftOut: null,
    })),
  } as const;
  await acceptBulk(rows, ask, bulk, null);
  return bulk.id;
}

/** Whether the new rule decides any of what is disputed; the clocks of LATEST_WINS are asked when it is applied. */
const isDecided = ({ groups }: OpenConflict, book: RuleBook, pattern: string): boolean =>
  groups.some(
    (paths) =>
      paths.some((path) => policyOver(book, path)?.pattern === pattern) &&
      ruleOfGroup(book, { paths }) !== 'ASK',
  );

/** One conflict under the rule: its invoice is compared again and planned by the rules in force, never forced. */
export async function applyPolicyLocked(
  desk: Pick<Desk, 'ids'>,
  ask: Ask<unknown>,
  rows: LockedRows,
  { companyId, subjectId, version, operation }: BulkItem,
): Promise<Touched | Refusal | Extract<ItemOutcome, { kind: 'skipped' }>> {
  const conflict = await rows.openConflict(subjectId);
  if (conflict === null || conflict.version !== version) return notFound;
  const { policies } = await rows.rulesInForce(companyId);
  const { pattern, rule } = operation.parameters;
  const holds = policies.some((policy) => policy.pattern === pattern && policy.rule === rule);
  if (!holds) return { kind: 'skipped', why: 'The rule was taken back or changed since.' };
  return syncLocked(desk, { ...ask, input: { invoiceId: conflict.linkId } }, rows);
}
