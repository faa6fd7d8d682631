import { known, plainInvoice, unknown } from './companies.ts';
import { counterpartOf } from './ledger.ts';
import { startWorld, type World } from './world.ts';

/** A company as people find one: an invoice that agrees, one in conflict, one dead, one that waits for a customer. */
export async function startDemoLikeWorld(): Promise<World> {
  const world = await startWorld({ quickbooksTells: true });
  await world.pool.query('UPDATE company SET create_missing_references = false');
  const create = (more: object) =>
    world.invoicing.human({ action: 'create', invoice: plainInvoice(more) });

  await create({ number: 'INV-7001' });
  const { id } = await create({ number: 'INV-7002', customerMemo: 'Before' });
  await world.drainUntilSettled();
  const quickbooksId = (await counterpartOf(world, id)).Id;
  const set = { CustomerMemo: { value: 'Theirs' } };
  await world.quickbooks.human({ action: 'edit', entity: 'Invoice', id: quickbooksId, set });
  await world.invoicing.human({ action: 'edit', id, set: { customerMemo: 'Ours' } });
  await world.drainUntilSettled();

  await world.quickbooks.faults([
    {
      match: { operation: 'create', entity: 'Invoice' },
      effect: 'status',
      params: { status: 400, code: '6000' },
      times: 1,
    },
  ]);
  await create({ number: 'INV-7003', customer: { id: known.otherCustomer } });
  await world.drainUntilSettled();
  await create({ number: 'INV-7004', customer: { id: unknown.customer } });
  await world.drainUntilSettled();
  return world;
}
