import { execFile } from 'node:child_process';
import path from 'node:path';
import process from 'node:process';
import { promisify } from 'node:util';
import { z } from 'zod';

const here = import.meta.dirname;
const outcome = z.object({ count: z.number(), found: z.string().nullable() });

/** How long one hunt may take; a bug that makes the engine go in circles is found by that. */
const huntMsMax = 240_000;

/** What came of looking for a planted bug under the seeds from `from` on. */
export type Hunt = { readonly count: number; readonly found: string | null };

/** Looks for a planted bug in a process of its own, over at most so many histories. */
export async function hunt(mutant: string, from: number, most: number): Promise<Hunt> {
  const args = [
    '--import',
    path.join(here, 'planting.ts'),
    path.join(here, 'mutant-run.ts'),
    String(from),
    String(most),
  ];
  const env = { ...process.env, MUTANT: mutant };
  try {
    const { stdout } = await promisify(execFile)(process.execPath, args, {
      env,
      timeout: huntMsMax,
      maxBuffer: 1_000_000,
    });
    return outcome.parse(JSON.parse(stdout));
  } catch (error) {
    const isLate = error instanceof Error && 'killed' in error && error.killed === true;
    if (isLate) return { count: most, found: 'it goes in circles' };
    throw error;
  }
}
