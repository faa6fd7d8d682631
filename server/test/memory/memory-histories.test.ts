import { expect, test } from 'vitest';
import { liveThrough } from './history.ts';
import { hunt } from './hunt.ts';
import { canary } from './mutants.ts';
import { runHistories, seedOf, storyOf } from './run.ts';
import { shrunk } from './shrink.ts';

/** As many as keep one core busy for about a quarter of a minute; the long run is `npm run converge -- --minutes 60`. */
const count = 350;

/** Met by far fewer histories than these; the rest is asked of the long run. */
const metByFew = [
  'link UNLINKED → PENDING',
  'link PENDING → IN_FLIGHT',
  'link IN_FLIGHT → IN_SYNC',
  'link IN_FLIGHT → UNCERTAIN',
  'link UNCERTAIN → PENDING',
  'link IN_FLIGHT → CONFLICT',
  'link IN_FLIGHT → DEAD_LETTERED',
  'event SENDING → ACKNOWLEDGED',
  'event SENDING → RETRY_SCHEDULED',
  'event VERIFIED → SETTLED',
  'intent SENT → ACKNOWLEDGED',
  'intent SENT → REFUSED',
  'intent SENT → UNCERTAIN',
  'intent UNCERTAIN → ACKNOWLEDGED',
  'timed out, then adopted (ACKNOWLEDGED)',
  'takeover during a send',
  'takeover of a claimed link',
  'news came before the answer of our own create',
  'a conflict was opened or changed',
  'a dead letter was healed',
] as const;

test(
  'whatever people, networks, clocks and dying workers do, both sides agree in the end, nothing is lost and nothing done twice',
  { timeout: 300_000 },
  async () => {
    const run = await runHistories(1, count);
    const [first] = run.broken;
    const story = first === undefined ? '' : storyOf((await shrunk(first.seed)).history);
    expect(run.broken, story).toEqual([]);
    expect(metByFew.filter((what) => run.seen[what] === undefined)).toEqual([]);
    const seconds = (run.processorMs / 1_000).toFixed(0);
    process.stdout.write(`${run.histories} histories in memory, ${seconds} s of processor time\n`);
  },
);

test('the same seed is the same history, whatever ran before', { timeout: 120_000 }, async () => {
  const seeds = Array.from({ length: 25 }, (_, place) => seedOf(place * 7 + 1));
  const first: number[] = [];
  for (const seed of seeds) first.push((await liveThrough(seed)).hash);
  const again: number[] = [];
  for (const seed of seeds.toReversed()) again.unshift((await liveThrough(seed)).hash);
  expect(again).toEqual(first);
  expect(new Set(first).size).toBe(seeds.length);
});

test(
  'a planted bug is found: each send of a write with a request id of its own',
  { timeout: 120_000 },
  async () => {
    expect((await hunt(canary, 1, 20)).found).toMatch(/^I[567]: /);
  },
);
