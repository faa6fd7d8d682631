import { describe, expect, test } from 'vitest';
import { linkOf } from '../support/ledger.ts';
import {
  balances,
  moneyHere,
  payHere,
  paymentsThere,
  paymentWrites,
  payThere,
} from '../support/money.ts';
import { pair, type Pair } from '../support/pair.ts';

/** How an answer is lost; `commit-late` arrives well after the reply failed. */
const losses = [
  ['before it arrives', { effect: 'drop-before' }],
  ['after it took effect', { effect: 'drop-after' }],
  ['and it takes effect late', { effect: 'commit-late', params: { delayMs: 400 } }],
  ['behind an error of the server', { effect: 'fault-after', params: { status: 500 } }],
] as const;

const settled = async (both: Pair): Promise<void> => {
  await both.world.drainUntilSettled();
  const [here, there] = await balances(both);
  expect(here).toBe(there);
  expect(await linkOf(both.world, both.id)).toMatchObject({ status: 'IN_SYNC' });
  expect(await both.world.brokenAudit()).toEqual([]);
};

describe.for(losses)('an answer of QuickBooks that is lost %s', ([, loss]) => {
  test('makes, changes and removes a payment once', async () => {
    const both = await pair();
    const { world } = both;
    const lose = (operation: string) =>
      world.quickbooks.faults([{ match: { entity: 'Payment', operation }, ...loss, times: 1 }]);

    await lose('create');
    const paymentId = await payHere(both, '50.00');
    await settled(both);
    expect(await paymentsThere(world)).toHaveLength(1);

    await lose('update');
    await world.invoicing.human({ action: 'edit-payment', paymentId, amount: '30.00' });
    await settled(both);
    expect(await paymentsThere(world)).toMatchObject([{ TotalAmt: 30 }]);

    await lose('delete');
    await world.invoicing.human({ action: 'unpay', paymentId });
    await settled(both);
    expect(await paymentsThere(world)).toEqual([]);
    expect((await paymentWrites(both)).there).toEqual(['create', 'update', 'delete']);
  });
});

describe.for(losses)('an answer of internal invoicing that is lost %s', ([, loss]) => {
  test('makes, changes and removes a payment once', async () => {
    const both = await pair();
    const { world } = both;
    const lose = (operation: string) =>
      world.invoicing.faults([{ match: { entity: 'payment', operation }, ...loss, times: 1 }]);

    await lose('create');
    const id = await payThere(world, [{ id: both.quickbooksId, amount: 50 }]);
    await settled(both);
    expect((await moneyHere(both)).payments).toHaveLength(1);

    await lose('update');
    await world.quickbooks.human({ action: 'edit-payment', id, amount: 30 });
    await settled(both);
    expect((await moneyHere(both)).payments).toMatchObject([{ amount: '30.00' }]);

    await lose('delete');
    await world.quickbooks.human({ action: 'unpay', id });
    await settled(both);
    expect((await moneyHere(both)).payments).toEqual([]);
    expect((await paymentWrites(both)).here).toEqual(['create', 'update', 'delete']);
  });
});
