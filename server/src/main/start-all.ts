import path from 'node:path';
import type { Logger } from 'pino';
import { startEmbeddedPostgres } from '#adapters/postgres/embedded.ts';
import { noticeRestore } from '#adapters/postgres/database-mark.ts';
import { applyMigrations } from '#adapters/postgres/migrate.ts';
import { createLog } from '#adapters/system/log.ts';
import { keepRunning, type Child } from './child.ts';
import type { Config } from './config.ts';
import { waitUntilUp } from './demo.ts';
import { migrationsDir } from './places.ts';
import { startApi } from './serve.ts';

const here = import.meta.dirname;
const simulatorDir = path.resolve(here, '../../simulator');

/** Everything on one machine: database, simulators in demo mode, the API in this process, the worker as a child. */
export async function startAll(config: Config, logger: Logger): Promise<{ stop(): Promise<void> }> {
  const log = createLog(logger);
  const stops: (() => Promise<void>)[] = [];
  const stop = async (): Promise<void> => {
    for (const end of stops.splice(0).reverse()) await end();
  };
  try {
    const databaseUrl = await openDatabase(config, logger, stops);
    await applyMigrations({ databaseUrl, migrationsDir, log: logger });
    await noticeRestore({ databaseUrl, commitWaitMs: config.commitWaitMs, log });
    if (config.demo) await startSimulators(config, stops, log);
    const worker = keepRunning(
      'worker',
      path.join(here, 'start.ts'),
      workerEnvironment(config, databaseUrl),
      log,
    );
    stops.push(() => worker.stop());
    const api = await startApi(config, databaseUrl, logger, worker);
    stops.push(() => api.stop());
    return { stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

async function openDatabase(
  config: Config,
  logger: Logger,
  stops: (() => Promise<void>)[],
): Promise<string> {
  if (config.databaseUrl !== null) return config.databaseUrl;
  const postgres = await startEmbeddedPostgres({ dataDir: config.dataDir, log: logger });
  stops.push(postgres.stop);
  return postgres.url;
}

/** The worker shares the database and the key, and nothing else. */
const workerEnvironment = (
  config: Config,
  databaseUrl: string,
): Readonly<Record<string, string>> => ({
  LEDGERBRIDGE_ROLE: 'worker',
  LEDGERBRIDGE_DEMO: config.demo ? '1' : '0',
  LEDGERBRIDGE_DATA_DIR: config.dataDir,
  DATABASE_URL: databaseUrl,
});

async function startSimulators(
  config: Config,
  stops: (() => Promise<void>)[],
  log: ReturnType<typeof createLog>,
): Promise<void> {
  const { quickbooksUrl, invoicingUrl } = config.simulators;
  const env = { LEDGERBRIDGE_DATA_DIR: config.dataDir, HOST: '127.0.0.1' };
  const programs = [
    ['QuickBooks', 'quickbooks/main.ts', quickbooksUrl],
    ['invoicing', 'invoicing/main.ts', invoicingUrl],
  ] as const;
  const children = programs.map(([name, file]): Child =>
    keepRunning(`${name} simulator`, path.join(simulatorDir, file), env, log),
  );
  stops.push(async () => {
    await Promise.all(children.map((child) => child.stop()));
  });
  await Promise.all(programs.map(([name, , url]) => waitUntilUp(url, name)));
}
