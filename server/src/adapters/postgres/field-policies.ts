import type { ClientBase, Pool } from 'pg';
import { z } from 'zod';
import { toCompanyId, type CompanyId } from '#core/brand.ts';
import type { Actor } from '#core/event/event.ts';
import type { RuleBook } from '#core/merge/policy.ts';
import { parseDecimal } from '#core/money/decimal.ts';
import type {
  AwaitedRule,
  LockedFieldPolicy,
  OpenConflict,
  RequestedFieldPolicy,
} from '#ports/field-policies.ts';

/** Longer than a request that takes a rule back may stand in its transaction. */
const settlingSpan = `interval '1 minute'`;

/**
 * The rules in force of the company `company`, as one JSON object. A row that took force a moment ago is waited for: whoever
 * takes it back holds it, and what was taken back in time never had force. The version grows when a change takes force.
 */
export const rulesInForceOf = (company: string): string => `(
  SELECT jsonb_build_object(
    'version', 1 + coalesce(sum(p.version - CASE WHEN p.in_force_at <= clock_timestamp() THEN 1 ELSE 2 END), 0),
    'policies', coalesce(jsonb_agg(jsonb_build_object('pattern', p.pattern,
        'rule', CASE WHEN p.in_force_at <= clock_timestamp() THEN p.rule ELSE p.former_rule END,
        'tolerance', trim_scale(CASE WHEN p.in_force_at <= clock_timestamp() THEN p.tolerance ELSE p.former_tolerance END)::text) ORDER BY p.pattern)
      FILTER (WHERE CASE WHEN p.in_force_at <= clock_timestamp() THEN p.rule ELSE p.former_rule END IS NOT NULL), '[]'))
  FROM (
    SELECT * FROM (SELECT * FROM field_policy WHERE company_id = ${company} AND in_force_at > clock_timestamp() - ${settlingSpan} FOR SHARE) AS fresh
    UNION ALL
    SELECT * FROM field_policy WHERE company_id = ${company} AND in_force_at <= clock_timestamp() - ${settlingSpan}
  ) AS p)`;

const decimal = z
  .string()
  .nullable()
  .transform((text) => (text === null ? null : parseDecimal(text)));

const rule = z.enum(['ASK', 'LATEST_WINS', 'INTERNAL_WINS', 'QUICKBOOKS_WINS', 'READ_ONLY']);

/** What `rulesInForceOf` answers. */
export const storedRules = z.object({
  version: z.int(),
  policies: z.array(z.object({ pattern: z.string(), rule, tolerance: decimal })),
}) satisfies z.ZodType<RuleBook>;

/** The company's rules that are in force now. */
export async function findRulesInForce(
  client: ClientBase | Pool,
  companyId: CompanyId,
): Promise<RuleBook> {
  const { rows } = await client.query<{ rules: unknown }>(
    `SELECT ${rulesInForceOf('$1::uuid')} AS rules`,
    [companyId],
  );
  return storedRules.parse(rows[0]?.rules);
}

const awaited = `
SELECT pattern, (extract(epoch FROM in_force_at - clock_timestamp()) * 1000)::double precision AS in_ms FROM field_policy
WHERE company_id = $1 AND in_force_at > clock_timestamp() ORDER BY in_force_at, pattern LIMIT 1`;

/** The next change of a company's rules that is not in force yet. */
export async function findAwaitedRule(
  client: ClientBase,
  companyId: CompanyId,
): Promise<AwaitedRule | null> {
  const { rows } = await client.query<{ pattern: string; in_ms: number }>(awaited, [companyId]);
  const [row] = rows;
  return row === undefined ? null : { pattern: row.pattern, inMs: row.in_ms };
}

/** Locked first, looked at then: whether it is in force is a question of the moment after the lock. */
const lock = `SELECT id FROM field_policy WHERE company_id = $1 AND pattern = $2 FOR NO KEY UPDATE`;
const read = `
SELECT id, company_id, pattern, version, rule, trim_scale(tolerance)::text AS tolerance, former_rule,
  trim_scale(former_tolerance)::text AS former_tolerance, in_force_at <= clock_timestamp() AS is_in_force
FROM field_policy WHERE id = $1`;

type PolicyRow = {
  readonly id: string;
  readonly company_id: string;
  readonly pattern: string;
  readonly version: number;
  readonly rule: LockedFieldPolicy['rule'];
  readonly tolerance: string | null;
  readonly former_rule: LockedFieldPolicy['rule'];
  readonly former_tolerance: string | null;
  readonly is_in_force: boolean;
};

/** A company's rule for a pattern, locked. */
export async function lockFieldPolicy(
  client: ClientBase,
  companyId: CompanyId,
  pattern: string,
): Promise<LockedFieldPolicy | null> {
  const locked = await client.query<{ id: string }>(lock, [companyId, pattern]);
  const id = locked.rows[0]?.id;
  if (id === undefined) return null;
  const { rows } = await client.query<PolicyRow>(read, [id]);
  const [row] = rows;
  return row === undefined ? null : policyOf(row);
}

function policyOf(row: PolicyRow): LockedFieldPolicy {
  const stated = { rule: row.rule, tolerance: decimal.parse(row.tolerance) };
  const former = { rule: row.former_rule, tolerance: decimal.parse(row.former_tolerance) };
  return {
    ...stated,
    id: row.id,
    companyId: toCompanyId(row.company_id),
    pattern: row.pattern,
    version: row.version,
    holding: row.is_in_force ? stated : former,
    isInForce: row.is_in_force,
  };
}

/** A company's first rule for a pattern is one newer than the built-in one. */
const write = `
INSERT INTO field_policy AS p (id, company_id, pattern, version, rule, tolerance, former_rule, former_tolerance, in_force_at, updated_at, updated_by)
VALUES ($1, $2, $3, 2, $4, $5, $6, $7, coalesce((SELECT expires_at FROM undo WHERE token = $8), clock_timestamp()), clock_timestamp(), $9)
ON CONFLICT (company_id, pattern) DO UPDATE SET version = p.version + 1, rule = excluded.rule, tolerance = excluded.tolerance,
  former_rule = excluded.former_rule, former_tolerance = excluded.former_tolerance, in_force_at = excluded.in_force_at,
  updated_at = excluded.updated_at, updated_by = excluded.updated_by`;

/** Writes a rule as a request leaves it; its undo must be stored before. */
export async function writeFieldPolicy(
  client: ClientBase,
  companyId: CompanyId,
  actor: Actor,
  policy: RequestedFieldPolicy,
): Promise<void> {
  await client.query(write, [
    policy.id,
    companyId,
    policy.pattern,
    policy.rule,
    policy.tolerance,
    policy.former.rule,
    policy.former.tolerance,
    policy.undoToken,
    JSON.stringify(actor),
  ]);
}

/** No rule is about payments. */
const openColumns = `
SELECT id, version, link_id, ARRAY(SELECT field->'paths' FROM jsonb_array_elements(fields) AS field
  WHERE field->>'group' <> 'payment') AS groups FROM conflict`;
const openOfCompany = `${openColumns} WHERE company_id = $1 AND status = 'OPEN' ORDER BY detected_at, id LIMIT $2`;
const openById = `${openColumns} WHERE id = $1 AND status = 'OPEN'`;

type OpenRow = {
  readonly id: string;
  readonly version: number;
  readonly link_id: string;
  readonly groups: unknown;
};

const paths = z.array(z.array(z.string()));

const openOf = (row: OpenRow): OpenConflict => ({
  id: row.id,
  version: row.version,
  linkId: row.link_id,
  groups: paths.parse(row.groups),
});

/** Open conflicts of a company, oldest first, with the paths they are about. */
export async function findOpenConflicts(
  client: ClientBase,
  companyId: CompanyId,
  limit: number,
): Promise<readonly OpenConflict[]> {
  const { rows } = await client.query<OpenRow>(openOfCompany, [companyId, limit]);
  return rows.map(openOf);
}

/** A conflict while it is open. */
export async function findOpenConflict(
  client: ClientBase,
  id: string,
): Promise<OpenConflict | null> {
  const { rows } = await client.query<OpenRow>(openById, [id]);
  return rows[0] === undefined ? null : openOf(rows[0]);
}
