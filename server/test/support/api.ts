import { setTimeout as sleep } from 'node:timers/promises';
import pino from 'pino';
import { onTestFinished } from 'vitest';
import { readConfig } from '#main/config.ts';
import { noWorker, startApi } from '#main/serve.ts';
import { freePort } from './free-port.ts';
import type { World } from './world.ts';

/** The key that the API of a test knows; it may do everything. */
export const apiKey = `lb_${'t'.repeat(43)}`;

const settleMsMax = 60_000;

/** Serves a world's API as the product does, on a port of its own; gone when the test is over. */
export async function serveWorld(world: World): Promise<{ readonly url: string }> {
  const outcome = readConfig({
    ...world.environment,
    LEDGERBRIDGE_ROLE: 'api',
    // Known before it listens: the way back from a consent page leads here.
    PORT: String(await freePort()),
    LEDGERBRIDGE_BOOTSTRAP_API_KEY: apiKey,
  });
  if (!outcome.ok) throw new Error(outcome.lines.join('\n'));
  const { config } = outcome;
  const api = await startApi(config, world.databaseUrl, pino({ level: 'silent' }), noWorker);
  onTestFinished(() => api.stop());
  return { url: `http://127.0.0.1:${api.port}` };
}

/** Drains the world's company until `isDone`, as its worker would. */
export async function drainUntil(world: World, isDone: () => Promise<boolean>): Promise<void> {
  const endsAt = performance.now() + settleMsMax;
  while (!(await isDone())) {
    if (performance.now() > endsAt) throw new Error('it was not done in time');
    await world.drain();
    await sleep(50);
  }
}
