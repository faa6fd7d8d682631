import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import process from 'node:process';
import { z } from 'zod';
import { crashDeeds, everyCrash, type CrashDeed, type CrashResult } from './crash-schedules.ts';

/** `node test/memory/crash-run.ts <file>`: every death at every step of every deed, then every ordered pair, the short deeds first. */
const [file = 'crashes.json'] = process.argv.slice(2);
const isDeed = (name: string): name is CrashDeed => Object.hasOwn(crashDeeds, name);
const deeds = Object.keys(crashDeeds).filter(isDeed);
const before = existsSync(file)
  ? z.custom<readonly CrashResult[]>().parse(JSON.parse(readFileSync(file, 'utf8')))
  : [];
const results = new Map(before.map((result) => [result.deed, result]));

const keep = (result: CrashResult): void => {
  results.set(result.deed, result);
  writeFileSync(file, JSON.stringify([...results.values()]));
  process.stdout.write(
    `${result.deed}: ${result.steps} steps, ${result.schedules} schedules, ${result.broken.length} broken\n`,
  );
};
for (const name of deeds) if (!results.has(name)) keep(await everyCrash(name, false));
const shortFirst = deeds.toSorted(
  (one, other) => (results.get(one)?.steps ?? 0) - (results.get(other)?.steps ?? 0),
);
for (const name of shortFirst)
  if (results.get(name)?.pairs !== true) keep(await everyCrash(name, true));
