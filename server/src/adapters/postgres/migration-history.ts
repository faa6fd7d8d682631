import { type Client, DatabaseError } from 'pg';
import { z } from 'zod';
import type { Migration } from './migration-files.ts';

/** What the database remembers of one migration, ours or one that `prisma migrate` ran. */
export type Remembered = {
  readonly name: string;
  readonly checksum: string;
  readonly isFinished: boolean;
};

/** What to do next, decided from files and history alone. */
export type NextStep =
  | { readonly kind: 'nothing' }
  | { readonly kind: 'apply'; readonly migration: Migration }
  | { readonly kind: 'refuse'; readonly says: string };

/** Prisma's own table, column for column, so that `prisma migrate deploy` can take over at any time. */
const table = `
CREATE TABLE IF NOT EXISTS _prisma_migrations (
    id                      VARCHAR(36) PRIMARY KEY NOT NULL,
    checksum                VARCHAR(64) NOT NULL,
    finished_at             TIMESTAMPTZ,
    migration_name          VARCHAR(255) NOT NULL,
    logs                    TEXT,
    rolled_back_at          TIMESTAMPTZ,
    started_at              TIMESTAMPTZ NOT NULL DEFAULT now(),
    applied_steps_count     INTEGER NOT NULL DEFAULT 0
)`;

const rows = z.array(z.object({ name: z.string(), checksum: z.string(), isFinished: z.boolean() }));
const undefinedTable = '42P01';

/** A migration that was edited or failed stops everything, also what stands before it in order. */
export function nextStep(
  migrations: readonly Migration[],
  history: readonly Remembered[],
): NextStep {
  const failed = history.find((remembered) => !remembered.isFinished);
  if (failed !== undefined) {
    const says =
      `Migration ${failed.name} failed on this database earlier; ` +
      'repair what it left and mark it with `prisma migrate resolve`.';
    return { kind: 'refuse', says };
  }

  const checksums = new Map(history.map(({ name, checksum }) => [name, checksum]));
  const edited = migrations.find(
    ({ name, checksum }) => (checksums.get(name) ?? checksum) !== checksum,
  );
  if (edited !== undefined) {
    const says =
      `Migration ${edited.name} was changed after it was applied to this database; ` +
      'restore the file and put the change into a new migration.';
    return { kind: 'refuse', says };
  }

  const migration = migrations.find(({ name }) => !checksums.has(name));
  return migration === undefined ? { kind: 'nothing' } : { kind: 'apply', migration };
}

/** Everything remembered and not rolled back; empty on a new database. One query. */
export async function readHistory(client: Client): Promise<readonly Remembered[]> {
  try {
    const found = await client.query(
      `SELECT migration_name AS "name", checksum, finished_at IS NOT NULL AS "isFinished"
       FROM _prisma_migrations WHERE rolled_back_at IS NULL ORDER BY started_at`,
    );
    return rows.parse(found.rows);
  } catch (cause) {
    if (cause instanceof DatabaseError && cause.code === undefinedTable) return [];
    throw cause;
  }
}

/** Makes the table of the history where it is missing; under the lock, because `IF NOT EXISTS` alone races. */
export async function ensureHistory(client: Client): Promise<void> {
  await client.query(table);
}

/** Records a migration in the transaction that ran it. */
export async function remember(client: Client, { name, checksum }: Migration): Promise<void> {
  await client.query(
    `INSERT INTO _prisma_migrations
       (id, checksum, finished_at, migration_name, started_at, applied_steps_count)
     VALUES (gen_random_uuid()::text, $1, clock_timestamp(), $2, now(), 1)`,
    [checksum, name],
  );
}
