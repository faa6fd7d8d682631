import { expect, test } from 'vitest';
import { eventAbout } from '../../support/event-about.ts';
import { openStore } from '../../support/store.ts';

const places = `
SELECT e.subject_id AS subject, k.internal_id AS link, e.sequence FROM outbox_event e LEFT JOIN link k ON k.id = e.link_id
ORDER BY e.received_at, e.sequence`;

test('events of an invoice are numbered in the order they came, across batches', async () => {
  const { store, pool, companyId, held } = await openStore();
  const lease = await held();
  await store.ingest([eventAbout(companyId, 'inv_1')]);
  await store.ingest([eventAbout(companyId, 'inv_2')]);
  await store.ingest([eventAbout(companyId, 'inv_1')]);
  expect(await store.resolveSubjects(lease, 100)).toBe(3);
  await store.ingest([eventAbout(companyId, 'inv_1')]);
  expect(await store.resolveSubjects(lease, 100)).toBe(1);

  const { rows } = await pool.query(places);
  expect(rows).toEqual([
    { subject: 'inv_1', link: 'inv_1', sequence: 1 },
    { subject: 'inv_2', link: 'inv_2', sequence: 1 },
    { subject: 'inv_1', link: 'inv_1', sequence: 2 },
    { subject: 'inv_1', link: 'inv_1', sequence: 3 },
  ]);
  const links = await pool.query('SELECT internal_id, status, next_sequence FROM link ORDER BY 1');
  expect(links.rows).toEqual([
    { internal_id: 'inv_1', status: 'PENDING', next_sequence: 4 },
    { internal_id: 'inv_2', status: 'PENDING', next_sequence: 2 },
  ]);
});

test('the oldest come first, no more than asked for', async () => {
  const { store, pool, companyId, held } = await openStore();
  const lease = await held();
  for (const id of ['inv_1', 'inv_2', 'inv_3']) await store.ingest([eventAbout(companyId, id)]);

  expect(await store.resolveSubjects(lease, 2)).toBe(2);

  const { rows } = await pool.query('SELECT internal_id FROM link ORDER BY 1');
  expect(rows).toEqual([{ internal_id: 'inv_1' }, { internal_id: 'inv_2' }]);
});

test('a payment is about the invoice it names', async () => {
  const { store, pool, companyId, held } = await openStore();
  const lease = await held();
  await store.ingest([
    eventAbout(companyId, 'inv_1', {
      kind: 'PAYMENT_APPLIED',
      subject: { side: 'internal', kind: 'payment', id: 'pay_1', invoiceId: 'inv_1' },
    }),
  ]);

  await store.resolveSubjects(lease, 10);

  const { rows } = await pool.query(places);
  expect(rows).toEqual([{ subject: 'pay_1', link: 'inv_1', sequence: 1 }]);
});

const quickbooks = (id: string) => ({
  source: 'QUICKBOOKS_WEBHOOK' as const,
  subject: { side: 'quickbooks', kind: 'invoice', id, invoiceId: null } as const,
});

test('news of QuickBooks makes the link that holds the id due, and what was seen old', async () => {
  const { store, pool, companyId, held } = await openStore();
  const lease = await held();
  await store.ingest([eventAbout(companyId, 'inv_1')]);
  await store.resolveSubjects(lease, 10);
  await pool.query(
    `UPDATE link SET quickbooks_id = '77', due_at = NULL, quickbooks_fresh = true WHERE internal_id = 'inv_1'`,
  );

  await store.ingest([eventAbout(companyId, '', quickbooks('77'))]);
  await store.resolveSubjects(lease, 10);

  const { rows } = await pool.query(
    'SELECT due_at IS NOT NULL AS due, quickbooks_fresh AS fresh, status FROM link',
  );
  expect(rows).toEqual([{ due: true, fresh: false, status: 'PENDING' }]);
});

test('news of both sides about one link at once reaches it whole, each numbered', async () => {
  const { store, pool, companyId, held } = await openStore();
  const lease = await held();
  await store.ingest([eventAbout(companyId, 'inv_1')]);
  await store.resolveSubjects(lease, 10);
  await pool.query(
    `UPDATE link SET quickbooks_id = '77', due_at = NULL, quickbooks_fresh = true WHERE internal_id = 'inv_1'`,
  );

  await store.ingest([eventAbout(companyId, '', quickbooks('77'))]);
  await store.ingest([eventAbout(companyId, 'inv_1')]);
  await store.ingest([eventAbout(companyId, 'inv_2')]);
  expect(await store.resolveSubjects(lease, 10)).toBe(3);

  const events = await pool.query(
    `SELECT k.internal_id AS link, e.subject_side AS side, e.sequence, e.stage FROM outbox_event e LEFT JOIN link k ON k.id = e.link_id
     ORDER BY 1, 3`,
  );
  expect(events.rows).toEqual([
    { link: 'inv_1', side: 'INTERNAL', sequence: 1, stage: 'QUEUED' },
    { link: 'inv_1', side: 'QUICKBOOKS', sequence: 2, stage: 'QUEUED' },
    { link: 'inv_1', side: 'INTERNAL', sequence: 3, stage: 'QUEUED' },
    { link: 'inv_2', side: 'INTERNAL', sequence: 1, stage: 'QUEUED' },
  ]);
  const links = await pool.query(
    'SELECT internal_id AS id, due_at IS NOT NULL AS due, quickbooks_fresh AS fresh, next_sequence AS next FROM link ORDER BY 1',
  );
  expect(links.rows).toMatchObject([
    { id: 'inv_1', due: true, fresh: false, next: 4 },
    { id: 'inv_2', due: true, next: 2 },
  ]);
});

test.each([
  ['an invoice of QuickBooks that no link holds', quickbooks('404')],
  [
    'a customer',
    { subject: { side: 'internal', kind: 'customer', id: 'cus_1', invoiceId: null } as const },
  ],
])('%s is passed over, said so, and is not looked at again', async (_what, about) => {
  const { store, pool, companyId, held } = await openStore();
  const lease = await held();
  await store.ingest([eventAbout(companyId, '', about)]);

  expect(await store.resolveSubjects(lease, 10)).toBe(1);
  expect(await store.resolveSubjects(lease, 10)).toBe(0);

  const { rows } = await pool.query(
    `SELECT stage, ended_at IS NOT NULL AS ended, stage_history->-1->>'note' AS note FROM outbox_event`,
  );
  expect(rows).toEqual([
    { stage: 'SKIPPED', ended: true, note: 'It concerns nothing that the bridge carries.' },
  ]);
  expect((await pool.query('SELECT 1 FROM link')).rows).toEqual([]);
});

test('news of documents whose place new ones have taken is passed over, said so, and makes no link', async () => {
  const { store, pool, companyId, held } = await openStore();
  const lease = await held();
  await store.ingest([eventAbout(companyId, 'inv_1')]);
  await store.resolveSubjects(lease, 10);
  await pool.query(
    `INSERT INTO replaced_document (company_id, side, external_id, link_id, replaced_at)
     SELECT company_id, side, external_id, id, clock_timestamp() FROM link, (VALUES ('INTERNAL'::side, 'inv_0'), ('QUICKBOOKS', '70')) AS t(side, external_id)`,
  );
  await pool.query('UPDATE company SET import_from_quickbooks = true');

  await store.ingest([eventAbout(companyId, '', quickbooks('70'))]);
  await store.ingest([eventAbout(companyId, 'inv_0')]);
  expect(await store.resolveSubjects(lease, 10)).toBe(2);

  const { rows } = await pool.query(
    `SELECT stage, stage_history->-1->>'note' AS note FROM outbox_event WHERE subject_id <> 'inv_1'`,
  );
  const skipped = { stage: 'SKIPPED', note: 'A new document has taken its place.' };
  expect(rows).toEqual([skipped, skipped]);
  expect((await pool.query('SELECT internal_id FROM link')).rows).toEqual([
    { internal_id: 'inv_1' },
  ]);
});

test('the end of news that concerns nothing is told to whoever watches', async () => {
  const { store, pool, companyId, held } = await openStore();
  const lease = await held();
  await store.ingest([eventAbout(companyId, '77', quickbooks('77'))]);

  await store.resolveSubjects(lease, 10);

  const { rows } = await pool.query(
    `SELECT detail->>'from' AS left_stage, detail->>'to' AS entered FROM stream_event ORDER BY seq`,
  );
  expect(rows).toEqual([
    { left_stage: 'DETECTED', entered: 'QUEUED' },
    { left_stage: 'QUEUED', entered: 'SKIPPED' },
  ]);
});

test('a link that becomes due is in the audit once, and not again while it waits', async () => {
  const { store, pool, companyId, held } = await openStore();
  const lease = await held();
  for (let count = 0; count < 3; count += 1) {
    await store.ingest([eventAbout(companyId, 'inv_1')]);
    await store.resolveSubjects(lease, 10);
  }

  const { rows } = await pool.query('SELECT summary FROM audit_entry');
  expect(rows).toEqual([{ summary: 'inv_1 has a change waiting for its turn.' }]);
});
