import { spawn } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';
import process from 'node:process';
import { z } from 'zod';
import { liveThrough } from './history.ts';
import { seedOf } from './run.ts';

const here = import.meta.dirname;
const outcome = z.object({ count: z.number(), found: z.string().nullable() });

/** How long one history may take, of some 20 ms; a bug that makes the engine go in circles is found by that. */
const historyMsMax = 60_000;

/** What came of looking for a planted bug under the seeds from `from` on. */
export type Hunt = { readonly count: number; readonly found: string | null };

/**
 * Looks for a planted bug over at most so many histories, in a process of its own. What breaks a promise counts only where
 * the same history keeps all of them without the bug.
 */
export async function hunt(mutant: string, from: number, most: number): Promise<Hunt> {
  let count = 0;
  while (count < most) {
    const next = await huntOnce(mutant, from + count, most - count);
    count += next.count;
    if (next.found === null) break;
    const { broken } = await liveThrough(seedOf(from + count - 1));
    if (broken.length === 0) return { count, found: next.found };
  }
  return { count, found: null };
}

async function huntOnce(mutant: string, from: number, most: number): Promise<Hunt> {
  const args = [
    '--import',
    path.join(here, 'planting.ts'),
    path.join(here, 'mutant-run.ts'),
    String(from),
    String(most),
  ];
  const env = { ...process.env, MUTANT: mutant };
  const child = spawn(process.execPath, args, { env, stdio: ['ignore', 'pipe', 'inherit'] });
  let said = '';
  let isStuck = false;
  const stuck = (): void => {
    isStuck = true;
    child.kill('SIGKILL');
  };
  let waits = setTimeout(stuck, historyMsMax);
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    said += text;
    clearTimeout(waits);
    waits = setTimeout(stuck, historyMsMax);
  });
  const [code] = await once(child, 'close');
  clearTimeout(waits);
  const lines = said.trimEnd().split('\n');
  if (isStuck) return { count: lines.length, found: 'it goes in circles' };
  if (code !== 0) throw new Error(`the hunt for ${mutant} ended with ${String(code)}`);
  return outcome.parse(JSON.parse(lines.at(-1) ?? ''));
}
