import { expect, test } from 'vitest';
import { eventAbout } from '../../support/event-about.ts';
import { openStore } from '../../support/store.ts';

/** A company with one link that is due. */
async function withDueLink() {
  const opened = await openStore();
  const { store, companyId, held } = opened;
  await store.ingest([eventAbout(companyId, 'inv_1')]);
  const lease = await held();
  await store.resolveSubjects(lease, 10);
  return { ...opened, lease };
}

test('a due link is due now, one that waits is due then, and nothing is due never', async () => {
  const { store, pool, companyId } = await withDueLink();
  expect(await store.nextDueInMs(companyId)).toBe(0);

  await pool.query(`UPDATE link SET due_at = clock_timestamp() + interval '90 s'`);
  const dueInMs = await store.nextDueInMs(companyId);
  expect(dueInMs).toBeGreaterThan(80_000);
  expect(dueInMs).toBeLessThanOrEqual(90_000);

  await pool.query('UPDATE link SET due_at = NULL');
  expect(await store.nextDueInMs(companyId)).toBeNull();
});

test('an event without a link yet is due now', async () => {
  const { store, companyId } = await openStore();
  await store.ingest([eventAbout(companyId, 'inv_1')]);

  expect(await store.nextDueInMs(companyId)).toBe(0);
});

test.each(['throttled_until', 'breaker_open_until'])(
  'nothing is due before %s, so that the bell does not ring on and on',
  async (column) => {
    const { store, pool, companyId, lease } = await withDueLink();
    await pool.query(`UPDATE company SET ${column} = clock_timestamp() + interval '60 s'`);

    expect(await store.nextDueInMs(companyId)).toBeGreaterThan(50_000);
    expect(await store.claimLinks(lease, 5, false)).toEqual([]);
    expect(await store.dueCompanies(10)).toEqual([]);
  },
);

test.each([
  ['link', 'paused = true'],
  ['company', `paused_directions = '{TO_QUICKBOOKS}'`],
  ['company', `status = 'NEEDS_RECONNECT'`],
])('a %s that is stopped (%s) is not due and not claimed', async (table, change) => {
  const { store, pool, companyId, lease } = await withDueLink();
  await pool.query(`UPDATE ${table} SET ${change}`);

  expect(await store.nextDueInMs(companyId)).toBeNull();
  expect(await store.claimLinks(lease, 5, false)).toEqual([]);
});

test('the sweep finds a company with due work, and one whose worker died over a claim', async () => {
  const { store, pool, companyId, lease } = await withDueLink();
  expect(await store.dueCompanies(10)).toEqual([{ companyId, overdue: false }]);
  await store.releaseLease(lease);
  await pool.query(`UPDATE link SET due_at = clock_timestamp() - interval '3 s'`);
  expect(await store.dueCompanies(10)).toEqual([{ companyId, overdue: true }]);

  await pool.query(`UPDATE link SET claim_epoch = 1, due_at = NULL`);
  expect(await store.dueCompanies(10)).toEqual([{ companyId, overdue: true }]);
});
