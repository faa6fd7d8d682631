import { expect, test } from 'vitest';
import { until } from '../simulator/control/until.ts';
import { lineOf, plainInvoice } from '../support/companies.ts';
import { eventsOf, linkOf, writesOf } from '../support/ledger.ts';
import { startWorld } from '../support/world.ts';

test('the same event told twenty times is one event and one invoice', async () => {
  const world = await startWorld();
  await world.invoicing.webhooks({ duplicate: 19 });

  const { id } = await world.invoicing.human({ action: 'create', invoice: plainInvoice() });
  await until('twenty deliveries', async () => {
    const { acknowledged } = await world.invoicing.webhookCounts();
    return acknowledged === 20;
  });
  await world.drainUntilSettled();

  expect(await eventsOf(world, id)).toMatchObject([{ duplicates: 19, stage: 'SETTLED' }]);
  expect(await writesOf(world)).toEqual(['Invoice create']);
});

test('an event told again after it settled changes nothing at all', async () => {
  const world = await startWorld();
  const { id } = await world.invoicing.human({ action: 'create', invoice: plainInvoice() });
  await world.drainUntilSettled();
  const before = await linkOf(world, id);
  const { rows } = await world.pool.query('SELECT * FROM outbox_event');
  const [told] = rows;

  const ingested = await world.ingest([
    {
      id: told.correlation_id,
      companyId: world.companyId,
      source: 'INVOICING_WEBHOOK',
      eventKey: told.event_key,
      kind: 'CREATED',
      subject: { side: 'internal', kind: 'invoice', id, invoiceId: id },
      actor: { kind: 'side', side: 'internal', name: 'somebody' },
      occurredAt: null,
      correlationId: told.correlation_id,
      payload: {},
    },
  ]);
  await world.drainUntilSettled();

  expect(ingested).toEqual({ accepted: 0, duplicates: 1 });
  expect(await linkOf(world, id)).toEqual(before);
  expect(await eventsOf(world, id)).toHaveLength(1);
});

test('five hundred events, shuffled and each told three times, are one write per change', async () => {
  const world = await startWorld();
  await world.invoicing.webhooks({ duplicate: 2, shuffle: 1 });
  const ids: string[] = [];
  const rounds = [
    (id: string) => ({ action: 'edit', id, set: { customerMemo: 'First' } }),
    (id: string) => ({ action: 'edit', id, set: { lines: [lineOf('3', '20')] } }),
    (id: string) => ({ action: 'edit', id, set: { dueDate: '2026-12-31' } }),
    (id: string) => ({ action: 'void', id }),
  ];

  for (let count = 0; count < 100; count += 1)
    ids.push((await world.invoicing.human({ action: 'create', invoice: plainInvoice() })).id);
  await world.drainUntilSettled();
  for (const change of rounds) {
    for (const id of ids) await world.invoicing.human(change(id));
    await world.drainUntilSettled();
  }

  const mutations = await world.quickbooks.mutations();
  const perInvoice = Map.groupBy(mutations, ({ id }) => id);
  expect(perInvoice.size).toBe(100);
  for (const [id, ofOne] of perInvoice) {
    expect(
      ofOne.map(({ operation }) => operation),
      `QuickBooks invoice ${id}`,
    ).toEqual(['create', 'update', 'update', 'update', 'void']);
  }
  expect(new Set(mutations.map(({ requestId }) => requestId)).size).toBe(500);
  const { rows } = await world.pool.query(
    'SELECT count(*)::int AS events, sum(duplicate_count)::int AS repeats FROM outbox_event',
  );
  expect(rows).toEqual([{ events: 500, repeats: 1_000 }]);
  expect(await world.brokenAudit()).toEqual([]);
}, 240_000);
