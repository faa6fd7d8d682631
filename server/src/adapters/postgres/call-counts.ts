import type pg from 'pg';
import type { CallCounts } from '#ports/call-counts.ts';
import { prepared } from './prepared.ts';

/** Rows older than this tell nobody anything; whoever looks at the last minute drops them. */
const keptFor = `interval '1 hour'`;

/** One row a company and second: however many leave together, it is one statement. The month's row is for the budget. */
const count = prepared(`
WITH held AS (
  SELECT company_id FROM company_lease WHERE company_id = $1 AND epoch = $2 AND expires_at > clock_timestamp() FOR SHARE
),
metered AS (
  INSERT INTO quickbooks_reads AS r (month, company_id, reads)
  SELECT date_trunc('month', clock_timestamp() AT TIME ZONE 'UTC')::date, company_id, $4 FROM held WHERE $4::int > 0
  ON CONFLICT (month, company_id) DO UPDATE SET reads = r.reads + excluded.reads
)
INSERT INTO quickbooks_call AS c (company_id, second, calls, reads, batches)
SELECT company_id, date_trunc('second', clock_timestamp()), $3, $4, $5 FROM held
ON CONFLICT (company_id, second) DO UPDATE
  SET calls = c.calls + excluded.calls, reads = c.reads + excluded.reads, batches = c.batches + excluded.batches`);

const lastMinute = `
WITH dropped AS (DELETE FROM quickbooks_call WHERE company_id = $1 AND second < clock_timestamp() - ${keptFor})
SELECT (extract(epoch FROM clock_timestamp() - second) * 1000)::float8 AS "agoMs", calls, batches
FROM quickbooks_call WHERE company_id = $1 AND second > clock_timestamp() - interval '62 seconds' ORDER BY second`;

const thisMonth = `
SELECT coalesce((SELECT sum(reads) FROM quickbooks_reads WHERE month = m.start::date), 0)::float8 AS used,
  (SELECT count(*) FROM company WHERE status = 'ACTIVE')::int AS companies,
  (extract(epoch FROM m.start + interval '1 month' - m.now) * 1000)::float8 AS "monthLeftMs"
FROM (SELECT date_trunc('month', t.now) AS start, t.now FROM (SELECT clock_timestamp() AT TIME ZONE 'UTC' AS now) t) m`;

type SecondRow = { agoMs: number; calls: number; batches: number };
type MonthRow = { used: number; companies: number; monthLeftMs: number };

/** Call counts on PostgreSQL; its clock says which second and which month it is. */
export function createCallCounts(pool: pg.Pool): CallCounts {
  return {
    count: async ({ companyId, epoch }, kinds) => {
      const reads = kinds.filter((kind) => kind === 'read').length;
      const batches = kinds.filter((kind) => kind === 'batch').length;
      const { rowCount } = await pool.query(
        count([companyId, epoch.toString(), kinds.length, reads, batches]),
      );
      return rowCount === 1;
    },
    lastMinute: async (companyId) => {
      const { rows } = await pool.query<SecondRow>(lastMinute, [companyId]);
      return rows;
    },
    thisMonth: async () => {
      const { rows } = await pool.query<MonthRow>(thisMonth);
      const [row] = rows;
      if (row === undefined) throw new Error('the database did not say what month it is');
      return row;
    },
  };
}
