import type pg from 'pg';
import type { Lease } from '#ports/store.ts';
import { prepared } from './prepared.ts';

/** Limits of a company's breaker; spans are in seconds (architecture.md §3, "Failures lead by kind"). */
const breakerLimits = {
  failuresMax: 5,
  openSecondsMin: 30,
  openSecondsMax: 600,
  /** Companies that fell silent together do not come back together. */
  jitter: 0.1,
  /** A link that finds out whether the company is back has so long; then the next one may. */
  probeSeconds: 30,
} as const;

/** Whether nothing may be claimed or asked of company `c` now. */
export const resting = `(coalesce(c.throttled_until, '-infinity') > clock_timestamp() OR coalesce(c.breaker_open_until, '-infinity') > clock_timestamp())`;

/** Whether the breaker of company `c` was open and lets one link find out now. */
export const halfOpen = `(c.breaker_failures >= ${breakerLimits.failuresMax})`;

/** While one link finds out, the breaker is open to all others. */
export const probe = `
UPDATE company SET breaker_probing = true, breaker_open_until = clock_timestamp() + interval '${breakerLimits.probeSeconds} seconds'`;

/** A change of the breaker that people hear of: an audit entry and a stream event for each row of `changed`. */
const told = (before: string, after: string): string => `
told AS (
  INSERT INTO stream_event (id, company_id, type, summary, detail, at, correlation_id)
  SELECT gen_random_uuid(), id, 'COMPANY_CHANGED', $3, jsonb_build_object('companyId', id), clock_timestamp(), $4 FROM changed
),
audited AS MATERIALIZED (
  SELECT append_audit(id::text, id, jsonb_build_array(jsonb_build_object(
    'actor', jsonb_build_object('kind', 'system', 'name', 'worker'), 'action', 'COMPANY_CHANGED', 'summary', $3::text,
    'subject', jsonb_build_object('type', 'Company', 'id', id), 'linkId', NULL, 'note', NULL, 'correlationId', $4::text,
    'changes', jsonb_build_array(jsonb_build_object('path', 'breaker', 'side', NULL, 'before', '${before}', 'after', '${after}'))))) FROM changed
)`;

/**
 * Rows that others refer to are locked FOR NO KEY UPDATE here and everywhere: whoever holds the head of the audit chain still
 * has to refer to the company and to links, and must not wait for one that waits for the head.
 */
const held = `EXISTS (SELECT 1 FROM company_lease l WHERE l.company_id = c.id AND l.epoch = $2 FOR SHARE)`;

/**
 * What fails while the breaker is open was under way before: it neither opens it longer nor costs anything. A failed probe
 * opens it for twice as long.
 */
const noteFailure = prepared(`
WITH was AS (
  SELECT c.id, c.breaker_failures AS failures, c.breaker_probing OR coalesce(c.breaker_open_until, '-infinity') <= clock_timestamp() AS counts
  FROM company c WHERE c.id = $1 AND ${held} FOR NO KEY UPDATE
),
noted AS (
  UPDATE company SET breaker_failures = was.failures + 1, breaker_probing = false,
    breaker_open_until = CASE WHEN was.failures + 1 >= ${breakerLimits.failuresMax}
      THEN clock_timestamp() + interval '1 second' * (1 - ${breakerLimits.jitter} * random())
        * least(${breakerLimits.openSecondsMax}, ${breakerLimits.openSecondsMin} * 2 ^ least(was.failures + 1 - ${breakerLimits.failuresMax}, 10)) END
  FROM was WHERE company.id = was.id AND was.counts
  RETURNING company.id, company.breaker_failures AS failures
),
changed AS (SELECT id FROM noted WHERE failures = ${breakerLimits.failuresMax}),
${told('closed', 'open')}
SELECT was.failures < ${breakerLimits.failuresMax} AS "costsAttempt" FROM was LEFT JOIN audited ON true`);

const noteSuccess = prepared(`
WITH was AS (SELECT c.id, c.breaker_failures AS failures FROM company c WHERE c.id = $1 AND c.breaker_failures > 0 AND ${held} FOR NO KEY UPDATE),
noted AS (
  UPDATE company SET breaker_failures = 0, breaker_open_until = NULL, breaker_probing = false FROM was WHERE company.id = was.id
),
changed AS (SELECT id FROM was WHERE failures >= ${breakerLimits.failuresMax}),
${told('open', 'closed')}
SELECT false AS "costsAttempt" FROM was LEFT JOIN audited ON true`);

const sentences = {
  opened: `${breakerLimits.failuresMax} calls in a row failed, so calls rest; one change at a time finds out when they work again.`,
  closed: 'Calls work again, so everything goes on.',
} as const;

/** Counts failures in a row and opens the breaker, or closes it; true when a failure costs its link an attempt. */
export async function noteReachability(
  pool: pg.Pool,
  { companyId, epoch }: Lease,
  reachable: boolean,
  correlationId: string,
): Promise<boolean> {
  const note = reachable ? noteSuccess : noteFailure;
  const told = reachable ? sentences.closed : sentences.opened;
  const { rows } = await pool.query<{ costsAttempt: boolean }>(
    note([companyId, epoch.toString(), told, correlationId]),
  );
  return rows[0]?.costsAttempt === true;
}
