import { readFileSync, existsSync, writeFileSync } from 'node:fs';
import process from 'node:process';
import { z } from 'zod';
import { commitHere } from '../support/commit.ts';
import { hunt, type Hunt } from './hunt.ts';
import { mutants } from './mutants.ts';

/**
 * `node test/memory/hunt-all.ts <file> [times] [most] [only]`: looks for every planted bug, several times from other seeds, over at
 * most so many histories each, and keeps the counts; goes on with what the file holds.
 */
const [file = 'mutants.json', times = '3', most = '3000', only = ''] = process.argv.slice(2);
const commit = commitHere();
const kept = z.record(
  z.string(),
  z.array(z.object({ count: z.number(), found: z.string().nullable(), commit: z.string() })),
);
const hunts: Record<string, (Hunt & { readonly commit: string })[]> = existsSync(file)
  ? kept.parse(JSON.parse(readFileSync(file, 'utf8')))
  : {};
/** Far from the seeds of the long run. */
const firstSeed = 1_000_001;
const apart = 10_000;

for (let time = 0; time < Number(times); time += 1)
  for (const { name } of mutants) {
    const done = (hunts[name] ??= []);
    if (done.length > time || !name.includes(only)) continue;
    const found = await hunt(name, firstSeed + time * apart, Number(most));
    done.push({ ...found, commit });
    process.stdout.write(`${name}: ${found.count} ${found.found ?? 'not found'}\n`);
    writeFileSync(file, JSON.stringify(hunts));
  }
