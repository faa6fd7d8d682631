import { expect, test } from 'vitest';
import { z } from 'zod';
import { known, lineOf, plainInvoice } from '../support/companies.ts';
import { diesClaiming, drainAs, ending } from '../support/ghost-worker.ts';
import {
  conflictsOf,
  counterpartOf,
  deadLettersOf,
  eventsOf,
  linkOf,
  quickBooksInvoices,
  soldLines,
  writesOf,
} from '../support/ledger.ts';
import { operatorOf } from '../support/operator.ts';
import { editHere, editThere, idOf, internally, pair } from '../support/pair.ts';
import { startWorld } from '../support/world.ts';

/**
 * The holes of a predecessor (peers.md §1.1), each with the test that would have caught it. The others stand where their
 * subject is: P1 in two-way-both, P2, P8 and P9 in reconcile, P7 in payments, P13 in tax.
 */

test('P3: two workers never create one invoice twice, and never two under one number', async () => {
  const world = await startWorld();
  const ids: string[] = [];
  for (let count = 0; count < 10; count += 1) {
    const { id } = await world.invoicing.human({ action: 'create', invoice: plainInvoice() });
    // Creating and changing are two events; there each worker took one and created.
    await world.invoicing.human({ action: 'edit', id, set: { customerMemo: 'At once' } });
    ids.push(id);
    await Promise.all([drainAs(world, 'one'), drainAs(world, 'two')]);
  }
  await world.drainUntilSettled();

  const made = await quickBooksInvoices(world);
  expect(made.length).toBe(ids.length);
  expect(new Set(made.map(({ DocNumber }) => DocNumber)).size).toBe(ids.length);
  for (const id of ids)
    expect(await counterpartOf(world, id)).toMatchObject({ CustomerMemo: { value: 'At once' } });
});

test('P4: an event that kills every worker is left alone after three deaths, however often it is reclaimed', async () => {
  const world = await startWorld();
  const { id } = await world.invoicing.human({ action: 'create', invoice: plainInvoice() });
  await world.told();
  for (let death = 0; death < 3; death += 1) await diesClaiming(world);

  await world.drainUntilSettled();
  await world.timePasses();
  await world.drainUntilSettled();

  expect(await deadLettersOf(world, id)).toMatchObject([
    { status: 'OPEN', reason: 'RETRIES_EXHAUSTED' },
  ]);
  const [event] = await eventsOf(world, id);
  expect(event).toMatchObject({ stage: 'DEAD_LETTERED', ended: true });
  expect(await writesOf(world)).toEqual([]);
});

test('P5: a stalled worker that wakes after another took over completes nothing', async () => {
  const world = await startWorld();
  const { id } = await world.invoicing.human({ action: 'create', invoice: plainInvoice() });
  await world.told();
  const { lease, link } = await diesClaiming(world);
  await world.drainUntilSettled();
  const before = await linkOf(world, id);

  expect(await world.engine.store.recordStep(lease, ending(link))).toBe('fenced');

  expect(await linkOf(world, id)).toEqual(before);
  expect(await writesOf(world)).toEqual(['Invoice create']);
});

const replayEntry = z.object({ actor: z.string(), summary: z.string() });

test('P6: what is done is not replayed again, and every replay says in the audit who asked for it', async () => {
  const world = await startWorld();
  await world.quickbooks.human({ action: 'close-books', through: '2026-11-30' });
  const { id } = await world.invoicing.human({ action: 'create', invoice: plainInvoice() });
  await world.drainUntilSettled();
  const [letter] = await deadLettersOf(world, id);
  const replay = () =>
    operatorOf(world).replayDeadLetter({
      deadLetterId: letter?.id ?? '',
      expectedVersion: 1,
      confirmInvoiceNumber: null,
    });
  await world.quickbooks.human({ action: 'close-books', through: null });
  await world.pool.query(
    `UPDATE company SET quickbooks_facts = jsonb_set(quickbooks_facts, '{booksClosedThrough}', 'null')`,
  );

  await replay();
  await world.drainUntilSettled();

  expect(await deadLettersOf(world, id)).toMatchObject([{ status: 'REPLAYED' }]);
  await expect(replay()).rejects.toThrow(/stale|illegal/);
  const entries = await world.rows(
    replayEntry,
    `SELECT content#>>'{actor,name}' AS actor, summary FROM audit_entry WHERE action = 'REPLAYED'`,
  );
  expect(entries).toEqual([{ actor: 'Dana', summary: expect.stringContaining('by Dana') }]);
});

test('P10: a change whose webhook was never delivered crosses all the same, once', async () => {
  const world = await startWorld();
  await world.invoicing.webhooks({ drop: 1 });
  const { id } = await world.invoicing.human({ action: 'create', invoice: plainInvoice() });
  await world.drainUntilSettled();
  expect(await writesOf(world)).toEqual([]);

  await world.invoicing.webhooks({ drop: 0 });
  await world.poll();
  await world.drainUntilSettled();

  expect(await linkOf(world, id)).toMatchObject({ status: 'IN_SYNC' });
  expect(await writesOf(world)).toEqual(['Invoice create']);
});

test('P11: a document that a person made in QuickBooks under the same number is not adopted and not touched', async () => {
  const world = await startWorld();
  const customer = await idOf(world, 'Customer', 'Bluebird Bakery');
  const item = await idOf(world, 'Item', 'Desk Lamp');
  const theirs = await world.quickbooks.human({
    action: 'create',
    entity: 'Invoice',
    body: {
      DocNumber: 'INV-7',
      CustomerRef: { value: customer },
      Line: [
        {
          Amount: 777,
          DetailType: 'SalesItemLineDetail',
          SalesItemLineDetail: { ItemRef: { value: item } },
        },
      ],
    },
  });

  const { id } = await world.invoicing.human({
    action: 'create',
    invoice: plainInvoice({ number: 'INV-7' }),
  });
  await world.drainUntilSettled();

  expect(await deadLettersOf(world, id)).toMatchObject([
    { status: 'OPEN', reason: 'DUPLICATE_NUMBER' },
  ]);
  const held = (await quickBooksInvoices(world)).find(({ Id }) => Id === theirs.id);
  expect(held).toMatchObject({ TotalAmt: 777, SyncToken: '0' });
});

test('P11: a change of one line sends every line, for the customer it is for', async () => {
  const both = await pair({
    customer: { id: known.otherCustomer },
    lines: [lineOf('1', '10'), lineOf('2', '20', { description: 'Second' })],
  });
  const [first, ...others] = soldLines(await counterpartOf(both.world, both.id));
  await editThere(both, { Line: [{ ...first, Description: 'Theirs' }, ...others] });
  await both.world.drainUntilSettled();

  const { lines } = await internally(both);
  const [, second] = z.array(z.object({ id: z.string() })).parse(lines);
  await editHere(both, {
    lines: [
      ...z.array(z.looseObject({})).parse(lines).slice(0, 1),
      lineOf('3', '20', { id: second?.id, description: 'Second' }),
    ],
  });
  await both.world.drainUntilSettled();

  const after = await counterpartOf(both.world, both.id);
  expect(soldLines(after)).toMatchObject([
    { Description: 'Theirs', Amount: 10 },
    { Description: 'Second', Amount: 60 },
  ]);
  const customer = await idOf(both.world, 'Customer', 'Amberwood Dental Group');
  expect(after).toMatchObject({ CustomerRef: { value: customer } });
});

test('P12: a difference is shown between what both sides really hold, not between one side and what was saved', async () => {
  const both = await pair({ customerMemo: 'Before' });
  await editThere(both, { CustomerMemo: { value: 'Theirs' } });
  await editHere(both, { customerMemo: 'Ours' });
  await both.world.drainUntilSettled();

  expect(await conflictsOf(both.world, both.id)).toMatchObject([
    {
      status: 'OPEN',
      fields: [{ base: '["Before"]', internal: '["Ours"]', quickbooks: '["Theirs"]' }],
    },
  ]);
  const shown = await both.world.rows(
    z.object({ internal: z.string(), quickbooks: z.string(), base: z.string() }),
    `SELECT i.content->>'customerMemo' AS internal, q.content->>'customerMemo' AS quickbooks, k.base_quickbooks->>'customerMemo' AS base
     FROM link k JOIN observation i ON i.id = k.internal_observation_id JOIN observation q ON q.id = k.quickbooks_observation_id`,
  );
  expect(shown).toEqual([{ internal: 'Ours', quickbooks: 'Theirs', base: 'Before' }]);
});
