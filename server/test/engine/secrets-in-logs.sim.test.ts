import { expect, test } from 'vitest';
import { z } from 'zod';
import { bookkeeper } from '../support/bookkeeper.ts';
import { startWorkerProcess } from '../support/worker-process.ts';
import { startWorld, type World } from '../support/world.ts';

/** Every row of every table, as text. */
async function rowsOf(world: World): Promise<readonly string[]> {
  const tables = await world.rows(
    z.object({ name: z.string() }),
    `SELECT quote_ident(table_schema) || '.' || quote_ident(table_name) AS name FROM information_schema.tables
     WHERE table_schema IN ('public', 'pgboss') AND table_type = 'BASE TABLE'`,
  );
  const found: string[] = [];
  for (const { name } of tables) {
    const rows = await world.rows(
      z.object({ text: z.string() }),
      `SELECT to_jsonb(held)::text AS text FROM ${name} AS held`,
    );
    found.push(...rows.map(({ text }) => `${name}: ${text}`));
  }
  return found;
}

test('no secret is in what a worker says at trace level, nor in a row, through renewals and every kind of failure', async () => {
  const world = await startWorld({ rings: true, quickbooksTells: true });
  const secrets = new Set<string>([
    'simulator-invoicing-token',
    'simulator-secret',
    world.environment.LEDGERBRIDGE_SECRET_KEY,
    Buffer.from('simulator-webhook-secret').toString('base64'),
    new URL(world.databaseUrl).password,
  ]);
  const keepTokens = async (): Promise<void> => {
    const tokens = await world.credentials.tokens(world.companyId);
    if (tokens === null) throw new Error('the company has no tokens');
    secrets.add(tokens.accessToken).add(tokens.refreshToken);
  };
  await keepTokens();
  const worker = await startWorkerProcess(world, 'trace');
  const tenChanges = bookkeeper(world);
  const faults = [
    { match: { operation: 'create' }, effect: 'drop-after', times: 1 },
    { match: { operation: 'update' }, effect: 'status', params: { status: 401 }, times: 1 },
    { match: { operation: 'update' }, effect: 'fault-after', params: { status: 500 }, times: 1 },
    { match: { operation: 'read' }, effect: 'status', params: { status: 503 }, times: 2 },
    { match: { operation: 'query' }, effect: 'drop-before', times: 1 },
  ];
  await world.quickbooks.faults(faults);
  await world.invoicing.faults(faults.filter(({ params }) => params?.status !== 401));
  await tenChanges();
  await world.settled(60_000);
  // Tokens live for an hour: the next call renews them.
  await world.quickbooks.advance(2 * 3_600_000);
  await world.pool.query(`UPDATE quickbooks_credential SET access_expires_at = clock_timestamp()`);
  await tenChanges();
  await world.settled(60_000);
  await keepTokens();
  await worker.stop();

  expect(secrets.size, 'tokens were renewed').toBeGreaterThan(6);
  expect(worker.lines.length, 'something was said').toBeGreaterThan(2);
  const told = [
    ...worker.lines,
    ...world.logged.map((line) => JSON.stringify(line)),
    ...(await rowsOf(world)),
  ];
  for (const secret of secrets)
    expect(told.filter((line) => line.includes(secret)).map((line) => line.slice(0, 200))).toEqual(
      [],
    );
}, 240_000);
