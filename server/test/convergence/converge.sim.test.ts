import { afterAll, beforeAll, expect, test } from 'vitest';
import { foldedAudit, linkStates } from '../support/audit-fold.ts';
import { keepResult } from '../support/results.ts';
import { createWorld } from '../support/world.ts';
import { liveThrough, type Bench, type HistoryReport } from './history.ts';

/** `npm run converge -- --seed s7` lives through that one alone; `--histories 300 --from 21` through those. */
const single = process.env['CONVERGE_SEED'];
const from = Number(process.env['CONVERGE_FROM'] ?? '1');
const count = Number(process.env['CONVERGE_HISTORIES'] ?? '8');
const seeds =
  single === undefined ? Array.from({ length: count }, (_, place) => `s${from + place}`) : [single];
/** A history takes a second or two; the machine may be busy with other things. */
const msPerHistory = 20_000;

let bench: Bench;

beforeAll(async () => {
  const world = await createWorld({ quickbooksTells: true, commitWaitSeconds: 1 });
  bench = { world };
});

afterAll(() => bench.world.close());

test(
  'whatever two people, bad weather and dying workers do, both sides agree in the end and nothing is lost or done twice',
  async () => {
    const histories: HistoryReport[] = [];
    for (const seed of seeds) {
      const history = await liveThrough(bench, seed);
      histories.push(history);
      expect(history.broken, storyOf(history)).toEqual([]);
      if (histories.length % keptEvery === 0 || histories.length === seeds.length)
        await keepResult('postgres', comeTo(histories));
    }
  },
  count * msPerHistory,
);

test('and the audit trail holds, and folds to what the rows say', async () => {
  expect(await bench.world.brokenAudit()).toEqual([]);
  const { links, breaks } = await foldedAudit(bench.world);
  expect(breaks).toEqual([]);
  for (const [id, state] of await linkStates(bench.world)) expect(links.get(id), id).toEqual(state);
});

/** A long run that is stopped is worth what it had come to. */
const keptEvery = 25;

const comeTo = (histories: readonly HistoryReport[]) => ({
  from,
  histories: histories.length,
  deaths: histories.reduce((sum, { deaths }) => sum + deaths.length, 0),
  changes: histories.reduce((sum, { told }) => sum + told.length, 0),
});

/** A history that a person can read, and how to live through it again. */
const storyOf = ({ seed, weather, deaths, told }: HistoryReport): string =>
  [
    `npm run converge -- --seed ${seed}`,
    `weather: ${weather.join(', ') || 'fair'}`,
    ...told.map((deed) => `  ${deed}`),
    ...deaths.map((death) => `  a worker died after: ${death}`),
  ].join('\n');
