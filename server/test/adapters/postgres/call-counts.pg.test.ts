import { expect, test } from 'vitest';
import { createCallCounts } from '#adapters/postgres/call-counts.ts';
import { createPace } from '#adapters/quickbooks/pace.ts';
import { openStore } from '../../support/store.ts';

const monthMsMax = 31 * 24 * 3_600_000;

test('calls that leave together are one row of that second, reads and batches among them', async () => {
  const { pool, companyId, held } = await openStore();
  const counts = createCallCounts(pool);
  const lease = await held();

  expect(await counts.count(lease, ['read', 'write', 'batch', 'read'])).toBe(true);
  expect(await counts.count(lease, ['write'])).toBe(true);

  const seconds = await counts.lastMinute(companyId);
  expect(seconds.reduce((sum, { calls }) => sum + calls, 0)).toBe(5);
  expect(seconds.reduce((sum, { batches }) => sum + batches, 0)).toBe(1);
  expect(seconds.every(({ agoMs }) => agoMs >= 0 && agoMs < 10_000)).toBe(true);
  expect(await counts.thisMonth()).toMatchObject({ used: 2, companies: 1 });
});

test('a worker whose lease somebody else took counts nothing, and neither does one whose lease ran out', async () => {
  const { store, pool, companyId, held } = await openStore();
  const counts = createCallCounts(pool);
  const old = await held();
  await store.releaseLease(old);
  const successor = await held('successor');

  expect(await counts.count(old, ['read'])).toBe(false);
  await pool.query(`UPDATE company_lease SET expires_at = clock_timestamp() - interval '1 second'`);
  expect(await counts.count(successor, ['read'])).toBe(false);

  expect(await counts.lastMinute(companyId)).toEqual([]);
  expect(await counts.thisMonth()).toMatchObject({ used: 0 });
});

test('a month begins at nothing, and all companies spend the same reads', async () => {
  const { pool, companyId, held } = await openStore();
  const counts = createCallCounts(pool);
  await counts.count(await held(), ['read']);
  await pool.query(
    `INSERT INTO company (id, name, status, mode, invoicing_base_url, invoicing_token, invoicing_webhook_secret)
     VALUES (gen_random_uuid(), 'Other', 'ACTIVE', 'LIVE', 'http://127.0.0.1:9', '', '')`,
  );
  await pool.query(
    `INSERT INTO quickbooks_reads (month, company_id, reads)
     SELECT date_trunc('month', clock_timestamp() AT TIME ZONE 'UTC')::date, id, 40 FROM company WHERE name = 'Other'`,
  );
  await pool.query(
    `INSERT INTO quickbooks_reads (month, company_id, reads)
     SELECT (date_trunc('month', clock_timestamp() AT TIME ZONE 'UTC') - interval '1 month')::date, $1, 1000`,
    [companyId],
  );

  const month = await counts.thisMonth();

  expect(month).toMatchObject({ used: 41, companies: 2 });
  expect(month.monthLeftMs).toBeGreaterThan(0);
  expect(month.monthLeftMs).toBeLessThanOrEqual(monthMsMax);
});

test('what nobody asks about any more is dropped after an hour, and counts in no minute before', async () => {
  const { pool, companyId } = await openStore();
  await pool.query(
    `INSERT INTO quickbooks_call (company_id, second, calls, reads, batches)
     SELECT $1, date_trunc('second', clock_timestamp()) - make_interval(secs => ago), 1, 0, 0 FROM unnest(ARRAY[30, 90, 4000]) AS ago`,
    [companyId],
  );

  expect(await createCallCounts(pool).lastMinute(companyId)).toHaveLength(1);

  const { rows } = await pool.query('SELECT count(*)::int AS kept FROM quickbooks_call');
  expect(rows).toEqual([{ kept: 2 }]);
});

test('after a kill and a takeover the successor lets nothing leave that makes more than 500 in a minute', async () => {
  const { store, pool, held } = await openStore();
  const counts = createCallCounts(pool);
  const first = await held();
  const dead = createPace({ clock: fastForward(), counts }).under(first);
  for (let call = 0; call < 500; call += 1) {
    const turn = await dead.turn('write');
    if (turn.granted) turn.answered(null);
  }
  await pool.query('UPDATE company_lease SET holder = NULL');
  const second = await store.acquireLease(first.companyId, 'successor', 60_000);
  if (second === null) throw new Error('the lease could not be taken over');
  const clock = fastForward();

  const turn = await createPace({ clock, counts }).under(second).turn('write');

  // By the database's clock all 500 left just now: a minute has to pass but for what the test itself took.
  expect(turn.granted).toBe(true);
  expect(clock.monotonicMs()).toBeGreaterThan(50_000);
  expect(clock.monotonicMs()).toBeLessThanOrEqual(62_000);
});

/** A clock that waiting alone moves, and at once. */
function fastForward() {
  let now = 0;
  return {
    monotonicMs: () => now,
    wait: async (ms: number) => {
      now += ms;
    },
  };
}
