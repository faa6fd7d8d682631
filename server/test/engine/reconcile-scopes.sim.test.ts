import { expect, test } from 'vitest';
import { plainInvoice } from '../support/companies.ts';
import { counterpartOf } from '../support/ledger.ts';
import { operatorOf } from '../support/operator.ts';
import {
  callsDuring,
  memo,
  pairByPoll,
  pollUntilSettled,
  startSilentWorld,
} from '../support/polls.ts';
import { driftsOf, goOn, newestRun, reconcileUntilSettled } from '../support/reconciles.ts';
import type { World } from '../support/world.ts';

/** A run that a person asks for, until everything it found is settled. */
async function run(world: World, scope: 'FULL' | 'INCREMENTAL' | 'WINDOW', more: object = {}) {
  const window = { from: null, to: null, ...more };
  await operatorOf(world).startReconcile({ companyId: world.companyId, scope, ...window });
  await goOn(world);
  await world.drainUntilSettled();
  await world.drain();
  return newestRun(world);
}

test('a run of what changed asks for no more than that', async () => {
  const world = await startSilentWorld();
  const edited = await pairByPoll(world);
  await pairByPoll(world);
  await reconcileUntilSettled(world);
  await world.quickbooks.human(memo(edited.quickbooksId, 'Theirs'));

  const calls = await callsDuring(world, async () => {
    expect(await run(world, 'INCREMENTAL')).toMatchObject({ scope: 'INCREMENTAL', driftCount: 1 });
  });

  expect(calls.filter((call) => call === 'cdc')).toHaveLength(1);
  expect(await driftsOf(world)).toMatchObject([{ kind: 'FIELD_MISMATCH', status: 'REPAIRED' }]);
  expect(await world.invoicing.invoice(edited.id)).toMatchObject({ customerMemo: 'Theirs' });
});

test('a window covers its issue dates and leaves the rest alone', async () => {
  const world = await startSilentWorld();
  const inside = await pairByPoll(world);
  const { id: outside } = await world.invoicing.human({
    action: 'create',
    invoice: plainInvoice({ issueDate: '2026-03-01' }),
  });
  await pollUntilSettled(world);
  const { Id: outsideId } = await counterpartOf(world, outside);
  await world.quickbooks.human(memo(inside.quickbooksId, 'Theirs'));
  await world.quickbooks.human(memo(outsideId, 'Theirs'));

  const window = await run(world, 'WINDOW', { from: '2026-11-01', to: '2026-11-30' });

  expect(window).toMatchObject({
    compared: 1,
    driftCount: 1,
    controlTotals: [{ internalCount: 1, quickbooksCount: 1 }],
  });
  expect(await driftsOf(world)).toMatchObject([{ quickbooksId: inside.quickbooksId }]);
  expect(await world.invoicing.invoice(outside)).not.toMatchObject({ customerMemo: 'Theirs' });
});

test('a run that was stopped by a person stores nothing more', async () => {
  const world = await startSilentWorld();
  const { quickbooksId } = await pairByPoll(world);
  await world.quickbooks.human(memo(quickbooksId, 'Theirs'));
  const operator = operatorOf(world);
  const { subjectId } = await operator.startReconcile({
    companyId: world.companyId,
    scope: 'FULL',
    from: null,
    to: null,
  });
  await operator.cancelReconcile({ reconcileRunId: subjectId });

  await world.drain();

  expect(await newestRun(world)).toMatchObject({ status: 'CANCELLED', compared: 0 });
  expect(await driftsOf(world)).toEqual([]);
});

test('QuickBooks that cannot be read puts the run off, and it goes on from its place', async () => {
  const world = await startSilentWorld();
  await pairByPoll(world);
  await world.quickbooks.faults([
    { match: { operation: 'query' }, effect: 'status', params: { status: 500 } },
  ]);
  await operatorOf(world).startReconcile({
    companyId: world.companyId,
    scope: 'FULL',
    from: null,
    to: null,
  });
  await world.drain();
  expect(await newestRun(world)).toMatchObject({ status: 'RUNNING', compared: 0 });

  await world.quickbooks.faults([]);
  await world.timePasses();
  await world.pool.query('UPDATE reconcile_run SET due_at = clock_timestamp()');
  await goOn(world);

  expect(await newestRun(world)).toMatchObject({ status: 'CLEAN', matched: 1 });
});
