import { spawn } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';
import process from 'node:process';
import { createInterface } from 'node:readline';
import type { Logger } from 'pino';
import { programEnvironment } from './embedded-cluster.ts';
import type { Place } from './embedded-place.ts';

export type Log = Pick<Logger, 'debug' | 'info' | 'warn'>;

/** A server that accepts connections, or the last it said before it gave up. */
export type Launch =
  | { readonly kind: 'running'; readonly server: Server }
  | { readonly kind: 'ended'; readonly says: string };

export type Server = {
  /** Fast shutdown: sessions are ended, then a checkpoint. Repeated calls wait for the same end. */
  readonly stop: () => Promise<void>;
  /** Settles when the server has ended, asked or not. */
  readonly ended: Promise<void>;
};

const stopLimitMs = 8_000; // http.md 1: a process that is told to stop has 10 s

// PostgreSQL gets a guard that watches our end of a pipe. However we end, SIGKILL included, the pipe closes and the guard
// asks for a fast shutdown: no server outlives its owner. `detached` keeps Ctrl-C in the terminal away from both, so
// that the worker can finish on a living database.
const guard = `
exec 3<&0 </dev/null
"$@" 3<&- &
postmaster=$!
( read -r _ <&3; kill -INT "$postmaster" ) 2>/dev/null &
watcher=$!
wait "$postmaster"
status=$?
kill "$watcher" 2>/dev/null
exit "$status"
`;

/** Starts PostgreSQL on the cluster in `folder` and waits until it accepts connections or ends. */
export async function launch(
  { programs, runAs }: Place,
  folder: string,
  settings: Readonly<Record<string, string>>,
  log: Log,
): Promise<Launch> {
  const flags = Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`]);
  const command = [path.join(programs, 'bin/postgres'), '-D', folder, ...flags];
  const child = spawn('/bin/sh', ['-c', guard, 'ledgerbridge-guard', ...command], {
    ...runAs,
    cwd: '/',
    env: programEnvironment(),
    stdio: ['pipe', 'ignore', 'pipe'],
    detached: true,
  });
  child.stdin.on('error', () => {}); // the guard may be gone first; its end is told by 'close'
  const ended = once(child, 'close').then(() => {});

  const said = createInterface({ input: child.stderr });
  let says = 'nothing';
  const ready = new Promise<'ready'>((resolve) => {
    said.on('line', (line) => {
      if (!/^(LOG|WARNING|DETAIL|HINT)/.test(line)) says = line.replace(/^\w+:\s+/, '');
      tell(log, line);
      if (line.includes('database system is ready to accept connections')) resolve('ready');
    });
  });

  if ((await Promise.race([ready, ended])) !== 'ready') return { kind: 'ended', says };
  return {
    kind: 'running',
    server: {
      ended,
      stop: async () => {
        child.stdin.end();
        const postmasterLate = setTimeout(() => endGroup(child.pid), stopLimitMs);
        await ended;
        clearTimeout(postmasterLate);
      },
    },
  };
}

/** The whole process group at once, as a power cut would: the next start recovers from the log. */
function endGroup(leaderPid: number | undefined): void {
  if (leaderPid !== undefined) process.kill(-leaderPid, 'SIGKILL');
}

/** PostgreSQL reports refused statements too; those are told by whoever sent them. */
function tell(log: Log, line: string): void {
  if (/^(WARNING|FATAL|PANIC)/.test(line)) log.warn({ postgres: line }, 'PostgreSQL reports');
  else log.debug({ postgres: line }, 'PostgreSQL reports');
}
