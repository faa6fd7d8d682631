import { expect, test } from 'vitest';
import { z } from 'zod';
import { conflictsOf, linkOf } from '../support/ledger.ts';
import { balances, moneyHere, payHere, payThere, paymentWrites } from '../support/money.ts';
import type { Pair } from '../support/pair.ts';
import { callsDuring, pairByPoll, pollUntilSettled, startSilentWorld } from '../support/polls.ts';
import { driftsOf, reconcileUntilSettled } from '../support/reconciles.ts';
import type { World } from '../support/world.ts';

/** Nothing that happened so far is told any more: webhooks are off, and the watermarks stand past it. */
const isMissed = (world: World) =>
  world.pool.query(
    `UPDATE watermark SET since = clock_timestamp() + interval '1 hour', due_at = clock_timestamp() + interval '1 hour'`,
  );

/** A pair in a world without webhooks that both sides were paid on: 50 recorded here, 30 recorded there. */
async function paidPair(world: World) {
  const both: Pair = { world, ...(await pairByPoll(world)) };
  const here = await payHere(both, '50.00');
  const there = await payThere(world, [{ id: both.quickbooksId, amount: 30 }]);
  await pollUntilSettled(world);
  expect(await balances(both)).toEqual([28, 28]);
  return { both, here, there };
}

const drift = { kind: 'FIELD_MISMATCH', status: 'REPAIRED' };

test('a full sweep finds payments made, changed and removed on either side that nobody told of, and repairs each by the main path', async () => {
  const world = await startSilentWorld();
  const paid = [];
  for (const _ of ['made', 'changed', 'removed', 'made', 'changed', 'removed'])
    paid.push(await paidPair(world));
  const [madeHere, changedHere, removedHere, madeThere, changedThere, removedThere] = paid;
  if (!madeHere || !changedHere || !removedHere || !madeThere || !changedThere || !removedThere)
    throw new Error('six pairs were to be made');
  await payHere(madeHere.both, '8.00');
  await world.invoicing.human({
    action: 'edit-payment',
    paymentId: changedHere.here,
    amount: '40.00',
  });
  await world.invoicing.human({ action: 'unpay', paymentId: removedHere.here });
  await payThere(world, [{ id: madeThere.both.quickbooksId, amount: 5 }]);
  await world.quickbooks.human({ action: 'edit-payment', id: changedThere.there, amount: 20 });
  await world.quickbooks.human({ action: 'unpay', id: removedThere.there });
  await isMissed(world);

  await reconcileUntilSettled(world);

  expect(await Promise.all(paid.map(({ both }) => balances(both)))).toEqual([
    [20, 20],
    [38, 38],
    [78, 78],
    [23, 23],
    [38, 38],
    [58, 58],
  ]);
  expect(await driftsOf(world)).toMatchObject(paid.map(() => drift));
  const amounts = (await driftsOf(world)).map(({ amount }) => Number(amount));
  expect(amounts.toSorted((one, other) => one - other)).toEqual([5, 8, 10, 10, 30, 50]);

  // Nothing is left: the next sweep finds nothing, and reads no payment.
  const writes = await paymentWrites({ world });
  const calls = await callsDuring(world, () => reconcileUntilSettled(world));
  expect(calls.filter((call) => call.startsWith('payment'))).toEqual([]);
  expect(await driftsOf(world)).toHaveLength(paid.length);
  expect(await paymentWrites({ world })).toEqual(writes);
}, 120_000);

test('where both sides were paid and it cannot be told whether it is the same money, a person is asked and no drift stands', async () => {
  const world = await startSilentWorld();
  const both: Pair = { world, ...(await pairByPoll(world)) };
  await payHere(both, '20.00');
  await payHere(both, '20.00');
  await payThere(world, [{ id: both.quickbooksId, amount: 20 }]);
  await isMissed(world);

  await reconcileUntilSettled(world);

  expect(await conflictsOf(world, both.id)).toMatchObject([{ status: 'OPEN' }]);
  expect(await linkOf(world, both.id)).toMatchObject({ status: 'CONFLICT' });
  expect(await driftsOf(world)).toEqual([]);
  expect((await moneyHere(both)).payments).toHaveLength(2);

  // The question stands: the next sweep raises it no second time.
  await reconcileUntilSettled(world);
  const count = z.object({ count: z.number() });
  expect(
    await world.rows(count, `SELECT count(*)::int FROM outbox_event WHERE source = 'RECONCILE'`),
  ).toEqual([{ count: 1 }]);
});
