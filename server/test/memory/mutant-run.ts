import process from 'node:process';
import { liveThrough } from './history.ts';
import { seedOf } from './run.ts';

/** `node --import ./planting.ts mutant-run.ts <from> <most>`: a line before each history, and then after how many the planted bug showed, and how. */
const [from = '1', most = '1000'] = process.argv.slice(2);
let count = 0;
let found: string | null = null;
while (found === null && count < Number(most)) {
  process.stdout.write(`history ${count + 1}\n`);
  const { broken } = await liveThrough(seedOf(Number(from) + count));
  count += 1;
  found = broken[0] ?? null;
}
process.stdout.write(`${JSON.stringify({ count, found })}\n`);
