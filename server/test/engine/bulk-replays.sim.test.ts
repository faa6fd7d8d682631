import { expect, test } from 'vitest';
import { z } from 'zod';
import { plainInvoice } from '../support/companies.ts';
import { quickBooksInvoices, writesOf } from '../support/ledger.ts';
import { operatorOf } from '../support/operator.ts';
import { startWorkerProcess } from '../support/worker-process.ts';
import { startWorld, type World } from '../support/world.ts';

const count = 24;
const progress = z.object({ status: z.string(), succeeded: z.number(), total: z.number() });

const progressOf = async (world: World) => {
  const [row] = await world.rows(
    progress,
    'SELECT status, succeeded, total FROM bulk_operation ORDER BY created_at DESC LIMIT 1',
  );
  if (row === undefined) throw new Error('no bulk operation was accepted');
  return row;
};

/** Waits until so many items are done, or all are. */
async function until(world: World, done: number): Promise<void> {
  const giveUpAtMs = performance.now() + 60_000;
  for (;;) {
    const { succeeded, status } = await progressOf(world);
    if (succeeded >= done || status === 'SUCCEEDED') return;
    if (performance.now() > giveUpAtMs) throw new Error(`${succeeded} items after a minute`);
    await world.pool.query('SELECT pg_sleep(0.02)');
  }
}

test('a bulk replay whose worker is killed twice goes on with the next one and sends every invoice once', async () => {
  const world = await startWorld({ rings: true, leaseSeconds: 1 });
  const refuse = {
    match: { entity: 'Invoice', operation: 'create' },
    effect: 'status',
    params: { status: 400, code: '6070' },
  };
  await world.quickbooks.faults([refuse]);
  for (let number = 0; number < count; number += 1)
    await world.invoicing.human({ action: 'create', invoice: plainInvoice() });
  await world.drainUntilSettled();
  await world.quickbooks.faults([]);
  // Whoever corrected the cause may send them round again.
  await world.pool.query(`UPDATE dead_letter SET reason = 'RETRIES_EXHAUSTED'`);

  await operatorOf(world).replayDeadLetters({
    selection: {
      filter: {
        companyIds: [world.companyId],
        statuses: ['OPEN'],
        reasons: null,
        fingerprint: null,
        direction: null,
        safeties: null,
        diedFrom: null,
        diedBefore: null,
      },
    },
    expectedCount: count,
    ratePerMinute: 500,
  });
  for (const done of [count / 3, (2 * count) / 3]) {
    const worker = await startWorkerProcess(world);
    await until(world, done);
    await worker.kill();
  }
  await startWorkerProcess(world);
  await until(world, count);
  await world.settled(60_000);

  expect(await progressOf(world)).toEqual({ status: 'SUCCEEDED', succeeded: count, total: count });
  expect(await quickBooksInvoices(world)).toHaveLength(count);
  expect(await writesOf(world)).toEqual(Array.from({ length: count }, () => 'Invoice create'));
  const replays = await world.rows(
    z.object({ letters: z.number(), replays: z.number(), settled: z.number() }),
    `SELECT count(DISTINCT d.id)::int AS letters, count(e.id)::int AS replays,
       count(*) FILTER (WHERE d.status = 'REPLAYED')::int AS settled
     FROM dead_letter d LEFT JOIN outbox_event e ON e.replay_of_id = d.id`,
  );
  expect(replays).toEqual([{ letters: count, replays: count, settled: count }]);
  const told = await world.rows(
    z.object({ done: z.coerce.number() }),
    `SELECT coalesce(substring(summary FROM '(\\d+) done'), '0') AS done FROM stream_event WHERE type = 'BULK_CHANGED' ORDER BY seq`,
  );
  expect(told.map(({ done }) => done)).toEqual(
    told.map(({ done }) => done).toSorted((a, b) => a - b),
  );
  expect(told.at(-1)).toEqual({ done: count });
  expect(await world.brokenAudit()).toEqual([]);
}, 180_000);
