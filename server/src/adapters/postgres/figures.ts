import type pg from 'pg';
import type { Figures, ReadFigures } from '#ports/figures.ts';

const ageOf = (instant: string): string =>
  `greatest(0, extract(epoch FROM clock_timestamp() - ${instant}))::float8`;

/** By database time, in one statement; the partial indexes that claims and pages use serve it too. */
const allFigures = `
  WITH free AS (
    SELECT id FROM company WHERE status = 'ACTIVE'
      AND coalesce(throttled_until < clock_timestamp(), true) AND coalesce(breaker_open_until < clock_timestamp(), true)
  ), due AS (
    SELECT min(due_at) FILTER (WHERE claim_epoch IS NULL AND company_id IN (SELECT id FROM free)) AS oldest,
      count(*)::int AS links, count(*) FILTER (WHERE crash_marks > 0)::int AS interrupted
    FROM link WHERE due_at <= clock_timestamp()
  ), uncertain AS (
    SELECT count(*)::int AS writes, min(created_at) AS oldest FROM intent WHERE state = 'UNCERTAIN'
  ), companies AS (
    SELECT count(*) FILTER (WHERE status = 'ACTIVE')::int AS active,
      count(*) FILTER (WHERE status = 'NEEDS_RECONNECT')::int AS lapsed,
      count(*) FILTER (WHERE throttled_until > clock_timestamp())::int AS throttled,
      count(*) FILTER (WHERE breaker_open_until > clock_timestamp())::int AS broken
    FROM company
  )
  SELECT coalesce(${ageOf('due.oldest')}, 0) AS pending_oldest_seconds, due.links AS pending_links, due.interrupted AS links_interrupted,
    (SELECT count(*)::int FROM conflict WHERE status = 'OPEN') AS conflicts_open,
    (SELECT count(*)::int FROM dead_letter WHERE status = 'OPEN') AS dead_letters_open,
    (SELECT count(*)::int FROM drift WHERE status = 'OPEN') AS drifts_open,
    uncertain.writes AS writes_uncertain,
    coalesce(${ageOf('uncertain.oldest')}, 0) AS write_uncertain_oldest_seconds,
    companies.active AS companies_active, companies.lapsed AS companies_needs_reconnect,
    companies.throttled AS companies_throttled, companies.broken AS companies_breaker_open,
    (SELECT extract(epoch FROM min(q.refresh_expires_at) - clock_timestamp())::float8
      FROM quickbooks_credential q JOIN company c ON c.id = q.company_id WHERE c.status = 'ACTIVE') AS token_expiry_seconds,
    (SELECT ${ageOf('complete_until')} FROM stream_head) AS stream_lag_seconds,
    (SELECT count(*)::int FROM company_lease WHERE expires_at > clock_timestamp() AND holder IS NOT NULL) AS leases_live,
    (SELECT coalesce(sum(reads), 0)::float8 FROM quickbooks_reads
      WHERE month = date_trunc('month', clock_timestamp() AT TIME ZONE 'UTC')::date) AS quickbooks_reads_month
  FROM due, uncertain, companies`;

/** Reads the figures of /metrics. */
export const createFigures =
  (pool: pg.Pool): ReadFigures =>
  async () => {
    const { rows } = await pool.query<Figures>(allFigures);
    const [figures] = rows;
    if (figures === undefined) throw new Error('the figures were not read');
    return figures;
  };
