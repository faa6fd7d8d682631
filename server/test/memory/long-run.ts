import { writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import process from 'node:process';
import { neverMet } from './coverage.ts';
import { runHistories } from './run.ts';

/** `npm run converge -- --minutes 60 [first seed] [how many at most] [file]`: lives through histories and keeps what they came to. */
const [
  minutes = '10',
  from = '1',
  count = '1000000',
  file = path.join(tmpdir(), 'ledgerbridge-histories.json'),
] = process.argv.slice(2);
const endsAt = performance.now() + Number(minutes) * 60_000;
const everyMs = 20_000;
let writesAt = performance.now() + everyMs;

const run = await runHistories(Number(from), Number(count), (soFar) => {
  if (performance.now() > writesAt) {
    writesAt = performance.now() + everyMs;
    writeFileSync(file, JSON.stringify(soFar));
  }
  return performance.now() > endsAt;
});
writeFileSync(file, JSON.stringify(run));
const missed = neverMet(new Map(Object.entries(run.seen)));
process.stdout.write(
  `${run.histories} histories, ${run.broken.length} broke a promise, ${missed.length} paths never met\n`,
);
process.exitCode = run.broken.length > 0 || missed.length > 0 ? 1 : 0;
