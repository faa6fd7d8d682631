import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import process from 'node:process';
import { z } from 'zod';
import { commitHere } from '../support/commit.ts';
import { crashDeeds, everyCrash, type CrashDeed, type CrashResult } from './crash-schedules.ts';

/** `node test/memory/crash-run.ts <file>`: every death at every step of every deed, and every ordered pair; goes on with what the file holds. */
const [file = 'crashes.json'] = process.argv.slice(2);
const commit = commitHere();
const isDeed = (name: string): name is CrashDeed => Object.hasOwn(crashDeeds, name);
const results: CrashResult[] = existsSync(file)
  ? z.custom<CrashResult[]>().parse(JSON.parse(readFileSync(file, 'utf8')))
  : [];

for (const name of Object.keys(crashDeeds).filter(isDeed)) {
  if (results.some(({ deed }) => deed === name)) continue;
  const result = { ...(await everyCrash(name, true)), commit };
  results.push(result);
  writeFileSync(file, JSON.stringify(results));
  process.stdout.write(
    `${name}: ${result.steps} steps, ${result.schedules} schedules, ${result.broken.length} broken\n`,
  );
}
process.exitCode = results.some(({ broken }) => broken.length > 0) ? 1 : 0;
