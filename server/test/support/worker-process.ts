import { spawn } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';
import process from 'node:process';
import { createInterface } from 'node:readline';
import { onTestFinished } from 'vitest';
import { childEnvironment } from './child-environment.ts';
import type { World } from './world.ts';

const program = path.resolve(import.meta.dirname, '../../src/main/start.ts');

export type WorkerProcess = {
  readonly signal: (name: NodeJS.Signals) => void;
  /** Ends it at once, as a power cut would, and waits until it is gone. */
  readonly kill: () => Promise<void>;
  /** Asks it to stop and waits until it has; what it ended with. */
  readonly stop: () => Promise<number | null>;
  /** What it said so far, line by line. */
  readonly lines: readonly string[];
};

/** Starts a worker of the product as a process of its own and waits until it takes work; gone when the test is over. */
export async function startWorkerProcess(
  world: Pick<World, 'environment'>,
  level = 'info',
): Promise<WorkerProcess> {
  const child = spawn(process.execPath, [program], {
    env: {
      ...childEnvironment(),
      ...world.environment,
      LEDGERBRIDGE_ROLE: 'worker',
      LEDGERBRIDGE_LOG_LEVEL: level,
    },
    // With a channel to us it stops by itself when we are gone.
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
  });
  const gone = once(child, 'exit');
  const kill = async (): Promise<void> => {
    if (child.exitCode === null && child.signalCode === null) child.kill('SIGKILL');
    await gone;
  };
  onTestFinished(kill);
  const lines: string[] = [];
  const ready = Promise.withResolvers<void>();
  for (const stream of [child.stdout, child.stderr]) {
    if (stream === null) throw new Error('the worker has no output');
    createInterface({ input: stream }).on('line', (line) => {
      lines.push(line);
      if (line.includes('the worker is ready')) ready.resolve();
    });
  }
  await Promise.race([ready.promise, gone]);
  if (child.exitCode !== null) throw new Error(`the worker did not start:\n${lines.join('\n')}`);
  const stop = async (): Promise<number | null> => {
    child.kill('SIGTERM');
    await gone;
    return child.exitCode;
  };
  return { signal: (name) => void child.kill(name), kill, stop, lines };
}
