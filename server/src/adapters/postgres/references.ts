import type pg from 'pg';
import type { CompanyId } from '#core/brand.ts';
import type { NeededReference, Reference, ReferenceKind } from '#core/mapping/reference.ts';

type ReferenceRow = {
  kind: ReferenceKind;
  internal_id: string;
  internal_name: string | null;
  quickbooks_id: string | null;
  quickbooks_name: string | null;
  status: Reference['status'];
  candidates: { id: string; name: string }[];
};

const select = `
SELECT r.kind, r.internal_id, r.internal_name, r.quickbooks_id, r.quickbooks_name, r.status, r.candidates
FROM reference r JOIN jsonb_to_recordset($2::jsonb) AS n(kind reference_kind, "internalId" text)
  ON r.kind = n.kind AND r.internal_id = n."internalId"
WHERE r.company_id = $1`;

/** Stored pairings of the needed records; those never met before are absent. */
export async function findReferences(
  pool: pg.Pool,
  companyId: CompanyId,
  needed: readonly NeededReference[],
): Promise<readonly Reference[]> {
  if (needed.length === 0) return [];
  const { rows } = await pool.query<ReferenceRow>(select, [companyId, JSON.stringify(needed)]);
  return rows.map((row) => ({
    kind: row.kind,
    internalId: row.internal_id,
    internalName: row.internal_name ?? row.internal_id,
    quickbooksId: row.quickbooks_id,
    quickbooksName: row.quickbooks_name,
    status: row.status,
    candidates: row.candidates,
  }));
}
