import { setTimeout as sleep } from 'node:timers/promises';
import { inspect } from 'node:util';

const refillMs = 1_000;

/** What a patient reader does when its budget is spent, which is one over all processes: it asks again a little later. */
export async function patiently<Page>(ask: () => Promise<Page>): Promise<Page> {
  for (;;) {
    try {
      return await ask();
    } catch (error) {
      if (!inspect(error, { depth: 6 }).includes('RATE_LIMITED')) throw error;
      await sleep(refillMs);
    }
  }
}
