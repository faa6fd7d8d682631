import { execFile } from 'node:child_process';
import { readFile, rm } from 'node:fs/promises';
import path from 'node:path';
import process from 'node:process';
import { setTimeout as after } from 'node:timers/promises';
import { promisify } from 'node:util';
import { EmbeddedPostgresError } from './embedded-error.ts';

const run = promisify(execFile);
const limits = { pollMs: 20, fastStopMs: 10_000, hardStopMs: 5_000 };

/** Written on the server's command line, so that whoever finds it running can tell whose it is. */
export function ownerMark(ownerPid: number): string {
  return `ledgerbridge-${ownerPid}`;
}

/**
 * Makes the cluster free to start: refuses while its owner lives, stops a server that outlived its owner, and clears a
 * lock file whose process number has passed to a stranger. A lock file of no process is PostgreSQL's own to clear.
 */
export async function takeOver(folder: string): Promise<void> {
  const pid = await lockHolder(folder);
  if (pid === null || !send(pid, 0)) return;
  const commandLine = await commandLineOf(pid);
  if (!commandLine.includes(folder)) {
    await rm(path.join(folder, 'postmaster.pid'), { force: true });
    return;
  }
  const ownerPid = Number(/ledgerbridge-(\d+)/.exec(commandLine)?.[1] ?? pid);
  if ((await commandLineOf(ownerPid)) !== '') throw inUse(folder, ownerPid);
  await stopOrphan(folder, pid);
}

function inUse(folder: string, ownerPid: number): EmbeddedPostgresError {
  const who = ownerPid === process.pid ? 'this process itself' : `process ${ownerPid}`;
  return new EmbeddedPostgresError(
    `The database in ${path.dirname(folder)} is in use by ${who}; ` +
      'stop that first, or set LEDGERBRIDGE_DATA_DIR to another folder.',
  );
}

/** The process number in PostgreSQL's lock file; null when nobody holds the cluster. */
async function lockHolder(folder: string): Promise<number | null> {
  const text = await readFile(path.join(folder, 'postmaster.pid'), 'utf8').catch(() => '');
  const pid = Number(text.split('\n', 1)[0]);
  return Number.isSafeInteger(pid) && pid > 0 ? pid : null;
}

/** Whether there was such a process; signal 0 only asks. */
function send(pid: number, signal: NodeJS.Signals | 0): boolean {
  try {
    return process.kill(pid, signal);
  } catch (cause) {
    return cause instanceof Error && 'code' in cause && cause.code === 'EPERM';
  }
}

/** Empty when the process is gone, or dead and not yet collected by its parent. Linux images often lack `ps`; macOS has no `/proc`. */
async function commandLineOf(pid: number): Promise<string> {
  if (process.platform === 'linux') {
    return readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '');
  }
  return run('ps', ['-ww', '-o', 'args=', '-p', String(pid)]).then(
    ({ stdout }) => stdout,
    () => '',
  );
}

async function stopOrphan(folder: string, pid: number): Promise<void> {
  if (await stops(folder, pid, 'SIGINT', limits.fastStopMs)) return;
  if (await stops(folder, pid, 'SIGQUIT', limits.hardStopMs)) return;
  throw new EmbeddedPostgresError(
    `The database in ${path.dirname(folder)} is held by process ${pid}, which does not stop.`,
  );
}

async function stops(
  folder: string,
  pid: number,
  signal: NodeJS.Signals,
  withinMs: number,
): Promise<boolean> {
  send(pid, signal);
  for (let waitedMs = 0; waitedMs < withinMs; waitedMs += limits.pollMs) {
    if (!(await commandLineOf(pid)).includes(folder)) return true;
    await after(limits.pollMs);
  }
  return false;
}
