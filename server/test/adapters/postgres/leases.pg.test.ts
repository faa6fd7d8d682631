import { expect, test } from 'vitest';
import { until } from '../../simulator/control/until.ts';
import { eventAbout } from '../../support/event-about.ts';
import { openStore } from '../../support/store.ts';

test('of twenty workers that ask at once, one gets the lease', async () => {
  const { store, companyId } = await openStore();

  const asked = await Promise.all(
    Array.from({ length: 20 }, (_, place) => store.acquireLease(companyId, `w${place}`, 60_000)),
  );

  expect(asked.filter((lease) => lease !== null)).toHaveLength(1);
});

test('a held lease is not given away, a released one is, under the next epoch', async () => {
  const { store, companyId, held } = await openStore();
  const first = await held('one');
  expect(await store.acquireLease(companyId, 'two', 60_000)).toBeNull();

  await store.releaseLease(first);
  const second = await held('two');

  expect(second.epoch).toBe(first.epoch + 1n);
  expect(await store.renewLease(first, 60_000)).toBe(false);
});

test('a lease that ran out cannot be renewed and can be taken', async () => {
  const { store, pool, held } = await openStore();
  const first = await held('one', 30);
  await until('the lease to run out', async () => {
    const { rows } = await pool.query<{ over: boolean }>(
      'SELECT expires_at < clock_timestamp() AS over FROM company_lease',
    );
    return rows[0]?.over === true;
  });

  expect(await store.renewLease(first, 60_000)).toBe(false);
  expect((await held('two')).epoch).toBe(first.epoch + 1n);
});

test('releasing a lease that somebody else took over does not take it from them', async () => {
  const { store, pool, companyId, held } = await openStore();
  const first = await held('one');
  await pool.query(`UPDATE company_lease SET expires_at = clock_timestamp() - interval '1 s'`);
  const second = await held('two');

  await store.releaseLease(first);

  expect(await store.acquireLease(companyId, 'three', 60_000)).toBeNull();
  expect(await store.renewLease(second, 60_000)).toBe(true);
});

test('a takeover marks what was claimed, cuts its attempt off and doubts what was sent; it leaves the rest alone', async () => {
  const { store, pool, companyId, held } = await openStore();
  await store.ingest([eventAbout(companyId, 'claimed'), eventAbout(companyId, 'waiting')]);
  const first = await held('one');
  await store.resolveSubjects(first, 10);
  await pool.query(
    `UPDATE link SET due_at = due_at - interval '1 s' WHERE internal_id = 'claimed'`,
  );
  const [link] = await store.claimLinks(first, 1, false);
  await pool.query(
    `INSERT INTO attempt (id, company_id, link_id, event_id, number, epoch, started_at)
     SELECT gen_random_uuid(), company_id, link_id, id, 1, $1, now() FROM outbox_event WHERE subject_id = 'claimed'`,
    [first.epoch.toString()],
  );
  await pool.query(
    `INSERT INTO intent (id, company_id, link_id, attempt_id, side, object_kind, object_key, operation, state, epoch, body, body_hash)
     SELECT gen_random_uuid(), company_id, link_id, id, 'QUICKBOOKS', 'Invoice', 'claimed', 'CREATED', 'SENT', epoch, '', '' FROM attempt`,
  );

  await pool.query(`UPDATE company_lease SET expires_at = clock_timestamp() - interval '1 s'`);
  await held('two');

  const { rows } = await pool.query(
    `SELECT internal_id, crash_marks, uncertain, claim_epoch, due_at IS NOT NULL AS due FROM link ORDER BY internal_id`,
  );
  expect(link?.internalId).toBe('claimed');
  expect(rows).toEqual([
    { internal_id: 'claimed', crash_marks: 1, uncertain: true, claim_epoch: null, due: true },
    { internal_id: 'waiting', crash_marks: 0, uncertain: false, claim_epoch: null, due: true },
  ]);
  const attempts = await pool.query('SELECT outcome, ended_at IS NOT NULL AS over FROM attempt');
  expect(attempts.rows).toEqual([{ outcome: 'UNKNOWN', over: true }]);
  const intents = await pool.query('SELECT state FROM intent');
  expect(intents.rows).toEqual([{ state: 'UNCERTAIN' }]);
});
