import { spawn } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';
import process from 'node:process';
import { createInterface } from 'node:readline';
import { childEnvironment } from '../../test/support/child-environment.ts';
import { freePort } from '../../test/support/free-port.ts';

const program = path.resolve(import.meta.dirname, '../../src/main/start.ts');
const upMsMax = 180_000;
const lookEveryMs = 50;

/** The key that an API started here knows; it may do everything. */
export const apiKey = `lb_${'b'.repeat(43)}`;

export type Program = {
  readonly url: string;
  readonly pid: number;
  /** Ends it at once, as a power cut would. */
  readonly kill: () => Promise<void>;
};

/** A process of the product beside the bench, as `npm start` would run it; it must be killed. */
export async function startProgram(
  role: 'api' | 'worker',
  environment: Readonly<Record<string, string>>,
): Promise<Program> {
  const port = await freePort();
  const child = spawn(process.execPath, [program], {
    env: {
      ...childEnvironment(),
      ...environment,
      PORT: String(port),
      LEDGERBRIDGE_ROLE: role,
      LEDGERBRIDGE_LOG_LEVEL: role === 'worker' ? 'info' : 'warn',
      LEDGERBRIDGE_BOOTSTRAP_API_KEY: apiKey,
    },
    // With a channel to us it stops by itself when we are gone.
    stdio: ['ignore', 'pipe', 'inherit', 'ipc'],
  });
  const gone = once(child, 'exit');
  let isReady = false;
  if (child.stdout !== null)
    createInterface({ input: child.stdout }).on('line', (line) => {
      if (line.includes('the worker is ready')) isReady = true;
    });
  const url = `http://127.0.0.1:${port}`;
  const answers = () =>
    fetch(`${url}/health/live`).then(
      ({ ok }) => ok,
      () => false,
    );
  const giveUpAtMs = performance.now() + upMsMax;
  while (!(role === 'worker' ? isReady : await answers())) {
    if (child.exitCode !== null || performance.now() > giveUpAtMs) {
      child.kill('SIGKILL');
      throw new Error(`the ${role} did not start; it ended with ${child.exitCode}`);
    }
    await new Promise((resolve) => setTimeout(resolve, lookEveryMs));
  }
  return {
    url,
    pid: child.pid ?? 0,
    kill: async () => {
      if (child.exitCode === null && child.signalCode === null) child.kill('SIGKILL');
      await gone;
    },
  };
}
