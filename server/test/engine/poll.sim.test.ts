import { expect, test } from 'vitest';
import { lineOf, plainInvoice } from '../support/companies.ts';
import { counterpartOf, linkOf, quickBooksInvoices, writesOf } from '../support/ledger.ts';
import {
  callsDuring,
  markOf,
  memo,
  pairByPoll,
  polledEvents,
  pollUntilSettled,
  startSilentWorld,
} from '../support/polls.ts';
import { startWorkerProcess } from '../support/worker-process.ts';
import { startWorld } from '../support/world.ts';

test('with webhooks off, everything done in internal invoicing crosses after one poll', async () => {
  const world = await startSilentWorld();
  const made = await Promise.all(
    [1, 2, 3].map(() => world.invoicing.human({ action: 'create', invoice: plainInvoice() })),
  );
  const [edited, voided, deleted] = made.map(({ id }) => id);
  if (edited === undefined || voided === undefined || deleted === undefined) throw new Error();
  await pollUntilSettled(world);
  expect(await writesOf(world, 'Invoice')).toHaveLength(3);

  await world.invoicing.human({ action: 'edit', id: edited, set: { lines: [lineOf('4', '50')] } });
  await world.invoicing.human({ action: 'void', id: voided });
  await world.invoicing.human({ action: 'delete', id: deleted });
  await pollUntilSettled(world);

  expect(await counterpartOf(world, edited)).toMatchObject({ TotalAmt: 216 });
  expect(await counterpartOf(world, voided)).toMatchObject({ TotalAmt: 0 });
  expect(await counterpartOf(world, deleted)).toMatchObject({ TotalAmt: 0 });
  for (const id of [edited, voided, deleted])
    expect(await linkOf(world, id)).toMatchObject({ status: 'IN_SYNC' });
  expect((await polledEvents(world)).map(({ kind, stage }) => [kind, stage])).toEqual([
    ['UPDATED', 'SETTLED'],
    ['UPDATED', 'SETTLED'],
    ['UPDATED', 'SETTLED'],
    ['UPDATED', 'SETTLED'],
    ['VOIDED', 'SETTLED'],
    ['DELETED', 'SETTLED'],
  ]);
});

test('an edit, a void and a delete made in QuickBooks are noticed without a webhook, and their links looked at', async () => {
  const world = await startSilentWorld();
  const pairs = [await pairByPoll(world), await pairByPoll(world), await pairByPoll(world)];
  const [edited, voided, deleted] = pairs.map(({ quickbooksId }) => quickbooksId);
  const before = (await polledEvents(world)).length;

  await world.quickbooks.human(memo(edited ?? '', 'Theirs'));
  await world.quickbooks.human({ action: 'void', entity: 'Invoice', id: voided });
  await world.quickbooks.human({ action: 'delete', entity: 'Invoice', id: deleted });
  await pollUntilSettled(world);

  const news = (await polledEvents(world)).slice(before);
  const invoices = news.filter(({ about }) => about === 'invoice');
  expect(invoices.map(({ side, id, kind, linked }) => [side, id, kind, linked])).toEqual([
    ['QUICKBOOKS', edited, 'UPDATED', true],
    ['QUICKBOOKS', voided, 'VOIDED', true],
    ['QUICKBOOKS', deleted, 'DELETED', true],
  ]);
  const observed = await world.pool.query(
    `SELECT o.content->>'customerMemo' AS memo, o.content->>'existence' AS existence
     FROM link k JOIN observation o ON o.id = k.quickbooks_observation_id ORDER BY k.internal_id`,
  );
  expect(observed.rows).toMatchObject([
    { memo: 'Theirs', existence: 'present' },
    { existence: 'void' },
    { existence: 'deleted' },
  ]);
});

test('a payment in QuickBooks is noticed by itself and by the balance it moves, whose version stays', async () => {
  const world = await startSilentWorld();
  const { id, quickbooksId } = await pairByPoll(world);
  const { SyncToken } = await counterpartOf(world, id);

  const paid = await world.quickbooks.human({
    action: 'pay',
    invoices: [{ id: quickbooksId, amount: 20 }],
  });
  await world.poll();

  expect((await counterpartOf(world, id)).SyncToken).toBe(SyncToken);
  expect(await polledEvents(world)).toEqual(
    expect.arrayContaining([
      expect.objectContaining({ about: 'payment', id: paid.id, kind: 'PAYMENT_APPLIED' }),
      expect.objectContaining({ about: 'invoice', id: quickbooksId, kind: 'UPDATED' }),
    ]),
  );
});

test('what the bridge wrote itself and what a webhook told before is not news', async () => {
  const world = await startWorld({ quickbooksTells: true });
  const { id } = await world.invoicing.human({ action: 'create', invoice: plainInvoice() });
  await world.drainUntilSettled();
  await world.invoicing.human({ action: 'edit', id, set: { customerMemo: 'Hello' } });
  await world.drainUntilSettled();

  await world.poll();

  expect(await polledEvents(world)).toEqual([]);
  expect(await markOf(world, 'QUICKBOOKS')).toMatchObject({ polled: true });
});

test('a poll without changes costs QuickBooks one call and internal invoicing one', async () => {
  const world = await startSilentWorld();
  await pairByPoll(world);
  const internalBefore = (await world.invoicing.requests()).length;

  const calls = await callsDuring(world, () => world.poll());

  expect(calls).toEqual(['cdc']);
  expect(await world.invoicing.requests()).toHaveLength(internalBefore + 1);
});

test('the overlap shows the same rows again and doubles nothing', async () => {
  const world = await startSilentWorld();
  const { quickbooksId } = await pairByPoll(world);
  await world.quickbooks.human(memo(quickbooksId, 'Theirs'));
  await world.quickbooks.human({
    action: 'create',
    entity: 'Customer',
    body: { DisplayName: 'Nobody the bridge knows' },
  });
  await pollUntilSettled(world);
  const told = await polledEvents(world);
  const stranger = told.filter(({ about }) => about === 'customer');
  expect(stranger).toMatchObject([{ kind: 'REFERENCE_CHANGED', stage: 'SKIPPED', duplicates: 0 }]);

  await pollUntilSettled(world);
  await pollUntilSettled(world);

  const again = await polledEvents(world);
  expect(again.map(({ id, kind }) => [id, kind])).toEqual(told.map(({ id, kind }) => [id, kind]));
  expect(again.filter(({ about }) => about === 'customer')).toMatchObject([{ duplicates: 2 }]);
  expect(await writesOf(world)).toEqual(['Invoice create']);
});

test.each(['inclusive', 'exclusive'] as const)(
  'two changes within one second, a poll between them, are both noticed (the boundary is %s)',
  async (cdcBoundary) => {
    const world = await startSilentWorld();
    await world.quickbooks.behaviour({ cdcBoundary });
    const { id, quickbooksId } = await pairByPoll(world);
    // Their clock is put back between the two, however long the poll takes.
    const second = new Date(Math.ceil(Date.now() / 1_000) * 1_000);
    const edit = async (value: string): Promise<string> => {
      await world.quickbooks.setClock(second);
      await world.quickbooks.human(memo(quickbooksId, value));
      return JSON.stringify((await counterpartOf(world, id))['MetaData']);
    };

    let [one, other] = ['', 'not yet'];
    for (let round = 1; one !== other; round += 1) {
      if (round > 10) throw new Error('no two edits fell into one second');
      one = await edit(`${round}, first`);
      await pollUntilSettled(world);
      other = await edit(`${round}, second`);
      await pollUntilSettled(world);
      const { rows } = await world.pool.query(
        `SELECT o.content->>'customerMemo' AS memo FROM link k JOIN observation o ON o.id = k.quickbooks_observation_id`,
      );
      expect(rows).toEqual([{ memo: `${round}, second` }]);
    }
  },
);

test('an invoice that QuickBooks wrongly calls deleted is looked at and left alone', async () => {
  const world = await startSilentWorld();
  const { id, quickbooksId } = await pairByPoll(world);
  await world.quickbooks.behaviour({ cdcFalseDeleted: [`Invoice/${quickbooksId}`] });

  await pollUntilSettled(world);

  expect((await polledEvents(world)).at(-1)).toMatchObject({
    id: quickbooksId,
    kind: 'DELETED',
    stage: 'SKIPPED',
    linked: true,
  });
  expect(await linkOf(world, id)).toMatchObject({ status: 'IN_SYNC' });
  expect(await world.invoicing.invoice(id)).toMatchObject({ status: 'open' });
  expect(await quickBooksInvoices(world)).toHaveLength(1);
});

test('an invoice made in QuickBooks is noticed, and nothing before the company was made', async () => {
  const world = await startSilentWorld({ quickbooks: { history: true } });
  await world.poll();
  expect(await polledEvents(world)).toEqual([]);

  const [customer] = await world.quickbooks.all('Customer');
  const [item] = await world.quickbooks.all('Item');
  const line = {
    Amount: 5,
    DetailType: 'SalesItemLineDetail',
    SalesItemLineDetail: { ItemRef: { value: item?.['Id'] } },
  };
  const body = { CustomerRef: { value: customer?.['Id'] }, Line: [line] };
  const made = await world.quickbooks.human({ action: 'create', entity: 'Invoice', body });
  await world.poll();

  expect(await polledEvents(world)).toEqual(
    expect.arrayContaining([
      expect.objectContaining({ about: 'invoice', id: made.id, kind: 'CREATED' }),
    ]),
  );
});

test('a worker polls by itself when the time has come, and again an interval later', async () => {
  const world = await startSilentWorld();
  const { id } = await world.invoicing.human({ action: 'create', invoice: plainInvoice() });
  await world.pool.query('UPDATE watermark SET due_at = clock_timestamp()');

  const worker = await startWorkerProcess(world);
  await expect
    .poll(async () => (await polledEvents(world)).at(0)?.stage, { timeout: 20_000 })
    .toBe('SETTLED');
  await worker.stop();

  expect(await linkOf(world, id)).toMatchObject({ status: 'IN_SYNC' });
  for (const side of ['INTERNAL', 'QUICKBOOKS'] as const) {
    const { dueInMs, polled } = await markOf(world, side);
    expect(polled).toBe(true);
    expect(dueInMs).toBeGreaterThan(240_000);
    expect(dueInMs).toBeLessThanOrEqual(300_000);
  }
  const { rows } = await world.pool.query('SELECT last_poll_at IS NOT NULL AS polled FROM company');
  expect(rows).toEqual([{ polled: true }]);
});
