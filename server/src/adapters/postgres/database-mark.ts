import { Client } from 'pg';
import { z } from 'zod';
import type { Log } from '#ports/log.ts';

export type MarkOptions = {
  readonly databaseUrl: string;
  /** How long a write of the lost time may still land; nothing is compared before. */
  readonly commitWaitMs: number;
  readonly log: Log;
};

/** One process looks at a time: the others find that it was noticed. */
const advisoryLock = 7_201_944_127;
const connectMs = 10_000;

/**
 * What tells one database from a copy of it: the server it runs on (other after a dump was restored elsewhere), its timeline
 * (other after a recovery and after a standby took over), the database, and a table of ours (other after a dump was restored in
 * place). A server that does not say one of them leaves it out.
 */
const signs = {
  server: 'SELECT system_identifier::text AS sign FROM pg_control_system()',
  timeline: 'SELECT substr(pg_walfile_name(pg_current_wal_lsn()), 1, 8) AS sign',
  database: 'SELECT oid::text AS sign FROM pg_database WHERE datname = current_database()',
  table: `SELECT 'database_mark'::regclass::oid::text AS sign`,
} as const;

type Signs = Readonly<Partial<Record<keyof typeof signs, string>>>;
const storedSigns = z.record(z.string(), z.string());

const words = {
  server: 'The database is on another server than before',
  timeline: 'The database was recovered, or a standby took over',
  database: 'The database is a copy of the one before',
  table: 'The database was restored from a dump',
} as const satisfies Record<keyof typeof signs, string>;

/**
 * Notices at a start that the database was restored from a backup, and has every company hold its writes until both sides were
 * compared (architecture.md §3). The first start only remembers.
 */
export async function noticeRestore({
  databaseUrl,
  commitWaitMs,
  log,
}: MarkOptions): Promise<void> {
  const client = new Client({
    connectionString: databaseUrl,
    connectionTimeoutMillis: connectMs,
    application_name: 'ledgerbridge mark',
  });
  client.on('error', (error) => log.warn('the database went away', { cause: error.message }));
  await client.connect();
  try {
    const now = await signsOf(client);
    await client.query('BEGIN');
    await client.query('SELECT pg_advisory_xact_lock($1)', [advisoryLock]);
    const { rows } = await client.query<{ known: unknown }>(
      'SELECT known_as AS known FROM database_mark',
    );
    const [mark] = rows;
    const moved = mark === undefined ? null : movedSign(storedSigns.parse(mark.known), now);
    if (moved !== null) await hold(client, `${words[moved]}.`, commitWaitMs, log);
    await client.query(
      `INSERT INTO database_mark (known_as) VALUES ($1)
       ON CONFLICT (id) DO UPDATE SET known_as = excluded.known_as, seen_at = clock_timestamp()`,
      [JSON.stringify(now)],
    );
    await client.query('COMMIT');
  } finally {
    await client.end();
  }
}

async function hold(client: Client, why: string, commitWaitMs: number, log: Log): Promise<void> {
  const { rows } = await client.query<{ held: number }>('SELECT mark_restored($1, $2) AS held', [
    why,
    Math.ceil(commitWaitMs / 1_000),
  ]);
  log.warn('the database was restored: nothing is written until both sides have been compared', {
    why,
    companies: rows[0]?.held ?? 0,
  });
}

/** Managed servers keep some of it to themselves. */
async function signsOf(client: Client): Promise<Signs> {
  const found: Partial<Record<keyof typeof signs, string>> = {};
  for (const name of signNames) {
    const sign = await client.query<{ sign: string | null }>(signs[name]).then(
      ({ rows }) => rows[0]?.sign ?? null,
      () => null,
    );
    if (sign !== null) found[name] = sign;
  }
  return found;
}

const signNames = ['server', 'timeline', 'database', 'table'] as const;

/** The first sign that both know and that differs; null where it is the same database. */
const movedSign = (
  before: Readonly<Record<string, string>>,
  now: Signs,
): keyof typeof signs | null =>
  signNames.find((name) => {
    const [was, is] = [before[name], now[name]];
    return was !== undefined && is !== undefined && was !== is;
  }) ?? null;
