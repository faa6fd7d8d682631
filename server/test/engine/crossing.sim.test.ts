import { expect, test } from 'vitest';
import { plainInvoice } from '../support/companies.ts';
import { startWorld } from '../support/world.ts';

test('a new invoice crosses', async () => {
  const world = await startWorld();
  await world.invoicing.human({ action: 'create', invoice: plainInvoice() });
  await world.drainUntilSettled();
  expect((await world.quickbooks.mutations()).length).toBe(1);
  expect(await world.brokenAudit()).toEqual([]);
});
