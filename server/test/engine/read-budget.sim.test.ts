import { expect, test } from 'vitest';
import { plainInvoice } from '../support/companies.ts';
import { linkOf } from '../support/ledger.ts';
import { callsDuring, markOf, pairByPoll, startSilentWorld } from '../support/polls.ts';
import { reconcileUntilSettled } from '../support/reconciles.ts';
import type { World } from '../support/world.ts';

const hourMs = 3_600_000;

/** As if other companies had read so much this month. */
const othersRead = (world: World, reads: number) =>
  world.pool.query(
    `WITH other AS (
       INSERT INTO company (id, name, invoicing_base_url, invoicing_token, invoicing_webhook_secret)
       VALUES (gen_random_uuid(), 'Others', 'http://127.0.0.1:9', '', '') RETURNING id
     )
     INSERT INTO quickbooks_reads (month, company_id, reads)
     SELECT date_trunc('month', clock_timestamp() AT TIME ZONE 'UTC')::date, id, $1 FROM other`,
    [reads],
  );

test('every call is counted before it leaves, reads among them, and nothing else is', async () => {
  const world = await startSilentWorld();
  await pairByPoll(world);

  const requests = (await world.quickbooks.requests()).filter(({ path }) => path.includes('/v3/'));

  const { rows } = await world.pool.query(
    'SELECT sum(calls)::int AS calls, sum(reads)::int AS reads FROM quickbooks_call',
  );
  const reads = requests.filter(({ method }) => method === 'GET').length;
  expect(rows).toEqual([{ calls: requests.length, reads }]);
  expect(await world.engine.counts.thisMonth()).toMatchObject({ used: reads });
});

test('with 5 % of the month’s reads left QuickBooks is not polled, and invoices still cross', async () => {
  const world = await startSilentWorld();
  const { id } = await pairByPoll(world);
  await othersRead(world, 475_000);

  const calls = await callsDuring(world, () => world.poll());

  expect(calls).toEqual([]);
  const { dueInMs } = await markOf(world, 'QUICKBOOKS');
  expect(dueInMs).toBeGreaterThan(hourMs - 60_000);
  expect(dueInMs).toBeLessThanOrEqual(hourMs);
  await world.invoicing.webhooks({ drop: 0 });
  await world.invoicing.human({ action: 'edit', id, set: { customerMemo: 'Still here' } });
  const { id: next } = await world.invoicing.human({ action: 'create', invoice: plainInvoice() });
  await world.drainUntilSettled();
  for (const each of [id, next])
    expect(await linkOf(world, each)).toMatchObject({ status: 'IN_SYNC' });
});

test('the less is left of the month’s reads, the later QuickBooks is polled again; internal invoicing as ever', async () => {
  const world = await startSilentWorld();
  await othersRead(world, 474_999);

  await world.poll();

  expect((await markOf(world, 'QUICKBOOKS')).dueInMs).toBeGreaterThan(301_000);
  expect((await markOf(world, 'INTERNAL')).dueInMs).toBeLessThanOrEqual(300_000);
});

test('with 5 % of the month’s reads left a reconcile waits without failing, and goes on when there are more', async () => {
  const world = await startSilentWorld();
  await pairByPoll(world);
  await othersRead(world, 475_000);
  await world.pool.query(`UPDATE company SET reconcile_due_at = clock_timestamp()`);

  expect(await callsDuring(world, () => world.drain())).toEqual([]);

  const { rows } = await world.pool.query(
    `SELECT status::text, failures, due_at > clock_timestamp() + interval '50 minutes' AS rests FROM reconcile_run WHERE trigger <> 'POLL'`,
  );
  expect(rows).toEqual([{ status: 'RUNNING', failures: 0, rests: true }]);
  await world.pool.query('UPDATE quickbooks_reads SET reads = 0');
  await world.pool.query('UPDATE reconcile_run SET due_at = clock_timestamp()');
  expect(await reconcileUntilSettled(world)).toMatchObject({ status: 'CLEAN', matched: 1 });
});
