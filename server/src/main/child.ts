import { spawn, type ChildProcess } from 'node:child_process';
import process from 'node:process';
import type { Log } from '#ports/log.ts';

const restartMs = 500;
const stopMs = 10_000;

/** A program kept running beside this one. */
export type Child = {
  /** Sends a signal to the process that runs now; false when none does. */
  signal(name: NodeJS.Signals): boolean;
  /** Ends it for good: SIGTERM, and SIGKILL after 10 s. */
  stop(): Promise<void>;
};

/** Starts a program with Node and starts it again whenever it ends by itself or is killed. */
export function keepRunning(
  name: string,
  file: string,
  env: Readonly<Record<string, string>>,
  log: Log,
): Child {
  let current: ChildProcess | null = null;
  let stopping = false;
  const start = (): void => {
    if (stopping) return;
    const child = spawn(process.execPath, [file], {
      env: { ...process.env, ...env },
      stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
    });
    current = child;
    child.once('exit', (code, signal) => {
      if (stopping) return;
      log.warn('a process ended and is started again', { name, code, signal });
      setTimeout(start, restartMs);
    });
  };
  start();
  return {
    signal: (signalName) => current?.kill(signalName) ?? false,
    stop: async () => {
      stopping = true;
      const child = current;
      if (child === null || child.exitCode !== null || child.signalCode !== null) return;
      const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()));
      child.kill('SIGCONT'); // one that was frozen must be able to hear the next signal
      child.kill('SIGTERM');
      const timer = setTimeout(() => child.kill('SIGKILL'), stopMs);
      await ended;
      clearTimeout(timer);
    },
  };
}
