import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFile, rm, stat, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import path from 'node:path';
import process from 'node:process';
import { createInterface } from 'node:readline';
import { Client } from 'pg';
import { pino } from 'pino';
import { afterAll, afterEach, beforeAll, expect, onTestFinished, test } from 'vitest';
import { openCluster } from '#adapters/postgres/embedded-cluster.ts';
import { EmbeddedPostgresError } from '#adapters/postgres/embedded-error.ts';
import { ownerMark } from '#adapters/postgres/embedded-owner.ts';
import { findPlace } from '#adapters/postgres/embedded-place.ts';
import { launch } from '#adapters/postgres/embedded-process.ts';
import {
  type EmbeddedOptions,
  type EmbeddedPostgres,
  startEmbeddedPostgres,
} from '#adapters/postgres/embedded.ts';
import { scratchDirectory } from '../../support/scratch.ts';

const log = pino({ level: 'silent' });
let dataDir: string;
let running: EmbeddedPostgres[] = [];
let owners: ChildProcess[] = [];

beforeAll(() => {
  dataDir = scratchDirectory('ledgerbridge-embedded-');
});

afterEach(async () => {
  for (const owner of owners) owner.kill('SIGKILL');
  await Promise.all(running.map((postgres) => postgres.stop()));
  [running, owners] = [[], []];
});

afterAll(() => rm(dataDir, { recursive: true, force: true }));

async function start(options: Partial<EmbeddedOptions> = {}): Promise<EmbeddedPostgres> {
  const postgres = await startEmbeddedPostgres({
    dataDir,
    settings: { fsync: 'off' },
    log,
    ...options,
  });
  running.push(postgres);
  return postgres;
}

/** Another process that owns the database; `says` is its URL, or why it could not start. */
async function startOwner(): Promise<{ owner: ChildProcess; says: string }> {
  const script = path.join(import.meta.dirname, 'owner-process.ts');
  const owner = spawn(process.execPath, [script, dataDir], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  owners.push(owner);
  const [says] = await once(createInterface({ input: owner.stdout }), 'line');
  return { owner, says: String(says) };
}

async function query(url: string, sql: string): Promise<unknown[]> {
  const client = new Client({ connectionString: url });
  client.on('error', () => {}); // the server may be killed under it
  await client.connect();
  try {
    const { rows } = await client.query<Record<string, unknown>>(sql);
    return rows;
  } finally {
    await client.end();
  }
}

async function postmasterPid(): Promise<number> {
  const file = path.join(dataDir, 'postgres/data/postmaster.pid');
  return Number((await readFile(file, 'utf8')).split('\n', 1)[0]);
}

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}

test('what was written before a stop is there after the next start, under the same password', async () => {
  const first = await start();
  await query(first.url, `CREATE TABLE kept AS SELECT 'before the stop' AS word`);
  await first.stop();

  const second = await start();

  expect(await query(second.url, 'SELECT word FROM kept')).toEqual([{ word: 'before the stop' }]);
  expect(new URL(second.url).password).toBe(new URL(first.url).password);
});

test('a stop ends sessions that are still open, and may be asked for twice', async () => {
  const postgres = await start();
  const client = new Client({ connectionString: postgres.url });
  await client.connect();
  const errors: string[] = [];
  client.on('error', ({ message }) => errors.push(message));
  const lost = new Promise<void>((resolve) => {
    client.on('end', resolve);
  });

  await Promise.all([postgres.stop(), postgres.stop()]);
  await lost;

  expect(errors[0]).toBe('terminating connection due to administrator command');
  await postgres.ended;
});

test('a killed server is reported, and the next start recovers what was committed', async () => {
  const first = await start();
  await query(first.url, 'CREATE TABLE survived AS SELECT 1 AS id');
  process.kill(await postmasterPid(), 'SIGKILL');
  await first.ended;

  const second = await start();

  expect(await query(second.url, 'SELECT id FROM survived')).toEqual([{ id: 1 }]);
});

test('a server does not outlive an owner that is killed', async () => {
  const { owner } = await startOwner();
  const postmaster = await postmasterPid();

  owner.kill('SIGKILL');

  await expect.poll(() => isAlive(postmaster), { timeout: 10_000 }).toBe(false);
});

test('a start right after the owner was killed goes on with what was committed', async () => {
  const { owner, says: url } = await startOwner();
  await query(url, 'CREATE TABLE inherited AS SELECT 1 AS id');
  owner.kill('SIGKILL');
  await once(owner, 'exit');

  const postgres = await start();

  expect(await query(postgres.url, 'SELECT id FROM inherited')).toEqual([{ id: 1 }]);
});

test('a server that runs on although its owner is gone is stopped by the next start', async () => {
  const first = await start();
  await first.stop();
  const gone = spawn(process.execPath, ['--version'], { stdio: 'ignore' });
  await once(gone, 'exit');
  const place = await findPlace(dataDir);
  const { folder } = await openCluster(place, false);
  const settings = {
    port: new URL(first.url).port,
    unix_socket_directories: '',
    cluster_name: ownerMark(gone.pid ?? 0),
  };
  const orphan = await launch(place, folder, settings, log);
  expect(orphan.kind).toBe('running');
  if (orphan.kind === 'running') onTestFinished(orphan.server.stop);

  const postgres = await start();

  expect(await query(postgres.url, 'SELECT 1 AS alive')).toEqual([{ alive: 1 }]);
});

test('an owner keeps its own signal handling and exit code', async () => {
  const { owner } = await startOwner();

  owner.kill('SIGTERM');

  expect(await once(owner, 'exit')).toEqual([7, null]);
});

test('a second owner is refused in one sentence that names folder and process', async () => {
  const { owner, says: url } = await startOwner();

  await expect(start()).rejects.toThrow(
    new EmbeddedPostgresError(
      `The database in ${path.join(dataDir, 'postgres')} is in use by process ${owner.pid}; ` +
        'stop that first, or set LEDGERBRIDGE_DATA_DIR to another folder.',
    ),
  );
  expect(await query(url, 'SELECT 1 AS alive')).toEqual([{ alive: 1 }]);
});

test('a second start in the same process is refused as well', async () => {
  await start();

  await expect(start()).rejects.toThrow('is in use by this process itself;');
});

test('of two first starts at one moment one gets the database and the other is refused', async () => {
  const shared = scratchDirectory('ledgerbridge-embedded-');

  const results = await Promise.allSettled([
    start({ dataDir: shared }),
    start({ dataDir: shared }),
  ]);

  const refusals = results.flatMap((result) => {
    return result.status === 'rejected' ? [String(result.reason)] : [];
  });
  expect(refusals).toEqual([expect.stringContaining('is in use by this process itself;')]);
  const [winner] = running;
  expect(await query(winner?.url ?? '', 'SELECT 1 AS alive')).toEqual([{ alive: 1 }]);
  await winner?.stop();
  await rm(shared, { recursive: true });
});

test('a lock file whose process number has passed to another program is no obstacle', async () => {
  await (await start()).stop();
  // Of the user that PostgreSQL runs as: only such a process makes PostgreSQL itself give up.
  const { runAs } = await findPlace(dataDir);
  const stranger = spawn('sleep', ['60'], { ...runAs, stdio: 'ignore' });
  owners.push(stranger);
  const lockFile = path.join(dataDir, 'postgres/data/postmaster.pid');
  await writeFile(lockFile, `${stranger.pid}\n${path.dirname(lockFile)}\n1\n5432\n\n\n\n`);

  const postgres = await start();

  expect(await query(postgres.url, 'SELECT 1 AS alive')).toEqual([{ alive: 1 }]);
});

test('the password is asked for, and only its owner may read it from the disk', async () => {
  const postgres = await start();
  const guessed = new URL(postgres.url);
  guessed.password = 'postgres';

  await expect(query(guessed.href, 'SELECT 1')).rejects.toThrow('password authentication failed');

  const { mode } = await stat(path.join(dataDir, 'postgres/password'));
  expect(mode & 0o777).toBe(0o600);
  expect(await query(postgres.url, 'SHOW listen_addresses')).toEqual([
    { listen_addresses: '127.0.0.1' },
  ]);
});

test('a port that another program holds is named', async () => {
  const other = createServer().listen(0, '127.0.0.1');
  await once(other, 'listening');
  const address = other.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;

  await expect(start({ port })).rejects.toThrow(
    `The embedded PostgreSQL cannot listen on 127.0.0.1:${port}, another program does.`,
  );

  other.close();
  await once(other, 'close');
  expect(new URL((await start({ port })).url).port).toBe(String(port));
});
