import process from 'node:process';
import { createLog, createLogger } from '#adapters/system/log.ts';
import { noticeRestore } from '#adapters/postgres/database-mark.ts';
import { withoutSecrets } from '#adapters/system/redact.ts';
import { applyMigrations } from '#adapters/postgres/migrate.ts';
import { readConfig } from './config.ts';
import { migrationsDir } from './places.ts';
import { noWorker, startApi } from './serve.ts';
import { startAll } from './start-all.ts';
import { startWorker } from './work.ts';

/** How long a stop may take, once nobody is sent here any more, before the process ends anyway (architecture.md §8). */
const stopMs = 10_000;

function refuse(lines: readonly string[]): never {
  for (const line of lines) process.stderr.write(`${withoutSecrets(line)}\n`);
  process.exit(1);
}

const outcome = readConfig(process.env);
if (!outcome.ok) refuse(outcome.lines);
const { config } = outcome;
const logger = createLogger(config.logLevel, config.role);
const log = createLog(logger);

async function start(): Promise<{ stop(): Promise<void> }> {
  if (config.role === 'all') return startAll(config, logger);
  if (config.databaseUrl === null)
    refuse([
      `DATABASE_URL: is not set, and only LEDGERBRIDGE_ROLE=all brings a database of its own`,
    ]);
  const { databaseUrl, commitWaitMs } = config;
  await applyMigrations({ databaseUrl, migrationsDir, log: logger });
  await noticeRestore({ databaseUrl, commitWaitMs, log });
  if (config.role === 'api') return startApi(config, config.databaseUrl, logger, noWorker);
  return startWorker(config, config.databaseUrl, log);
}

const started = start();
started.catch((error: unknown) => refuse([error instanceof Error ? error.message : String(error)]));

let stopping = false;
const stop = async (): Promise<void> => {
  if (stopping) return;
  stopping = true;
  setTimeout(() => process.exit(1), stopMs + config.drainMs).unref();
  await (await started).stop();
  process.exit(0);
};
for (const signal of ['SIGTERM', 'SIGINT'] as const) process.on(signal, () => void stop());
// A child whose parent is gone has nobody left to stop it.
process.on('disconnect', () => void stop());
