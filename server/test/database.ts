import { randomUUID } from 'node:crypto';
import { Client, escapeIdentifier } from 'pg';
import { inject } from 'vitest';

export type TestDatabase = {
  readonly url: string;
  /** Ends whatever sessions are left, so that a failed test does not hold up the rest. */
  readonly drop: () => Promise<void>;
};

/** A fresh database with all migrations applied, for one test file or one test; about 50 ms. */
export async function createTestDatabase(): Promise<TestDatabase> {
  return createFrom(inject('postgresTemplate'));
}

/** A fresh database without any table. */
export async function createEmptyDatabase(): Promise<TestDatabase> {
  return createFrom('template0');
}

async function createFrom(template: string): Promise<TestDatabase> {
  const database = `test_${randomUUID().replaceAll('-', '')}`;
  const name = escapeIdentifier(database);
  // Copied as files: half the time of writing every page into the log of a server that never has to recover.
  await onServer(
    `CREATE DATABASE ${name} TEMPLATE ${escapeIdentifier(template)} STRATEGY FILE_COPY`,
  );
  const url = new URL(inject('postgresUrl'));
  url.pathname = database;
  return { url: url.href, drop: () => onServer(`DROP DATABASE IF EXISTS ${name} WITH (FORCE)`) };
}

async function onServer(statement: string): Promise<void> {
  const client = new Client({ connectionString: inject('postgresUrl') });
  await client.connect();
  try {
    await client.query(statement);
  } finally {
    await client.end();
  }
}
