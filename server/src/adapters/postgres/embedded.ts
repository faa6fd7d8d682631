import { createServer } from 'node:net';
import process from 'node:process';
import { setTimeout as after } from 'node:timers/promises';
import { Client, escapeIdentifier } from 'pg';
import { clusterUser, openCluster } from './embedded-cluster.ts';
import { EmbeddedPostgresError } from './embedded-error.ts';
import { ownerMark, takeOver } from './embedded-owner.ts';
import { findPlace, type Place } from './embedded-place.ts';
import { launch, type Log, type Server } from './embedded-process.ts';

export type EmbeddedPostgres = {
  /** With the password; never to be logged. */
  readonly url: string;
  /** Fast shutdown, at most 8 s; may be called again. */
  readonly stop: () => Promise<void>;
  /** Settles when the server has ended, also when nobody asked it to. */
  readonly ended: Promise<void>;
};

export type EmbeddedOptions = {
  readonly dataDir: string;
  /** A free one when absent. */
  readonly port?: number;
  /** PostgreSQL settings that differ from `laptop`. */
  readonly settings?: Readonly<Record<string, string>>;
  readonly log: Log;
};

const databaseName = 'ledgerbridge';
const limits = { startMs: 15_000, pauseMs: 100 };

/** Fits two cores and a browser beside it. A commit that was answered survives a power cut. */
const laptop = {
  shared_buffers: '128MB',
  max_connections: '100',
  synchronous_commit: 'on',
  timezone: 'UTC',
  log_timezone: 'UTC',
  log_checkpoints: 'off',
  // Rows hold our users' books: neither statements nor the values in an error's detail go to the log.
  log_line_prefix: '',
  log_error_verbosity: 'terse',
  log_min_error_statement: 'panic',
};

/** Starts PostgreSQL 18 on `<dataDir>/postgres`, made at the first start; loopback only, with a generated password. */
export async function startEmbeddedPostgres(options: EmbeddedOptions): Promise<EmbeddedPostgres> {
  const place = await findPlace(options.dataDir);
  const cluster = await openCluster(place, options.settings?.['fsync'] !== 'off');
  const { server, port } = await startServer(place, cluster.folder, options);

  const urlOf = (database: string) =>
    `postgresql://${clusterUser}:${cluster.password}@127.0.0.1:${port}/${database}`;
  try {
    await ensureDatabase(urlOf('postgres'));
  } catch (cause) {
    await server.stop();
    throw cause;
  }
  options.log.info({ port, folder: cluster.folder }, 'embedded PostgreSQL is ready');
  return { url: urlOf(databaseName), stop: server.stop, ended: server.ended };
}

/** What may pass by itself is tried again: a lost race for a port, and the last breath of a killed server. */
async function startServer(
  place: Place,
  folder: string,
  options: EmbeddedOptions,
): Promise<{ server: Server; port: number }> {
  for (let waitedMs = 0; ; waitedMs += limits.pauseMs) {
    await takeOver(folder);
    const port = options.port ?? (await freePort());
    const settings = { ...laptop, ...options.settings, ...addressSettings(port) };
    const launched = await launch(place, folder, settings, options.log);
    if (launched.kind === 'running') return { server: launched.server, port };

    const isPortTaken = /TCP\/IP socket/.test(launched.says);
    if (isPortTaken && options.port !== undefined) throw portTaken(port);
    const mayPass = isPortTaken || /lock file|shared memory block/.test(launched.says);
    if (!mayPass || waitedMs >= limits.startMs) throw notStarted(place.home, launched.says);
    await after(limits.pauseMs);
  }
}

function addressSettings(port: number): Record<string, string> {
  return {
    listen_addresses: '127.0.0.1',
    unix_socket_directories: '',
    port: String(port),
    cluster_name: ownerMark(process.pid),
  };
}

function portTaken(port: number): EmbeddedPostgresError {
  return new EmbeddedPostgresError(
    `The embedded PostgreSQL cannot listen on 127.0.0.1:${port}, another program does.`,
  );
}

function notStarted(home: string, says: string): EmbeddedPostgresError {
  return new EmbeddedPostgresError(`The database in ${home} did not start: ${says}.`);
}

async function freePort(): Promise<number> {
  const probe = createServer();
  await new Promise<void>((resolve, reject) => {
    probe.once('error', reject).listen(0, '127.0.0.1', resolve);
  });
  const address = probe.address();
  await new Promise((resolve) => probe.close(resolve));
  if (address === null || typeof address === 'string') throw new Error('a TCP port was expected');
  return address.port;
}

async function ensureDatabase(url: string): Promise<void> {
  const client = new Client({ connectionString: url });
  await client.connect();
  try {
    const found = await client.query('SELECT 1 FROM pg_database WHERE datname = $1', [
      databaseName,
    ]);
    if (found.rowCount === 0) {
      await client.query(`CREATE DATABASE ${escapeIdentifier(databaseName)}`);
    }
  } finally {
    await client.end();
  }
}
