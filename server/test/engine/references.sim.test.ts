import { expect, test } from 'vitest';
import { z } from 'zod';
import { known, lineOf, plainInvoice, unknown } from '../support/companies.ts';
import { counterpartOf, deadLettersOf, linkOf, writesOf } from '../support/ledger.ts';
import { operatorOf } from '../support/operator.ts';
import { editThere, internally, internalWrites, pair } from '../support/pair.ts';
import { startWorld, type World } from '../support/world.ts';

const row = z.object({
  id: z.string(),
  version: z.number(),
  status: z.string(),
  request: z.string().nullable(),
  quickbooksId: z.string().nullable(),
  quickbooksName: z.string().nullable(),
});

async function referenceOf(world: World, internalId: string) {
  const [found] = await world.rows(
    row,
    `SELECT id, version, status, request, quickbooks_id AS "quickbooksId", quickbooks_name AS "quickbooksName"
     FROM reference WHERE internal_id = $1`,
    [internalId],
  );
  if (found === undefined) throw new Error(`nothing is stored of ${internalId}`);
  return found;
}

/** A world whose company makes nothing by itself, with invoices that wait for a customer that QuickBooks lacks. */
async function waiting(count: number) {
  const world = await startWorld();
  await world.pool.query('UPDATE company SET create_missing_references = false');
  const ids: string[] = [];
  for (let index = 0; index < count; index += 1) {
    const invoice = plainInvoice({ customer: { id: unknown.customer } });
    ids.push((await world.invoicing.human({ action: 'create', invoice })).id);
  }
  await world.drainUntilSettled();
  const [id = ''] = ids;
  return { world, ids, id };
}

async function map(world: World, counterpartId: string | null): Promise<void> {
  const { id, version } = await referenceOf(world, unknown.customer);
  await operatorOf(world).mapReference({
    referenceId: id,
    expectedVersion: version,
    counterpartId,
  });
  await world.drain();
}

const named = z.array(z.looseObject({ Id: z.string(), DisplayName: z.string() }));

async function customerNamed(world: World, name: string): Promise<string> {
  const all = named.parse(await world.quickbooks.all('Customer'));
  return all.find(({ DisplayName }) => DisplayName === name)?.Id ?? '';
}

test('all invoices that wait for a customer go on as soon as a person pairs it, healed', async () => {
  const { world, ids, id } = await waiting(3);
  expect(await linkOf(world, id)).toMatchObject({ status: 'DEAD_LETTERED' });
  expect(await referenceOf(world, unknown.customer)).toMatchObject({ status: 'MISSING' });

  await map(world, await customerNamed(world, 'Amberwood Dental Group'));
  await world.drainUntilSettled();

  for (const one of ids) {
    expect(await linkOf(world, one)).toMatchObject({ status: 'IN_SYNC' });
    expect(await deadLettersOf(world, one)).toMatchObject([
      { status: 'SUPERSEDED', reason: 'MISSING_REFERENCE' },
    ]);
  }
  expect(await writesOf(world)).toEqual(['Invoice create', 'Invoice create', 'Invoice create']);
  expect(await referenceOf(world, unknown.customer)).toMatchObject({
    status: 'MATCHED',
    request: null,
    quickbooksName: 'Amberwood Dental Group',
  });
  expect(await world.brokenAudit()).toEqual([]);
});

test('a person may have it made though the company makes nothing by itself', async () => {
  const { world, id } = await waiting(1);

  await map(world, null);
  await world.drainUntilSettled();

  expect(await linkOf(world, id)).toMatchObject({ status: 'IN_SYNC' });
  expect(await writesOf(world)).toEqual(['Customer create', 'Invoice create']);
  expect(await referenceOf(world, unknown.customer)).toMatchObject({
    status: 'MATCHED',
    request: null,
  });
});

test('a pairing with what is not there, or was put away, never crosses and says so', async () => {
  const { world, id } = await waiting(1);

  await map(world, '99999');
  await world.drainUntilSettled();
  expect((await deadLettersOf(world, id)).at(-1)).toMatchObject({
    status: 'OPEN',
    reason: 'MISSING_REFERENCE',
    explanation:
      'Customer “Kestrel Boat Yard” was paired with 99999, but QuickBooks has no such record.',
  });
  expect(await referenceOf(world, unknown.customer)).toMatchObject({
    status: 'MISSING',
    request: null,
    quickbooksId: null,
  });

  const away = await customerNamed(world, 'Amberwood Dental Group');
  await world.quickbooks.human({ action: 'deactivate', entity: 'Customer', id: away });
  await map(world, away);
  await world.drainUntilSettled();
  expect((await deadLettersOf(world, id)).at(-1)).toMatchObject({
    status: 'OPEN',
    explanation: expect.stringMatching(/but QuickBooks has put that record away\.$/),
  });
  expect(await writesOf(world)).toEqual([]);
});

test('a customer that cannot be made waits once, and is not tried again and again', async () => {
  const { world, id } = await waiting(1);
  await world.quickbooks.faults([
    {
      match: { operation: 'create', entity: 'Customer' },
      effect: 'status',
      params: { status: 400, code: '6000' },
    },
  ]);

  await map(world, null);
  await world.drainUntilSettled();
  await world.drain();
  await world.drain();

  expect(await deadLettersOf(world, id)).toHaveLength(2);
  expect((await deadLettersOf(world, id)).at(-1)).toMatchObject({
    status: 'OPEN',
    explanation: expect.stringMatching(/^Customer “Kestrel Boat Yard” could not be made/),
  });
  expect(await referenceOf(world, unknown.customer)).toMatchObject({
    status: 'MISSING',
    request: null,
  });
});

test('an invoice that waits for two records goes on when both are there', async () => {
  const world = await startWorld();
  await world.pool.query('UPDATE company SET create_missing_references = false');
  const { id } = await world.invoicing.human({
    action: 'create',
    invoice: plainInvoice({
      customer: { id: unknown.customer },
      lines: [lineOf('1', '5', { item: { id: unknown.item }, taxCode: 'NON' })],
    }),
  });
  await world.drainUntilSettled();

  await map(world, await customerNamed(world, 'Amberwood Dental Group'));
  await world.drainUntilSettled();
  expect(await linkOf(world, id)).toMatchObject({ status: 'DEAD_LETTERED' });
  const { id: referenceId, version } = await referenceOf(world, unknown.item);
  await operatorOf(world).mapReference({
    referenceId,
    expectedVersion: version,
    counterpartId: null,
  });
  await world.drain();
  await world.drainUntilSettled();

  expect(await linkOf(world, id)).toMatchObject({ status: 'IN_SYNC' });
  expect(await deadLettersOf(world, id)).toHaveLength(1);
});

test('a customer whose name a vendor has is not made under another one: it waits, and says whose name it is', async () => {
  const world = await startWorld();
  await world.quickbooks.human({
    action: 'create',
    entity: 'Vendor',
    body: { DisplayName: 'Kestrel Boat Yard' },
  });
  const invoice = plainInvoice({ customer: { id: unknown.customer } });
  const { id } = await world.invoicing.human({ action: 'create', invoice });
  await world.drainUntilSettled();

  expect(await deadLettersOf(world, id)).toMatchObject([
    {
      reason: 'MISSING_REFERENCE',
      explanation: expect.stringMatching(/a vendor or an employee goes by that name/),
    },
  ]);
  expect(await writesOf(world)).toEqual([]);

  await map(world, await customerNamed(world, 'Amberwood Dental Group'));
  await world.drainUntilSettled();
  expect(await linkOf(world, id)).toMatchObject({ status: 'IN_SYNC' });
});

test('a customer that was put away in QuickBooks is named, and all goes on when another one is chosen', async () => {
  const world = await startWorld();
  const invoice = plainInvoice({ customer: { id: unknown.customer } });
  const { id: first } = await world.invoicing.human({ action: 'create', invoice });
  await world.drainUntilSettled();
  // Only a customer who owes nothing can be put away.
  await world.invoicing.human({ action: 'void', id: first });
  await world.drainUntilSettled();
  const away = await customerNamed(world, 'Kestrel Boat Yard');
  await world.quickbooks.human({ action: 'deactivate', entity: 'Customer', id: away });
  const { id } = await world.invoicing.human({ action: 'create', invoice });
  await world.drainUntilSettled();

  expect(await deadLettersOf(world, id)).toMatchObject([
    {
      reason: 'MISSING_REFERENCE',
      explanation: expect.stringMatching(
        /^Customer “Kestrel Boat Yard” stands for “Kestrel Boat Yard.*” in QuickBooks, which was put away there\./,
      ),
    },
  ]);
  const row = await referenceOf(world, unknown.customer);
  expect(row).toMatchObject({ status: 'MISSING', quickbooksId: null });

  await operatorOf(world).mapReference({
    referenceId: row.id,
    expectedVersion: row.version,
    counterpartId: await customerNamed(world, 'Amberwood Dental Group'),
  });
  await world.drain();
  await world.drainUntilSettled();
  expect(await linkOf(world, id)).toMatchObject({ status: 'IN_SYNC' });
});

test('customers merged in QuickBooks move the pairing, and their invoices compare equal without a write', async () => {
  const both = await pair();
  const { world } = both;
  const loser = await customerNamed(world, 'Bluebird Bakery');
  const winner = await customerNamed(world, 'Amberwood Dental Group');
  await world.quickbooks.human({ action: 'merge', entity: 'Customer', from: loser, into: winner });
  await world.poll();
  await world.drainUntilSettled();

  expect(await internally(both)).toMatchObject({ customer: { id: known.customer } });
  expect(await internalWrites(both)).toEqual([]);
  expect(await writesOf(world)).toEqual(['Invoice create']);
  expect(await linkOf(world, both.id)).toMatchObject({ status: 'IN_SYNC' });
  expect(await referenceOf(world, known.customer)).toMatchObject({ quickbooksId: winner });

  // What comes later for either of the two internal customers goes to the one that is left.
  const { id } = await world.invoicing.human({ action: 'create', invoice: plainInvoice() });
  await editThere(both, { CustomerMemo: { value: 'Later' } });
  await world.drainUntilSettled();
  expect(await counterpartOf(world, id)).toMatchObject({ CustomerRef: { value: winner } });
  expect(await internally(both)).toMatchObject({
    customerMemo: 'Later',
    customer: { id: known.customer },
  });
  expect(await world.brokenAudit()).toEqual([]);
});
