import { readFileSync, existsSync, writeFileSync } from 'node:fs';
import process from 'node:process';
import { z } from 'zod';
import { hunt, type Hunt } from './hunt.ts';
import { mutants, type Mutant } from './mutants.ts';

/** `node test/memory/hunt-all.ts <file> [times] [most]`: looks for every planted bug, several times from other seeds, and keeps the counts. */
const [file = 'mutants.json', times = '5', most = '2000', only = ''] = process.argv.slice(2);
const kept = z.record(
  z.string(),
  z.array(z.object({ count: z.number(), found: z.string().nullable() })),
);
const hunts: Record<string, Hunt[]> = existsSync(file)
  ? kept.parse(JSON.parse(readFileSync(file, 'utf8')))
  : {};
const apart = 10_000;
/** Those that were found on the way are rare, and take longest. */
const isRare = ({ bug }: Mutant): number => (bug.includes('found on the way') ? 1 : 0);
const commonFirst = mutants.toSorted((one, other) => isRare(one) - isRare(other));

for (let time = 0; time < Number(times); time += 1)
  for (const { name } of commonFirst) {
    const done = (hunts[name] ??= []);
    if (done.length > time || !name.includes(only)) continue;
    const found = await hunt(name, 1 + time * apart, Number(most));
    done.push(found);
    process.stdout.write(`${name}: ${found.count} ${found.found ?? 'not found'}\n`);
    writeFileSync(file, JSON.stringify(hunts));
  }
