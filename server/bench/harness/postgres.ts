import { randomUUID } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import process from 'node:process';
import { Client, escapeIdentifier } from 'pg';
import { pino } from 'pino';
import { startEmbeddedPostgres } from '#adapters/postgres/embedded.ts';
import { applyMigrations } from '#adapters/postgres/migrate.ts';

const migrationsDir = path.resolve(import.meta.dirname, '../../../prisma/migrations');
const log = pino({ level: 'silent' }); // a start that fails throws what PostgreSQL said

/** PostgreSQL counts what its statements take, for all contenders alike; with BENCH_PROFILE the dearest of each row are told. */
export const isProfiled = process.env['BENCH_PROFILE'] !== undefined;
const counting = {
  shared_preload_libraries: 'pg_stat_statements',
  'pg_stat_statements.track_planning': isProfiled ? 'on' : 'off',
};

/** Settings that decide what a commit and a statement cost, shown above the table. */
const told = [
  'server_version',
  'fsync',
  'synchronous_commit',
  'full_page_writes',
  'wal_level',
  'shared_buffers',
  'work_mem',
  'max_connections',
  'shared_preload_libraries',
  'max_wal_size',
  'jit',
] as const;

export type BenchPostgres = {
  readonly url: string;
  readonly settings: readonly string[];
  /** A migrated database of its own. */
  readonly make: () => Promise<string>;
  readonly drop: (url: string) => Promise<void>;
  readonly stop: () => Promise<void>;
};

/** PostgreSQL as the product ships it, set as it ships it: a commit that was answered survives a power cut. */
export async function startBenchPostgres(): Promise<BenchPostgres> {
  const given = process.env['BENCH_DATABASE_URL'];
  const server = given === undefined ? await startOwn() : { url: given, stop: async () => {} };
  const template = `ledgerbridge_bench_${randomUUID().replaceAll('-', '')}`;
  await onServer(server.url, `CREATE DATABASE ${escapeIdentifier(template)}`);
  const made = at(server.url, template);
  await applyMigrations({ databaseUrl: made, migrationsDir, log });
  const drop = (url: string): Promise<void> => {
    const name = escapeIdentifier(new URL(url).pathname.slice(1));
    return onServer(server.url, `DROP DATABASE IF EXISTS ${name} WITH (FORCE)`);
  };
  return {
    url: server.url,
    settings: await settingsOf(server.url),
    make: async () => {
      const name = `bench_${randomUUID().replaceAll('-', '')}`;
      const from = escapeIdentifier(template);
      await onServer(server.url, `CREATE DATABASE ${escapeIdentifier(name)} TEMPLATE ${from}`);
      return at(server.url, name);
    },
    drop,
    stop: async () => {
      await drop(made);
      await server.stop();
    },
  };
}

async function startOwn() {
  const dataDir = await mkdtemp(path.join(tmpdir(), 'ledgerbridge-bench-'));
  const postgres = await startEmbeddedPostgres({ dataDir, log, settings: counting });
  return {
    url: postgres.url,
    stop: async () => {
      await postgres.stop();
      await rm(dataDir, { recursive: true, force: true });
    },
  };
}

function at(serverUrl: string, database: string): string {
  const url = new URL(serverUrl);
  url.pathname = database;
  return url.href;
}

async function onServer(serverUrl: string, statement: string): Promise<void> {
  await connected(serverUrl, (client) => client.query(statement));
}

/** Runs something on a connection of its own. */
export async function connected<Value>(
  url: string,
  work: (client: Client) => Promise<Value>,
): Promise<Value> {
  const client = new Client({ connectionString: url });
  await client.connect();
  try {
    return await work(client);
  } finally {
    await client.end();
  }
}

async function settingsOf(url: string): Promise<readonly string[]> {
  const { rows } = await connected(url, (client) =>
    client.query<{ name: string; value: string }>(
      'SELECT name, current_setting(name) AS value FROM unnest($1::text[]) AS name',
      [[...told]],
    ),
  );
  return rows.map(({ name, value }) => `${name} ${value}`);
}
