import { expect, test } from 'vitest';
import { linkOf, quickBooksInvoices, writesOf } from '../support/ledger.ts';
import { plainInvoice } from '../support/companies.ts';
import { startWorld } from '../support/world.ts';

test('an invoice whose workers died three times is not left alone while nobody knows whether its create arrived', async () => {
  const world = await startWorld({ quickbooksTells: true });
  await world.quickbooks.faults([
    { match: { operation: 'create', entity: 'Invoice' }, effect: 'drop-before', times: 1 },
  ]);
  const { id } = await world.invoicing.human({ action: 'create', invoice: plainInvoice() });
  await world.told();
  await world.drain();
  expect(await linkOf(world, id)).toMatchObject({ status: 'UNCERTAIN' });

  await world.pool.query('UPDATE link SET crash_marks = 3, due_at = clock_timestamp()');
  await world.commitWaitPasses();
  await world.timePasses();
  await world.drainUntilSettled();

  expect(await linkOf(world, id)).toMatchObject({ status: 'IN_SYNC' });
  expect(await writesOf(world, 'Invoice')).toEqual(['Invoice create']);
  expect(await quickBooksInvoices(world)).toHaveLength(1);
});
