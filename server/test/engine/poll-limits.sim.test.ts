import { expect, test } from 'vitest';
import { plainInvoice } from '../support/companies.ts';
import { counterpartOf, linkOf } from '../support/ledger.ts';
import {
  callsDuring,
  markOf,
  memo,
  pairByPoll,
  polledEvents,
  pollUntilSettled,
  startSilentWorld,
  wasAway,
} from '../support/polls.ts';
import type { World } from '../support/world.ts';

/**
 * Makes customers in QuickBooks, many at once. The second half falls into later seconds: a page goes on from the last
 * second it saw, so that how many share one decides how many pages it takes.
 */
async function makeCustomers(world: World, count: number): Promise<void> {
  const numbers = Array.from({ length: count }, (_, number) => number);
  for (let at = 0; at < count; at += 50) {
    if (at === count / 2) await world.quickbooks.advance(2_000);
    await Promise.all(
      numbers.slice(at, at + 50).map((number) =>
        world.quickbooks.human({
          action: 'create',
          entity: 'Customer',
          body: { DisplayName: `Customer number ${number}` },
        }),
      ),
    );
  }
}

const queryFails = { match: { operation: 'query' }, effect: 'status', params: { status: 500 } };
const cdcFails = { match: { operation: 'cdc' }, effect: 'status', params: { status: 500 } };

test('more than 1,000 changes come by paged queries, and a deletion among them is not lost', async () => {
  const world = await startSilentWorld();
  const edited = await pairByPoll(world);
  const deleted = await pairByPoll(world);
  const before = (await polledEvents(world)).length;
  await makeCustomers(world, 1_100);
  await world.quickbooks.human(memo(edited.quickbooksId, 'Theirs'));
  await world.quickbooks.human({ action: 'delete', entity: 'Invoice', id: deleted.quickbooksId });

  const calls = await callsDuring(world, () => world.poll());

  // Two pages of customers and one of each other kind; what was cut off may have shown the deletion or not, and what is
  // told to be deleted is looked at once.
  expect(calls).toEqual([
    'cdc',
    ...Array.from({ length: 6 }, () => 'query'),
    `invoice/${deleted.quickbooksId}`,
  ]);
  await world.drainUntilSettled();
  const news = (await polledEvents(world)).slice(before);
  expect(news.filter(({ about }) => about === 'customer')).toHaveLength(1_100);
  const invoices = news.filter(({ about }) => about === 'invoice');
  expect(invoices.toSorted((one, other) => Number(one.id) - Number(other.id))).toMatchObject([
    { id: edited.quickbooksId, kind: 'UPDATED', linked: true },
    { id: deleted.quickbooksId, kind: 'DELETED', linked: true },
  ]);
});

test('a poll that fails half way keeps what it stored, moves no watermark, and is made whole by the next', async () => {
  const world = await startSilentWorld();
  await pairByPoll(world);
  await makeCustomers(world, 1_100);
  const before = await markOf(world, 'QUICKBOOKS');
  // The second page of customers: invoices, payments and credit memos come before it.
  await world.quickbooks.faults([
    { ...queryFails, match: { operation: 'query', entity: 'customer', nth: 2 }, times: 1 },
  ]);

  await world.poll();

  const failed = await markOf(world, 'QUICKBOOKS');
  expect(failed.since).toEqual(before.since);
  expect(failed.dueInMs).toBeLessThanOrEqual(30_000);
  const stored = (await polledEvents(world)).filter(({ about }) => about === 'customer').length;
  expect(stored).toBeGreaterThan(0);
  expect(stored).toBeLessThan(1_100);
  expect(world.logged).toContainEqual(
    expect.objectContaining({ level: 'warn', fact: 'a poll failed' }),
  );

  await world.quickbooks.faults([]);
  await pollUntilSettled(world);

  const customers = (await polledEvents(world)).filter(({ about }) => about === 'customer');
  expect(customers).toHaveLength(1_100);
  expect(new Set(customers.map(({ id }) => id)).size).toBe(1_100);
});

test('a side that cannot be asked is asked again from where it was; the other side goes on', async () => {
  const world = await startSilentWorld();
  const { quickbooksId } = await pairByPoll(world);
  const before = await markOf(world, 'QUICKBOOKS');
  await world.quickbooks.human(memo(quickbooksId, 'Theirs'));
  await world.quickbooks.faults([cdcFails]);
  const { id } = await world.invoicing.human({ action: 'create', invoice: plainInvoice() });

  await pollUntilSettled(world);

  expect(await linkOf(world, id)).toMatchObject({ status: 'IN_SYNC' });
  const failed = await markOf(world, 'QUICKBOOKS');
  expect(failed.since).toEqual(before.since);
  expect(failed.dueInMs).toBeLessThanOrEqual(30_000);
  expect((await markOf(world, 'INTERNAL')).dueInMs).toBeGreaterThan(30_000);

  await world.quickbooks.faults([]);
  await pollUntilSettled(world);
  expect((await polledEvents(world)).at(-1)).toMatchObject({ id: quickbooksId, kind: 'UPDATED' });
});

test('QuickBooks is not polled while it asks to slow down', async () => {
  const world = await startSilentWorld();
  await pairByPoll(world);
  await world.quickbooks.faults([
    { match: { operation: 'cdc' }, effect: 'status', params: { status: 429, retryAfter: 3_600 } },
  ]);
  expect(await callsDuring(world, () => world.poll())).toEqual(['cdc']);

  expect(await callsDuring(world, () => world.poll())).toEqual([]);

  await world.quickbooks.faults([]);
  await world.timePasses();
  expect(await callsDuring(world, () => world.poll())).toEqual(['cdc']);
});

test('access that lapsed is noticed by the poll, and nothing is asked until a person reconnects', async () => {
  const world = await startSilentWorld();
  const { quickbooksId } = await pairByPoll(world);
  await world.quickbooks.human(memo(quickbooksId, 'Theirs'));
  await world.quickbooks.disconnect();
  await world.poll();
  const statuses = () => world.pool.query('SELECT status FROM company');
  expect((await statuses()).rows).toEqual([{ status: 'NEEDS_RECONNECT' }]);

  expect(await world.poll()).toBe('not-ours');

  await world.connect();
  await pollUntilSettled(world);
  expect((await polledEvents(world)).at(-1)).toMatchObject({ id: quickbooksId, kind: 'UPDATED' });
});

test('a poll whose lease is lost in the middle stores nothing', async () => {
  const world = await startSilentWorld();
  const { quickbooksId } = await pairByPoll(world);
  await world.quickbooks.human(memo(quickbooksId, 'Theirs'));
  const before = { mark: await markOf(world, 'QUICKBOOKS'), events: await polledEvents(world) };
  await world.quickbooks.faults([
    { match: { operation: 'cdc' }, effect: 'latency', params: { ms: 400 } },
  ]);
  const asked = async () =>
    (await world.quickbooks.requests()).filter(({ path }) => path.endsWith('/cdc')).length;
  const askedBefore = await asked();

  const polling = world.poll();
  await expect.poll(asked).toBe(askedBefore + 1);
  await world.pool.query(
    `UPDATE company_lease SET epoch = epoch + 1, holder = 'another worker', expires_at = clock_timestamp() + interval '1 hour'`,
  );
  await polling;

  expect(await polledEvents(world)).toEqual(before.events);
  expect((await markOf(world, 'QUICKBOOKS')).since).toEqual(before.mark.since);

  await world.pool.query('UPDATE company_lease SET expires_at = clock_timestamp()');
  await world.quickbooks.faults([]);
  await pollUntilSettled(world);
  expect((await polledEvents(world)).at(-1)).toMatchObject({ id: quickbooksId, kind: 'UPDATED' });
});

test('after more than 30 days away QuickBooks is asked by queries, and what was deleted meanwhile is found', async () => {
  const world = await startSilentWorld();
  const edited = await pairByPoll(world);
  const deleted = await pairByPoll(world);
  await world.quickbooks.human(memo(edited.quickbooksId, 'Theirs'));
  await world.quickbooks.human({ action: 'delete', entity: 'Invoice', id: deleted.quickbooksId });
  await wasAway(world, 40);

  const calls = await callsDuring(world, () => world.poll());

  // One page of each of five kinds, the linked ids, and the one of them that was not there: before it is told, and when
  // its link is worked.
  expect(calls).toEqual([
    ...Array.from({ length: 6 }, () => 'query'),
    `invoice/${deleted.quickbooksId}`,
    `invoice/${deleted.quickbooksId}`,
  ]);
  expect((await polledEvents(world)).slice(-2)).toMatchObject([
    { id: edited.quickbooksId, kind: 'UPDATED' },
    { id: deleted.quickbooksId, kind: 'DELETED' },
  ]);
  await world.drainUntilSettled();
  expect(await callsDuring(world, () => world.poll())).toEqual(['cdc']);
});

test('one record that breaks the list of changes does not hide the others', async () => {
  const world = await startSilentWorld();
  const poison = await pairByPoll(world);
  const other = await pairByPoll(world);
  await world.quickbooks.behaviour({ cdcPoison: [`Invoice/${poison.quickbooksId}`] });
  await world.quickbooks.human(memo(poison.quickbooksId, 'Poison'));
  await world.quickbooks.human(memo(other.quickbooksId, 'Theirs'));

  await pollUntilSettled(world);

  expect((await polledEvents(world)).slice(-2)).toMatchObject([
    { id: poison.quickbooksId, kind: 'UPDATED', linked: true },
    { id: other.quickbooksId, kind: 'UPDATED', linked: true },
  ]);
  expect(await counterpartOf(world, other.id)).toMatchObject({ CustomerMemo: { value: 'Theirs' } });
});
