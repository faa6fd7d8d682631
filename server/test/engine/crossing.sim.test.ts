import { expect, test } from 'vitest';
import { lineOf, known, plainInvoice, unknown } from '../support/companies.ts';
import {
  auditOf,
  counterpartOf,
  eventsOf,
  intentsOf,
  linkOf,
  quickBooksInvoices,
  soldLines,
  statusesOf,
  writesOf,
} from '../support/ledger.ts';
import { until } from '../simulator/control/until.ts';
import { brokenAudit as brokenPlaces } from '../support/audit-chain.ts';
import { startWorld, type World } from '../support/world.ts';

/** A settled invoice of one line; its internal id. */
async function crossed(world: World, more: object = {}): Promise<string> {
  const { id } = await world.invoicing.human({ action: 'create', invoice: plainInvoice(more) });
  await world.drainUntilSettled();
  return id;
}

test('a new invoice is created in QuickBooks with its lines, tax, number and marker', async () => {
  const world = await startWorld();

  const id = await crossed(world, { customerMemo: 'Thank you', privateNote: 'Call first' });

  const internal = await world.invoicing.invoice(id);
  const made = await counterpartOf(world, id);
  expect(made).toMatchObject({
    DocNumber: internal['number'],
    TxnDate: '2026-11-20',
    TotalAmt: 108,
    TxnTaxDetail: { TotalTax: 8 },
    PrivateNote: `Call first\nLedgerBridge ${id}`,
    CustomerMemo: { value: 'Thank you' },
    SalesTermRef: { name: 'Net 30' },
  });
  expect(soldLines(made)).toMatchObject([
    { Amount: 100, Description: 'LED desk lamp', SalesItemLineDetail: { Qty: 2, UnitPrice: 50 } },
  ]);
  expect(await linkOf(world, id)).toMatchObject({
    status: 'IN_SYNC',
    reason: 'Both sides agree.',
    fresh: true,
  });
  expect(await writesOf(world)).toEqual(['Invoice create']);
});

test('a clean crossing passes every stage once, in order', async () => {
  const world = await startWorld();

  const id = await crossed(world);

  const [event, ...others] = await eventsOf(world, id);
  expect(others).toEqual([]);
  expect(event?.history.map(({ stage }) => stage)).toEqual([
    'DETECTED',
    'QUEUED',
    'CLAIMED',
    'MAPPED',
    'COMPARED',
    'SENDING',
    'ACKNOWLEDGED',
    'VERIFIED',
    'SETTLED',
  ]);
  expect(event).toMatchObject({ kind: 'CREATED', stage: 'SETTLED', ended: true });
});

test('the stream tells every stage of a clean crossing', async () => {
  const world = await startWorld();

  const id = await crossed(world);

  const { rows } = await world.pool.query(
    `SELECT s.detail->>'to' AS stage FROM stream_event s WHERE s.type = 'STAGE_CHANGED' ORDER BY s.seq`,
  );
  const [event] = await eventsOf(world, id);
  expect(rows.map((row: { stage: string }) => row.stage)).toEqual(
    event?.history.map(({ stage }) => stage).filter((stage) => stage !== 'DETECTED'),
  );
});

test('a customer and an item that QuickBooks has not are made there first, once for all invoices', async () => {
  const world = await startWorld();
  const wanted = plainInvoice({
    customer: { id: unknown.customer },
    lines: [lineOf('1', '300', { item: { id: unknown.item }, taxCode: 'NON' })],
  });
  for (let copy = 0; copy < 8; copy += 1)
    await world.invoicing.human({ action: 'create', invoice: wanted });

  await world.drainUntilSettled();

  const writes = await writesOf(world);
  expect(writes.filter((write) => write !== 'Invoice create')).toEqual([
    'Customer create',
    'Item create',
  ]);
  expect(writes.filter((write) => write === 'Invoice create')).toHaveLength(8);
  const invoices = await quickBooksInvoices(world);
  for (const invoice of invoices) {
    expect(invoice).toMatchObject({ CustomerRef: { name: 'Kestrel Boat Yard' }, TotalAmt: 300 });
    expect(soldLines(invoice)).toMatchObject([
      { SalesItemLineDetail: { ItemRef: { name: 'Mooring Fee' } } },
    ]);
  }
  expect(await world.brokenAudit()).toEqual([]);
});

test('a customer that a person makes in QuickBooks at the same moment is taken, not refused', async () => {
  const world = await startWorld();
  const late = { match: { operation: 'create', entity: 'Customer' }, effect: 'latency' };
  await world.quickbooks.faults([{ ...late, params: { ms: 500 } }]);
  const wanted = plainInvoice({ customer: { id: unknown.customer } });
  const { id } = await world.invoicing.human({ action: 'create', invoice: wanted });
  await world.told();

  const draining = world.drain();
  await until('the bridge to ask for the customer', async () =>
    (await world.quickbooks.requests()).some(({ path }) => path.endsWith('/customer')),
  );
  const made = await world.quickbooks.human({
    action: 'create',
    entity: 'Customer',
    body: { DisplayName: 'Kestrel Boat Yard' },
  });
  await draining;
  await world.drainUntilSettled();

  expect(await counterpartOf(world, id)).toMatchObject({ CustomerRef: { value: made.id } });
  expect(await writesOf(world)).toEqual(['Invoice create']);
  expect((await intentsOf(world, id))[0]).toMatchObject({ object: 'Customer', state: 'REFUSED' });
});

test('an edit of header and lines crosses as one sparse update that keeps line ids', async () => {
  const world = await startWorld();
  const id = await crossed(world, { lines: [lineOf('2', '50'), lineOf('1', '30')] });
  const before = await counterpartOf(world, id);
  const internal = await world.invoicing.invoice(id);
  const [first] = Array.isArray(internal['lines']) ? internal['lines'] : [];

  await world.invoicing.human({
    action: 'edit',
    id,
    set: {
      customerMemo: 'New memo',
      lines: [
        { ...first, quantity: '3', amount: undefined },
        lineOf('4', '25', { item: { id: known.otherItem }, description: 'Chair' }),
      ],
    },
  });
  await world.drainUntilSettled();

  const after = await counterpartOf(world, id);
  expect(after).toMatchObject({ CustomerMemo: { value: 'New memo' }, TotalAmt: 270 });
  expect(soldLines(after)).toMatchObject([
    { Id: soldLines(before)[0]?.Id, Amount: 150, SalesItemLineDetail: { Qty: 3 } },
    { Amount: 100, Description: 'Chair' },
  ]);
  expect(await writesOf(world)).toEqual(['Invoice create', 'Invoice update']);
  expect(await linkOf(world, id)).toMatchObject({ status: 'IN_SYNC' });
});

test('what the bridge does not map survives its writes unchanged', async () => {
  const world = await startWorld();
  const id = await crossed(world);
  const made = await counterpartOf(world, id);
  const [sold] = soldLines(made);
  const className = await world.quickbooks.human({
    action: 'create',
    entity: 'Class',
    body: { Name: 'East' },
  });
  const carriedLines = [
    {
      Amount: 40,
      DetailType: 'GroupLineDetail',
      GroupLineDetail: {
        GroupItemRef: { value: '1' },
        Quantity: 1,
        Line: [
          {
            Amount: 40,
            DetailType: 'SalesItemLineDetail',
            SalesItemLineDetail: {
              ItemRef: { value: '1' },
              Qty: 1,
              UnitPrice: 40,
              TaxCodeRef: { value: 'NON' },
            },
          },
        ],
      },
    },
  ];
  const edited = {
    ClassRef: { value: className.id, name: 'East' },
    ProjectRef: { value: '91' },
    CustomField: [{ DefinitionId: '1', Name: 'Crew', Type: 'StringType', StringValue: 'Blue' }],
    ShipAddr: { Line1: '1 Pier' },
    Line: [
      {
        ...sold,
        ProjectRef: { value: '92' },
        LinkedTxn: [{ TxnId: '77', TxnType: 'ReimburseCharge', TxnLineId: '1' }],
        CustomField: [{ DefinitionId: '2', Name: 'Lot', Type: 'StringType', StringValue: '9' }],
      },
      ...carriedLines,
    ],
  };
  await world.quickbooks.human({ action: 'edit', entity: 'Invoice', id: made.Id, set: edited });
  const held = await counterpartOf(world, id);

  await world.invoicing.human({ action: 'edit', id, set: { customerMemo: 'Hello' } });
  await world.drainUntilSettled();
  const [line] = await internalLines(world, id);
  await world.invoicing.human({
    action: 'edit',
    id,
    set: { lines: [{ ...line, quantity: '5', amount: undefined }, lineOf('1', '7')] },
  });
  await world.drainUntilSettled();
  await world.invoicing.human({ action: 'edit', id, set: { terms: null, billTo: null } });
  await world.drainUntilSettled();

  const after = await counterpartOf(world, id);
  for (const field of ['ClassRef', 'ProjectRef', 'CustomField', 'ShipAddr'])
    expect(after[field], field).toEqual(held[field]);
  const bundle = (invoice: typeof after) =>
    invoice.Line.find(({ DetailType }) => DetailType === 'GroupLineDetail');
  expect({ ...bundle(after), LineNum: 0 }).toEqual({ ...bundle(held), LineNum: 0 });
  expect(soldLines(after)).toMatchObject([
    {
      Id: sold?.Id,
      Amount: 250,
      ProjectRef: { value: '92' },
      LinkedTxn: [{ TxnId: '77', TxnType: 'ReimburseCharge' }],
      CustomField: [{ StringValue: '9' }],
    },
    { Amount: 7 },
  ]);
  expect(await writesOf(world, 'Invoice')).toHaveLength(4);
});

async function internalLines(world: World, id: string): Promise<readonly object[]> {
  const { lines } = await world.invoicing.invoice(id);
  return Array.isArray(lines) ? lines : [];
}

test.each(['void', 'delete'])('%s in internal invoicing crosses as a void', async (action) => {
  const world = await startWorld();
  const id = await crossed(world);

  await world.invoicing.human({ action, id });
  await world.drainUntilSettled();

  const voided = await counterpartOf(world, id);
  expect(voided).toMatchObject({ TotalAmt: 0 });
  expect(voided.PrivateNote).toMatch(/^Voided/);
  expect(await writesOf(world)).toEqual(['Invoice create', 'Invoice void']);
  expect(await linkOf(world, id)).toMatchObject({ status: 'IN_SYNC' });
  expect((await eventsOf(world, id)).map(({ stage }) => stage)).toEqual(['SETTLED', 'SETTLED']);
});

test('an invoice cancelled before it crossed is never made in QuickBooks', async () => {
  const world = await startWorld();
  const { id } = await world.invoicing.human({ action: 'create', invoice: plainInvoice() });
  await world.invoicing.human({ action: 'delete', id });

  await world.drainUntilSettled();

  expect(await writesOf(world)).toEqual([]);
  const events = await eventsOf(world, id);
  expect(events.map(({ stage }) => stage)).toEqual(['SKIPPED', 'SKIPPED']);
  expect(await linkOf(world, id)).toMatchObject({ status: 'UNLINKED' });
});

test('news that changes nothing is skipped with a reason and writes nothing', async () => {
  const world = await startWorld();
  const id = await crossed(world);

  await world.invoicing.human({ action: 'edit', id, set: { customerMemo: 'Once' } });
  await world.invoicing.human({ action: 'edit', id, set: { customerMemo: null } });
  await world.drainUntilSettled();

  const [, edit, undo] = await eventsOf(world, id);
  for (const event of [edit, undo]) {
    expect(event?.stage).toBe('SKIPPED');
    expect(event?.history.at(-1)?.note).toBe(
      'Both sides already agree; there is nothing to write.',
    );
  }
  expect(await writesOf(world)).toEqual(['Invoice create']);
});

test('an invoice dated before go-live is left alone, with the reason', async () => {
  const world = await startWorld({ goLiveDate: '2026-12-01' });

  const id = await crossed(world);

  const [event] = await eventsOf(world, id);
  expect(event?.history.at(-1)).toEqual(
    expect.objectContaining({
      stage: 'SKIPPED',
      note: 'It is dated 2026-11-20, before go-live on 2026-12-01; it is left alone.',
    }),
  );
  expect(await writesOf(world)).toEqual([]);
});

test('in shadow mode the whole path runs and nothing is written', async () => {
  const world = await startWorld({ mode: 'SHADOW' });

  const id = await crossed(world);

  const [event] = await eventsOf(world, id);
  expect(event?.history.at(-1)?.note).toMatch(/^Planned, not written: It is new/);
  expect(await world.quickbooks.mutations()).toEqual([]);
});

test('the audit trail tells a crossing from waiting to agreed, with what was written', async () => {
  const world = await startWorld();

  const id = await crossed(world);

  expect(await statusesOf(world, id)).toEqual(['PENDING', 'IN_FLIGHT', 'IN_SYNC']);
  const entries = await auditOf(world, id);
  const write = entries.find(({ action }) => action === 'WRITE');
  const number = (await world.invoicing.invoice(id))['number'];
  expect(write?.summary).toMatch(
    new RegExp(`^Created ${String(number)} in QuickBooks \\(\\d+\\)\\.$`),
  );
  expect(write?.changes).toContainEqual(
    expect.objectContaining({ path: 'issueDate', before: null, after: '2026-11-20' }),
  );
  expect(entries.map(({ action }) => action)).toContain('BASE_ADVANCED');
  expect(await world.brokenAudit()).toEqual([]);
});

test('the audit chain shows a changed entry, a removed entry and a cut tail', async () => {
  const world = await startWorld();
  await crossed(world);
  const tamperings = [
    `UPDATE audit_entry SET content = content || '{"summary": "nothing"}' WHERE sequence = 2`,
    `DELETE FROM audit_entry WHERE sequence = 2`,
    `DELETE FROM audit_entry WHERE sequence = (SELECT max(sequence) FROM audit_entry)`,
  ];

  for (const tampering of tamperings) {
    const client = await world.pool.connect();
    await client.query('BEGIN');
    await client.query('ALTER TABLE audit_entry DISABLE TRIGGER audit_entry_append_only');
    await client.query(tampering);
    expect(await brokenPlaces(client), tampering).not.toEqual([]);
    await client.query('ROLLBACK');
    client.release();
  }
  expect(await world.brokenAudit()).toEqual([]);
});

test.each([
  `UPDATE audit_entry SET hash = ''`,
  'DELETE FROM audit_entry',
  'TRUNCATE audit_entry',
  'TRUNCATE company CASCADE',
])('the database refuses %s', async (statement) => {
  const world = await startWorld();
  await crossed(world);

  await expect(world.pool.query(statement)).rejects.toThrow(/append-only/);
});

test('every write was recorded before it was sent, byte for byte', async () => {
  const world = await startWorld();
  const id = await crossed(world);
  await world.invoicing.human({ action: 'edit', id, set: { customerMemo: 'Two' } });
  await world.drainUntilSettled();

  const intents = await intentsOf(world, id);
  const mutations = await world.quickbooks.mutations();
  expect(mutations.map(({ requestId }) => requestId)).toEqual(intents.map((intent) => intent.id));
  expect(intents.map(({ state }) => state)).toEqual(['ACKNOWLEDGED', 'ACKNOWLEDGED']);
});
