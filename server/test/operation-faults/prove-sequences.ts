import process from 'node:process';
import { array, assert, asyncProperty, constantFrom, record } from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { smallBooks } from '../support/companies.ts';
import { whatIsLeft } from '../support/settled.ts';
import { createWorld, type World } from '../support/world.ts';
import { table, type Operation } from './cells.ts';
import { expectOnce, writesTo } from './evidence.ts';
import { deeds, strangers, type Deed } from './operations.ts';
import { disarm } from './rules.ts';

const commitWaitSeconds = 1;
/** Others in each run of the suite; `FAULT_SEQUENCES=50 npm test -- --project sim fault-sequences` tries more. */
const samples = Number(process.env['FAULT_SEQUENCES'] ?? 2);
const roundsMax = 40;
const books = { ...smallBooks, customers: [...smallBooks.customers, ...strangers] };

/** What one send of the write meets; it met what came before it, and lived. */
const writeFaults = [
  { effect: 'drop-before' },
  { effect: 'drop-after' },
  { effect: 'fault-after', params: { status: 500 } },
  { effect: 'fault-after', params: { status: 429, retryAfter: 1 } },
  { effect: 'status', params: { status: 503 } },
  { effect: 'status', params: { status: 429, retryAfter: 1 } },
  { effect: 'stale' },
];
const readFaults = [
  { effect: 'drop-before' },
  { effect: 'status', params: { status: 503 } },
  { effect: 'status', params: { status: 429, retryAfter: 1 } },
];

const troubles = record({
  writes: array(constantFrom(...writeFaults), { minLength: 2, maxLength: 4 }),
  reads: array(constantFrom(...readFaults), { maxLength: 3 }),
});

type Bench = { readonly world: World };

/** Several faults one after the other for one write, and for the reads that look after it, sampled with a printed seed. */
export function proveSequences(operation: Operation): void {
  const deed = deeds[operation];
  const { title, side } = table[operation];
  describe(`${title}, in ${side}`, () => {
    let ready: Bench | null = null;
    beforeAll(async () => {
      const world = await createWorld({ quickbooksTells: true, commitWaitSeconds, books });
      ready = { world };
    });
    afterAll(() => ready?.world.close());

    test('is done once, whatever its sends and the looks after them meet in turn', async () => {
      if (ready === null) throw new Error('the world is not ready');
      const bench = ready;
      let cell = 0;
      await assert(
        asyncProperty(troubles, async ({ writes, reads }) => {
          cell += 1;
          await proveSequence(bench, deed, [...rulesFor(deed, writes), ...lookUps(reads)], cell);
        }),
        // Every run is one more invoice of the same world, so a smaller example would not be the same one.
        { numRuns: samples, endOnFailure: true },
      );
    });
  });
}

/** Each send spends the first rule that is left. */
const rulesFor = ({ target: { operation, entity } }: Deed, faults: readonly object[]) =>
  faults.map((fault) => ({ match: { operation, entity }, times: 1, ...fault }));

const lookUps = (faults: readonly object[]) =>
  faults.map((fault, place) => ({
    match: { operation: place % 2 === 0 ? 'query' : 'read' },
    times: 1,
    ...fault,
  }));

async function proveSequence(
  { world }: Bench,
  deed: Deed,
  rules: readonly object[],
  cell: number,
): Promise<void> {
  const { side } = deed.target;
  const before = await deed.before(world, cell);
  const mutationsBefore = (await writesTo(world, side)).length;
  await (side === 'internal' ? world.invoicing : world.quickbooks).faults(rules);
  const acted = await deed.act(world, before, cell);
  await world.told();
  for (let round = 0; round < roundsMax && (await isUnsettled(world)); round += 1) {
    await world.drain();
    await world.commitWaitPasses();
    await world.timePasses();
  }
  await world.drainUntilSettled();
  await disarm(world);

  const id = deed.named === undefined ? acted : await deed.named(world, acted);
  const made = (await writesTo(world, side)).slice(mutationsBefore);
  await deed.shown(world, id, cell);
  await expectOnce(world, id, deed, made);
  expect(await world.brokenAudit()).toEqual([]);
}

const isUnsettled = async (world: World): Promise<boolean> =>
  (await whatIsLeft(world.pool)).length > 0;
