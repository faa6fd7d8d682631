import { expect, test } from 'vitest';
import { z } from 'zod';
import { noticeRestore } from '#adapters/postgres/database-mark.ts';
import { backUp } from '../support/backups.ts';
import { plainInvoice } from '../support/companies.ts';
import { internalInvoices, linksOf } from '../support/imports.ts';
import { quickBooksInvoices } from '../support/ledger.ts';
import { goOn, newestRun, reconcileUntilSettled } from '../support/reconciles.ts';
import { startWorld, type World } from '../support/world.ts';

const start = (world: World) =>
  noticeRestore({ databaseUrl: world.databaseUrl, commitWaitMs: 130_000, log: world.engine.log });

/** What the bridge did on both sides since: 'create invoice' and the like. */
async function writesSince(world: World, before: { here: number; there: number }) {
  const [here, there] = await Promise.all([
    world.invoicing.mutations(),
    world.quickbooks.mutations(),
  ]);
  const ours = (all: typeof here, after: number, side: string) =>
    all
      .filter(({ seq, actor }) => actor === 'api' && seq > after)
      .map(({ operation, entity }) => `${side} ${operation} ${entity.toLowerCase()}`);
  return [
    ...ours(here, before.here, 'internal'),
    ...ours(there, before.there, 'quickbooks'),
  ].sort();
}

const lastOf = async (world: World) => ({
  here: (await world.invoicing.mutations()).at(-1)?.seq ?? 0,
  there: (await world.quickbooks.mutations()).at(-1)?.seq ?? 0,
});

const make = async (world: World, more: object = {}) =>
  (await world.invoicing.human({ action: 'create', invoice: plainInvoice(more) })).id;

const makeThere = (world: World, number: string) =>
  world.quickbooks.human({
    action: 'create',
    entity: 'Invoice',
    body: {
      DocNumber: number,
      TxnDate: '2026-11-20',
      CustomerRef: { value: '1' },
      Line: [
        {
          Amount: 50,
          DetailType: 'SalesItemLineDetail',
          SalesItemLineDetail: { ItemRef: { value: '1' }, Qty: 1, UnitPrice: 50 },
        },
      ],
    },
  });

const quickbooksIdOf = async (world: World, id: string) => {
  const link = (await linksOf(world)).find(({ internalId }) => internalId === id);
  return link?.quickbooksId ?? '';
};

/** As if the time were over in which a write without an answer may land. */
async function lateWritesLanded(world: World): Promise<void> {
  await world.pool.query('UPDATE company SET writes_held_until = clock_timestamp()');
  await world.pool.query(
    `UPDATE reconcile_run SET due_at = clock_timestamp() WHERE trigger = 'RESTORE'`,
  );
}

const sentence = z.object({ summary: z.string() });

test('a database restored from a backup re-observes a world that moved on, writes nothing twice and says what it found', async () => {
  const world = await startWorld({ quickbooksTells: true, commitWaitSeconds: 1 });
  await world.pool.query('UPDATE company SET import_from_quickbooks = true');
  await start(world);
  const [edited, paid, voided] = [await make(world), await make(world), await make(world)];
  await world.drainUntilSettled();
  const paidThere = await quickbooksIdOf(world, paid);
  const backup = await backUp(world);

  // What the backup will not know: creates, payments and edits that crossed, both ways.
  await make(world, { number: 'INV-LOST' });
  await makeThere(world, 'Q-LOST');
  await world.invoicing.human({ action: 'edit', id: edited, set: { customerMemo: 'Since then' } });
  await world.invoicing.human({ action: 'pay', id: edited, amount: '10.00' });
  await world.quickbooks.human({ action: 'pay', invoices: [{ id: paidThere, amount: 20 }] });
  await world.invoicing.human({ action: 'void', id: voided });
  await world.drainUntilSettled();
  await world.pool.query('UPDATE company SET mark_documents = false');
  const unmarked = await make(world, { number: 'INV-UNMARKED' });
  await world.drainUntilSettled();
  const unmarkedThere = await quickbooksIdOf(world, unmarked);
  // And what nobody told it while it was away.
  await world.invoicing.webhooks({ drop: 1 });
  await world.quickbooks.webhooks({ drop: 1 });
  await make(world, { number: 'INV-NEW' });
  await makeThere(world, 'Q-NEW');
  const before = await lastOf(world);

  await backup.restore();
  await start(world);
  await world.poll();
  await world.drain();

  // A write of the lost time may still land: nothing is compared yet, let alone written.
  expect(await newestRun(world)).toMatchObject({ status: 'QUEUED', compared: 0 });
  expect(await writesSince(world, before)).toEqual([]);
  await lateWritesLanded(world);
  await goOn(world);
  expect(await newestRun(world)).toMatchObject({ status: 'DRIFT_FOUND' });
  expect(await writesSince(world, before)).toEqual([]);
  await world.poll();
  await world.drainUntilSettled();

  // Only what never crossed is written: each new invoice once.
  expect(await writesSince(world, before)).toEqual([
    'internal create invoice',
    'quickbooks create invoice',
  ]);
  const [here, there] = await Promise.all([internalInvoices(world), quickBooksInvoices(world)]);
  const numbers = (all: readonly (string | null | undefined)[]) => all.map(String).sort();
  expect(numbers(there.map(({ DocNumber }) => DocNumber))).toEqual(
    numbers(here.map(({ number }) => number)),
  );
  expect(new Set(here.map(({ number }) => number)).size).toBe(here.length);
  // The one without a mark might be another: a person links it, and nothing is made of it meanwhile.
  const links = await linksOf(world);
  const doubtful = links.filter(({ status }) => status !== 'IN_SYNC');
  expect(doubtful.map(({ status }) => status)).toEqual(['DEAD_LETTERED', 'DEAD_LETTERED']);
  expect(
    numbers(doubtful.map(({ internalId, quickbooksId }) => internalId ?? quickbooksId)),
  ).toEqual(numbers([unmarked, unmarkedThere]));
  const counted = await reconcileUntilSettled(world);
  expect(counted.controlTotals.map((one) => one.internalTotal)).toEqual(
    counted.controlTotals.map((one) => one.quickbooksTotal),
  );

  const said = await world.rows(
    sentence,
    `SELECT content->>'summary' AS summary FROM audit_entry WHERE content->>'summary' LIKE '%restore%' OR content->>'summary' LIKE '%copy of the one%' ORDER BY sequence`,
  );
  expect(said.map(({ summary }) => summary)).toEqual(
    expect.arrayContaining([
      expect.stringContaining('Nothing is written until both sides have been compared'),
      expect.stringContaining('The bridge writes again.'),
    ]),
  );
  expect(await world.brokenAudit()).toEqual([]);

  // A later start finds nothing new.
  await start(world);
  expect(await world.drain()).toBe('empty');
  const { rows } = await world.pool.query(
    `SELECT count(*)::int AS count FROM reconcile_run WHERE trigger = 'RESTORE'`,
  );
  expect(rows).toEqual([{ count: 1 }]);
  await backup.drop();
});
