import type { PoolClient } from 'pg';
import { z } from 'zod';
import { toCompanyId } from '#core/brand.ts';
import type { CompanyId, CorrelationId } from '#core/brand.ts';
import type { Actor } from '#core/event/event.ts';
import { unreachable } from '#core/unreachable.ts';
import type { DriftEvidence } from '#core/reconcile/drift.ts';
import type {
  LockedDrift,
  LockedReconciles,
  LockedRun,
  RequestedLinking,
  RequestedReconcile,
} from '#ports/reconcile-requests.ts';

const selectRun = `SELECT id, company_id, status FROM reconcile_run WHERE id = $1 FOR NO KEY UPDATE`;

const selectOpenRun = `SELECT id FROM reconcile_run WHERE company_id = $1 AND status IN ('QUEUED', 'RUNNING')`;

const lockLink = `SELECT 1 FROM link WHERE id = (SELECT link_id FROM drift WHERE id = $1) FOR NO KEY UPDATE`;

const selectDrift = `
SELECT id, company_id, version, kind, status, link_id, internal_id, quickbooks_id, evidence FROM drift WHERE id = $1 FOR NO KEY UPDATE`;

const selectOpenDrifts = `
SELECT id, company_id, version, kind, internal_id, evidence FROM drift
WHERE (run_id = $1 OR seen_run_id = $1) AND status = 'OPEN' AND ($2::uuid[] IS NULL OR id = ANY ($2::uuid[]))
ORDER BY amount DESC, id LIMIT $3`;

const storedEvidence = z.custom<DriftEvidence>(
  (value) => typeof value === 'object' && value !== null,
);

type RunRow = { id: string; company_id: string; status: LockedRun['status'] };
type DriftRow = {
  id: string;
  company_id: string;
  version: number;
  kind: LockedDrift['kind'];
  status: LockedDrift['status'];
  link_id: string | null;
  internal_id: string | null;
  quickbooks_id: string | null;
  evidence: unknown;
};

/** Runs and drifts of one request, on the connection of its transaction. */
export function lockedReconciles(client: PoolClient): LockedReconciles {
  return {
    run: async (id) => {
      const { rows } = await client.query<RunRow>(selectRun, [id]);
      const [row] = rows;
      if (row === undefined) return null;
      return { id: row.id, companyId: toCompanyId(row.company_id), status: row.status };
    },
    openRunId: async (companyId) => {
      const { rows } = await client.query<{ id: string }>(selectOpenRun, [companyId]);
      return rows[0]?.id ?? null;
    },
    drift: async (id) => {
      await client.query(lockLink, [id]);
      const { rows } = await client.query<DriftRow>(selectDrift, [id]);
      const [row] = rows;
      return row === undefined ? null : driftOf(row);
    },
    openDrifts: async (runId, ids, limit) => {
      const { rows } = await client.query<
        Pick<DriftRow, 'id' | 'company_id' | 'version' | 'kind' | 'internal_id' | 'evidence'>
      >(selectOpenDrifts, [runId, ids, limit]);
      return rows.map((row) => ({
        id: row.id,
        companyId: toCompanyId(row.company_id),
        version: row.version,
        kind: row.kind,
        internalId: row.internal_id,
        quickbooks: storedEvidence.parse(row.evidence).quickbooks,
      }));
    },
  };
}

const driftOf = (row: DriftRow): LockedDrift => ({
  id: row.id,
  companyId: toCompanyId(row.company_id),
  version: row.version,
  kind: row.kind,
  status: row.status,
  linkId: row.link_id,
  internalId: row.internal_id,
  quickbooksId: row.quickbooks_id,
  evidence: storedEvidence.parse(row.evidence),
});

const start = `
INSERT INTO reconcile_run (id, company_id, scope, from_date, to_date, started_by, correlation_id, started_at, due_at)
VALUES ($1, $2, $3, $4, $5, $6, $7, clock_timestamp(), clock_timestamp())`;

const cancel = `
WITH stopped AS (
  UPDATE reconcile_run SET status = 'CANCELLED', version = version + 1, finished_at = clock_timestamp()
  WHERE id = $1 AND status IN ('QUEUED', 'RUNNING') RETURNING id
)
DELETE FROM reconcile_item i USING stopped WHERE i.run_id = stopped.id`;

const repair = `UPDATE drift SET status = 'REPAIRING', event_id = $2, version = version + 1 WHERE id = $1`;

const accept = `
UPDATE drift SET status = 'ACCEPTED', accepted_reason = $2, accepted_by = $3, ended_at = clock_timestamp(), version = version + 1 WHERE id = $1`;

/** Writes a request's part about reconciles, inside its transaction. */
export async function recordReconcile(
  client: PoolClient,
  { companyId, correlationId, actor }: Requested,
  change: RequestedReconcile,
): Promise<void> {
  switch (change.kind) {
    case 'start': {
      const { id, scope, from, to } = change;
      const by = JSON.stringify(actor);
      await client.query(start, [id, companyId, scope, from, to, by, correlationId]);
      return;
    }
    case 'cancel':
      await client.query(cancel, [change.id]);
      return;
    case 'repair':
      await client.query(repair, [change.driftId, change.eventId]);
      return;
    case 'accept':
      await client.query(accept, [change.driftId, change.reason, JSON.stringify(change.actor)]);
      return;
    default:
      return unreachable(change);
  }
}

type Requested = {
  readonly companyId: CompanyId;
  readonly correlationId: CorrelationId;
  readonly actor: Actor;
};

/** Only two documents that are free become one invoice: an id that a link holds stays where it is. */
const linkUp = `
INSERT INTO link AS k (id, company_id, internal_id, quickbooks_id, changed_at, status_reason, next_sequence)
SELECT gen_random_uuid(), $1, $2, $3, clock_timestamp(), 'Linked by a person; both sides are compared.', 1
WHERE NOT EXISTS (SELECT 1 FROM link o WHERE o.company_id = $1 AND o.quickbooks_id = $3)
ON CONFLICT (company_id, internal_id) DO UPDATE SET quickbooks_id = excluded.quickbooks_id, version = k.version + 1,
  status_reason = excluded.status_reason WHERE k.quickbooks_id IS NULL
RETURNING id`;

/** Links two documents; a request that finds one of them linked meanwhile fails whole. */
export async function linkDocuments(
  client: PoolClient,
  companyId: CompanyId,
  { internalId, quickbooksId }: RequestedLinking,
): Promise<void> {
  const { rowCount } = await client.query(linkUp, [companyId, internalId, quickbooksId]);
  if (rowCount !== 1) throw new Error(`one of ${internalId} and ${quickbooksId} is linked already`);
}
