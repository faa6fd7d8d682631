import type { Pool } from 'pg';
import { expect, test } from 'vitest';
import { eventAbout } from '../../support/event-about.ts';
import { openStore } from '../../support/store.ts';

test('a key told several times in one call is one event that counts its repeats', async () => {
  const { store, pool, companyId } = await openStore();
  const told = Array.from({ length: 3 }, () => eventAbout(companyId, 'inv_1', { eventKey: 'k' }));

  expect(await store.ingest([...told, eventAbout(companyId, 'inv_2')])).toEqual({
    accepted: 2,
    duplicates: 2,
  });

  const { rows } = await pool.query(
    `SELECT duplicate_count AS repeats FROM outbox_event WHERE event_key = 'k'`,
  );
  expect(rows).toEqual([{ repeats: 2 }]);
});

test('a key told in later calls is counted and changes nothing else', async () => {
  const { store, pool, companyId } = await openStore();
  const first = eventAbout(companyId, 'inv_1', { eventKey: 'k', payload: { told: 'first' } });
  await store.ingest([first]);

  const again = eventAbout(companyId, 'inv_other', { eventKey: 'k', payload: { told: 'later' } });
  expect(await store.ingest([again])).toEqual({ accepted: 0, duplicates: 1 });

  const { rows } = await pool.query(
    'SELECT id, subject_id, payload, duplicate_count, stage FROM outbox_event',
  );
  expect(rows).toEqual([
    {
      id: first.id,
      subject_id: 'inv_1',
      payload: { told: 'first' },
      duplicate_count: 1,
      stage: 'QUEUED',
    },
  ]);
});

test('the same key of another source or another company is another event', async () => {
  const { store, companyId } = await openStore();
  const key = { eventKey: 'k' };
  await store.ingest([eventAbout(companyId, 'inv_1', key)]);

  const other = eventAbout(companyId, 'inv_1', { ...key, source: 'RECONCILE' });

  expect(await store.ingest([other])).toEqual({ accepted: 1, duplicates: 0 });
});

test('twenty deliveries of the same keys at once, in every order, end as one event each', async () => {
  const { store, pool, companyId } = await openStore();
  const keys = Array.from({ length: 30 }, (_, place) => `k${place}`);
  const delivery = (turn: number) =>
    [...keys.slice(turn), ...keys.slice(0, turn)].map((eventKey) =>
      eventAbout(companyId, 'inv_1', { eventKey }),
    );

  const ingested = await Promise.all(
    Array.from({ length: 20 }, (_, turn) => store.ingest(delivery(turn))),
  );

  expect(ingested.reduce((sum, { accepted }) => sum + accepted, 0)).toBe(30);
  const { rows } = await pool.query(
    'SELECT count(*)::int AS events, sum(duplicate_count)::int AS repeats FROM outbox_event',
  );
  expect(rows).toEqual([{ events: 30, repeats: 570 }]);
});

test('an event is announced once, when it is new', async () => {
  const { store, pool, companyId } = await openStore();
  const told = eventAbout(companyId, 'inv_1', { kind: 'CREATED' });
  await store.ingest([told]);
  await store.ingest([told]);

  const { rows } = await pool.query('SELECT type, summary, detail FROM stream_event');
  expect(rows).toEqual([
    {
      type: 'STAGE_CHANGED',
      summary: 'Invoice inv_1 was created in internal invoicing.',
      detail: { eventId: told.id, from: 'DETECTED', to: 'QUEUED', note: null },
    },
  ]);
});

test('nothing told stores nothing', async () => {
  const { store } = await openStore();

  expect(await store.ingest([])).toEqual({ accepted: 0, duplicates: 0 });
});

const announced = `SELECT k.internal_id AS link FROM stream_event s LEFT JOIN link k ON k.id = s.link_id
  WHERE s.detail->>'to' = 'QUEUED' ORDER BY s.seq`;

test('the stream names the invoice of an event at once when it is known, else once its subject is resolved', async () => {
  const { store, pool, companyId, held } = await openStore();
  const lease = await held();
  await store.ingest([eventAbout(companyId, 'inv_1')]);
  expect((await pool.query(announced)).rows).toEqual([{ link: null }]);

  await store.resolveSubjects(lease, 10);
  expect((await pool.query(announced)).rows).toEqual([{ link: 'inv_1' }]);

  await pool.query(`UPDATE link SET quickbooks_id = '7'`);
  await store.ingest([
    eventAbout(companyId, 'inv_1'),
    eventAbout(companyId, 'inv_2'),
    eventAbout(companyId, '7', {
      source: 'QUICKBOOKS_WEBHOOK',
      subject: { side: 'quickbooks', kind: 'invoice', id: '7', invoiceId: null },
    }),
  ]);
  const { rows } = await pool.query(`${announced} OFFSET 1`);
  expect(rows).toContainEqual({ link: null });
  expect(rows.filter((row) => row.link === 'inv_1')).toHaveLength(2);
});

const heardOf = async (pool: Pool) => {
  const { rows } = await pool.query<{ internal: boolean; quickbooks: boolean }>(
    `SELECT last_internal_webhook_at > now() - interval '1 minute' IS TRUE AS internal,
       last_webhook_at > now() - interval '1 minute' IS TRUE AS quickbooks FROM company`,
  );
  return rows[0];
};

test('a webhook of a side is remembered as the last time it was heard of, and nothing else is', async () => {
  const { store, pool, companyId } = await openStore();

  await store.ingest([eventAbout(companyId, 'inv_1', { source: 'RECONCILE' })]);
  expect(await heardOf(pool)).toEqual({ internal: false, quickbooks: false });
  await store.ingest([eventAbout(companyId, 'inv_1', { source: 'QUICKBOOKS_WEBHOOK' })]);
  expect(await heardOf(pool)).toEqual({ internal: false, quickbooks: true });
  await store.ingest([eventAbout(companyId, 'inv_1')]);
  expect(await heardOf(pool)).toEqual({ internal: true, quickbooks: true });
});

test('a sender never waits for whoever holds the company', async () => {
  const { store, pool, companyId } = await openStore();
  const holder = await pool.connect();
  await holder.query('BEGIN');
  await holder.query('SELECT id FROM company FOR NO KEY UPDATE');

  const ingested = await store.ingest([eventAbout(companyId, 'inv_1')]);

  await holder.query('ROLLBACK');
  holder.release();
  expect(ingested).toEqual({ accepted: 1, duplicates: 0 });
  expect(await heardOf(pool)).toEqual({ internal: false, quickbooks: false });
});
