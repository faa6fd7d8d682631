import { setTimeout as sleep } from 'node:timers/promises';
import { Client, DatabaseError, escapeIdentifier } from 'pg';
import type { World } from './world.ts';

const objectInUse = '55006';
const copyMsMax = 20_000;

/** A backup of a world's database: a copy of its files, as a snapshot of the server would be. */
export type Backup = {
  /** The database is lost, and this takes its place under its name. */
  readonly restore: () => Promise<void>;
  readonly drop: () => Promise<void>;
};

/** Backs the world's database up; whoever is connected is cut off for the moment of the copy. */
export async function backUp(world: World): Promise<Backup> {
  const url = new URL(world.databaseUrl);
  const name = url.pathname.slice(1);
  const kept = `${name}_kept`;
  url.pathname = 'postgres';
  const onServer = async (...statements: readonly string[]): Promise<void> => {
    const client = new Client({ connectionString: url.href });
    await client.connect();
    try {
      for (const statement of statements) await client.query(statement);
    } finally {
      await client.end();
    }
  };
  await whenFree(() =>
    onServer(
      `SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '${name}'`,
      `CREATE DATABASE ${escapeIdentifier(kept)} TEMPLATE ${escapeIdentifier(name)} STRATEGY FILE_COPY`,
    ),
  );
  return {
    restore: () =>
      onServer(
        `DROP DATABASE ${escapeIdentifier(name)} WITH (FORCE)`,
        `ALTER DATABASE ${escapeIdentifier(kept)} RENAME TO ${escapeIdentifier(name)}`,
      ),
    drop: () => onServer(`DROP DATABASE IF EXISTS ${escapeIdentifier(kept)} WITH (FORCE)`),
  };
}

/** Somebody may connect again between the two statements; then the copy is tried once more. */
async function whenFree(copy: () => Promise<void>): Promise<void> {
  const endsAt = performance.now() + copyMsMax;
  for (;;) {
    try {
      return await copy();
    } catch (error) {
      const isBusy = error instanceof DatabaseError && error.code === objectInUse;
      if (!isBusy || performance.now() > endsAt) throw error;
      await sleep(20);
    }
  }
}
