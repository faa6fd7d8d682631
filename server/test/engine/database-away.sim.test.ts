import { DatabaseError } from 'pg';
import { expect, test } from 'vitest';
import type { Store } from '#ports/store.ts';
import { drainCompany } from '#sync/drain-company.ts';
import { plainInvoice } from '../support/companies.ts';
import { deadLettersOf, linkOf, writesOf } from '../support/ledger.ts';
import { startWorld, type World } from '../support/world.ts';

/** What PostgreSQL says to a statement while somebody stops it. */
function stoppedByOperator(): DatabaseError {
  const error = new DatabaseError(
    'terminating connection due to administrator command',
    0,
    'error',
  );
  error.code = '57P01';
  return error;
}

/** The engine of a world whose database goes away at one step, before or after it was recorded. */
function losing(world: World, step: number, isRecorded: boolean): World['engine'] {
  let steps = 0;
  const recordStep: Store['recordStep'] = async (lease, wanted) => {
    steps += 1;
    if (steps !== step) return world.engine.store.recordStep(lease, wanted);
    if (isRecorded) await world.engine.store.recordStep(lease, wanted);
    throw stoppedByOperator();
  };
  return { ...world.engine, store: { ...world.engine.store, recordStep } };
}

/** Steps of a create whose customer and item have to be made first. */
const steps = [1, 2, 3, 4, 5, 6];

test.each(steps.flatMap((step) => [true, false].map((isRecorded) => ({ step, isRecorded }))))(
  'a database that goes away at step $step (recorded: $isRecorded) costs no invoice and no dead letter',
  async ({ step, isRecorded }) => {
    const world = await startWorld();
    const { id } = await world.invoicing.human({ action: 'create', invoice: plainInvoice() });
    await world.told();

    const engine = losing(world, step, isRecorded);
    await drainCompany(engine, world.companyId, 'unlucky', new AbortController().signal).catch(
      (error: unknown) => expect(error).toBeInstanceOf(DatabaseError),
    );
    await world.drainUntilSettled();

    expect(await linkOf(world, id)).toMatchObject({ status: 'IN_SYNC', failures: 0 });
    expect(await deadLettersOf(world, id)).toEqual([]);
    expect(await writesOf(world, 'Invoice')).toEqual(['Invoice create']);
    expect(await world.brokenAudit()).toEqual([]);
  },
);

test('a database that goes away during a poll is no mistake of ours, and the poll stays due', async () => {
  const world = await startWorld();
  const away: typeof world.engine.watermarks = {
    ...world.engine.watermarks,
    store: () => Promise.reject(stoppedByOperator()),
  };
  await world.pool.query('UPDATE watermark SET due_at = clock_timestamp()');
  const { signal } = new AbortController();

  await expect(
    drainCompany({ ...world.engine, watermarks: away }, world.companyId, 'unlucky', signal),
  ).rejects.toBeInstanceOf(DatabaseError);

  expect(world.logged.filter(({ level }) => level === 'error')).toEqual([]);
  const { rowCount } = await world.pool.query(
    'SELECT 1 FROM watermark WHERE due_at <= clock_timestamp()',
  );
  expect(rowCount).toBe(2);
});
