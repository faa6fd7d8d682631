import { createHash } from 'node:crypto';
import { readFile, readdir } from 'node:fs/promises';
import path from 'node:path';

/** One reviewed folder of `prisma/migrations`. */
export type Migration = {
  readonly name: string;
  readonly sql: string;
  /** SHA-256 of the file in hexadecimal, as Prisma keeps it. */
  readonly checksum: string;
};

/** A database that must not be migrated as it stands; the message is one sentence for the person at the terminal. */
export class MigrationRefused extends Error {
  override readonly name = 'MigrationRefused';
}

/** All migrations in the order in which they apply: by name, which begins with a time. */
export async function readMigrations(migrationsDir: string): Promise<readonly Migration[]> {
  const entries = await readdir(migrationsDir, { withFileTypes: true }).catch((cause: unknown) => {
    throw new MigrationRefused(`There is no folder of migrations at ${migrationsDir}.`, { cause });
  });
  const names = entries.filter((entry) => entry.isDirectory()).map((entry) => entry.name);
  return Promise.all(names.sort().map((name) => readMigration(migrationsDir, name)));
}

async function readMigration(migrationsDir: string, name: string): Promise<Migration> {
  const file = path.join(migrationsDir, name, 'migration.sql');
  const sql = await readFile(file, 'utf8').catch((cause: unknown) => {
    throw new MigrationRefused(`Migration ${name} has no readable migration.sql.`, { cause });
  });
  return { name, sql, checksum: createHash('sha256').update(sql).digest('hex') };
}
