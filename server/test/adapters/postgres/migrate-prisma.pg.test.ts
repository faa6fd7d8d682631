import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { PrismaPg } from '@prisma/adapter-pg';
import { type MigrationList, SchemaEngine } from '@prisma/schema-engine-wasm';
import { Client } from 'pg';
import { pino } from 'pino';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { z } from 'zod';
import { applyMigrations } from '#adapters/postgres/migrate.ts';
import { createEmptyDatabase, type TestDatabase } from '../../database.ts';

const log = pino({ level: 'silent' });
const filters = { externalTables: [], externalEnums: [] };
const scripts = {
  '20260101_first': 'CREATE TABLE paper (id int);\n',
  '20260102_second': 'ALTER TABLE paper ADD COLUMN colour text;\n',
};

/** Comes with the adapter and is not exported by it; makes an adapter the engine can call. */
const adapterUtils = z.object({
  bindMigrationAwareSqlAdapterFactory: z.custom<(adapter: PrismaPg) => object>(
    (value) => typeof value === 'function',
  ),
});

let ours: TestDatabase;
let prismas: TestDatabase;
let migrationsDir: string;

beforeEach(async () => {
  [ours, prismas] = await Promise.all([createEmptyDatabase(), createEmptyDatabase()]);
  migrationsDir = await mkdtemp(path.join(tmpdir(), 'ledgerbridge-migrations-'));
  for (const [name, sql] of Object.entries(scripts)) {
    await mkdir(path.join(migrationsDir, name));
    await writeFile(path.join(migrationsDir, name, 'migration.sql'), sql);
  }
});

afterEach(async () => {
  await Promise.all([ours.drop(), prismas.drop()]);
  await rm(migrationsDir, { recursive: true });
});

const migrate = (databaseUrl: string) => applyMigrations({ databaseUrl, migrationsDir, log });

/** What `prisma migrate deploy` runs, as WebAssembly. */
async function prismaEngine(connectionString: string): Promise<SchemaEngine> {
  const adapter = createRequire(import.meta.url).resolve('@prisma/adapter-pg');
  const utils: unknown = createRequire(adapter)('@prisma/driver-adapter-utils');
  const { bindMigrationAwareSqlAdapterFactory } = adapterUtils.parse(utils);
  const factory = bindMigrationAwareSqlAdapterFactory(new PrismaPg({ connectionString }));
  return SchemaEngine.new({ datamodels: undefined }, () => {}, factory);
}

function migrationsList(): MigrationList {
  return {
    baseDir: migrationsDir,
    lockfile: { path: 'migration_lock.toml', content: 'provider = "postgresql"' },
    shadowDbInitScript: '',
    migrationDirectories: Object.entries(scripts).map(([name, value]) => ({
      path: name,
      migrationFile: { path: 'migration.sql', content: { tag: 'ok', value } },
    })),
  };
}

/** The history's columns and rows without what differs from run to run. */
async function history(connectionString: string): Promise<unknown> {
  const client = new Client({ connectionString });
  await client.connect();
  try {
    const columns = await client.query(`
      SELECT column_name, data_type, character_maximum_length, is_nullable, column_default
      FROM information_schema.columns WHERE table_name = '_prisma_migrations'
      ORDER BY ordinal_position`);
    const rows = await client.query(`
      SELECT migration_name, checksum, logs, rolled_back_at, applied_steps_count,
        length(id) AS id_length, finished_at IS NOT NULL AS is_finished
      FROM _prisma_migrations ORDER BY migration_name`);
    return { columns: columns.rows, rows: rows.rows };
  } finally {
    await client.end();
  }
}

test('the history we keep is the one Prisma keeps, column for column and row for row', async () => {
  await migrate(ours.url);
  const engine = await prismaEngine(prismas.url);
  await engine.applyMigrations({ migrationsList: migrationsList(), filters });

  expect(await history(ours.url)).toEqual(await history(prismas.url));
});

test('after ours Prisma finds nothing to apply and nothing to complain about', async () => {
  await migrate(ours.url);
  const engine = await prismaEngine(ours.url);

  const applied = await engine.applyMigrations({ migrationsList: migrationsList(), filters });
  const diagnosis = await engine.diagnoseMigrationHistory({
    migrationsList: migrationsList(),
    optInToShadowDatabase: false,
    filters,
  });

  expect(applied).toEqual({ appliedMigrationNames: [] });
  expect(diagnosis).toMatchObject({
    editedMigrationNames: [],
    failedMigrationNames: [],
    history: null,
  });
});

test('after Prisma we find nothing to apply', async () => {
  const engine = await prismaEngine(prismas.url);
  await engine.applyMigrations({ migrationsList: migrationsList(), filters });

  expect(await migrate(prismas.url)).toEqual({ applied: [] });
});
