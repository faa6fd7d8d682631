import { expect, test } from 'vitest';
import { drainCompany } from '#sync/drain-company.ts';
import { until } from '../simulator/control/until.ts';
import { plainInvoice } from '../support/companies.ts';
import { diesClaiming, drainAs, ending, ranOut } from '../support/ghost-worker.ts';
import {
  attemptsOf,
  deadLettersOf,
  intentsOf,
  linkOf,
  quickBooksInvoices,
  writesOf,
} from '../support/ledger.ts';
import { startWorld, type World } from '../support/world.ts';

async function created(world: World): Promise<string> {
  const { id } = await world.invoicing.human({ action: 'create', invoice: plainInvoice() });
  await world.told();
  return id;
}

test('of two drains of one company at once, the second is not ours', async () => {
  const world = await startWorld();
  const slow = { match: { operation: 'query' }, effect: 'latency', params: { ms: 300 } };
  await world.quickbooks.faults([slow]);
  await created(world);

  const results = await Promise.all([drainAs(world, 'one'), drainAs(world, 'two')]);

  expect(results.toSorted()).toEqual(['empty', 'not-ours']);
  expect(await writesOf(world)).toEqual(['Invoice create']);
});

test('a lease is renewed for as long as the work takes', async () => {
  const world = await startWorld({ leaseSeconds: 1 });
  const slow = { match: { operation: 'create' }, effect: 'latency', params: { ms: 2_500 } };
  await world.quickbooks.faults([slow]);
  const id = await created(world);

  const draining = drainAs(world, 'one');
  await until('the write to be on its way', async () => (await intentsOf(world, id)).length === 1);
  await ranOut(world);
  expect(await drainAs(world, 'two')).toBe('not-ours');
  await draining;

  expect((await attemptsOf(world, id)).map(({ outcome }) => outcome)).toEqual(['SUCCEEDED']);
});

test('a step under an old epoch changes nothing', async () => {
  const world = await startWorld();
  const id = await created(world);
  const { lease, link } = await diesClaiming(world);
  const successor = await world.engine.store.acquireLease(world.companyId, 'successor', 5_000);
  const before = await linkOf(world, id);

  const outcome = await world.engine.store.recordStep(lease, ending(link));

  expect(outcome).toBe('fenced');
  expect(await linkOf(world, id)).toEqual(before);
  expect(successor?.epoch).toBe(lease.epoch + 1n);
  expect(await world.engine.store.renewLease(lease, 1_000)).toBe(false);
  expect(await world.engine.store.claimLinks(lease, 5, false)).toEqual([]);
  expect(await world.engine.store.resolveSubjects(lease, 5)).toBe(0);
});

test('what a dead worker left claimed is marked, finished and unmarked', async () => {
  const world = await startWorld();
  const id = await created(world);
  await diesClaiming(world);
  const successor = await world.engine.store.acquireLease(world.companyId, 'successor', 5_000);
  expect(await linkOf(world, id)).toMatchObject({
    status: 'PENDING',
    crashMarks: 1,
    reason: 'The worker stopped in the middle; another one goes on.',
  });
  if (successor !== null) await world.engine.store.releaseLease(successor);

  await world.drainUntilSettled();

  expect(await linkOf(world, id)).toMatchObject({ status: 'IN_SYNC', crashMarks: 0, failures: 0 });
  expect(await writesOf(world)).toEqual(['Invoice create']);
});

test('an invoice that killed three workers is left alone, others cross, and a newer event tries it again', async () => {
  const world = await startWorld();
  const id = await created(world);
  for (let death = 0; death < 3; death += 1) await diesClaiming(world);
  const other = await created(world);

  await world.drainUntilSettled();

  expect(await deadLettersOf(world, id)).toMatchObject([
    {
      status: 'OPEN',
      reason: 'RETRIES_EXHAUSTED',
      explanation:
        'The worker stopped 3 times while it worked on this invoice, so it is left alone.',
    },
  ]);
  expect(await linkOf(world, other)).toMatchObject({ status: 'IN_SYNC' });
  await world.invoicing.human({ action: 'edit', id, set: { customerMemo: 'Again' } });
  await world.drainUntilSettled();
  expect(await linkOf(world, id)).toMatchObject({ status: 'IN_SYNC' });
});

test('a worker that lost its lease in the middle of a write leaves it to its successor: one invoice, one intent', async () => {
  const world = await startWorld({ commitWaitSeconds: 2 });
  const slow = { match: { operation: 'create' }, effect: 'latency', params: { ms: 800 }, times: 1 };
  await world.quickbooks.faults([slow]);
  const id = await created(world);

  const losing = drainAs(world, 'loser');
  await until('the write to be on its way', async () => (await intentsOf(world, id)).length === 1);
  await world.pool.query(
    `UPDATE company_lease SET expires_at = clock_timestamp() - interval '1 s'`,
  );
  await drainAs(world, 'successor');
  await losing;
  await world.drainUntilSettled();

  expect(await quickBooksInvoices(world)).toHaveLength(1);
  expect(await intentsOf(world, id)).toMatchObject([{ state: 'ACKNOWLEDGED' }]);
  expect(await linkOf(world, id)).toMatchObject({ status: 'IN_SYNC', crashMarks: 0 });
  const { rows } = await world.pool.query('SELECT DISTINCT epoch::int FROM attempt ORDER BY epoch');
  expect(rows.length).toBeGreaterThan(1);
  expect(await world.brokenAudit()).toEqual([]);
});

test('a worker that is told to stop finishes or leaves what it has, and gives the lease back', async () => {
  const world = await startWorld();
  const slow = { match: { operation: 'create' }, effect: 'latency', params: { ms: 500 }, times: 1 };
  await world.quickbooks.faults([slow]);
  const id = await created(world);
  const stopping = new AbortController();

  const draining = drainCompany(world.engine, world.companyId, 'one', stopping.signal);
  await until('the write to be on its way', async () => (await intentsOf(world, id)).length === 1);
  stopping.abort(new Error('the worker is stopping'));
  await draining;

  const { rows } = await world.pool.query('SELECT holder FROM company_lease');
  expect(rows).toEqual([{ holder: null }]);
  await world.drainUntilSettled();
  expect(await writesOf(world)).toEqual(['Invoice create']);
  expect(await linkOf(world, id)).toMatchObject({ status: 'IN_SYNC', crashMarks: 0 });
});
