import { expect, test } from 'vitest';
import { createdThoughThrottled } from '../support/created-though-throttled.ts';
import { linkOf, quickBooksInvoices, writesOf } from '../support/ledger.ts';
import { startWorld } from '../support/world.ts';

test('an invoice that was cancelled before anybody knew that its create had been done is void in QuickBooks too', async () => {
  const world = await startWorld();
  const id = await createdThoughThrottled(world);
  expect(await quickBooksInvoices(world)).toHaveLength(1);

  await world.invoicing.human({ action: 'void', id });
  await world.told();
  await world.timePasses();
  await world.drainUntilSettled();

  expect(await writesOf(world, 'Invoice')).toEqual(['Invoice create', 'Invoice void']);
  expect(await linkOf(world, id)).toMatchObject({ status: 'IN_SYNC' });
  expect(await quickBooksInvoices(world)).toMatchObject([{ TotalAmt: 0 }]);
});

test('it goes too where queries did not show it yet when it was first looked for', async () => {
  const world = await startWorld({ commitWaitSeconds: 60 });
  await world.quickbooks.behaviour({ queryLagMs: 3_000 });
  const id = await createdThoughThrottled(world);

  await world.invoicing.human({ action: 'void', id });
  await world.told();
  await world.timePasses();
  await world.drain();
  expect(await linkOf(world, id)).toMatchObject({ status: 'PENDING' });

  await world.quickbooks.advance(4_000);
  await world.timePasses();
  await world.drainUntilSettled();
  expect(await writesOf(world, 'Invoice')).toEqual(['Invoice create', 'Invoice void']);
  expect(await linkOf(world, id)).toMatchObject({ status: 'IN_SYNC' });
});
