import { Client } from 'pg';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { noticeRestore } from '#adapters/postgres/database-mark.ts';
import type { Log } from '#ports/log.ts';
import { createTestDatabase, type TestDatabase } from '../../database.ts';

const quiet: Log = { debug: () => {}, info: () => {}, warn: () => {}, error: () => {} };

let database: TestDatabase;
let client: Client;

beforeAll(async () => {
  database = await createTestDatabase();
  client = new Client({ connectionString: database.url });
  await client.connect();
  await client.query(
    `INSERT INTO company (id, name, invoicing_base_url, invoicing_token, invoicing_webhook_secret)
     VALUES (gen_random_uuid(), 'Acme', 'http://127.0.0.1:1', '', '')`,
  );
});

afterAll(async () => {
  await client.end();
  await database.drop();
});

const start = () => noticeRestore({ databaseUrl: database.url, commitWaitMs: 130_000, log: quiet });

async function heldForSeconds(): Promise<number | null> {
  const { rows } = await client.query<{ held: number | null }>(
    'SELECT round(extract(epoch FROM writes_held_until - clock_timestamp()))::int AS held FROM company',
  );
  return rows[0]?.held ?? null;
}

test('the first start remembers the database, and a later one on the same finds nothing', async () => {
  await start();
  await start();

  expect(await heldForSeconds()).toBeNull();
});

test.each(['server', 'timeline', 'database', 'table'])(
  'another %s is a restore: writes are held until a late one could no longer land',
  async (sign) => {
    await client.query('UPDATE company SET writes_held_until = NULL');
    await client.query(
      `UPDATE database_mark SET known_as = known_as || jsonb_build_object($1::text, 'another')`,
      [sign],
    );
    const generation = async () =>
      (await client.query('SELECT generation FROM stream_head')).rows[0];
    const before = await generation();

    await start();

    expect(await heldForSeconds()).toBeGreaterThan(100);
    expect(await generation()).not.toEqual(before);
    await client.query('UPDATE company SET writes_held_until = NULL');
    await start();
    expect(await heldForSeconds()).toBeNull();
  },
);

test('what a server does not say of itself is no sign', async () => {
  await client.query(`UPDATE database_mark SET known_as = known_as - 'timeline' - 'server'`);

  await start();

  expect(await heldForSeconds()).toBeNull();
});
