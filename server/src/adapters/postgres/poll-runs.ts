import type pg from 'pg';
import type { PollRun } from '#ports/reconciles.ts';
import type { Lease } from '#ports/store.ts';

/** How long the row of a poll is kept; what it found stays as events for ever. */
const keptFor = `interval '30 days'`;

/** Polls in a row that found nothing share a row for so long: a quiet company has one a day. */
const sharedFor = `interval '1 day'`;

const systemActor = `jsonb_build_object('kind', 'system', 'name', 'change poll')`;

/**
 * One statement a poll. Polls that found nothing and ended alike go on in the newest row of theirs; one that found something
 * has a row of its own, and only that one is told.
 */
const notePoll = `
WITH held AS (
  SELECT company_id FROM company_lease WHERE company_id = $1 AND epoch = $2 AND expires_at > clock_timestamp() FOR SHARE
),
newest AS (
  SELECT r.id, r.status, r.changes, r.started_at FROM reconcile_run r JOIN held h ON h.company_id = r.company_id
  WHERE r.trigger = 'POLL' ORDER BY r.started_at DESC LIMIT 1
),
continued AS (
  UPDATE reconcile_run r SET polls = r.polls + 1, quickbooks_reads = r.quickbooks_reads + $7, since = coalesce(least(r.since, $5), r.since),
    finished_at = clock_timestamp(), version = r.version + 1
  FROM newest n WHERE r.id = n.id AND n.changes = 0 AND $8::int = 0 AND n.status = $6::reconcile_status
    AND n.started_at > clock_timestamp() - ${sharedFor}
  RETURNING r.id
),
begun AS (
  INSERT INTO reconcile_run (id, company_id, scope, trigger, status, started_by, correlation_id, started_at, finished_at, since,
    progress, phase, polls, quickbooks_reads, changes)
  SELECT $3, company_id, 'INCREMENTAL', 'POLL', $6::reconcile_status, ${systemActor}, $4,
    clock_timestamp() - $9::double precision * interval '1 millisecond', clock_timestamp(), $5, 1, 'totals', 1, $7, $8
  FROM held WHERE NOT EXISTS (SELECT 1 FROM continued)
  RETURNING id, company_id, changes, correlation_id
),
pruned AS (
  DELETE FROM reconcile_run r USING begun b
  WHERE r.company_id = b.company_id AND r.trigger = 'POLL' AND r.started_at < clock_timestamp() - ${keptFor}
)
INSERT INTO stream_event (id, company_id, type, summary, detail, at, correlation_id)
SELECT gen_random_uuid(), company_id, 'RECONCILE_CHANGED',
  'The regular look at both sides found ' || changes || CASE WHEN changes = 1 THEN ' change' ELSE ' changes' END || ' that nobody had told.',
  jsonb_build_object('reconcileRunId', id), clock_timestamp(), correlation_id FROM begun WHERE changes > 0`;

/** Writes down that both sides were asked what changed; answers whether the stream has news of it. */
export async function storePoll(
  pool: pg.Pool,
  { companyId, epoch }: Lease,
  poll: PollRun,
): Promise<boolean> {
  const { rowCount } = await pool.query(notePoll, [
    companyId,
    epoch.toString(),
    poll.id,
    poll.correlationId,
    new Date(poll.since),
    poll.isWhole ? 'CLEAN' : 'FAILED',
    poll.quickbooksReads,
    poll.changes,
    poll.tookMs,
  ]);
  return rowCount !== 0;
}
