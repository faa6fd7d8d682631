import type pg from 'pg';
import type { CompanyId } from '#core/brand.ts';
import type {
  NeededReference,
  Reference,
  ReferenceKind,
  ReferenceRequest,
} from '#core/mapping/reference.ts';
import type { StoredReference } from '#core/resolution/typed-value.ts';
import type { UnpairedRecord } from '#core/mapping/translate.ts';
import { prepared } from './prepared.ts';

export type ReferenceRow = {
  kind: ReferenceKind;
  internal_id: string | null;
  internal_name: string | null;
  quickbooks_id: string | null;
  quickbooks_name: string | null;
  status: Reference['status'];
  candidates: { id: string; name: string }[];
  request: ReferenceRequest | null;
  version: number;
};

export const columns =
  'r.kind, r.internal_id, r.internal_name, r.quickbooks_id, r.quickbooks_name, r.status, r.candidates, r.request, r.version';

const byInternalId = prepared(`
SELECT ${columns}
FROM reference r JOIN jsonb_to_recordset($2::jsonb) AS n(kind reference_kind, id text)
  ON r.kind = n.kind AND r.internal_id = n.id
WHERE r.company_id = $1`);

/** Oldest first: where two internal records share a counterpart, the first stands for both on the way back. */
const byQuickbooksId = prepared(`
SELECT ${columns}
FROM reference r JOIN jsonb_to_recordset($2::jsonb) AS n(kind reference_kind, "quickbooksId" text)
  ON r.kind = n.kind AND r.quickbooks_id = n."quickbooksId"
WHERE r.company_id = $1
ORDER BY r.updated_at, r.id`);

const byAnyId = `
SELECT r.id, ${columns}
FROM reference r WHERE r.company_id = $1 AND r.internal_id IS NOT NULL
  AND (r.id::text = ANY ($2::text[]) OR r.internal_id = ANY ($2) OR r.quickbooks_id = ANY ($2))
ORDER BY r.updated_at, r.id`;

/** Pairings by their own id or by that of either of their records. */
export async function findReferencesByIds(
  client: pg.Pool | pg.PoolClient,
  companyId: CompanyId,
  ids: readonly string[],
): Promise<readonly StoredReference[]> {
  if (ids.length === 0) return [];
  const { rows } = await client.query<ReferenceRow & { id: string }>(byAnyId, [companyId, ids]);
  return rows.map((row) => ({ ...referenceOf(row), id: row.id }));
}

/** Stored pairings of the needed records; those never met before are absent. */
export async function findReferences(
  pool: pg.Pool,
  companyId: CompanyId,
  needed: readonly Pick<NeededReference, 'kind' | 'id'>[],
): Promise<readonly Reference[]> {
  if (needed.length === 0) return [];
  const values = [companyId, JSON.stringify(needed)];
  const { rows } = await pool.query<ReferenceRow>(byInternalId(values));
  return rows.map(referenceOf);
}

/** What is stored of QuickBooks records; those never met before are absent. */
export async function findReferencesTo(
  pool: pg.Pool,
  companyId: CompanyId,
  records: readonly UnpairedRecord[],
): Promise<readonly Reference[]> {
  if (records.length === 0) return [];
  const values = [companyId, JSON.stringify(records)];
  const { rows } = await pool.query<ReferenceRow>(byQuickbooksId(values));
  return rows.map(referenceOf);
}

export const referenceOf = (row: ReferenceRow): Reference => ({
  kind: row.kind,
  internalId: row.internal_id,
  internalName: row.internal_name ?? row.internal_id,
  quickbooksId: row.quickbooks_id,
  quickbooksName: row.quickbooks_name,
  status: row.status,
  candidates: row.candidates,
  request: row.request,
  version: row.version,
});
