import { expect, test } from 'vitest';
import { createdThoughThrottled } from '../support/created-though-throttled.ts';
import { quickBooksInvoices } from '../support/ledger.ts';
import { startWorld } from '../support/world.ts';

test('what a person said in QuickBooks crosses, though the create was found by a query that does not show it yet', async () => {
  const world = await startWorld({ quickbooksTells: true });
  const id = await createdThoughThrottled(world);
  const [made] = await quickBooksInvoices(world);
  if (made === undefined) throw new Error('it was not made');

  await world.quickbooks.behaviour({ queryLagMs: 600_000 });
  const set = { PONumber: 'PO-7' };
  await world.quickbooks.human({ action: 'edit', entity: 'Invoice', id: made.Id, set });
  await world.told();
  await world.timePasses();
  await world.drainUntilSettled();

  expect(await world.invoicing.invoice(id)).toMatchObject({ poNumber: 'PO-7' });
});
