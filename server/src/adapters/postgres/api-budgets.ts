import type pg from 'pg';
import type { ApiBudgets } from '#ports/api-budgets.ts';

/** The level now: what was there, what came in since, what is given back, and never more than fits. */
const level = `least($2::float8, b.points + greatest(0, extract(epoch FROM now() - b.at))::float8 * $3::float8 + $6::float8)`;

const granted = (there: string): string =>
  `CASE WHEN ${there} < $4::float8 THEN 0 ELSE least(${there}, greatest($4::float8, $5::float8)) END`;

const full = '$2::float8';

/** One row a caller, changed by one statement; time is the database's, so that all processes count alike. */
const lease = `
INSERT INTO api_budget AS b (caller_id, points, granted, at)
VALUES ($1, ${full} - ${granted(full)}, ${granted(full)}, now())
ON CONFLICT (caller_id) DO UPDATE
  SET points = ${level} - ${granted(level)}, granted = ${granted(level)}, at = greatest(b.at, now())
RETURNING granted, points AS left`;

/** The budgets on PostgreSQL. */
export const createApiBudgets = (pool: pg.Pool): ApiBudgets => ({
  lease: async (callerId, { bucket, refillPerSecond }, { needed, wanted, returned }) => {
    const { rows } = await pool.query<{ granted: number; left: number }>(lease, [
      callerId,
      bucket,
      refillPerSecond,
      needed,
      wanted,
      returned,
    ]);
    return rows[0] ?? { granted: 0, left: 0 };
  },
});
