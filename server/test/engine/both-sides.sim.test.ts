import { expect, test } from 'vitest';
import { lineOf, plainInvoice } from '../support/companies.ts';
import {
  attemptsOf,
  conflictsOf,
  counterpartOf,
  eventsOf,
  intentsOf,
  linkOf,
  soldLines,
  writesOf,
} from '../support/ledger.ts';
import { startWorld, type World } from '../support/world.ts';

/** A settled pair; its internal and its QuickBooks id. */
async function pair(
  world: World,
  more: object = {},
): Promise<{ id: string; quickbooksId: string }> {
  const { id } = await world.invoicing.human({ action: 'create', invoice: plainInvoice(more) });
  await world.drainUntilSettled();
  return { id, quickbooksId: (await counterpartOf(world, id)).Id };
}

const editOf = (id: string, set: object) => ({ action: 'edit', entity: 'Invoice', id, set });

test.each([false, true])(
  'edits of different fields on both sides both survive (QuickBooks tells: %s)',
  async (quickbooksTells) => {
    const world = await startWorld({ quickbooksTells });
    const { id, quickbooksId } = await pair(world);

    await world.quickbooks.human(editOf(quickbooksId, { CustomerMemo: { value: 'Theirs' } }));
    await world.invoicing.human({ action: 'edit', id, set: { lines: [lineOf('4', '50')] } });
    await world.drainUntilSettled();

    expect(await counterpartOf(world, id)).toMatchObject({
      CustomerMemo: { value: 'Theirs' },
      TotalAmt: 216,
    });
    expect(await world.invoicing.invoice(id)).toMatchObject({
      customerMemo: 'Theirs',
      total: '216.00',
    });
    expect(await linkOf(world, id)).toMatchObject({ status: 'IN_SYNC' });
    expect(await conflictsOf(world, id)).toEqual([]);
  },
);

test('a write on an old version is refused, both sides are read again and the edit made there survives', async () => {
  const world = await startWorld();
  const { id, quickbooksId } = await pair(world);
  await world.quickbooks.human(editOf(quickbooksId, { CustomerMemo: { value: 'Theirs' } }));

  await world.invoicing.human({ action: 'edit', id, set: { dueDate: '2026-12-24' } });
  await world.drainUntilSettled();

  expect((await attemptsOf(world, id)).map(({ outcome, code }) => [outcome, code])).toEqual([
    ['SUCCEEDED', null],
    ['STALE', '5010'],
    ['SUCCEEDED', null],
    // The echo of what the second look took to internal invoicing.
    ['SUCCEEDED', null],
  ]);
  const [, stale, ...again] = await intentsOf(world, id);
  expect(stale).toMatchObject({ state: 'REFUSED' });
  expect(again).toMatchObject([{ state: 'ACKNOWLEDGED' }, { state: 'ACKNOWLEDGED' }]);
  expect(await counterpartOf(world, id)).toMatchObject({
    CustomerMemo: { value: 'Theirs' },
    DueDate: '2026-12-24',
  });
  expect(await world.invoicing.invoice(id)).toMatchObject({
    customerMemo: 'Theirs',
    dueDate: '2026-12-24',
  });
  expect(await linkOf(world, id)).toMatchObject({ failures: 0 });
});

test('the same field edited differently on both sides is a conflict with three values, and nothing is overwritten', async () => {
  const world = await startWorld({ quickbooksTells: true });
  const { id, quickbooksId } = await pair(world, { customerMemo: 'Before' });

  await world.quickbooks.human(editOf(quickbooksId, { CustomerMemo: { value: 'Theirs' } }));
  await world.invoicing.human({ action: 'edit', id, set: { customerMemo: 'Ours' } });
  await world.drainUntilSettled();

  expect(await conflictsOf(world, id)).toMatchObject([
    {
      status: 'OPEN',
      fields: [
        {
          group: 'customerMemo',
          base: '["Before"]',
          internal: '["Ours"]',
          quickbooks: '["Theirs"]',
        },
      ],
    },
  ]);
  expect(await linkOf(world, id)).toMatchObject({ status: 'CONFLICT' });
  expect(await counterpartOf(world, id)).toMatchObject({ CustomerMemo: { value: 'Theirs' } });
  expect(await world.invoicing.invoice(id)).toMatchObject({ customerMemo: 'Ours' });
  expect((await eventsOf(world, id)).at(-1)).toMatchObject({ stage: 'HELD', ended: false });
});

test('an undisputed field crosses while a conflict on another waits', async () => {
  const world = await startWorld();
  const { id, quickbooksId } = await pair(world, { customerMemo: 'Before' });
  await world.quickbooks.human(editOf(quickbooksId, { CustomerMemo: { value: 'Theirs' } }));

  await world.invoicing.human({
    action: 'edit',
    id,
    set: { customerMemo: 'Ours', dueDate: '2026-12-24' },
  });
  await world.drainUntilSettled();

  expect(await counterpartOf(world, id)).toMatchObject({
    CustomerMemo: { value: 'Theirs' },
    DueDate: '2026-12-24',
  });
  expect(await conflictsOf(world, id)).toMatchObject([
    { status: 'OPEN', fields: [{ group: 'customerMemo' }] },
  ]);
});

test('a conflict ends when both sides come to show the same', async () => {
  const world = await startWorld({ quickbooksTells: true });
  const { id, quickbooksId } = await pair(world, { customerMemo: 'Before' });
  await world.quickbooks.human(editOf(quickbooksId, { CustomerMemo: { value: 'Theirs' } }));
  await world.invoicing.human({ action: 'edit', id, set: { customerMemo: 'Ours' } });
  await world.drainUntilSettled();

  await world.invoicing.human({ action: 'edit', id, set: { customerMemo: 'Theirs' } });
  await world.drainUntilSettled();

  expect(await conflictsOf(world, id)).toMatchObject([{ status: 'SUPERSEDED' }]);
  expect(await linkOf(world, id)).toMatchObject({ status: 'IN_SYNC' });
  const events = await eventsOf(world, id);
  expect(events.filter(({ ended }) => !ended)).toEqual([]);
});

test('a line edited there and another edited here both survive, under their ids', async () => {
  const world = await startWorld();
  const { id, quickbooksId } = await pair(world, { lines: [lineOf('1', '10'), lineOf('2', '20')] });
  const [first, second] = soldLines(await counterpartOf(world, id));
  const { lines } = await world.invoicing.invoice(id);
  const [ownFirst, ownSecond] = Array.isArray(lines) ? lines : [];
  await world.quickbooks.human(
    editOf(quickbooksId, { Line: [{ ...first, Description: 'Their words' }, second] }),
  );

  await world.invoicing.human({
    action: 'edit',
    id,
    set: { lines: [ownFirst, { ...ownSecond, quantity: '5', amount: undefined }] },
  });
  await world.drainUntilSettled();

  expect(soldLines(await counterpartOf(world, id))).toMatchObject([
    { Id: first?.Id, Description: 'Their words', Amount: 10 },
    { Id: second?.Id, Amount: 100, SalesItemLineDetail: { Qty: 5 } },
  ]);
  expect(await world.invoicing.invoice(id)).toMatchObject({
    lines: [
      { id: 'l1', description: 'Their words', amount: '10.00' },
      { id: 'l2', quantity: '5', amount: '100.00' },
    ],
  });
});

test('the echo of our own writes comes back and causes nothing', async () => {
  const world = await startWorld({ quickbooksTells: true });
  const { id } = await pair(world);
  await world.invoicing.human({ action: 'edit', id, set: { customerMemo: 'Hello' } });
  await world.drainUntilSettled();
  const before = await linkOf(world, id);

  await world.drainUntilSettled();

  expect(await writesOf(world)).toEqual(['Invoice create', 'Invoice update']);
  expect(await linkOf(world, id)).toEqual(before);
  const { rows } = await world.pool.query(
    `SELECT DISTINCT stage, ended_at IS NOT NULL AS ended FROM outbox_event WHERE source = 'QUICKBOOKS_WEBHOOK'`,
  );
  expect(rows).toEqual([{ stage: 'SKIPPED', ended: true }]);
});

test('an invoice cancelled here and edited there is a conflict, and is not voided', async () => {
  const world = await startWorld({ quickbooksTells: true });
  const { id, quickbooksId } = await pair(world);
  await world.quickbooks.human(editOf(quickbooksId, { CustomerMemo: { value: 'Theirs' } }));

  await world.invoicing.human({ action: 'void', id });
  await world.drainUntilSettled();

  expect(await writesOf(world)).toEqual(['Invoice create']);
  expect(await linkOf(world, id)).toMatchObject({ status: 'CONFLICT' });
  expect(await conflictsOf(world, id)).toMatchObject([
    {
      status: 'OPEN',
      fields: [
        {
          group: 'existence',
          base: '["present"]',
          internal: '["void"]',
          quickbooks: '["present"]',
        },
      ],
    },
  ]);
});
