import { spawn, type ChildProcess } from 'node:child_process';
import process from 'node:process';
import type { Log } from '#ports/log.ts';

const restartMs = 500;
const stopMs = 10_000;

/** What the parent knows of a child process. */
export type ChildStatus = {
  readonly isRunning: boolean;
  /** Stopped by SIGSTOP and not woken since. */
  readonly isFrozen: boolean;
  /** How often it was started, the first time included. */
  readonly startedCount: number;
};

/** A program kept running beside this one. */
export type Child = {
  /** Sends a signal to the process that runs now; false when none does. */
  signal(name: NodeJS.Signals): boolean;
  /** How it fares now. */
  status(): ChildStatus;
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
  let isFrozen = false;
  let startedCount = 0;
  const start = (): void => {
    if (stopping) return;
    const child = spawn(process.execPath, [file], {
      env: { ...process.env, ...env },
      stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
    });
    current = child;
    isFrozen = false;
    startedCount += 1;
    child.once('exit', (code, signal) => {
      if (stopping) return;
      log.warn('a process ended and is started again', { name, code, signal });
      setTimeout(start, restartMs);
    });
  };
  start();
  return {
    signal: (signalName) => {
      const isSent = current?.kill(signalName) ?? false;
      if (isSent && (signalName === 'SIGSTOP' || signalName === 'SIGCONT'))
        isFrozen = signalName === 'SIGSTOP';
      return isSent;
    },
    status: () => ({
      isRunning: current !== null && current.exitCode === null && current.signalCode === null,
      isFrozen,
      startedCount,
    }),
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
