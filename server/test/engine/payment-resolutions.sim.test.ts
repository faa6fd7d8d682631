import { describe, expect, test } from 'vitest';
import { choose, conflictOf, decide, setUndoWindow, windowEnds } from '../support/decisions.ts';
import { linkOf } from '../support/ledger.ts';
import {
  balances,
  givenThere,
  moneyHere,
  payHere,
  paymentWrites,
  paymentsThere,
  payThere,
} from '../support/money.ts';
import { operatorOf } from '../support/operator.ts';
import { pair, type Pair } from '../support/pair.ts';

const givenHere = async (both: Pair) =>
  (await moneyHere(both)).payments.map(({ amount }) => Number(amount)).toSorted((a, b) => a - b);

/** One payment on both sides, that was then changed internally and in QuickBooks; null where it was removed. */
async function disputed(here: string | null, there: number | null): Promise<Pair> {
  const both = await pair();
  const { world } = both;
  const paymentId = await payHere(both, '50.00');
  await world.drainUntilSettled();
  const [{ Id: id } = { Id: '' }] = await paymentsThere(world);
  await world.invoicing.human(
    here === null
      ? { action: 'unpay', paymentId }
      : { action: 'edit-payment', paymentId, amount: here },
  );
  await world.quickbooks.human(
    there === null ? { action: 'unpay', id } : { action: 'edit-payment', id, amount: there },
  );
  await world.drainUntilSettled();
  return both;
}

/** Decides every question of the pair's conflict the same way. */
async function decideAll(both: Pair, choice: Parameters<typeof choose>[1], typed?: string) {
  const { paths } = await conflictOf(both);
  return decide(
    both,
    paths.map((path) => choose(path, choice, typed ?? null)),
  );
}

async function settles(both: Pair, amounts: readonly number[]): Promise<void> {
  await both.world.drainUntilSettled();
  expect(await givenHere(both)).toEqual(amounts);
  expect((await givenThere(both)).toSorted((a, b) => a - b)).toEqual(amounts);
  const [here, there] = await balances(both);
  expect(here).toBe(there);
  expect(await conflictOf(both)).toMatchObject({ status: 'RESOLVED' });
  expect(await linkOf(both.world, both.id)).toMatchObject({ status: 'IN_SYNC' });
  expect(await both.world.brokenAudit()).toEqual([]);
}

describe('a payment both sides disagree about is settled by one choice', () => {
  test.each([
    ['changed on both sides', '40.00', 30, 'KEEP_INTERNAL', [40]],
    ['changed on both sides', '40.00', 30, 'KEEP_QUICKBOOKS', [30]],
    ['removed internally and changed in QuickBooks', null, 30, 'KEEP_INTERNAL', []],
    ['removed internally and changed in QuickBooks', null, 30, 'KEEP_QUICKBOOKS', [30]],
    ['changed internally and removed in QuickBooks', '40.00', null, 'KEEP_INTERNAL', [40]],
    ['changed internally and removed in QuickBooks', '40.00', null, 'KEEP_QUICKBOOKS', []],
  ] as const)('%s (%s, %s): %s', async (_what, here, there, choice, amounts) => {
    const both = await disputed(here, there);
    await setUndoWindow(both, 0);
    const before = await paymentWrites(both);

    await decideAll(both, choice);
    await settles(both, amounts);

    const after = await paymentWrites(both);
    expect(after.here.length + after.there.length).toBe(
      before.here.length + before.there.length + 1,
    );
  });
});

describe('payments that could be the same money', () => {
  const alike = async (here: string, there: string): Promise<Pair> => {
    const both = await pair();
    await payHere(both, '20.00', { date: here });
    await payThere(both.world, [{ id: both.quickbooksId, amount: 20 }], { date: there });
    await payThere(both.world, [{ id: both.quickbooksId, amount: 20 }], { date: there });
    await both.world.drainUntilSettled();
    await setUndoWindow(both, 0);
    return both;
  };

  test.each([
    ['2026-11-30', 'KEEP_INTERNAL', undefined, [20]],
    ['2026-11-30', 'KEEP_QUICKBOOKS', undefined, [20, 20]],
    ['2026-11-30', 'CUSTOM', 'SEPARATE', [20, 20, 20]],
    // One that is left of them is the only one alike by then; what was said of them still goes before that.
    ['2026-12-01', 'KEEP_INTERNAL', undefined, [20]],
    ['2026-12-01', 'KEEP_QUICKBOOKS', undefined, [20, 20]],
    ['2026-12-01', 'CUSTOM', 'SEPARATE', [20, 20, 20]],
  ] as const)(
    'of %s and 2026-11-30 are told apart by %s %s',
    async (here, choice, typed, amounts) => {
      const both = await alike(here, '2026-11-30');
      await decideAll(both, choice, typed);
      await settles(both, amounts);
    },
  );

  test('are not told apart by a word that says nothing', async () => {
    const both = await alike('2026-11-30', '2026-11-30');
    await expect(decideAll(both, 'CUSTOM', 'perhaps')).rejects.toThrow('money of its own');
  });
});

test('what would take the balance below zero is refused in words, and the other way is carried out', async () => {
  const both = await pair();
  await payHere(both, '100.00');
  await payThere(both.world, [{ id: both.quickbooksId, amount: 60 }]);
  await both.world.drainUntilSettled();
  await setUndoWindow(both, 0);
  const { paths } = await conflictOf(both);
  const [ours = ''] = paths.filter((path) => path.includes('key=i-'));
  const [theirs = ''] = paths.filter((path) => path.includes('key=q-'));

  await expect(
    decide(both, [choose(ours, 'KEEP_INTERNAL'), choose(theirs, 'KEEP_INTERNAL')]),
  ).rejects.toThrow('no payment takes its balance below zero');

  // Neither side keeps what the other one lacks: both payments are taken off.
  await decide(both, [choose(ours, 'KEEP_QUICKBOOKS'), choose(theirs, 'KEEP_INTERNAL')]);
  await settles(both, []);
  // A person's own payment stays with the customer.
  expect(await paymentsThere(both.world)).toMatchObject([{ TotalAmt: 60, UnappliedAmt: 60 }]);
});

describe('while a decision about a payment may be taken back', () => {
  test('nothing leaves, and taken back it never does', async () => {
    const both = await disputed('40.00', 30);
    await setUndoWindow(both, 60);
    const before = await paymentWrites(both);
    await decideAll(both, 'KEEP_INTERNAL');
    await both.world.drain();
    expect(await paymentWrites(both)).toEqual(before);

    const { resolution } = await conflictOf(both);
    await operatorOf(both.world).undo({ token: resolution?.undoToken ?? '' });
    await both.world.drainUntilSettled();
    expect(await conflictOf(both)).toMatchObject({ status: 'OPEN' });
    expect(await paymentWrites(both)).toEqual(before);
  });

  test('a further edit of the payment opens the conflict again, and nothing is overwritten', async () => {
    const both = await disputed('40.00', 30);
    await setUndoWindow(both, 60);
    await decideAll(both, 'KEEP_INTERNAL');
    const [{ Id: id } = { Id: '' }] = await paymentsThere(both.world);
    await both.world.quickbooks.human({ action: 'edit-payment', id, amount: 25 });
    await windowEnds(both);
    await both.world.drainUntilSettled();

    expect(await conflictOf(both)).toMatchObject({
      status: 'OPEN',
      kept: { because: 'A payment that was decided about has changed since.' },
    });
    expect(await givenThere(both)).toEqual([25]);
    expect(await givenHere(both)).toEqual([40]);

    await setUndoWindow(both, 0);
    await decideAll(both, 'KEEP_QUICKBOOKS');
    await settles(both, [25]);
  });
});
