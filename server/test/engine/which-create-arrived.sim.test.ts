import { expect, test } from 'vitest';
import { createdThoughThrottled } from '../support/created-though-throttled.ts';
import { counterpartOf, linkOf, quickBooksInvoices } from '../support/ledger.ts';
import { startWorld } from '../support/world.ts';

test('an edit between two creates of one invoice crosses, though the first of them had arrived and only the second was known to be refused', async () => {
  const world = await startWorld();
  await world.quickbooks.behaviour({ queryLagMs: 600_000 });
  const id = await createdThoughThrottled(world);
  expect(await quickBooksInvoices(world)).toHaveLength(1);

  // A query does not show the first one yet, so that a second is sent, and refused for its number.
  await world.invoicing.human({ action: 'edit', id, set: { poNumber: 'PO-7' } });
  await world.told();
  await world.timePasses();
  await world.drainUntilSettled();
  expect(await linkOf(world, id)).toMatchObject({ status: 'DEAD_LETTERED', quickbooksId: null });

  await world.quickbooks.advance(700_000);
  await world.quickbooks.behaviour({ queryLagMs: 0 });
  await world.invoicing.human({ action: 'edit', id, set: { customerMemo: 'Thanks' } });
  await world.drainUntilSettled();

  expect(await linkOf(world, id)).toMatchObject({ status: 'IN_SYNC' });
  expect(await counterpartOf(world, id)).toMatchObject({
    PONumber: 'PO-7',
    CustomerMemo: { value: 'Thanks' },
  });
  expect(await quickBooksInvoices(world)).toHaveLength(1);
});
