import { expect, test } from 'vitest';
import { plainInvoice } from '../support/companies.ts';
import { quickBooksInvoices } from '../support/ledger.ts';
import { startWorld } from '../support/world.ts';

test('what a person said in QuickBooks crosses, though the create was found by a query that does not show it yet', async () => {
  const world = await startWorld({ quickbooksTells: true });
  await world.quickbooks.faults([
    {
      match: { operation: 'create', entity: 'Invoice' },
      effect: 'fault-after',
      params: { status: 429, retryAfter: 1 },
      times: 1,
    },
  ]);
  const { id } = await world.invoicing.human({ action: 'create', invoice: plainInvoice() });
  await world.told();
  await world.drain();
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
