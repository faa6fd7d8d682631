import { afterAll, beforeAll, expect, test } from 'vitest';
import { z } from 'zod';
import { plainInvoice } from '../support/companies.ts';
import { memo, pairByPoll, pollUntilSettled } from '../support/polls.ts';
import { newestRun, reconcileUntilSettled } from '../support/reconciles.ts';
import { createWorld, type World } from '../support/world.ts';

let world: World;

// One world: each test goes on where the one before it stopped.
beforeAll(async () => {
  world = await createWorld();
  await world.invoicing.webhooks({ drop: 1 });
});

afterAll(async () => {
  await world.close();
});

const pollRun = z.object({
  status: z.string(),
  polls: z.number(),
  changes: z.number(),
  reads: z.number(),
  hasWindow: z.boolean(),
});

/** Rows of polls, newest first. */
const pollRuns = () =>
  world.rows(
    pollRun,
    `SELECT status::text, polls, changes, quickbooks_reads AS reads, since < started_at AS "hasWindow"
     FROM reconcile_run WHERE trigger = 'POLL' AND finished_at >= started_at ORDER BY started_at DESC`,
  );

test('a poll that found something is a run of its own; those in a row that found nothing share one', async () => {
  const { quickbooksId } = await pairByPoll(world);
  await pollUntilSettled(world);
  await pollUntilSettled(world);
  await pollUntilSettled(world);
  await world.quickbooks.human(memo(quickbooksId, 'Theirs'));
  await pollUntilSettled(world);
  await pollUntilSettled(world);

  const runs = await pollRuns();
  expect(runs.map(({ changes, polls }) => [changes, polls])).toEqual([
    [0, 1],
    [1, 1],
    [0, 3],
    [1, 1],
  ]);
  expect(runs.every(({ status, hasWindow }) => status === 'CLEAN' && hasWindow)).toBe(true);
  // One call asks QuickBooks for everything that changed.
  expect(runs.map(({ reads }) => reads)).toEqual([1, 1, 3, 1]);
  const told = await world.pool.query(
    `SELECT summary FROM stream_event WHERE type = 'RECONCILE_CHANGED' ORDER BY seq`,
  );
  expect(told.rows.map(({ summary }: { summary: string }) => summary)).toEqual([
    'The regular look at both sides found 1 change that nobody had told.',
    'The regular look at both sides found 1 change that nobody had told.',
  ]);
});

test('a side that cannot be read is a run that could not finish', async () => {
  await world.quickbooks.faults([
    { match: { operation: 'cdc' }, effect: 'status', params: { status: 500 } },
  ]);
  await world.poll();
  await world.quickbooks.faults([]);

  const [newest] = await pollRuns();
  expect(newest).toMatchObject({ status: 'FAILED', polls: 1, changes: 0 });
});

test('a comparison says what it read, and looks back to the last comparison, not to the last poll', async () => {
  await reconcileUntilSettled(world);
  await pollUntilSettled(world);

  const { rows } = await world.pool.query(
    `SELECT trigger::text, quickbooks_reads AS reads FROM reconcile_run WHERE trigger <> 'POLL'`,
  );
  expect(rows).toEqual([{ trigger: 'DAILY', reads: 1 }]);
});

test('rows of polls are kept for thirty days, comparisons for ever', async () => {
  await world.pool.query(
    `UPDATE reconcile_run SET started_at = started_at - interval '31 days', finished_at = finished_at - interval '31 days'`,
  );

  await world.invoicing.human({ action: 'create', invoice: plainInvoice() });
  await world.poll();

  expect(await pollRuns()).toMatchObject([{ changes: 1 }]);
  expect(await newestRun(world)).toMatchObject({ scope: 'FULL' });
});
