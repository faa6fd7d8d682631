import { expect, test } from 'vitest';
import { attemptsOf, linkOf } from '../support/ledger.ts';
import { editHere, editThere, pair, type Pair } from '../support/pair.ts';

const fault = (operation: string, effect: string, params: object = {}) => [
  { match: { operation, entity: 'Invoice' }, effect, params, times: 1 },
];

type Mishap = {
  readonly what: string;
  readonly outcome: string;
  readonly tries: number;
  readonly happens: (pair: Pair) => Promise<unknown>;
};

/** Every line of the failure table (architecture.md §3): what happened, what its attempt says, what it cost. */
const mishaps: readonly Mishap[] = [
  {
    what: 'a stale version',
    outcome: 'STALE',
    tries: 0,
    happens: async ({ world }) => {
      const stale = { status: 400, code: '5010' };
      await world.quickbooks.faults(fault('update', 'status', stale));
    },
  },
  {
    what: 'being throttled',
    outcome: 'THROTTLED',
    tries: 0,
    happens: async ({ world }) => {
      await world.quickbooks.faults(fault('update', 'status', { status: 429, retryAfter: 60 }));
    },
  },
  {
    what: 'a write that left and was answered with a 5xx',
    outcome: 'UNKNOWN',
    tries: 0,
    happens: async ({ world }) => {
      await world.quickbooks.faults(fault('update', 'status', { status: 503 }));
    },
  },
  {
    what: 'access that lapsed',
    outcome: 'RETRYABLE',
    tries: 0,
    happens: ({ world }) => world.quickbooks.disconnect(),
  },
  {
    what: 'a refusal for good',
    outcome: 'REJECTED',
    tries: 0,
    happens: async ({ world }) => {
      await world.quickbooks.faults(fault('update', 'status', { status: 400, code: '6000' }));
    },
  },
  {
    what: 'a read that failed',
    outcome: 'RETRYABLE',
    tries: 1,
    happens: async ({ world }) => {
      await world.invoicing.faults([
        { match: { operation: 'read' }, effect: 'status', params: { status: 500 } },
      ]);
    },
  },
  {
    what: 'a call that was never sent',
    outcome: 'RETRYABLE',
    tries: 1,
    happens: ({ world }) =>
      world.pool.query(`UPDATE company SET invoicing_base_url = 'http://127.0.0.1:1'`),
  },
];

test.each(mishaps)('$what costs $tries of the tries', async ({ outcome, tries, happens }) => {
  const settled = await pair();
  const { world, id } = settled;
  await editHere(settled, { customerMemo: 'Once more' });
  await world.told();
  await happens(settled);

  await world.drain();

  const outcomes = (await attemptsOf(world, id)).map((attempt) => attempt.outcome);
  expect(outcomes).toContain(outcome);
  // On a busy machine the drain lasts until the next try is due; each costs the same.
  const times = tries === 0 ? 0 : outcomes.filter((one) => one === outcome).length;
  expect((await linkOf(world, id)).failures).toBe(tries * times);
});

test('a person who wrote first costs nothing: both sides are read again and the change is planned anew', async () => {
  const settled = await pair({}, { quickbooksTells: false });
  const { world, id } = settled;
  await editThere(settled, { PrivateNote: 'Theirs' });
  await editHere(settled, { customerMemo: 'Ours' });
  await world.drainUntilSettled();

  expect((await attemptsOf(world, id)).map(({ outcome }) => outcome)).toContain('STALE');
  expect(await linkOf(world, id)).toMatchObject({ status: 'IN_SYNC', failures: 0 });
});
