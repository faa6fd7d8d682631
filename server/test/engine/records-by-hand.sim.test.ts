import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import { lineOf, plainInvoice, known, smallBooks, unknown } from '../support/companies.ts';
import { deadLettersOf, linkOf, writesOf } from '../support/ledger.ts';
import { editThere, idOf, internally, internalWrites, pair, type Pair } from '../support/pair.ts';
import { callsDuring, pollUntilSettled } from '../support/polls.ts';
import { startWorld, type World, type WorldOptions } from '../support/world.ts';

/** A world whose company makes nothing by itself, with `count` invoices that wait for what `more` names. */
async function waiting(count: number, more: object, options: WorldOptions = {}) {
  const world = await startWorld(options);
  await world.pool.query('UPDATE company SET create_missing_references = false');
  const ids: string[] = [];
  for (let index = 0; index < count; index += 1) {
    const invoice = plainInvoice(more);
    ids.push((await world.invoicing.human({ action: 'create', invoice })).id);
  }
  await world.drainUntilSettled();
  for (const id of ids) expect(await linkOf(world, id)).toMatchObject({ status: 'DEAD_LETTERED' });
  return { world, ids };
}

const kestrel = { customer: { id: unknown.customer } };

const made = (world: World, entity: string, body: object) =>
  world.quickbooks.human({ action: 'create', entity, body });

async function allInSync(world: World, ids: readonly string[]): Promise<void> {
  for (const id of ids) {
    expect(await linkOf(world, id)).toMatchObject({ status: 'IN_SYNC' });
    expect(await deadLettersOf(world, id)).toMatchObject([{ status: 'SUPERSEDED' }]);
  }
  expect(await world.brokenAudit()).toEqual([]);
}

/** How often QuickBooks was asked for customers while something was done; all else is asked for without them too. */
async function readsOfCustomers(world: World, work: () => Promise<unknown>): Promise<number> {
  const before = (await world.quickbooks.requests()).at(-1)?.seq ?? 0;
  await work();
  const later = (await world.quickbooks.requests()).filter(({ seq }) => seq > before);
  return later.filter(
    ({ method, path, query }) =>
      method === 'GET' && /customer/i.test(`${path}?${query}`) && !path.endsWith('/cdc'),
  ).length;
}

describe('a customer made in QuickBooks by hand', () => {
  test('wakes the invoices that wait for it when a webhook tells of it; two reads serve them all', async () => {
    const { world, ids } = await waiting(3, kestrel, { quickbooksTells: true });
    await made(world, 'Customer', { DisplayName: 'Kestrel Boat Yard' });

    const reads = await readsOfCustomers(world, () => world.drainUntilSettled());

    await allInSync(world, ids);
    expect(await writesOf(world)).toEqual(['Invoice create', 'Invoice create', 'Invoice create']);
    expect(reads).toBe(2);
    expect(await notesOf(world)).toContain('Invoices waited for it; they go on.');
  });

  test('wakes them with the next poll where no webhook told of it; one read serves them all', async () => {
    const { world, ids } = await waiting(3, kestrel);
    await made(world, 'Customer', { DisplayName: 'Kestrel Boat Yard' });

    const reads = await readsOfCustomers(world, () => pollUntilSettled(world));

    await allInSync(world, ids);
    expect(reads).toBe(1);
  });

  test('under another name wakes nothing, and reads nothing more', async () => {
    const { world, ids } = await waiting(1, kestrel);
    await made(world, 'Customer', { DisplayName: 'Somebody Else' });

    expect(await readsOfCustomers(world, () => pollUntilSettled(world))).toBe(0);

    expect(await linkOf(world, ids[0] ?? '')).toMatchObject({ status: 'DEAD_LETTERED' });
    await world.quickbooks.human({
      action: 'edit',
      entity: 'Customer',
      id: await idOf(world, 'Customer', 'Somebody Else'),
      set: { DisplayName: 'Kestrel Boat Yard' },
    });
    await pollUntilSettled(world);
    await allInSync(world, ids);
  });
});

test('a customer put back to use is found again', async () => {
  const world = await startWorld();
  const { Id: id } = z
    .object({ Id: z.string() })
    .parse({ Id: (await made(world, 'Customer', { DisplayName: 'Kestrel Boat Yard' })).id });
  await world.quickbooks.human({ action: 'deactivate', entity: 'Customer', id });
  await world.pool.query('UPDATE company SET create_missing_references = false');
  const invoice = await world.invoicing.human({ action: 'create', invoice: plainInvoice(kestrel) });
  await world.drainUntilSettled();
  expect(await linkOf(world, invoice.id)).toMatchObject({ status: 'DEAD_LETTERED' });

  const set = { Active: true, DisplayName: 'Kestrel Boat Yard' };
  await world.quickbooks.human({ action: 'edit', entity: 'Customer', id, set });
  await pollUntilSettled(world);

  await allInSync(world, [invoice.id]);
});

const terms = [
  { id: 'net-30', name: 'Net 30', dueDays: 30 },
  { id: 'net-7', name: 'Net 7', dueDays: 7 },
];

test('terms, of which QuickBooks tells nothing, are found with the next poll', async () => {
  const { world, ids } = await waiting(2, { terms: 'net-7' }, { books: { ...smallBooks, terms } });
  await made(world, 'Term', { Name: 'Net 7', DueDays: 7 });

  const calls = await callsDuring(world, () => pollUntilSettled(world));

  await allInSync(world, ids);
  expect(calls.filter((call) => call === 'query')).toHaveLength(1);
});

test('nothing is listed with a poll while nothing waits', async () => {
  const both = await pair();
  await pollUntilSettled(both.world);

  expect(await callsDuring(both.world, () => pollUntilSettled(both.world))).toEqual(['cdc']);
});

test('a customer made in internal invoicing by hand wakes the QuickBooks invoice that waits for it', async () => {
  const both = await pair();
  const { world } = both;
  await world.invoicing.faults([
    {
      match: { operation: 'create', entity: 'customer' },
      effect: 'status',
      params: { status: 405 },
    },
  ]);
  const only = 'Harborview Cafe Supply';
  const { id } = await made(world, 'Customer', { DisplayName: only });
  await editThere(both, { CustomerRef: { value: id } });
  await world.drainUntilSettled();
  expect(await linkOf(world, both.id)).toMatchObject({ status: 'DEAD_LETTERED' });

  await world.invoicing.faults([]);
  await fetch(`${world.invoicing.url}/customers`, {
    method: 'POST',
    headers: {
      authorization: 'Bearer simulator-invoicing-token',
      'content-type': 'application/json',
      'idempotency-key': 'made by hand',
    },
    body: JSON.stringify({ displayName: only }),
  });
  await pollUntilSettled(world);

  expect(await internally(both)).toMatchObject({ customer: { displayName: only } });
  await allInSync(world, [both.id]);
});

test('items merged in QuickBooks move the pairing, and their invoices compare equal without a write', async () => {
  const both = await pair({ lines: [lineOf('2', '50'), lineOf('1', '7')] });
  const { world } = both;
  const [loser, winner] = [
    await idOf(world, 'Item', 'Desk Lamp'),
    await idOf(world, 'Item', 'Task Chair'),
  ];
  await world.quickbooks.human({ action: 'merge', entity: 'Item', from: loser, into: winner });
  await world.drainUntilSettled();
  await pollUntilSettled(world);

  expect(await writesOf(world)).toEqual(['Invoice create']);
  expect(await internalWrites(both)).toEqual([]);
  expect(await linkOf(world, both.id)).toMatchObject({ status: 'IN_SYNC' });
  expect(await pairingsOf(both)).toEqual([{ quickbooksId: winner, quickbooksName: 'Task Chair' }]);
  await editThere(both, { CustomerMemo: { value: 'Later' } });
  await world.drainUntilSettled();
  expect(await internally(both)).toMatchObject({
    customerMemo: 'Later',
    lines: [{ item: { id: known.item } }, { item: { id: known.item } }],
  });
  expect(await world.brokenAudit()).toEqual([]);
});

test('a pairing keeps the name its record goes by, told of by the poll', async () => {
  const both = await pair();
  const id = await idOf(both.world, 'Item', 'Desk Lamp');
  const set = { Name: 'Desk Lamp, LED' };
  await both.world.quickbooks.human({ action: 'edit', entity: 'Item', id, set });
  await pollUntilSettled(both.world);

  expect(await pairingsOf(both)).toEqual([{ quickbooksId: id, quickbooksName: 'Desk Lamp, LED' }]);
});

const pairing = z.object({ quickbooksId: z.string(), quickbooksName: z.string() });

const pairingsOf = ({ world }: Pair) =>
  world.rows(
    pairing,
    `SELECT quickbooks_id AS "quickbooksId", quickbooks_name AS "quickbooksName" FROM reference WHERE kind = 'ITEM'`,
  );

async function notesOf(world: World): Promise<readonly (string | null)[]> {
  const rows = await world.rows(
    z.object({ note: z.string().nullable() }),
    `SELECT stage_history->-1->>'note' AS note FROM outbox_event WHERE subject_kind = 'customer'`,
  );
  return rows.map(({ note }) => note);
}
