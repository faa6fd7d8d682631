import { Client, DatabaseError } from 'pg';
import type { Logger } from 'pino';
import { type Migration, MigrationRefused, readMigrations } from './migration-files.ts';
import { ensureHistory, nextStep, readHistory, remember } from './migration-history.ts';

export type MigrationOptions = {
  readonly databaseUrl: string;
  /** The folder `prisma/migrations`. */
  readonly migrationsDir: string;
  readonly log: Pick<Logger, 'info'>;
};

/** The lock of Prisma's own engine: neither of us migrates while the other does. */
const advisoryLock = 72_707_369;
const lockNotAvailable = '55P03';
const limits = { connectMs: 10_000, lockMs: 60_000 };

/**
 * Applies what is missing, each migration once, however many processes start together. Each migration and its entry in
 * the history are one transaction, so a failed one leaves nothing behind; `MigrationRefused` says what to do.
 */
export async function applyMigrations(
  options: MigrationOptions,
): Promise<{ applied: readonly string[] }> {
  const migrations = await readMigrations(options.migrationsDir);
  return withClient(options.databaseUrl, async (client) => {
    const first = nextStep(migrations, await readHistory(client));
    if (first.kind === 'nothing') return { applied: [] };

    const applied: string[] = [];
    for (;;) {
      const name = await applyNext(client, migrations);
      if (name === null) return { applied };
      options.log.info({ migration: name }, 'migration applied');
      applied.push(name);
    }
  });
}

/** Whether this database still lacks a migration, or holds one that failed or was changed. */
export async function hasPendingMigrations(
  databaseUrl: string,
  migrationsDir: string,
): Promise<boolean> {
  const migrations = await readMigrations(migrationsDir);
  return withClient(databaseUrl, async (client) => {
    return nextStep(migrations, await readHistory(client)).kind !== 'nothing';
  });
}

/**
 * One transaction: lock, decide anew from what others have done meanwhile, run, record. The lock ends with the
 * transaction, so it also holds behind a pooler that lends a connection per transaction.
 */
async function applyNext(client: Client, migrations: readonly Migration[]): Promise<string | null> {
  // Read committed whatever the server's default: what is read under the lock must be newer than the lock.
  await client.query('BEGIN ISOLATION LEVEL READ COMMITTED');
  try {
    await client.query(`SET LOCAL lock_timeout = ${limits.lockMs}`);
    await client.query('SET LOCAL statement_timeout = 0');
    await takeLock(client);
    await ensureHistory(client);
    const step = nextStep(migrations, await readHistory(client));
    if (step.kind === 'refuse') throw new MigrationRefused(step.says);

    if (step.kind === 'apply') {
      await runScript(client, step.migration);
      await remember(client, step.migration);
    }
    await client.query('COMMIT');
    return step.kind === 'apply' ? step.migration.name : null;
  } catch (cause) {
    await client.query('ROLLBACK').catch(() => {}); // the connection itself may be what failed
    throw cause;
  }
}

async function takeLock(client: Client): Promise<void> {
  await client.query('SELECT pg_advisory_xact_lock($1)', [advisoryLock]).catch((cause: unknown) => {
    if (!(cause instanceof DatabaseError) || cause.code !== lockNotAvailable) throw cause;
    throw new MigrationRefused(
      `Another process has been migrating this database for over ${limits.lockMs / 1_000} s; ` +
        'start again when it is done.',
      { cause },
    );
  });
}

async function runScript(client: Client, { name, sql }: Migration): Promise<void> {
  await client.query(sql).catch((cause: unknown) => {
    const where = cause instanceof DatabaseError ? placeOf(cause, sql) : '';
    const says = cause instanceof Error ? cause.message : String(cause);
    throw new MigrationRefused(`Migration ${name} failed and was undone: ${says}${where}.`, {
      cause,
    });
  });
}

/** PostgreSQL counts characters of the whole script; a person looks for a line. */
function placeOf({ position }: DatabaseError, sql: string): string {
  if (position === undefined) return '';
  return `, line ${sql.slice(0, Number(position)).split('\n').length}`;
}

async function withClient<T>(databaseUrl: string, work: (client: Client) => Promise<T>) {
  const client = new Client({
    connectionString: databaseUrl,
    application_name: 'ledgerbridge migrations',
    connectionTimeoutMillis: limits.connectMs,
  });
  client.on('error', () => {}); // a lost connection also fails the query under way, which tells it
  await client.connect();
  try {
    return await work(client);
  } finally {
    await client.end();
  }
}
