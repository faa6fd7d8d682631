import { randomUUID } from 'node:crypto';
import { rm } from 'node:fs/promises';
import path from 'node:path';
import process from 'node:process';
import { Client, escapeIdentifier } from 'pg';
import { pino } from 'pino';
import type { TestProject } from 'vitest/node';
import { startEmbeddedPostgres } from '#adapters/postgres/embedded.ts';
import { applyMigrations } from '#adapters/postgres/migrate.ts';
import { scratchDirectory } from './support/scratch.ts';

declare module 'vitest' {
  interface ProvidedContext {
    /** A database of the run's server from which others are made and dropped. */
    postgresUrl: string;
    /** The migrated database that `createTestDatabase` clones. */
    postgresTemplate: string;
  }
}

type RunServer = { readonly url: string; readonly stop: () => Promise<void> };

const migrationsDir = path.resolve(import.meta.dirname, '../../prisma/migrations');
const log = pino({ level: 'silent' }); // a start that fails throws what PostgreSQL said

/** Nothing here has to survive a power cut; many test files connect at once. */
const forTests = {
  fsync: 'off',
  full_page_writes: 'off',
  synchronous_commit: 'off',
  max_connections: '300',
};

/** One PostgreSQL for the whole run of a project, with a migrated template; stopped when the run is over. */
export async function setup(project: TestProject): Promise<() => Promise<void>> {
  const given = process.env['TEST_DATABASE_URL'];
  const server = given === undefined ? await startOwn() : { url: given, stop: async () => {} };
  const template = `ledgerbridge_template_${randomUUID().replaceAll('-', '')}`;
  try {
    await createTemplate(server.url, template);
  } catch (cause) {
    await server.stop();
    throw cause;
  }

  project.provide('postgresUrl', server.url);
  project.provide('postgresTemplate', template);
  return async () => {
    await dropTemplate(server.url, template);
    await server.stop();
  };
}

async function startOwn(): Promise<RunServer> {
  const dataDir = scratchDirectory('ledgerbridge-test-');
  const postgres = await startEmbeddedPostgres({ dataDir, settings: forTests, log });
  return {
    url: postgres.url,
    stop: async () => {
      await postgres.stop();
      await rm(dataDir, { recursive: true, force: true });
    },
  };
}

async function createTemplate(serverUrl: string, template: string): Promise<void> {
  const name = escapeIdentifier(template);
  await onServer(serverUrl, [`CREATE DATABASE ${name}`]);
  const url = new URL(serverUrl);
  url.pathname = template;
  await applyMigrations({ databaseUrl: url.href, migrationsDir, log });
  // A template with a session on it cannot be cloned.
  await onServer(serverUrl, [`ALTER DATABASE ${name} ALLOW_CONNECTIONS false`]);
}

async function dropTemplate(serverUrl: string, template: string): Promise<void> {
  await onServer(serverUrl, [`DROP DATABASE IF EXISTS ${escapeIdentifier(template)} WITH (FORCE)`]);
}

async function onServer(serverUrl: string, statements: readonly string[]): Promise<void> {
  const client = new Client({ connectionString: serverUrl });
  await client.connect();
  try {
    for (const statement of statements) await client.query(statement);
  } finally {
    await client.end();
  }
}
