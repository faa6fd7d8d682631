import { Pool } from 'pg';
import type { Log } from '#ports/log.ts';

/** Statements are short; one that is not must not hold a connection for ever. */
const poolLimits = {
  connectionsMax: 10,
  statementMsMax: 30_000,
  connectMsMax: 5_000,
  /** A new connection costs PostgreSQL a process; a quiet minute must not throw it away. */
  idleMsMax: 300_000,
} as const;

/** Connections of one process. A broken idle connection is a fact for the log; the next query opens a new one. */
export function createPool(
  databaseUrl: string,
  log: Log,
  connectionsMax: number = poolLimits.connectionsMax,
): Pool {
  const pool = new Pool({
    connectionString: databaseUrl,
    max: connectionsMax,
    connectionTimeoutMillis: poolLimits.connectMsMax,
    idleTimeoutMillis: poolLimits.idleMsMax,
    statement_timeout: poolLimits.statementMsMax,
    keepAlive: true,
    application_name: 'ledgerbridge',
  });
  pool.on('error', (error) => log.warn('database connection lost', { cause: error.message }));
  return pool;
}
