import { execFile } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import {
  chown,
  lstat,
  mkdtemp,
  readFile,
  readdir,
  realpath,
  rename,
  rm,
  symlink,
  writeFile,
} from 'node:fs/promises';
import path from 'node:path';
import process from 'node:process';
import { promisify } from 'node:util';
import { EmbeddedPostgresError } from './embedded-error.ts';
import type { Place, RunAs } from './embedded-place.ts';

/** A cluster on disk: PostgreSQL's own folder, and the password of `clusterUser`, kept beside it with mode 0600. */
export type Cluster = { readonly folder: string; readonly password: string };

export const clusterUser = 'ledgerbridge';

const nurseryPrefix = 'postgres-new-';
const run = promisify(execFile);

/** What every PostgreSQL program gets: none of our own environment, which holds secrets. */
export function programEnvironment(): Record<string, string> {
  return { PATH: process.env['PATH'] ?? '/usr/bin:/bin', LC_ALL: 'C' };
}

/** A start that lost may still be writing into what is removed: a folder that is not empty yet is tried again. */
const removal = { recursive: true, force: true, maxRetries: 10, retryDelay: 100 } as const;

/** Opens the cluster at `place`; the first time it is made there, which takes about a second. */
export async function openCluster(place: Place, isDurable: boolean): Promise<Cluster> {
  const found = await readCluster(place.home);
  if (found !== null) return found;
  await createCluster(place, isDurable);
  const made = await readCluster(place.home);
  if (made !== null) return made;
  throw unusable(place.home);
}

async function readCluster(home: string): Promise<Cluster | null> {
  try {
    const folder = await realpath(path.join(home, 'data'));
    return { folder, password: (await readFile(path.join(home, 'password'), 'utf8')).trim() };
  } catch (cause) {
    if (hasCode(cause, 'ENOENT')) return null;
    throw new EmbeddedPostgresError(
      `The database in ${home} cannot be read; it may belong to another user of this machine.`,
      { cause },
    );
  }
}

/** Made whole under a passing name and then moved: a start that dies half way leaves nothing to repair. */
async function createCluster(place: Place, isDurable: boolean): Promise<void> {
  const prefix = place.isOutside ? 'postgres-' : nurseryPrefix;
  const staging = await mkdtemp(path.join(place.nursery, prefix));
  try {
    await initialise(staging, place, isDurable);
    await dropDanglingLink(place.home);
    await (place.isOutside ? symlink(staging, place.home) : rename(staging, place.home));
  } catch (cause) {
    await rm(staging, removal);
    if ((await readCluster(place.home)) !== null) return; // another process was first
    throw cause instanceof EmbeddedPostgresError ? cause : unusable(place.home, cause);
  }
  if (!place.isOutside) await sweepNursery(place.nursery);
}

/** A link left behind by a cluster that was deleted elsewhere is no obstacle to a new one. */
async function dropDanglingLink(home: string): Promise<void> {
  const isLink = await lstat(home).then(
    (found) => found.isSymbolicLink(),
    () => false,
  );
  if (isLink) await rm(home, { force: true });
}

function unusable(home: string, cause?: unknown): EmbeddedPostgresError {
  return new EmbeddedPostgresError(
    `The folder ${home} holds no database that can be used; move it away to start anew.`,
    { cause },
  );
}

async function initialise(staging: string, place: Place, isDurable: boolean): Promise<void> {
  const passwordFile = path.join(staging, 'password');
  await writeFile(passwordFile, `${randomBytes(24).toString('hex')}\n`, { mode: 0o600 });
  await own(staging, place.runAs);
  await own(passwordFile, place.runAs);
  const flags = [
    `--pgdata=${path.join(staging, 'data')}`,
    `--username=${clusterUser}`,
    `--pwfile=${passwordFile}`,
    '--auth=scram-sha-256',
    '--encoding=UTF8',
    // PostgreSQL's own locale: the same order on every machine, whatever locales it has.
    '--locale=C',
    '--locale-provider=builtin',
    '--builtin-locale=C.UTF-8',
    isDurable ? '--sync-method=fsync' : '--no-sync',
  ];
  const options = { ...place.runAs, cwd: '/', env: programEnvironment() };
  await run(path.join(place.programs, 'bin/initdb'), flags, options).catch((cause: unknown) => {
    throw new EmbeddedPostgresError(`The database in ${place.home} could not be made.`, { cause });
  });
}

async function own(file: string, { uid, gid }: RunAs): Promise<void> {
  if (uid !== undefined && gid !== undefined) await chown(file, uid, gid);
}

/** Once a cluster is in place, what earlier starts left half made is of no use to anyone. */
async function sweepNursery(nursery: string): Promise<void> {
  const names = (await readdir(nursery)).filter((name) => name.startsWith(nurseryPrefix));
  await Promise.all(names.map((name) => rm(path.join(nursery, name), removal)));
}

function hasCode(cause: unknown, code: string): boolean {
  return cause instanceof Error && 'code' in cause && cause.code === code;
}
