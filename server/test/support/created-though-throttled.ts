import { plainInvoice } from './companies.ts';
import type { World } from './world.ts';

/** An internal invoice whose create QuickBooks carried out and yet answered with 429; nothing was looked for yet. Answers its internal id. */
export async function createdThoughThrottled(world: World): Promise<string> {
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
  return id;
}
