import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import path from 'node:path';
import process from 'node:process';
import { setTimeout as wait } from 'node:timers/promises';
import { onTestFinished } from 'vitest';
import { childEnvironment } from './child-environment.ts';
import { freePort } from './free-port.ts';

const program = path.resolve(import.meta.dirname, '../../src/main/start.ts');
const startMs = 100_000;
const lookEveryMs = 50;

export type ApiProcess = {
  readonly url: string;
  /** Ends it at once, as a power cut would, and waits until it is gone. */
  readonly kill: () => Promise<void>;
};

/** An API that can be asked to stop, as a deploy does; what it ended with. */
export type RunningApi = ApiProcess & { readonly stop: () => Promise<number | null> };

/** Starts an API of the product as a process of its own, without demo, and waits until it answers; it must be killed. */
export const startApiProcess = (databaseUrl: string): Promise<ApiProcess> =>
  startApiIn({
    DATABASE_URL: databaseUrl,
    LEDGERBRIDGE_DEMO: '0',
    LEDGERBRIDGE_SECRET_KEY: randomBytes(32).toString('base64'),
    QUICKBOOKS_CLIENT_ID: 'client',
    QUICKBOOKS_CLIENT_SECRET: 'secret',
    QUICKBOOKS_WEBHOOK_VERIFIER: 'verifier',
  });

/** The same for what a world says; gone when the test is over. */
export async function startApiOf(environment: NodeJS.ProcessEnv): Promise<RunningApi> {
  const api = await startApiIn(environment);
  onTestFinished(api.kill);
  return api;
}

async function startApiIn(environment: NodeJS.ProcessEnv): Promise<RunningApi> {
  const port = await freePort();
  const child = spawn(process.execPath, [program], {
    env: {
      ...childEnvironment(),
      ...environment,
      PORT: String(port),
      LEDGERBRIDGE_ROLE: 'api',
      LEDGERBRIDGE_LOG_LEVEL: 'warn',
    },
    // With a channel to us it stops by itself when we are gone.
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
  });
  const gone = once(child, 'exit');
  const url = `http://127.0.0.1:${port}`;
  const giveUpAtMs = performance.now() + startMs;
  const isUp = () =>
    fetch(`${url}/health/live`).then(
      ({ ok }) => ok,
      () => false,
    );
  while (!(await isUp())) {
    if (child.exitCode !== null || performance.now() > giveUpAtMs) {
      child.kill('SIGKILL');
      throw new Error(`the API did not start; it ended with ${child.exitCode}`);
    }
    await wait(lookEveryMs);
  }
  const kill = async (): Promise<void> => {
    if (child.exitCode === null && child.signalCode === null) child.kill('SIGKILL');
    await gone;
  };
  const stop = async (): Promise<number | null> => {
    child.kill('SIGTERM');
    await gone;
    return child.exitCode;
  };
  return { url, kill, stop };
}
