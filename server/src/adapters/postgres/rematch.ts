import type pg from 'pg';
import { toEventId, type CompanyId } from '#core/brand.ts';
import type { ToldKind } from '#core/mapping/rematch.ts';
import type { StoredReference } from '#core/resolution/typed-value.ts';
import type { Rematch, ToldRecord } from '#ports/pairings.ts';
import type { Lease } from '#ports/store.ts';
import { recordingReferences } from './record-references.ts';
import { columns, referenceOf, type ReferenceRow } from './references.ts';
import { prepared } from './prepared.ts';

/** A merge names its loser in the old format beside the entity, in CloudEvents inside `data` (quickbooks.md §6.1). */
const told = prepared(`
SELECT e.id, upper(e.subject_kind) AS kind, e.subject_id, coalesce(e.payload->>'deletedId', e.payload#>>'{data,deletedId}') AS deleted_id
FROM outbox_event e
WHERE e.company_id = $1 AND e.link_id IS NULL AND e.ended_at IS NULL AND e.subject_side = 'QUICKBOOKS'
  AND e.subject_kind IN ('customer', 'item')
  AND EXISTS (SELECT 1 FROM company_lease l JOIN company c ON c.id = l.company_id
    WHERE l.company_id = $1 AND l.epoch = $2 AND coalesce(c.throttled_until, '-infinity') <= clock_timestamp()
      AND coalesce(c.breaker_open_until, '-infinity') <= clock_timestamp())
ORDER BY e.received_at, e.id LIMIT $3`);

type ToldRow = {
  id: string;
  kind: ToldRecord['kind'];
  subject_id: string;
  deleted_id: string | null;
};

/** News of customers and items of QuickBooks that nobody has looked at yet. */
export async function findToldRecords(
  pool: pg.Pool,
  { companyId, epoch }: Lease,
  limit: number,
): Promise<readonly ToldRecord[]> {
  const { rows } = await pool.query<ToldRow>(told([companyId, epoch.toString(), limit]));
  return rows.map((row) => ({
    eventId: toEventId(row.id),
    kind: row.kind,
    id: row.subject_id,
    deletedId: row.deleted_id,
  }));
}

const waitedFor = `
SELECT r.id, ${columns} FROM reference r
WHERE r.company_id = $1 AND r.status <> 'MATCHED' AND r.request IS NULL AND EXISTS (
  SELECT 1 FROM dead_letter d WHERE d.company_id = $1 AND d.status = 'OPEN'
    AND d.waits_for @> ARRAY[r.kind::text || CASE WHEN r.internal_id IS NULL THEN ':quickbooks:' || r.quickbooks_id ELSE ':internal:' || r.internal_id END])
ORDER BY r.updated_at, r.id LIMIT $2`;

/** Records without a counterpart that an invoice waits for. */
export async function findWaitedFor(
  pool: pg.Pool,
  companyId: CompanyId,
  limit: number,
): Promise<readonly StoredReference[]> {
  return stored(pool, waitedFor, [companyId, limit]);
}

const pairedTo = `
SELECT r.id, ${columns} FROM reference r
WHERE r.company_id = $1 AND r.kind = $2::reference_kind AND r.status = 'MATCHED' AND r.internal_id IS NOT NULL
  AND r.quickbooks_id = ANY ($3::text[])
ORDER BY r.updated_at, r.id`;

/** Pairings with those customers or items of QuickBooks. */
export async function findPairedTo(
  pool: pg.Pool,
  companyId: CompanyId,
  kind: ToldKind,
  quickbooksIds: readonly string[],
): Promise<readonly StoredReference[]> {
  return quickbooksIds.length === 0 ? [] : stored(pool, pairedTo, [companyId, kind, quickbooksIds]);
}

async function stored(
  pool: pg.Pool,
  statement: string,
  values: readonly unknown[],
): Promise<readonly StoredReference[]> {
  const { rows } = await pool.query<ReferenceRow & { id: string }>(statement, [...values]);
  return rows.map((row) => ({ ...referenceOf(row), id: row.id }));
}

/** Pairings, what they say in the audit trail, and the end of the news that led to them: one statement. */
const record = prepared(`
WITH held AS (SELECT company_id FROM company_lease WHERE company_id = $1 AND epoch = $2 FOR SHARE),
${recordingReferences('held', '$3::jsonb')},
news AS (SELECT * FROM jsonb_to_recordset($4::jsonb) AS t("eventId" uuid, note text) WHERE EXISTS (SELECT 1 FROM held)),
ended AS (
  UPDATE outbox_event e SET stage = 'SKIPPED', ended_at = clock_timestamp(), version = e.version + 1,
    stage_history = e.stage_history || jsonb_build_object('stage', 'SKIPPED', 'at', floor(extract(epoch FROM clock_timestamp()) * 1000),
      'note', n.note)
  FROM news n WHERE e.id = n."eventId" AND e.ended_at IS NULL
  RETURNING e.id, e.subject_kind, e.subject_id, e.correlation_id, n.note
),
announced AS (
  INSERT INTO stream_event (id, company_id, type, summary, detail, at, correlation_id)
  SELECT gen_random_uuid(), $1, 'STAGE_CHANGED'::sync_event_type,
    initcap(subject_kind) || ' ' || subject_id || ' of QuickBooks needed nothing by itself: ' || note,
    jsonb_build_object('eventId', id, 'from', 'QUEUED', 'to', 'SKIPPED', 'note', note), clock_timestamp(), correlation_id
  FROM ended
  UNION ALL
  SELECT gen_random_uuid(), $1, 'REFERENCE_CHANGED'::sync_event_type, a.value->>'summary',
    jsonb_build_object('referenceId', a.value#>>'{subject,id}'), clock_timestamp(), $6
  FROM jsonb_array_elements($5::jsonb) AS a(value) WHERE EXISTS (SELECT 1 FROM held)
)
SELECT CASE WHEN jsonb_array_length($5::jsonb) > 0 THEN append_audit(company_id::text, company_id, $5::jsonb) END FROM held`);

/** False when the lease is no longer ours: then nothing was stored. */
export async function recordRematch(
  pool: pg.Pool,
  { companyId, epoch }: Lease,
  { references, audit, told: news }: Rematch,
  correlationId: string,
): Promise<boolean> {
  const { rowCount } = await pool.query(
    record([
      companyId,
      epoch.toString(),
      JSON.stringify(references),
      JSON.stringify(news),
      JSON.stringify(audit),
      correlationId,
    ]),
  );
  return rowCount === 1;
}
