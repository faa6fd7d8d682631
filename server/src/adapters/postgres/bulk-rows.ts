import type { ClientBase } from 'pg';
import { toCompanyId } from '#core/brand.ts';
import { statusByCounts, type BulkProgress, type BulkStatus } from '#core/bulk/progress.ts';
import type { NewBulkOperation } from '#ports/bulk.ts';

/** What tells how far an operation is. */
export const progressColumns = 'id, label, status, company_ids, total, succeeded, failed, skipped';

export type ProgressRow = {
  readonly id: string;
  readonly label: string;
  readonly status: BulkStatus;
  readonly company_ids: readonly string[];
  readonly total: number;
  readonly succeeded: number;
  readonly failed: number;
  readonly skipped: number;
};

export const progressOf = (row: ProgressRow): BulkProgress => ({
  id: row.id,
  label: row.label,
  status: row.status,
  companyIds: row.company_ids.map(toCompanyId),
  total: row.total,
  succeeded: row.succeeded,
  failed: row.failed,
  skipped: row.skipped,
});

/** Items that are left out from the start are ended with it; one where all are is over at once. */
const accept = `
WITH chosen AS (
  SELECT * FROM jsonb_to_recordset($9::jsonb)
    AS t(place int, "companyId" uuid, "subjectId" uuid, version int, "leftOut" text)
),
accepted AS (
  INSERT INTO bulk_operation (id, kind, label, status, company_ids, parameters, rate_per_minute, total, skipped, caller, idempotency_key,
    correlation_id, next_at, told_at, finished_at)
  SELECT $1::uuid, $2::bulk_kind, $3, $10::bulk_status, ARRAY(SELECT DISTINCT "companyId" FROM chosen), $4::jsonb, $5::int,
    (SELECT count(*) FROM chosen), (SELECT count("leftOut") FROM chosen), $6::jsonb, $7, $8, coalesce((SELECT expires_at FROM undo WHERE token = $11), clock_timestamp()), clock_timestamp(),
    CASE WHEN $10::bulk_status <> 'QUEUED' THEN clock_timestamp() END
  RETURNING id
)
INSERT INTO bulk_item (operation_id, position, company_id, subject_id, subject_version, state, message, ended_at)
SELECT accepted.id, place, "companyId", "subjectId", version, CASE WHEN "leftOut" IS NULL THEN 'WAITING' ELSE 'SKIPPED' END::bulk_item_state,
  "leftOut", CASE WHEN "leftOut" IS NOT NULL THEN clock_timestamp() END
FROM chosen CROSS JOIN accepted`;

/** Stores an accepted operation with its frozen items. */
export async function acceptBulk(client: ClientBase, bulk: NewBulkOperation): Promise<void> {
  const skipped = bulk.items.filter(({ leftOut }) => leftOut !== null).length;
  const counts = { total: bulk.items.length, succeeded: 0, failed: 0, skipped };
  await client.query(accept, [
    bulk.id,
    bulk.kind,
    bulk.label,
    JSON.stringify(bulk.parameters),
    bulk.ratePerMinute,
    JSON.stringify(bulk.caller),
    bulk.idempotencyKey,
    bulk.correlationId,
    JSON.stringify(bulk.items.map((item, index) => ({ ...item, place: index + 1 }))),
    statusByCounts(counts, false),
    bulk.startsAfterUndo ?? null,
  ]);
}

const cancel = `
UPDATE bulk_operation SET status = 'CANCELLED', finished_at = clock_timestamp(), version = version + 1 WHERE id = $1`;

/** Stops an operation whose row the caller holds. */
export async function cancelBulk(client: ClientBase, id: string): Promise<void> {
  await client.query(cancel, [id]);
}

/** An operation, locked: the item that is being done right now is waited for. */
export async function lockBulk(client: ClientBase, id: string): Promise<BulkProgress | null> {
  const { rows } = await client.query<ProgressRow>(
    `SELECT ${progressColumns} FROM bulk_operation WHERE id = $1 FOR NO KEY UPDATE`,
    [id],
  );
  const [row] = rows;
  return row === undefined ? null : progressOf(row);
}

/** Items of an operation in one state, in their order. */
export async function findBulkItems(
  client: ClientBase,
  operationId: string,
  state: string,
): Promise<readonly { readonly subjectId: string; readonly version: number }[]> {
  const { rows } = await client.query<{ subject_id: string; subject_version: number }>(
    `SELECT subject_id, subject_version FROM bulk_item WHERE operation_id = $1 AND state = $2::bulk_item_state ORDER BY position`,
    [operationId, state],
  );
  return rows.map((row) => ({ subjectId: row.subject_id, version: row.subject_version }));
}
