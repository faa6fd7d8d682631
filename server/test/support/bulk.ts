import type { Pool } from 'pg';
import { createBulkOperations } from '#adapters/postgres/bulk-operations.ts';
import { systemClock } from '#adapters/system/clock.ts';
import { systemIds } from '#adapters/system/ids.ts';
import type { CompanyId } from '#core/brand.ts';
import type { Log } from '#ports/log.ts';
import { takeBulkForward, type BulkRunner } from '#sync/run-bulk.ts';

const quiet: Log = { debug: () => {}, info: () => {}, warn: () => {}, error: () => {} };

/** A worker's share in bulk operations, taken forward only when a test says so. */
export function bulkRunnerOn(pool: Pool, log: Log = quiet): BulkRunner {
  return {
    bulk: createBulkOperations(pool, { announce: () => {} }, log),
    doorbell: { ring: () => {} },
    ids: systemIds,
    clock: systemClock,
    log,
  };
}

/** Selects every open conflict of a company about the note to the customer. */
export const openMemoConflicts = (companyId: CompanyId) => ({
  filter: {
    companyIds: [companyId],
    statuses: ['OPEN'],
    path: 'customerMemo',
    currency: null,
    amountMin: null,
    amountMax: null,
    detectedFrom: null,
    detectedBefore: null,
  },
});

/** As if the waiting between two items were over, for all of them. */
export const makeBulkDue = (pool: Pool) =>
  pool.query(`UPDATE bulk_operation SET next_at = clock_timestamp() - interval '1 millisecond'`);

/** Takes `items` of them forward, each as soon as its turn comes; the rate itself is not waited for. */
export async function takeForward(pool: Pool, items: number, runner = bulkRunnerOn(pool)) {
  for (let taken = 0; taken < items; taken += 1) {
    await makeBulkDue(pool);
    await takeBulkForward(runner);
  }
}
