import { connected, isProfiled } from './postgres.ts';

const dearest = `
SELECT calls::int, round(total_exec_time)::int AS run_ms, round(total_plan_time)::int AS plan_ms, wal_bytes::bigint::text AS wal,
  left(regexp_replace(query, '\\s+', ' ', 'g'), 100) AS statement
FROM pg_stat_statements ORDER BY total_exec_time + total_plan_time DESC LIMIT 12`;

/** Forgets what was counted before. */
export async function startProfile(serverUrl: string): Promise<void> {
  if (!isProfiled) return;
  await connected(serverUrl, async (client) => {
    await client.query('CREATE EXTENSION IF NOT EXISTS pg_stat_statements');
    await client.query('SELECT pg_stat_statements_reset()');
  });
}

/** The dearest statements since, one a line. */
export async function profile(serverUrl: string): Promise<readonly string[]> {
  if (!isProfiled) return [];
  const { rows } = await connected(serverUrl, (client) => client.query(dearest));
  return rows.map((row) => JSON.stringify(row));
}
