import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { Client } from 'pg';
import { pino } from 'pino';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { applyMigrations, hasPendingMigrations } from '#adapters/postgres/migrate.ts';
import { createEmptyDatabase, createTestDatabase, type TestDatabase } from '../../database.ts';

const log = pino({ level: 'silent' });
let database: TestDatabase;
let migrationsDir: string;

beforeEach(async () => {
  database = await createEmptyDatabase();
  migrationsDir = await mkdtemp(path.join(tmpdir(), 'ledgerbridge-migrations-'));
});

afterEach(async () => {
  await database.drop();
  await rm(migrationsDir, { recursive: true });
});

async function write(name: string, sql: string): Promise<void> {
  await mkdir(path.join(migrationsDir, name), { recursive: true });
  await writeFile(path.join(migrationsDir, name, 'migration.sql'), sql);
}

async function query(sql: string): Promise<unknown[]> {
  const client = new Client({ connectionString: database.url });
  await client.connect();
  try {
    const { rows } = await client.query<Record<string, unknown>>(sql);
    return rows;
  } finally {
    await client.end();
  }
}

const migrate = () => applyMigrations({ databaseUrl: database.url, migrationsDir, log });
const isPending = () => hasPendingMigrations(database.url, migrationsDir);
const tables = () =>
  query(`SELECT tablename FROM pg_tables WHERE schemaname = 'public' ORDER BY 1`);

test('ten processes that start at once apply each migration once, in order of name', async () => {
  // Each of these fails when it runs twice, or before the one ahead of it.
  await write('20260102_second', 'ALTER TABLE paper ADD COLUMN colour text;');
  await write('20260101_first', 'CREATE TABLE paper (id int);\nINSERT INTO paper VALUES (1);');
  await write('20260103_third', 'UPDATE paper SET colour = 1; ALTER TABLE paper RENAME TO sheet;');

  const results = await Promise.all(Array.from({ length: 10 }, migrate));

  const applied = results.flatMap((result) => result.applied);
  expect(applied.sort()).toEqual(['20260101_first', '20260102_second', '20260103_third']);
  expect(await query('SELECT * FROM sheet')).toEqual([{ id: 1, colour: '1' }]);
  expect(await query('SELECT migration_name FROM _prisma_migrations ORDER BY finished_at')).toEqual(
    [
      { migration_name: '20260101_first' },
      { migration_name: '20260102_second' },
      { migration_name: '20260103_third' },
    ],
  );
});

test('a migration that is added later is pending until it is applied', async () => {
  await write('20260101_first', 'CREATE TABLE paper (id int);');
  expect(await isPending()).toBe(true);
  await migrate();
  expect(await isPending()).toBe(false);
  expect(await migrate()).toEqual({ applied: [] });

  await write('20260102_second', 'CREATE TABLE ink (id int);');

  expect(await isPending()).toBe(true);
  expect(await migrate()).toEqual({ applied: ['20260102_second'] });
  expect(await isPending()).toBe(false);
});

test('the history holds what Prisma would write: the checksum, one step, both times', async () => {
  await write('20260101_first', 'SELECT 1;\n');

  await migrate();

  expect(
    await query(`
      SELECT checksum, applied_steps_count, logs, rolled_back_at, length(id) AS id_length,
        finished_at >= started_at AS is_ordered
      FROM _prisma_migrations`),
  ).toEqual([
    {
      checksum: 'b4e0497804e46e0a0b0b8c31975b062152d551bac49c3c2e80932567b4085dcd', // sha256sum
      applied_steps_count: 1,
      logs: null,
      rolled_back_at: null,
      id_length: 36,
      is_ordered: true,
    },
  ]);
});

test('a migration changed after it was applied is refused by name, and nothing new is applied', async () => {
  await write('20260101_first', 'CREATE TABLE paper (id int);');
  await migrate();
  await write('20260101_first', 'CREATE TABLE paper (id bigint);');
  await write('20260102_second', 'CREATE TABLE ink (id int);');

  await expect(migrate()).rejects.toThrow(
    /^Migration 20260101_first was changed after it was applied to this database; [^.]+\.$/,
  );

  expect(await tables()).toEqual([{ tablename: '_prisma_migrations' }, { tablename: 'paper' }]);
  expect(await isPending()).toBe(true);
});

test('a migration that fails is undone whole, named with its line, and keeps those before it', async () => {
  await write('20260101_first', 'CREATE TABLE paper (id int);');
  await write('20260102_second', 'CREATE TABLE ink (id int);\nINSERT INTO paper\nVALUES (nib);');

  await expect(migrate()).rejects.toThrow(
    /^Migration 20260102_second failed and was undone: column "nib" does not exist, line 3\.$/,
  );

  expect(await tables()).toEqual([{ tablename: '_prisma_migrations' }, { tablename: 'paper' }]);
  expect(await query('SELECT migration_name FROM _prisma_migrations')).toEqual([
    { migration_name: '20260101_first' },
  ]);

  await write('20260102_second', 'CREATE TABLE ink (id int);');
  expect(await migrate()).toEqual({ applied: ['20260102_second'] });
});

test('a migration that Prisma left unfinished stops the start until a person marks it', async () => {
  await write('20260101_first', 'CREATE TABLE paper (id int);');
  await migrate();
  await query(`INSERT INTO _prisma_migrations (id, checksum, migration_name)
               VALUES ('a', 'b', '20260102_second')`);
  await write('20260102_second', 'CREATE TABLE ink (id int);');

  await expect(migrate()).rejects.toThrow(
    /^Migration 20260102_second failed on this database earlier; [^.]+\.$/,
  );

  await query(`UPDATE _prisma_migrations SET rolled_back_at = now() WHERE id = 'a'`);
  expect(await migrate()).toEqual({ applied: ['20260102_second'] });
});

test('a folder without its file and a missing folder are refused before anything runs', async () => {
  await mkdir(path.join(migrationsDir, '20260101_empty'));
  await expect(migrate()).rejects.toThrow(
    'Migration 20260101_empty has no readable migration.sql.',
  );

  await rm(migrationsDir, { recursive: true });
  await expect(migrate()).rejects.toThrow(`There is no folder of migrations at ${migrationsDir}.`);

  await mkdir(migrationsDir);
  expect(await tables()).toEqual([]);
});

test('a test database comes with every migration of the project applied', async () => {
  const cloned = await createTestDatabase();
  const projectDir = path.resolve(import.meta.dirname, '../../../../prisma/migrations');

  expect(await hasPendingMigrations(cloned.url, projectDir)).toBe(false);

  await cloned.drop();
});
