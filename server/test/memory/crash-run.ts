import { writeFileSync } from 'node:fs';
import process from 'node:process';
import { crashDeeds, everyCrash, type CrashDeed, type CrashResult } from './crash-schedules.ts';

/** `node test/memory/crash-run.ts <file>`: every one and every ordered pair of deaths at every step of every deed. */
const [file = 'crashes.json'] = process.argv.slice(2);
const isDeed = (name: string): name is CrashDeed => Object.hasOwn(crashDeeds, name);
const results: CrashResult[] = [];
for (const name of Object.keys(crashDeeds).filter(isDeed)) {
  const result = await everyCrash(name, true);
  results.push(result);
  process.stdout.write(
    `${name}: ${result.steps} steps, ${result.schedules} schedules, ${result.broken.length} broken\n`,
  );
  writeFileSync(file, JSON.stringify(results));
}
