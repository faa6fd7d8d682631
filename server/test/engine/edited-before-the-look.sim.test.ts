import { expect, test } from 'vitest';
import { plainInvoice } from '../support/companies.ts';
import {
  linkOf,
  quickBooksInvoices,
  soldLines,
  writesOf,
  type QuickBooksInvoice,
} from '../support/ledger.ts';
import { editHere, internally, pair } from '../support/pair.ts';
import { startWorld, type World } from '../support/world.ts';

/** A write is done and yet answered 500, and nobody can look for it either. */
const doneInTheDark = (operation: string) => [
  {
    match: { operation, entity: 'Invoice' },
    effect: 'fault-after',
    params: { status: 500 },
    times: 1,
  },
  ...['query', 'read'].map((look) => ({
    match: { operation: look, entity: 'Invoice' },
    effect: 'status',
    params: { status: 503 },
  })),
];

/** Drains into the dark, lets a person say something in QuickBooks, and then there is light. */
async function saidInTheDark(
  world: World,
  set: (made: QuickBooksInvoice) => object,
): Promise<void> {
  await world.told();
  await world.drain();
  const { rows } = await world.pool.query('SELECT DISTINCT uncertain FROM link');
  expect(rows).toEqual([{ uncertain: true }]);
  const made = await onlyThere(world);
  await world.quickbooks.human({
    action: 'edit',
    entity: 'Invoice',
    id: made.Id,
    set: set(made),
  });
  await world.quickbooks.faults([]);
  await world.timePasses();
  await world.drainUntilSettled();
}

async function onlyThere(world: World) {
  const [invoice, ...others] = await quickBooksInvoices(world);
  if (invoice === undefined || others.length > 0) throw new Error('there is not exactly one');
  return invoice;
}

/** What somebody says in QuickBooks while the bridge does not know yet whether its write arrived. */
const words = [
  { said: { CustomerMemo: { value: 'Theirs' } }, crossed: { customerMemo: 'Theirs' } },
  { said: { PONumber: 'PO-7' }, crossed: { poNumber: 'PO-7' } },
  { said: { DueDate: '2027-01-31' }, crossed: { dueDate: '2027-01-31' } },
] as const;

test.each(words)(
  '$crossed, said in QuickBooks before the look for an unanswered create, crosses and is not lost',
  async ({ said, crossed }) => {
    const world = await startWorld({ quickbooksTells: true });
    await world.quickbooks.faults(doneInTheDark('create'));
    const { id } = await world.invoicing.human({ action: 'create', invoice: plainInvoice() });

    await saidInTheDark(world, () => said);

    expect(await world.invoicing.invoice(id)).toMatchObject(crossed);
    expect(await onlyThere(world)).toMatchObject(said);
    expect(await linkOf(world, id)).toMatchObject({ status: 'IN_SYNC' });
    expect(await writesOf(world, 'Invoice')).toEqual(['Invoice create']);
  },
);

test('words of a line, said in QuickBooks before the look for an unanswered create, cross', async () => {
  const world = await startWorld({ quickbooksTells: true });
  const [line] = plainInvoice().lines;
  await world.quickbooks.faults(doneInTheDark('create'));
  const lines = [{ ...line, description: null }];
  const { id } = await world.invoicing.human({
    action: 'create',
    invoice: plainInvoice({ lines }),
  });

  await saidInTheDark(world, (made) => ({
    Line: soldLines(made).map((sold) => ({ ...sold, Description: 'Theirs' })),
  }));

  expect(await world.invoicing.invoice(id)).toMatchObject({ lines: [{ description: 'Theirs' }] });
});

test('what was said in QuickBooks before the look for an unanswered change crosses, and so does the change', async () => {
  const settled = await pair();
  const { world } = settled;
  await world.quickbooks.faults(doneInTheDark('update'));
  await editHere(settled, { poNumber: 'PO-1' });

  await saidInTheDark(world, () => ({ CustomerMemo: { value: 'Theirs' } }));

  expect(await internally(settled)).toMatchObject({ poNumber: 'PO-1', customerMemo: 'Theirs' });
  expect(await onlyThere(world)).toMatchObject({
    PONumber: 'PO-1',
    CustomerMemo: { value: 'Theirs' },
  });
});
