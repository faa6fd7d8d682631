import { readFileSync, existsSync, writeFileSync } from 'node:fs';
import process from 'node:process';
import { z } from 'zod';
import { hunt, type Hunt } from './hunt.ts';
import { mutants } from './mutants.ts';

/** `node test/memory/hunt-all.ts <file> [times] [most]`: looks for every planted bug, several times from other seeds, and keeps the counts. */
const [file = 'mutants.json', times = '5', most = '2000'] = process.argv.slice(2);
const kept = z.record(
  z.string(),
  z.array(z.object({ count: z.number(), found: z.string().nullable() })),
);
const hunts: Record<string, Hunt[]> = existsSync(file)
  ? kept.parse(JSON.parse(readFileSync(file, 'utf8')))
  : {};
const apart = 10_000;

for (let time = 0; time < Number(times); time += 1)
  for (const { name } of mutants) {
    const done = (hunts[name] ??= []);
    if (done.length > time) continue;
    const found = await hunt(name, 1 + time * apart, Number(most));
    done.push(found);
    process.stdout.write(`${name}: ${found.count} ${found.found ?? 'not found'}\n`);
    writeFileSync(file, JSON.stringify(hunts));
  }
