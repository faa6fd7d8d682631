import process from 'node:process';
import { expect, test } from 'vitest';
import { callsDuring, startSilentWorld } from '../support/polls.ts';
import { reconcileUntilSettled } from '../support/reconciles.ts';
import type { World } from '../support/world.ts';

const mutationsOf = async (world: World): Promise<number> =>
  (await world.quickbooks.mutations()).length + (await world.invoicing.mutations()).length;

test('a year of the demo company, brought into internal invoicing, is proven equal without another write', async () => {
  const world = await startSilentWorld({ quickbooks: { history: true } });
  await world.pool.query(`UPDATE company SET import_from_quickbooks = true, go_live_date = NULL`);
  await reconcileUntilSettled(world);
  const before = await mutationsOf(world);

  const calls = await callsDuring(world, async () => {
    const run = await reconcileUntilSettled(world);

    const [total] = run.controlTotals;
    process.stdout.write(
      `a year of the demo company: ${run.compared} compared, ${run.matched} matched, ${total?.internalTotal} here and ${total?.quickbooksTotal} there\n`,
    );
    expect(run).toMatchObject({ status: 'CLEAN', driftCount: 0, residual: [] });
    expect(run.compared).toBeGreaterThan(90);
    expect(run.matched).toBe(run.compared);
    expect(total?.internalTotal).toBe(total?.quickbooksTotal);
    expect(total?.internalCount).toBe(total?.quickbooksCount);
  });

  expect(await mutationsOf(world)).toBe(before);
  expect(calls.length).toBeLessThanOrEqual(3);
  expect(await world.brokenAudit()).toEqual([]);
});
