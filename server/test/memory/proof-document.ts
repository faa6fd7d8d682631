import { z } from 'zod';
import { definedMoves, neverMet, rarePaths, whereElse } from './coverage.ts';
import { crashDeeds, type CrashResult } from './crash-schedules.ts';
import type { Hunt } from './hunt.ts';
import { mutants, type Mutant } from './mutants.ts';
import type { RunResult } from './run.ts';

/** What the tests that are run for the page keep of themselves (`support/results.ts`). */
export const results = {
  postgres: z.object({
    commit: z.string(),
    from: z.number(),
    histories: z.number(),
    deaths: z.number(),
    changes: z.number(),
  }),
  crashMatrix: z.object({
    commit: z.string(),
    operation: z.string(),
    deaths: z.number(),
    pairs: z.number(),
  }),
  kills: z.object({
    commit: z.string(),
    kills: z.number(),
    changes: z.number(),
    writes: z.number(),
    interrupted: z.number(),
    backAtItMsMax: z.number(),
  }),
} as const;

type Kept<Name extends keyof typeof results> = z.output<(typeof results)[Name]>;

/** What was run, as it is kept between runs. */
export type Proof = {
  readonly at: string;
  readonly histories: readonly RunResult[];
  /** Histories on PostgreSQL and over HTTP; null where none were run. */
  readonly onPostgres: Kept<'postgres'> | null;
  readonly crashes: readonly CrashResult[];
  readonly crashMatrix: readonly Kept<'crashMatrix'>[];
  readonly hunts: Readonly<Record<string, readonly (Hunt & { readonly commit: string })[]>>;
  readonly kills: Kept<'kills'> | null;
};

const thousands = (count: number): string => count.toLocaleString('en-US');
const sum = (counts: readonly number[]): number => counts.reduce((total, one) => total + one, 0);
const row = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`;
const table = (head: readonly string[], rows: readonly (readonly string[])[]): string =>
  [row(head), row(head.map(() => '---')), ...rows.map(row)].join('\n');

/** Bugs of the engine that the histories found, each with the subject of the commit that mends it. */
const foundOnTheWay: readonly (readonly [string, string])[] = [
  [
    'an edit between two creates of one invoice was taken for agreed and overwritten, where the first had arrived though it had been answered 429',
    'Agree on what the create that arrived had said, not on what the newest one would have',
  ],
  [
    'a payment’s change was undone on the other side, because a query of QuickBooks lagged behind',
    'Take no payment back because a query of QuickBooks lags behind',
  ],
  [
    'an invoice that was cancelled before its create was known to have arrived lived on in QuickBooks',
    'Look for an invoice that was cancelled before anybody knew that its create had been done',
  ],
  [
    'of two writes without an answer one was refused, and nobody ever looked for the other',
    'Find out about the other write before a refused one stops the invoice',
  ],
  [
    'a payment was made twice where the clocks of two machines were two hours apart and the request id was forgotten',
    'Count by database time how long a create may still land',
  ],
  [
    'an edit in QuickBooks did not cross after a create was found again by a query that did not show the edit yet',
    'Read a document by its id after it was found again by a query or a repeat',
  ],
  [
    'a link due for nothing any more was given back without an entry in the trail',
    'Say in the trail that an invoice which was due for nothing any more is given back',
  ],
  [
    'a link that turned out to be one with another was due again without an entry in the trail',
    'Say in the trail that a link which turned out to be one with another is due again',
  ],
  [
    'a database out of reach during a poll was told as a mistake of the bridge, and counted against runs',
    'Tell a database out of reach from a mistake of our own in polls, reconciles and planning passes',
  ],
  [
    'an invoice whose workers had died three times was left alone while nobody knew whether its create had arrived',
    'Find out what became of a write before three crashes stop its invoice, and aim the weather at what chance alone seldom brings',
  ],
  [
    'a cancelled invoice lived on in QuickBooks, because the query that looked for it lagged behind',
    'Look for a cancelled invoice until queries must show what its create had made',
  ],
];

/** What the bridge was put through and what came of it, for `docs/proof.md`. */
export function proofDocument(proof: Proof): string {
  const { at, histories, onPostgres, crashes, crashMatrix, hunts, kills } = proof;
  const seen = merged(histories.map((run) => run.seen));
  return `# Proof

What the bridge was put through and what came of it. Written by \`npm run prove\` on ${at} of what its parts had run, each on the commit it names: its tables are counted, and
the list of bugs found on the way and the limits at the end are written by people. How it is built stands at the end, too.

${historiesPart(histories)}

${postgresPart(onPostgres)}

## Bugs found on the way

Each was found by a history, told by its seed, mended, and has a test named after it.

${table(
  ['what happened', 'mended by'],
  foundOnTheWay.map(([what, commit]) => [what, `“${commit}”`]),
)}

${crashPart(crashes, crashMatrix)}

${processesPart(kills)}

${mutantPart(hunts)}

${coveragePart(seen)}

${limits}
`;
}

const seedsOf = ({ from, histories, commit, processorMs }: RunResult): string =>
  `m${from} to m${from + histories - 1} on ${commit ?? 'no commit'}, ${(histories / Math.max(1, processorMs / 1_000)).toFixed(0)} a second of one core`;

const commitsOf = (parts: readonly { readonly commit?: string }[]): string =>
  [...new Set(parts.map(({ commit }) => commit ?? 'no commit'))].join(' and ');

/** What histories that broke a promise turned out to be, once somebody had looked. */
const judged: Readonly<Record<string, string>> = {
  m4355:
    'A bug of the engine; it is mended: “Look for a cancelled invoice until queries must show what its create had made”.',
  m11126:
    'A request id that is forgotten, and a person who deletes what was made before its answer came: nobody can know (the limits below), and one invoice lives. It counts no more.',
};

export const isUnderstood = (seed: string): boolean => Object.hasOwn(judged, seed);

const brokenIn = (count: number): string =>
  count === 0 ? '0 broken promises.' : `${count} of them broke a promise, and this is why:`;

function historiesPart(histories: readonly RunResult[]): string {
  const count = sum(histories.map((run) => run.histories));
  const broken = histories.flatMap(({ broken: all, commit }) =>
    all.map((one) => ({ ...one, commit })),
  );
  const faults = merged(histories.map((run) => run.faults));
  const seconds = sum(histories.map((run) => run.processorMs)) / 1_000;
  const settled = Math.max(0, ...histories.map((run) => run.settledInMsMax)) / 60_000;
  return `## Histories

**${thousands(count)} histories in memory, ${thousands(sum([...faults.values()]))} faults of ${faults.size} kinds, ${thousands(sum(histories.map((run) => run.peopleActs)))} changes by people, ${thousands(sum(histories.map((run) => run.deaths)))} killed workers: ${brokenIn(broken.length)}**
${broken.map((one) => `\n- ${one.seed} on ${one.commit ?? 'no commit'}: ${one.broken[0] ?? ''}. ${judged[one.seed] ?? 'Not understood yet.'}\n`).join('')}
Seeds ${histories.map(seedsOf).join('; ')}; ${thousands(Math.round(seconds))} s of processor time.
The longest way from the last fault to rest was ${settled.toFixed(0)} minutes of the world's time, and the limit is three hours, six where a clock
was wrong by hours. \`npm run converge -- --memory m918\` lives through one of them again and tells it.

${table(
  ['fault', 'times'],
  [...faults]
    .toSorted(([, one], [, other]) => other - one)
    .map(([what, times]) => [what, thousands(times)]),
)}`;
}

const postgresPart = (run: Proof['onPostgres']): string =>
  run === null
    ? 'None of this run’s histories were on PostgreSQL; eight of them are in every test run.'
    : `**On PostgreSQL and over HTTP: ${thousands(run.histories)} histories, ${thousands(run.changes)} changes by people, ${thousands(run.deaths)} deaths, 0 broken promises**; seeds s${run.from} to s${run.from + run.histories - 1} on ${run.commit}. The run ends at the first that breaks one.`;

function crashPart(crashes: readonly CrashResult[], matrix: Proof['crashMatrix']): string {
  const schedules = sum(crashes.map((one) => one.schedules));
  const broken = sum(crashes.map((one) => one.broken.length));
  const untried = Object.keys(crashDeeds).filter(
    (name) => !crashes.some(({ deed }) => deed === name),
  );
  return `## Every crash

A worker dies at each step it takes: before and after each statement, and before and after each call. Then its successor dies at each of
its steps, too. First deaths that leave the world alike lead to the same second deaths, which are tried once: alike is where all rows, all
that either side was made to do and the bell are the same by a digest, ids taken in order and instants in seconds from now, and nothing is
on its way. What is left out by that are other milliseconds. **${thousands(schedules)} schedules of one and of two deaths, ${broken} broken promises, ${sum(crashes.map((one) => one.doubled))} with a change made twice.**${untried.length === 0 ? '' : ` Not tried in this run: ${untried.join('; ')}.`}

${table(
  ['deed', 'steps', 'first deaths that differ', 'schedules', 'broken'],
  crashes.map((one) => [
    one.deed,
    String(one.steps),
    one.alike === undefined ? 'not kept' : thousands(one.steps - one.alike),
    thousands(one.schedules),
    String(one.broken.length),
  ]),
)}

Run on ${commitsOf(crashes)}. ${matrixPart(matrix)}`;
}

const matrixPart = (matrix: Proof['crashMatrix']): string =>
  matrix.length === 0
    ? 'On PostgreSQL and over HTTP the same is done at durable boundaries by `npm run crash-matrix`, which was not run for this page.'
    : `On PostgreSQL and over HTTP the same was done at durable boundaries (\`npm run crash-matrix\`), on ${commitsOf(matrix)}: ${matrix.length} operations, ${thousands(sum(matrix.map(({ deaths }) => deaths)))} schedules of one death and ${thousands(sum(matrix.map(({ pairs }) => pairs)))} of two, each done once.`;

/** What was done to real processes. */
const processesPart = (kills: Proof['kills']): string => `## Real processes

${
  kills === null
    ? 'Ten real kills are in every test run; more were not run for this page (`npm run converge -- --kills 200`).'
    : `**${thousands(kills.kills)} workers were ended by SIGKILL in the middle of ${thousands(kills.changes)} changes**, on ${kills.commit}: ${thousands(kills.writes)} writes to QuickBooks, none twice and each written down before; ${thousands(kills.interrupted)} attempts were cut off and settled by a successor; both books agree and the audit chain holds. The slowest successor was at work again ${(kills.backAtItMsMax / 1_000).toFixed(1)} s after its start. (\`npm run converge -- --kills 200\`)`
}`;

function mutantPart(hunts: Proof['hunts']): string {
  const rows = mutants.map((mutant) => mutantRow(mutant, hunts[mutant.name] ?? []));
  const found = rows.filter(({ isFound }) => isFound).length;
  const times = Math.max(0, ...Object.values(hunts).map((done) => done.length));
  return `## Planted bugs

${mutants.length} bugs, planted one at a time by replacing text of a source file while it is loaded. **${found} of ${mutants.length} were found${found === mutants.length ? '' : `, ${mutants.length - found} were not`}**, on ${commitsOf(Object.values(hunts).flat())}.
Each was hunted up to ${times} times, from seeds far apart (the column says how often it was found); the number is the median of the histories it took, and a history counts only where it keeps
every promise without the bug. The first in the list is planted in every test run and must be found there.

${table(
  ['bug', 'what it does', 'histories to find it', 'found', 'by promise'],
  rows.map(({ cells }) => cells),
)}`;
}

function mutantRow({ name, bug }: Mutant, done: readonly Hunt[]) {
  const counts = done.flatMap(({ found, count }) => (found === null ? [] : [count]));
  const most = Math.max(0, ...done.map(({ count }) => count));
  const [says = ''] = (done.find(({ found }) => found !== null)?.found ?? '').split(':');
  const times = `${counts.length} of ${done.length}`;
  // Found is what more than half of its hunts find: only then does the median say anything.
  const isFound = counts.length * 2 > done.length;
  if (isFound)
    return {
      isFound,
      cells: [name, bug, thousands(median(counts)), times, says.length > 40 ? '' : says],
    };
  const shown = done.length === 0 ? 'not looked for' : `not within ${thousands(most)}`;
  return { isFound, cells: [name, bug, shown, times, ''] };
}

function median(counts: readonly number[]): number {
  const sorted = counts.toSorted((one, other) => one - other);
  return sorted[Math.floor((sorted.length - 1) / 2)] ?? 0;
}

function coveragePart(seen: ReadonlyMap<string, number>): string {
  const here = definedMoves.filter((move) => whereElse(move) === null);
  const missed = neverMet(seen);
  return `## What happened sometimes

${here.filter((move) => seen.has(move)).length} of the ${here.length} moves of invoices, events and writes that can happen in this world did, and ${rarePaths.filter((path) => seen.has(path)).length} of ${rarePaths.length} rare paths. ${missed.length === 0 ? 'None was missed.' : `Never met: ${missed.join('; ')}.`}

${table(
  ['rare path', 'times'],
  rarePaths.map((path) => [path, thousands(seen.get(path) ?? 0)]),
)}

${table(
  ['move', 'times'],
  here.map((move) => [move, thousands(seen.get(move) ?? 0)]),
)}

Not of this world: ${[...new Set(definedMoves.flatMap((move) => whereElse(move) ?? []))].join('; ')}.`;
}

const limits = `## How it is built, and what it does not show

The engine and both adapters' codecs, pacing and failure tables run as they are. In place of PostgreSQL stand rows in memory, in place of HTTP a network
under the seed, in place of the clock a time that passes when everybody waits; both sides are the simulators' own books. One process, no
real timer: the same seed is the same history, and a test asks for that.

- The rows in memory are not the SQL. A test asks PostgreSQL every question of some of the histories again and compares the answers; locks,
  isolation and deadlocks are PostgreSQL's alone and are tested there (\`server/test/convergence\`, \`server/test/adapters/postgres\`).
- Reconcile, planning passes, imports, operators' decisions and bulk work are not in this world; they have tests of their own over HTTP.
- No real QuickBooks: what nobody outside Intuit knows is a knob of the simulator (\`docs/simulator-differences.md\`). A request id that is forgotten
  **and** a write done later than 120 s are never given together; the bridge promises nothing then, and reconcile finds the pair.
- Three cuts in the middle of one invoice stop it as a dead letter, twelve while a write has no answer, also where the database went away each
  time: a person sends it on.
- Where QuickBooks forgets request ids **and** a person deletes an invoice in QuickBooks before the answer to its create has come, nothing tells that
  it was there: it is made again, and one lives.
- A full disk is tried by hand, not by a test (2026-12-01: the demo on a file system of 420 MB, filled for 35 s): a delivery that could not be
  stored was refused and told again, nothing crashed, and three invoices made once there was room again were in QuickBooks once each. Nothing
  could be made while it was full: the simulated invoicing system had no room either.
- No load of a thousand webhooks a second over minutes, no disk that lies, no network between PostgreSQL's own replicas.`;

function merged(parts: readonly Readonly<Record<string, number>>[]): ReadonlyMap<string, number> {
  const total = new Map<string, number>();
  for (const part of parts)
    for (const [name, count] of Object.entries(part))
      total.set(name, (total.get(name) ?? 0) + count);
  return total;
}
