import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import process from 'node:process';
import { parseArgs } from 'node:util';
import { z } from 'zod';
import type { CrashResult } from './crash-schedules.ts';
import { isUnderstood, proofDocument, results, type Proof } from './proof-document.ts';
import type { RunResult } from './run.ts';

/**
 * `npm run prove`: everything that `docs/proof.md` counts is run, one part after the other, and then the page is written. Each part
 * keeps what it came to, with its commit, in the folder; a part that stands there already is not run again, so that a run that was
 * stopped goes on, and parts can run side by side. An empty folder begins anew.
 */
const { values: asked } = parseArgs({
  options: {
    histories: { type: 'string', default: '200000' },
    postgres: { type: 'string', default: '5000' },
    kills: { type: 'string', default: '200' },
    hunts: { type: 'string', default: '3' },
    folder: { type: 'string', default: path.join(tmpdir(), 'ledgerbridge-proof') },
    /** Only writes the page, of what the folder holds. */
    'page-only': { type: 'boolean', default: false },
  },
});
const { folder } = asked;
const here = import.meta.dirname;
const root = path.join(here, '../../..');
mkdirSync(folder, { recursive: true });

if (!asked['page-only']) runAll();
const proof: Proof = {
  at: new Date().toISOString().slice(0, 10),
  histories: readdirSync(folder)
    .filter((name) => name.startsWith('histories') && name.endsWith('.json'))
    .toSorted()
    .flatMap((name) => kept(name, z.custom<RunResult>()) ?? []),
  onPostgres: kept('postgres.json', results.postgres),
  crashes: kept('crashes.json', z.custom<readonly CrashResult[]>()) ?? [],
  crashMatrix: readdirSync(folder)
    .filter((name) => name.startsWith('crash-matrix-'))
    .flatMap((name) => kept(name, results.crashMatrix) ?? []),
  hunts: kept('mutants.json', z.custom<Proof['hunts']>()) ?? {},
  kills: kept('kills.json', results.kills),
};
writeFileSync(path.join(root, 'docs/proof.md'), proofDocument(proof));
const broken = proof.histories
  .flatMap((run) => run.broken)
  .filter(({ seed }) => !isUnderstood(seed)).length;
process.stdout.write(`docs/proof.md is written; ${broken} broken promises are not understood\n`);
process.exitCode = broken === 0 ? 0 : 1;

function runAll(): void {
  const inFolder = (name: string): string => path.join(folder, name);
  const forAsLongAsItTakes = '1000000';
  const { histories, hunts } = asked;
  run('long-run.ts', [forAsLongAsItTakes, '1', histories, inFolder('histories.json')]);
  run('crash-run.ts', [inFolder('crashes.json')]);
  run('hunt-all.ts', [inFolder('mutants.json'), hunts]);
  runTest('postgres.json', 'convergence/converge', { CONVERGE_HISTORIES: asked.postgres });
  runTest('crash-matrix-create.json', 'convergence/crash-matrix', { CRASH_MATRIX: 'all' });
  runTest('kills.json', 'engine/killed-workers', { CONVERGE_KILLS: asked.kills });
}

/** A part that goes on by itself with what it kept. */
function run(program: string, args: readonly string[]): void {
  say(`${program} ${args.join(' ')}`);
  spawnSync(process.execPath, [path.join(here, program), ...args], { stdio: 'inherit' });
}

/** A part that is run once, as a test. */
function runTest(result: string, name: string, environment: NodeJS.ProcessEnv): void {
  if (existsSync(path.join(folder, result))) return;
  say(name);
  spawnSync('vitest', ['run', '--project', 'sim', name], {
    stdio: 'inherit',
    cwd: root,
    env: { ...process.env, ...environment, PROOF_FOLDER: folder },
  });
}

function say(what: string): void {
  process.stdout.write(`${new Date().toISOString()} ${what}\n`);
}

function kept<Result>(name: string, shape: z.ZodType<Result>): Result | null {
  const file = path.join(folder, name);
  return existsSync(file) ? shape.parse(JSON.parse(readFileSync(file, 'utf8'))) : null;
}
