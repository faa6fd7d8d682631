import type { ClientBase } from 'pg';
import { storedWithVerdict, verdictOn } from '#core/attempt/replay-verdict.ts';
import { toCompanyId } from '#core/brand.ts';
import type {
  ConflictSelection,
  DeadLetterSelection,
  SelectedConflict,
  SelectedDeadLetter,
} from '#ports/bulk.ts';

/** The same conditions as the list's (api-and-web.md §1.2: what you filtered is what you act on). */
const deadLetters = `
SELECT d.id, d.company_id, d.version, replay_facts(d) AS facts, d.currency, d.amount::text
FROM dead_letter d, (SELECT $1::jsonb AS wanted) AS selection
WHERE ($2::uuid[] IS NULL OR d.company_id = ANY ($2))
  AND (wanted->'ids' IS NULL OR d.id IN (SELECT value::uuid FROM jsonb_array_elements_text(wanted->'ids')))
  AND (jsonb_typeof(wanted#>'{filter,companyIds}') IS DISTINCT FROM 'array' OR wanted#>'{filter,companyIds}' ? d.company_id::text)
  AND (jsonb_typeof(wanted#>'{filter,statuses}') IS DISTINCT FROM 'array' OR wanted#>'{filter,statuses}' ? d.status::text)
  AND (jsonb_typeof(wanted#>'{filter,reasons}') IS DISTINCT FROM 'array' OR wanted#>'{filter,reasons}' ? d.reason::text)
  AND (wanted#>>'{filter,fingerprint}' IS NULL OR d.fingerprint = wanted#>>'{filter,fingerprint}')
  AND ($4::text[] IS NULL OR replay_facts(d) = ANY ($4))
  AND (wanted#>>'{filter,diedFrom}' IS NULL OR d.died_at >= (wanted#>>'{filter,diedFrom}')::timestamptz)
  AND (wanted#>>'{filter,diedBefore}' IS NULL OR d.died_at < (wanted#>>'{filter,diedBefore}')::timestamptz)
  AND (wanted#>>'{filter,direction}' IS NULL OR EXISTS (
    SELECT 1 FROM outbox_event e WHERE e.id = d.event_id AND e.direction::text = wanted#>>'{filter,direction}'))
ORDER BY d.died_at, d.id LIMIT $3`;

type Row = {
  readonly id: string;
  readonly company_id: string;
  readonly version: number;
  readonly facts: string;
  readonly currency: string | null;
  readonly amount: string | null;
};

/** The dead letters that match now, oldest first. */
export async function selectDeadLetters(
  client: ClientBase,
  selection: DeadLetterSelection,
  visible: readonly string[] | null,
  limit: number,
): Promise<readonly SelectedDeadLetter[]> {
  const { rows } = await client.query<Row>(deadLetters, [
    JSON.stringify(selection),
    visible,
    limit,
    'filter' in selection && selection.filter.safeties !== null
      ? storedWithVerdict(selection.filter.safeties)
      : null,
  ]);
  return rows.map((row) => ({
    id: row.id,
    companyId: toCompanyId(row.company_id),
    version: row.version,
    verdict: verdictOn(row.facts),
    currency: row.currency,
    amount: row.amount,
  }));
}

const conflicts = `
SELECT f.id, f.company_id, f.version FROM conflict f, (SELECT $1::jsonb AS wanted) AS selection
WHERE ($2::uuid[] IS NULL OR f.company_id = ANY ($2))
  AND (wanted->'ids' IS NULL OR f.id IN (SELECT value::uuid FROM jsonb_array_elements_text(wanted->'ids')))
  AND (jsonb_typeof(wanted#>'{filter,companyIds}') IS DISTINCT FROM 'array' OR wanted#>'{filter,companyIds}' ? f.company_id::text)
  AND (jsonb_typeof(wanted#>'{filter,statuses}') IS DISTINCT FROM 'array' OR wanted#>'{filter,statuses}' ? f.status::text)
  AND (wanted#>>'{filter,path}' IS NULL OR EXISTS (SELECT 1 FROM unnest(f.paths) AS p WHERE p LIKE wanted#>>'{filter,path}'))
  AND (wanted#>>'{filter,currency}' IS NULL OR EXISTS (
    SELECT 1 FROM link k WHERE k.id = f.link_id AND k.currency = wanted#>>'{filter,currency}'))
  AND (wanted#>>'{filter,amountMin}' IS NULL OR f.amount_at_stake >= (wanted#>>'{filter,amountMin}')::numeric)
  AND (wanted#>>'{filter,amountMax}' IS NULL OR f.amount_at_stake <= (wanted#>>'{filter,amountMax}')::numeric)
  AND (wanted#>>'{filter,detectedFrom}' IS NULL OR f.detected_at >= (wanted#>>'{filter,detectedFrom}')::timestamptz)
  AND (wanted#>>'{filter,detectedBefore}' IS NULL OR f.detected_at < (wanted#>>'{filter,detectedBefore}')::timestamptz)
ORDER BY f.detected_at, f.id LIMIT $3`;

/** The conflicts that match now, oldest first. */
export async function selectConflicts(
  client: ClientBase,
  selection: ConflictSelection,
  visible: readonly string[] | null,
  limit: number,
): Promise<readonly SelectedConflict[]> {
  const { rows } = await client.query<Pick<Row, 'id' | 'company_id' | 'version'>>(conflicts, [
    JSON.stringify(withLike(selection)),
    visible,
    limit,
  ]);
  return rows.map((row) => ({
    id: row.id,
    companyId: toCompanyId(row.company_id),
    version: row.version,
  }));
}

/** The path as a LIKE pattern; `[*]` stands for any line. */
function withLike(selection: ConflictSelection): ConflictSelection {
  if (!('filter' in selection) || selection.filter.path === null) return selection;
  const path = selection.filter.path
    .replaceAll(/[\\%_]/g, String.raw`\$&`)
    .replaceAll('[*]', '[key=%]');
  return { filter: { ...selection.filter, path } };
}
