import type pg from 'pg';
import type { CompanyId } from '#core/brand.ts';
import type { Lease } from '#ports/store.ts';

/** Database time only: the clocks of workers decide nothing (architecture.md §3, "Lease"). */
const acquire = `
INSERT INTO company_lease AS l (company_id, epoch, holder, expires_at, renewed_at)
VALUES ($1, 1, $2, clock_timestamp() + $3 * interval '1 millisecond', clock_timestamp())
ON CONFLICT (company_id) DO UPDATE
  SET epoch = l.epoch + 1, holder = $2, expires_at = clock_timestamp() + $3 * interval '1 millisecond', renewed_at = clock_timestamp()
  WHERE l.holder IS NULL OR l.expires_at < clock_timestamp()
RETURNING epoch`;

/** What a dead holder left: its claims get a crash mark, its attempts were cut off, its unsettled intents may have happened. */
const takeOver = `
WITH doubtful AS (
  UPDATE intent SET state = 'UNCERTAIN' WHERE company_id = $1 AND epoch < $2 AND state IN ('PREPARED', 'SENT')
  RETURNING link_id
),
left_over AS (
  UPDATE link SET
    claim_epoch = NULL, crash_marks = crash_marks + CASE WHEN claim_epoch IS NULL THEN 0 ELSE 1 END,
    uncertain = uncertain OR id IN (SELECT link_id FROM doubtful),
    due_at = least(due_at, clock_timestamp()), version = version + 1,
    status_reason = 'The worker stopped in the middle; another one goes on.'
  WHERE company_id = $1 AND ((claim_epoch IS NOT NULL AND claim_epoch < $2) OR id IN (SELECT link_id FROM doubtful))
  RETURNING id
)
UPDATE attempt SET ended_at = clock_timestamp(), outcome = 'UNKNOWN'
WHERE link_id IN (SELECT id FROM left_over) AND epoch < $2 AND ended_at IS NULL`;

const renew = `
UPDATE company_lease SET expires_at = clock_timestamp() + $3 * interval '1 millisecond', renewed_at = clock_timestamp()
WHERE company_id = $1 AND epoch = $2 AND expires_at > clock_timestamp()`;

const release = `UPDATE company_lease SET holder = NULL, expires_at = clock_timestamp() WHERE company_id = $1 AND epoch = $2`;

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
    const { rows } = await client.query<{ epoch: string }>(acquire, [companyId, holder, ttlMs]);
    const [row] = rows;
    if (row !== undefined) await client.query(takeOver, [companyId, row.epoch]);
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
  const { rowCount } = await pool.query(renew, [lease.companyId, lease.epoch.toString(), ttlMs]);
  return rowCount === 1;
}

export async function releaseLease(pool: pg.Pool, lease: Lease): Promise<void> {
  await pool.query(release, [lease.companyId, lease.epoch.toString()]);
}
