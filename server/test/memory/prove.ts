import { existsSync, mkdirSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import process from 'node:process';
import { z } from 'zod';
import { crashDeeds, everyCrash, type CrashDeed, type CrashResult } from './crash-schedules.ts';
import { hunt, type Hunt } from './hunt.ts';
import { mutants } from './mutants.ts';
import { proofDocument, type Proof } from './proof-document.ts';
import { runHistories, type RunResult } from './run.ts';

/**
 * `npm run prove -- [minutes] [folder]`: histories for so long, every crash, every planted bug; then writes `docs/proof.md`. What
 * the folder holds already is taken from there, so that parts can be run beforehand, or side by side.
 */
const [minutes = '60', folder = path.join(tmpdir(), 'ledgerbridge-proof')] = process.argv.slice(2);
const document = path.join(import.meta.dirname, '../../../docs/proof.md');
const huntedMost = 1_200;
mkdirSync(folder, { recursive: true });

const proof: Proof = {
  at: new Date().toISOString().slice(0, 10),
  histories: await histories(),
  onPostgres: kept('postgres.json', z.object({ histories: z.number(), deaths: z.number() })),
  crashes: await crashes(),
  hunts: await hunts(),
};
writeFileSync(document, proofDocument(proof));
const broken = proof.histories.flatMap((run) => run.broken).length;
process.stdout.write(`docs/proof.md is written; ${broken} histories broke a promise\n`);
process.exitCode = broken === 0 ? 0 : 1;

/** Results of an earlier run are this program's own. */
function kept<Result>(name: string, shape: z.ZodType<Result>): Result | null {
  const file = path.join(folder, name);
  return existsSync(file) ? shape.parse(JSON.parse(readFileSync(file, 'utf8'))) : null;
}

async function histories(): Promise<readonly RunResult[]> {
  const files = readdirSync(folder).filter((name) => name.startsWith('histories'));
  if (files.length > 0)
    return files.toSorted().flatMap((name) => kept(name, z.custom<RunResult>()) ?? []);
  const endsAt = performance.now() + Number(minutes) * 60_000;
  return [await runHistories(1, 10_000_000, () => performance.now() > endsAt)];
}

async function crashes(): Promise<readonly CrashResult[]> {
  const before = kept('crashes.json', z.custom<readonly CrashResult[]>());
  if (before !== null) return before;
  const isDeed = (name: string): name is CrashDeed => Object.hasOwn(crashDeeds, name);
  const results: CrashResult[] = [];
  for (const name of Object.keys(crashDeeds).filter(isDeed))
    results.push(await everyCrash(name, true));
  return results;
}

async function hunts(): Promise<Readonly<Record<string, readonly Hunt[]>>> {
  const before = kept('mutants.json', z.custom<Proof['hunts']>());
  if (before !== null) return before;
  const results: Record<string, Hunt[]> = {};
  for (const { name } of mutants) results[name] = [await hunt(name, 1, huntedMost)];
  return results;
}
