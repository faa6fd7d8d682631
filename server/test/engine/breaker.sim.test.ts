import { expect, test } from 'vitest';
import { z } from 'zod';
import { workerLimits } from '#sync/limits.ts';
import { adjustableClock } from '../support/clock.ts';
import { plainInvoice } from '../support/companies.ts';
import { attemptsOf, linkOf } from '../support/ledger.ts';
import { callsDuring } from '../support/polls.ts';
import { startWorld, type World } from '../support/world.ts';

const breakerRow = z.object({
  failures: z.number(),
  openMs: z.number().nullable(),
  probing: z.boolean(),
});

async function breakerOf(world: World): Promise<z.output<typeof breakerRow>> {
  const [row] = await world.rows(
    breakerRow,
    `SELECT breaker_failures AS failures, breaker_probing AS probing,
       (extract(epoch FROM breaker_open_until - clock_timestamp()) * 1000)::float8 AS "openMs" FROM company`,
  );
  if (row === undefined) throw new Error('the company is gone');
  return row;
}

const told = z.object({ summary: z.string() });
const toldOfBreaker = (world: World) =>
  world.rows(
    told,
    `SELECT content->>'summary' AS summary FROM audit_entry WHERE content#>>'{changes,0,path}' = 'breaker' ORDER BY sequence`,
  );

/** So many invoices that wait to cross. */
async function waiting(world: World, count: number): Promise<readonly string[]> {
  const ids: string[] = [];
  for (let number = 0; number < count; number += 1) {
    const { id } = await world.invoicing.human({ action: 'create', invoice: plainInvoice() });
    ids.push(id);
  }
  await world.told();
  return ids;
}

const readsFail = { match: { operation: 'read' }, effect: 'status', params: { status: 500 } };

const failuresOf = async (world: World, ids: readonly string[]): Promise<number> => {
  const links = await Promise.all(ids.map((id) => linkOf(world, id)));
  return links.reduce((sum, { failures }) => sum + failures, 0);
};

/** As if the breaker's rest and every wait were over. */
const restIsOver = (world: World) => world.timePasses();

/** Until five calls in a row have failed, of whichever links. */
async function untilOpen(world: World): Promise<void> {
  for (let round = 0; (await breakerOf(world)).openMs === null; round += 1) {
    if (round > 5) throw new Error('the breaker does not open');
    await world.pool.query('UPDATE link SET due_at = clock_timestamp() WHERE due_at IS NOT NULL');
    await world.drain();
  }
}

test('five failures in a row of different links open the breaker; one success closes it, both are told', async () => {
  const world = await startWorld();
  await world.invoicing.faults([readsFail]);
  const ids = await waiting(world, 5);

  await untilOpen(world);

  const { openMs } = await breakerOf(world);
  expect(openMs).toBeGreaterThan(25_000);
  expect(openMs).toBeLessThanOrEqual(30_000);
  const tries = await Promise.all(ids.map((id) => attemptsOf(world, id)));
  expect(tries.flat().length).toBeGreaterThanOrEqual(5);
  await world.invoicing.faults([]);
  await restIsOver(world);
  await world.drainUntilSettled();
  expect(await breakerOf(world)).toEqual({ failures: 0, openMs: null, probing: false });
  expect(await toldOfBreaker(world)).toEqual([
    { summary: expect.stringContaining('5 calls in a row failed') },
    { summary: 'Calls work again, so everything goes on.' },
  ]);
  expect(await world.brokenAudit()).toEqual([]);
});

test('a success between failures begins the count anew', async () => {
  const world = await startWorld();
  const lease = await world.engine.store.acquireLease(world.companyId, 'test', 60_000);
  if (lease === null) throw new Error('somebody holds the lease');
  const note = (reached: boolean) => world.engine.store.noteReachability(lease, reached);

  for (const reached of [false, false, false, false, true, false, false, false, false])
    await note(reached);

  expect(await breakerOf(world)).toMatchObject({ failures: 4, openMs: null });
});

test('each probe that fails doubles the rest, up to ten minutes; what was under way before counts for nothing', async () => {
  const world = await startWorld();
  const lease = await world.engine.store.acquireLease(world.companyId, 'test', 60_000);
  if (lease === null) throw new Error('somebody holds the lease');
  const fails = () => world.engine.store.noteReachability(lease, false);
  const costs = [await fails(), await fails(), await fails(), await fails(), await fails()];
  expect(costs).toEqual([true, true, true, true, true]);
  const straggler = await fails();
  expect(straggler).toBe(false);

  const rests: number[] = [];
  for (let probe = 0; probe < 7; probe += 1) {
    rests.push(((await breakerOf(world)).openMs ?? 0) / 1_000);
    await restIsOver(world);
    expect(await fails()).toBe(false);
  }

  for (const [probe, longest] of [30, 60, 120, 240, 480, 600, 600].entries()) {
    expect(rests[probe]).toBeLessThanOrEqual(longest);
    expect(rests[probe]).toBeGreaterThan(longest * 0.9 - 5);
  }
});

test('while the breaker is open nothing is called and no link loses a try; then exactly one link probes', async () => {
  const world = await startWorld();
  await world.invoicing.faults([readsFail]);
  const ids = await waiting(world, 8);
  await untilOpen(world);
  const before = await failuresOf(world, ids);
  await world.pool.query('UPDATE link SET due_at = clock_timestamp() WHERE due_at IS NOT NULL');

  const requests = (await world.invoicing.requests()).length;
  expect(await callsDuring(world, () => world.drain())).toEqual([]);
  expect(await world.invoicing.requests()).toHaveLength(requests);

  await restIsOver(world);
  await world.drain();
  expect(await world.invoicing.requests()).toHaveLength(requests + 1);
  expect(await failuresOf(world, ids)).toBe(before);
  const { openMs } = await breakerOf(world);
  expect(openMs).toBeGreaterThan(50_000);

  await world.invoicing.faults([]);
  await restIsOver(world);
  await world.drainUntilSettled();
  for (const id of ids) expect(await linkOf(world, id)).toMatchObject({ status: 'IN_SYNC' });
});

test('a probe that its worker did not survive leaves the breaker open, and the next one may try', async () => {
  const world = await startWorld();
  const ids = await waiting(world, 3);
  await world.pool.query('UPDATE company SET breaker_failures = 5');
  const { store } = world.engine;
  const lease = await store.acquireLease(world.companyId, 'dying', 60_000);
  if (lease === null) throw new Error('somebody holds the lease');
  await store.resolveSubjects(lease, 10);

  expect(await store.claimLinks(lease, 4, false)).toHaveLength(1);
  expect(await store.claimLinks(lease, 4, false)).toHaveLength(0);
  expect(await breakerOf(world)).toMatchObject({ probing: true });
  expect((await breakerOf(world)).openMs).toBeGreaterThan(workerLimits.callMs);

  await store.releaseLease(lease);
  await restIsOver(world);
  await world.drainUntilSettled();
  for (const id of ids) expect(await linkOf(world, id)).toMatchObject({ status: 'IN_SYNC' });
});

test('facts that grew old are not read while the breaker is open', async () => {
  const clock = adjustableClock();
  const world = await startWorld({ clock });
  await world.drain();
  clock.advance(2 * workerLimits.factsAgeMs);
  await world.pool.query(
    `UPDATE company SET breaker_failures = 5, breaker_open_until = clock_timestamp() + interval '1 minute'`,
  );

  expect(await callsDuring(world, () => world.drain())).toEqual([]);
  await restIsOver(world);
  expect(await callsDuring(world, () => world.drain())).toContain('companyinfo/9130000000000001');
});

test('polls of both sides close it, a poll of one side alone does not', async () => {
  const world = await startWorld();
  await world.pool.query('UPDATE company SET breaker_failures = 5');
  await world.invoicing.faults([{ effect: 'status', params: { status: 500 } }]);
  await world.poll();
  expect((await breakerOf(world)).failures).toBeGreaterThanOrEqual(5);

  await world.invoicing.faults([]);
  await restIsOver(world);
  await world.poll();
  expect(await breakerOf(world)).toEqual({ failures: 0, openMs: null, probing: false });
});
