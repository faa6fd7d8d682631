import { expect, test } from 'vitest';
import { plainInvoice } from '../support/companies.ts';
import { counterpartOf, linkOf, writesOf } from '../support/ledger.ts';
import { callsDuring, memo, pairByPoll, startSilentWorld } from '../support/polls.ts';
import { driftsOf, reconcileUntilSettled } from '../support/reconciles.ts';

test('sides that agree are found equal, and nothing is written', async () => {
  const world = await startSilentWorld();
  await pairByPoll(world);
  await pairByPoll(world);
  const before = await writesOf(world);

  const calls = await callsDuring(world, async () => {
    expect(await reconcileUntilSettled(world)).toMatchObject({
      status: 'CLEAN',
      compared: 2,
      matched: 2,
      driftCount: 0,
      progress: 1,
      controlTotals: [
        {
          currency: 'USD',
          internalCount: 2,
          internalTotal: '216.00',
          quickbooksCount: 2,
          quickbooksTotal: '216.00',
        },
      ],
      residual: [],
    });
  });

  expect(calls).toEqual(['query']);
  expect(await writesOf(world)).toEqual(before);
  expect(await driftsOf(world)).toEqual([]);
});

test('a change on one side that nobody told crosses, and its drift ends repaired', async () => {
  const world = await startSilentWorld();
  const { id, quickbooksId } = await pairByPoll(world);
  await world.quickbooks.human(memo(quickbooksId, 'Theirs'));

  const run = await reconcileUntilSettled(world);

  expect(run).toMatchObject({ status: 'DRIFT_FOUND', driftCount: 1, residual: [] });
  expect(await driftsOf(world)).toMatchObject([{ kind: 'FIELD_MISMATCH', status: 'REPAIRED' }]);
  expect(await linkOf(world, id)).toMatchObject({ status: 'IN_SYNC' });
  expect(await counterpartOf(world, id)).toMatchObject({ CustomerMemo: { value: 'Theirs' } });
  expect(await reconcileUntilSettled(world)).toMatchObject({ status: 'CLEAN', matched: 1 });
});

test('an invoice that never crossed is created, and one that was voided is voided', async () => {
  const world = await startSilentWorld();
  const { quickbooksId, id: voided } = await pairByPoll(world);
  await world.quickbooks.human({ action: 'void', entity: 'Invoice', id: quickbooksId });
  const { id } = await world.invoicing.human({ action: 'create', invoice: plainInvoice() });

  await reconcileUntilSettled(world);

  expect(await driftsOf(world)).toMatchObject([
    { kind: 'FIELD_MISMATCH', status: 'REPAIRED' },
    { kind: 'MISSING_IN_QUICKBOOKS', status: 'REPAIRED' },
  ]);
  expect(await world.invoicing.invoice(voided)).toMatchObject({ status: 'void' });
  expect(await counterpartOf(world, id)).toMatchObject({ TotalAmt: 108 });
});
