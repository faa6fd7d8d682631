import type pg from 'pg';
import type { AwaitingRead } from '#ports/awaiting-read.ts';
import type { Lease } from '#ports/store.ts';
import { claimable } from './claimable.ts';
import { prepared } from './prepared.ts';

const awaiting = prepared(`
SELECT l.quickbooks_id AS "quickbooksId", l.quickbooks_news AS "quickbooksNews" FROM link l JOIN company c ON c.id = l.company_id
WHERE l.company_id = $1 AND l.claim_epoch IS NULL AND l.due_at <= clock_timestamp() AND l.crash_marks = 0 AND NOT l.uncertain
  AND l.quickbooks_id IS NOT NULL AND NOT l.quickbooks_fresh AND ${claimable}
ORDER BY l.due_at, l.id LIMIT $2`);

/** Links that the next claims will read, so that one query can read them all; reading for nothing is all it can cost. */
export async function findAwaitingRead(
  pool: pg.Pool,
  { companyId }: Lease,
  limit: number,
): Promise<readonly AwaitingRead[]> {
  const { rows } = await pool.query<AwaitingRead>(awaiting([companyId, limit]));
  return rows;
}
