// Measures what docs/performance.md shows. Without a name every row is measured and the page is written; with names only
// those rows, and only printed.
import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import process from 'node:process';
import { z } from 'zod';
import { machine } from './harness/machine.ts';
import { startBenchPostgres, type BenchPostgres } from './harness/postgres.ts';
import { profile, startProfile } from './harness/profile.ts';
import { page, table, type Measured } from './harness/report.ts';
import type { Row } from './harness/row.ts';
import { rows } from './rows.ts';

const root = path.resolve(import.meta.dirname, '../..');
const print = (text: string): void => void process.stdout.write(`${text}\n`);
const say = (text: string): void => void process.stderr.write(`${text}\n`);

const asked = process.argv.slice(2);
const unknown = asked.filter((name) => !rows.some((row) => row.name === name));
if (unknown.length > 0) {
  const names = rows.map(({ name }) => name).join(', ');
  say(`bench knows no ${unknown.join(', ')}; there are ${names}`);
  process.exit(1);
}
const chosen = rows.filter(({ name, isLong }) =>
  asked.length === 0 ? isLong !== true : asked.includes(name),
);

const setting = machine();
const postgres = await startBenchPostgres();
const measured: Measured[] = [];
try {
  for (const row of chosen) {
    measured.push(await measure(row, postgres));
    // A run that is cut short leaves what it measured.
    if (asked.length === 0) writePage();
  }
} finally {
  await postgres.stop();
}

print(`\n${setting.join('; ')}\nPostgreSQL ${postgres.settings.join(', ')}\n`);
print(table(measured));
if (asked.length === 0) print('\nwritten to docs/performance.md');
process.exit(measured.some(({ failure }) => failure !== null) ? 1 : 0);

function writePage(): void {
  const said = { machine: setting, postgres: postgres.settings };
  const left = rows.filter((row) => !measured.some((one) => one.row === row));
  const text = page([...measured, ...left.map(unmeasured)], said, reasons(), new Date());
  writeFileSync(path.join(root, 'docs/performance.md'), text);
}

function unmeasured(row: Row): Measured {
  const failure = `not part of this run: \`npm run bench ${row.name}\` measures it`;
  return { row, figures: [], failure, seconds: 0 };
}

/** A row that breaks says so in its place; the others go on. */
async function measure(row: Row, { url, make, drop }: BenchPostgres): Promise<Measured> {
  const startedAt = performance.now();
  const made: string[] = [];
  const took = (): number => (performance.now() - startedAt) / 1_000;
  say(`${row.number} ${row.name}: ${row.title}`);
  try {
    await startProfile(url);
    const database = async (): Promise<string> => {
      const url = await make();
      made.push(url);
      return url;
    };
    const figures = await row.measure({ database, say: (text) => say(`  ${text}`) });
    for (const line of await profile(url)) say(`  ${line}`);
    return { row, figures, failure: null, seconds: took() };
  } catch (error) {
    say(`  ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`);
    return { row, figures: [], failure: String(error), seconds: took() };
  } finally {
    for (const url of made) await drop(url);
    say(`  took ${took().toFixed(1)} s`);
  }
}

/** Written by hand, printed by the program: what is known about each goal that is missed. */
function reasons(): Readonly<Record<string, string>> {
  const text = readFileSync(path.join(import.meta.dirname, 'missed.json'), 'utf8');
  return z.record(z.string(), z.string()).parse(JSON.parse(text));
}
