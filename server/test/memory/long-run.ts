import { existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import process from 'node:process';
import { z } from 'zod';
import { commitHere } from '../support/commit.ts';
import { neverMet } from './coverage.ts';
import { runHistories, type RunResult } from './run.ts';

/**
 * `npm run converge -- --minutes 60 [first seed] [how many at most] [file]`: lives through histories and keeps what they came
 * to. A file that the same commit began is gone on with.
 */
const [
  minutes = '10',
  from = '1',
  count = '1000000',
  file = path.join(tmpdir(), 'ledgerbridge-histories.json'),
] = process.argv.slice(2);
const commit = commitHere();
const endsAt = performance.now() + Number(minutes) * 60_000;
const everyMs = 20_000;
let keptAt = performance.now();

const keep = (run: RunResult): void => {
  // Whole or not at all: whoever is stopped in the middle of writing leaves what was there.
  writeFileSync(`${file}.new`, JSON.stringify({ ...run, commit }));
  renameSync(`${file}.new`, file);
};
const run = await runHistories(Number(from), Number(count), {
  soFar: begun(),
  isOver: (soFar) => {
    if (performance.now() > keptAt + everyMs) {
      keptAt = performance.now();
      keep(soFar);
    }
    return performance.now() > endsAt;
  },
});
keep(run);
const missed = neverMet(new Map(Object.entries(run.seen)));
process.stdout.write(
  `${run.histories} histories, ${run.broken.length} broke a promise, ${missed.length} paths never met\n`,
);
process.exitCode = run.broken.length > 0 || missed.length > 0 ? 1 : 0;

/** What an earlier run of the same commit, from the same seed, came to. */
function begun(): RunResult | null {
  if (!existsSync(file)) return null;
  const before = z.custom<RunResult>().parse(JSON.parse(readFileSync(file, 'utf8')));
  return before.commit === commit && before.from === Number(from) ? before : null;
}
