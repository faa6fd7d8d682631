import { readFileSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import path from 'node:path';
import process from 'node:process';
import { setTimeout as sleep } from 'node:timers/promises';
import { pino } from 'pino';
import { expect, onTestFinished, test } from 'vitest';
import { startEmbeddedPostgres } from '#adapters/postgres/embedded.ts';
import { applyMigrations } from '#adapters/postgres/migrate.ts';
import { bookkeeper, expectBooksToAgree, untilBusy } from '../support/bookkeeper.ts';
import { freePort } from '../support/free-port.ts';
import { scratchDirectory } from '../support/scratch.ts';
import { startTcpProxy } from '../support/tcp-proxy.ts';
import { startWorkerProcess } from '../support/worker-process.ts';
import { startWorld } from '../support/world.ts';

const late = { match: { entity: 'Invoice' }, effect: 'latency', params: { ms: 40 } };
/** Longer than the lease, so that what hangs loses it. */
const silentMs = 1_500;

test('connections to the database and to both sides are reset and fall silent: everything settles, nothing twice', async () => {
  const world = await startWorld({ rings: true, leaseSeconds: 1 });
  await world.quickbooks.faults([late]);
  const database = new URL(world.databaseUrl);
  const ways = {
    database: await startTcpProxy(Number(database.port)),
    quickbooks: await startTcpProxy(Number(new URL(world.quickbooks.url).port)),
    invoicing: await startTcpProxy(Number(new URL(world.invoicing.url).port)),
  };
  database.port = String(ways.database.port);
  const environment = {
    ...world.environment,
    DATABASE_URL: database.href,
    SIMULATOR_QUICKBOOKS_PORT: String(ways.quickbooks.port),
  };
  await world.pool.query('UPDATE company SET invoicing_base_url = $1', [
    `http://127.0.0.1:${ways.invoicing.port}`,
  ]);
  await startWorkerProcess({ ...world, environment });
  const tenChanges = bookkeeper(world);

  for (const way of Object.values(ways)) {
    await tenChanges();
    await untilBusy(world, 1);
    way.reset();
    await untilBusy(world, 1);
    way.fallSilent();
    await sleep(silentMs);
    way.mend();
  }
  await world.settled(100_000);
  await expectBooksToAgree(world);
}, 240_000);

test('PostgreSQL is stopped at once in the middle of work and started again: nothing is lost, nothing done twice', async () => {
  const dataDir = scratchDirectory('ledgerbridge-stopped-');
  const port = await freePort();
  const log = pino({ level: 'silent' });
  const start = () => startEmbeddedPostgres({ dataDir, port, log });
  let postgres = await start();
  onTestFinished(async () => {
    await postgres.stop();
    await rm(dataDir, { recursive: true, force: true });
  });
  const migrationsDir = path.resolve(import.meta.dirname, '../../../prisma/migrations');
  await applyMigrations({ databaseUrl: postgres.url, migrationsDir, log });
  const own = { url: postgres.url, drop: () => Promise.resolve() };
  const world = await startWorld({ rings: true, leaseSeconds: 1, database: own });
  await world.quickbooks.faults([late]);
  await startWorkerProcess(world);
  const tenChanges = bookkeeper(world);

  await tenChanges();
  await untilBusy(world, 2);
  // What pg_ctl stop -m immediate sends: no transaction is ended, no checkpoint is made.
  const [pid = ''] = readFileSync(
    path.join(dataDir, 'postgres', 'data', 'postmaster.pid'),
    'utf8',
  ).split('\n');
  process.kill(Number(pid), 'SIGQUIT');
  await postgres.ended;
  await sleep(silentMs);
  postgres = await start();
  await world.settled(100_000);
  await expectBooksToAgree(world);
  const { rows } = await world.pool.query('SELECT count(*)::int AS links FROM link');
  expect(rows).toEqual([{ links: 10 }]);
}, 240_000);
