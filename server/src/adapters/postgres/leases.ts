import type pg from 'pg';
import type { CompanyId } from '#core/brand.ts';
import type { Lease } from '#ports/store.ts';
import { prepared } from './prepared.ts';

/** Database time only: the clocks of workers decide nothing (architecture.md §3, "Lease"). */
const acquire = prepared(`
INSERT INTO company_lease AS l (company_id, epoch, holder, expires_at, renewed_at)
VALUES ($1, 1, $2, clock_timestamp() + $3 * interval '1 millisecond', clock_timestamp())
ON CONFLICT (company_id) DO UPDATE
  SET epoch = l.epoch + 1, holder = $2, expires_at = clock_timestamp() + $3 * interval '1 millisecond', renewed_at = clock_timestamp()
  WHERE l.holder IS NULL OR l.expires_at < clock_timestamp()
RETURNING epoch`);

/**
 * What a dead holder left: its claims get a crash mark, its attempts were cut off, its unsettled intents may have happened.
 * The trail and the stream say so, like every change of a link (invariant I18).
 */
const takeOver = prepared(`
WITH doubtful AS (
  UPDATE intent SET state = 'UNCERTAIN' WHERE company_id = $1 AND epoch < $2 AND state IN ('PREPARED', 'SENT')
  RETURNING link_id
),
was AS MATERIALIZED (
  SELECT l.id, l.status, coalesce((SELECT e.correlation_id FROM outbox_event e
    WHERE e.link_id = l.id AND e.ended_at IS NULL ORDER BY e.sequence LIMIT 1), '') AS correlation_id
  FROM link l WHERE l.company_id = $1 AND ((l.claim_epoch IS NOT NULL AND l.claim_epoch < $2) OR l.id IN (SELECT link_id FROM doubtful))
  ORDER BY l.id FOR NO KEY UPDATE
),
left_over AS (
  UPDATE link l SET
    claim_epoch = NULL, crash_marks = l.crash_marks + CASE WHEN l.claim_epoch IS NULL THEN 0 ELSE 1 END,
    uncertain = l.uncertain OR l.id IN (SELECT link_id FROM doubtful),
    due_at = least(l.due_at, clock_timestamp()), version = l.version + 1,
    status_reason = 'The worker stopped in the middle; another one goes on.'
  FROM was WHERE l.id = was.id
  RETURNING l.id, was.correlation_id, was.status AS before, l.status AS after,
    coalesce(l.number, l.internal_id, l.quickbooks_id, 'An invoice') || ': the worker stopped in the middle; another one goes on.' AS told
),
cut_off AS (
  UPDATE attempt SET ended_at = clock_timestamp(), outcome = 'UNKNOWN'
  WHERE link_id IN (SELECT id FROM left_over) AND epoch < $2 AND ended_at IS NULL
),
announced AS (
  INSERT INTO stream_event (id, company_id, link_id, type, summary, detail, at, correlation_id)
  SELECT gen_random_uuid(), $1, id, 'INVOICE_CHANGED', told, '{}', clock_timestamp(), correlation_id FROM left_over
)
SELECT append_audit($1::text, $1::uuid, jsonb_agg(jsonb_build_object(
  'actor', jsonb_build_object('kind', 'system', 'name', 'worker'), 'action', 'STATE_CHANGED', 'summary', told,
  'subject', jsonb_build_object('type', 'Invoice', 'id', id), 'linkId', id, 'note', NULL, 'correlationId', correlation_id,
  'changes', CASE WHEN before = after THEN '[]'
    ELSE jsonb_build_array(jsonb_build_object('path', 'status', 'side', NULL, 'before', before, 'after', after)) END) ORDER BY id))
FROM left_over HAVING count(*) > 0`);

const renew = prepared(`
UPDATE company_lease SET expires_at = clock_timestamp() + $3 * interval '1 millisecond', renewed_at = clock_timestamp()
WHERE company_id = $1 AND epoch = $2 AND expires_at > clock_timestamp()`);

const release = prepared(
  `UPDATE company_lease SET holder = NULL, expires_at = clock_timestamp() WHERE company_id = $1 AND epoch = $2`,
);

/** Takes the lease with the next epoch when nobody holds it, and takes over what the former holder left. */
export async function acquireLease(
  pool: pg.Pool,
  companyId: CompanyId,
  holder: string,
  ttlMs: number,
): Promise<Lease | null> {
  const client = await pool.connect();
  try {
    await client.query('BEGIN');
    const { rows } = await client.query<{ epoch: string }>(acquire([companyId, holder, ttlMs]));
    const [row] = rows;
    if (row !== undefined) await client.query(takeOver([companyId, row.epoch]));
    await client.query('COMMIT');
    return row === undefined ? null : { companyId, epoch: BigInt(row.epoch), holder };
  } catch (error) {
    await client.query('ROLLBACK').catch(() => undefined); // the first error is the one to tell
    throw error;
  } finally {
    client.release();
  }
}

/** False when the lease ran out or somebody else holds it: the holder must stop at once. */
export async function renewLease(pool: pg.Pool, lease: Lease, ttlMs: number): Promise<boolean> {
  const { rowCount } = await pool.query(renew([lease.companyId, lease.epoch.toString(), ttlMs]));
  return rowCount === 1;
}

export async function releaseLease(pool: pg.Pool, lease: Lease): Promise<void> {
  await pool.query(release([lease.companyId, lease.epoch.toString()]));
}
