import { afterAll, beforeAll, expect, test } from 'vitest';
import {
  at,
  codeOf,
  idOf,
  listIn,
  objectIn,
  saleLine,
  startSimulator,
  type Running,
} from './running-simulator.ts';
import { textOf, type JsonObject } from '../../../simulator/quickbooks/json.ts';

let simulator: Running;
beforeAll(async () => {
  simulator = await startSimulator();
});
afterAll(() => simulator.close());

const customer = { CustomerRef: { value: '1' } };

async function createInvoice(body: JsonObject = {}): Promise<JsonObject> {
  const seen = await simulator.post('/invoice', { ...customer, Line: [saleLine(100)], ...body });
  expect(seen.status, seen.text).toBe(200);
  return objectIn(seen.body, 'Invoice');
}

test('a minimal create comes back with everything QuickBooks fills in', async () => {
  const invoice = await createInvoice();

  expect(invoice).toMatchObject({
    SyncToken: '0',
    DocNumber: '1001',
    CurrencyRef: { value: 'USD', name: 'United States Dollar' },
    LinkedTxn: [],
    TotalAmt: 100,
    Balance: 100,
    TxnTaxDetail: { TotalTax: 0 },
    CustomerRef: { value: '1', name: 'Amberwood Dental Group' },
    PrintStatus: 'NeedToPrint',
    EmailStatus: 'NotSet',
    ApplyTaxAfterDiscount: false,
    AllowOnlineACHPayment: false,
    domain: 'QBO',
    sparse: false,
  });
  expect(at(invoice, 'BillAddr', 'Id')).toBe(at(invoice, 'ShipAddr', 'Id'));
  expect(at(invoice, 'Line', 0)).toMatchObject({
    Id: '1',
    LineNum: 1,
    SalesItemLineDetail: {
      TaxCodeRef: { value: 'NON' },
      ItemRef: { value: '1', name: 'Standing Desk' },
    },
  });
  expect(at(invoice, 'Line', 1)).toEqual({
    Amount: 100,
    DetailType: 'SubTotalLineDetail',
    SubTotalLineDetail: {},
  });
});

test('money is printed with two decimals and zero without', async () => {
  const seen = await simulator.post('/invoice', { ...customer, Line: [saleLine(100)] });
  expect(seen.text).toContain('"TotalAmt":100.00');
  expect(seen.text).toContain('"TotalTax":0}');
  expect(seen.headers.get('content-type')).toBe('application/json;charset=utf-8');
  expect(seen.headers.get('intuit_tid')).toMatch(/^1-/);
});

test('a sparse update changes what it names and keeps the rest', async () => {
  const { Id, SyncToken } = await createInvoice({ PrivateNote: 'kept', PONumber: '77' });
  const seen = await simulator.post('/invoice', {
    Id,
    SyncToken,
    sparse: true,
    CustomerMemo: { value: 'hello' },
  });

  expect(at(seen.body, 'Invoice')).toMatchObject({
    SyncToken: '1',
    PrivateNote: 'kept',
    PONumber: '77',
    CustomerMemo: { value: 'hello' },
    TotalAmt: 100,
  });
});

test('a full update clears what it leaves out but keeps number and date', async () => {
  const invoice = await createInvoice({ PrivateNote: 'gone', TxnDate: '2026-02-03' });
  const { Id, SyncToken } = invoice;
  const seen = await simulator.post('/invoice?operation=update', {
    Id,
    SyncToken,
    ...customer,
    Line: [saleLine(70)],
  });

  const updated = objectIn(seen.body, 'Invoice');
  expect(updated).toMatchObject({
    DocNumber: invoice['DocNumber'],
    TxnDate: '2026-02-03',
    TotalAmt: 70,
  });
  expect(updated).not.toHaveProperty('PrivateNote');
});

test('a Line array replaces all lines; lines sent without Id get new ones', async () => {
  const { Id, SyncToken, Line } = await createInvoice({ Line: [saleLine(10), saleLine(20)] });
  const kept = objectIn(Line, 1);
  const seen = await simulator.post('/invoice', {
    Id,
    SyncToken,
    sparse: true,
    Line: [kept, saleLine(5)],
  });

  const lines = listIn(seen.body, 'Invoice', 'Line');
  expect(lines.map((line) => [line['Id'], line['Amount'], line['DetailType']])).toEqual([
    ['2', 20, 'SalesItemLineDetail'],
    ['3', 5, 'SalesItemLineDetail'],
    [undefined, 25, 'SubTotalLineDetail'],
  ]);
});

test('an update to what is there already changes neither token nor time', async () => {
  const { Id, SyncToken } = await createInvoice({ PrivateNote: 'same' });
  const seen = await simulator.post('/invoice', {
    Id,
    SyncToken,
    sparse: true,
    PrivateNote: 'same',
  });
  expect(at(seen.body, 'Invoice', 'SyncToken')).toBe('0');
});

test('an old SyncToken is refused with 5010 for update, void and delete', async () => {
  const Id = idOf(await createInvoice());
  await simulator.human({
    action: 'edit',
    entity: 'Invoice',
    id: Id,
    set: { PrivateNote: 'mine' },
  });

  for (const path of ['/invoice', '/invoice?operation=void', '/invoice?operation=delete']) {
    const seen = await simulator.post(path, { Id, SyncToken: '0', sparse: true });
    expect([seen.status, codeOf(seen)]).toEqual([400, '5010']);
  }
});

test('a void keeps number and lines at zero and leaves only the note as evidence', async () => {
  const invoice = await createInvoice({ Line: [saleLine(100, { Qty: 2, UnitPrice: 50 })] });
  const { Id, SyncToken } = invoice;
  const seen = await simulator.post('/invoice?operation=void', { Id, SyncToken });

  const voided = objectIn(seen.body, 'Invoice');
  expect(voided).toMatchObject({
    SyncToken: '1',
    PrivateNote: 'Voided',
    TotalAmt: 0,
    Balance: 0,
    LinkedTxn: [],
    DocNumber: invoice['DocNumber'],
  });
  expect(at(voided, 'Line', 0)).toMatchObject({
    Id: '1',
    Amount: 0,
    SalesItemLineDetail: { Qty: 0, UnitPrice: 50 },
  });
  expect(voided).not.toHaveProperty('status');
});

test('a deleted invoice leaves a stub, then 610', async () => {
  const Id = idOf(await createInvoice());
  const SyncToken = '0';
  const seen = await simulator.post('/invoice?operation=delete', { Id, SyncToken });
  expect(seen.body['Invoice']).toEqual({ domain: 'QBO', status: 'Deleted', Id });

  const again = await simulator.post('/invoice?operation=delete', { Id, SyncToken });
  expect([again.status, codeOf(again)]).toEqual([400, '610']);
  expect(codeOf(await simulator.get(`/invoice/${Id}`))).toBe('610');
});

test('a number that is taken is refused, and the refusal names who has it', async () => {
  const Id = idOf(await createInvoice({ DocNumber: 'INV-77' }));
  const seen = await simulator.post('/invoice', {
    ...customer,
    Line: [saleLine(1)],
    DocNumber: 'INV-77',
  });
  expect(codeOf(seen)).toBe('6140');
  expect(at(seen.body, 'Fault', 'Error', 0, 'Detail')).toMatch(
    new RegExp(`DocNumber=INV-77 is assigned to TxnType=Invoice with TxnId=${Id}$`),
  );

  const allowed = await simulator.post('/invoice?include=allowduplicatedocnum', {
    ...customer,
    Line: [saleLine(1)],
    DocNumber: 'INV-77',
  });
  expect(allowed.status).toBe(200);
});

test('the sequence of numbers goes on from the last one seen, prefix and all', async () => {
  await createInvoice({ DocNumber: 'App_1999' });
  expect(await createInvoice()).toMatchObject({ DocNumber: 'App_2000' });
});

test('a person and the app draw from one sequence of numbers, custom numbers or not', async () => {
  const custom = async (CustomTxnNumbers: boolean): Promise<void> => {
    const { body } = await simulator.get('/preferences');
    const SyncToken = String(at(body, 'Preferences', 'SyncToken'));
    const set = { Id: '1', SyncToken, sparse: true, SalesFormsPrefs: { CustomTxnNumbers } };
    expect((await simulator.post('/preferences', set)).status).toBe(200);
  };
  await createInvoice({ DocNumber: 'Shared-7' });
  await custom(true);
  expect(await createInvoice(), 'whoever may number has to').not.toHaveProperty('DocNumber');
  expect(await createInvoice({ DocNumber: 'AUTO_GENERATE' })).toMatchObject({
    DocNumber: 'Shared-8',
  });

  const body = { ...customer, Line: [saleLine(1)] };
  const proposed = await simulator.human({ action: 'create', entity: 'Invoice', body });
  const made = await simulator.get(`/invoice/${textOf(proposed, 'id')}`);
  expect(objectIn(made.body, 'Invoice')).toMatchObject({ DocNumber: 'Shared-9' });
  const collision = await simulator.post('/invoice', { ...body, DocNumber: 'Shared-9' });
  expect(codeOf(collision)).toBe('6140');
  await custom(false);
  expect(await createInvoice()).toMatchObject({ DocNumber: 'Shared-10' });
});

test.each([
  ['of the invoice', { InternalId: 'x' }],
  ['of a line', { Line: [{ ...saleLine(1), colour: 'red' }] }],
  ['of what a line sells', { Line: [saleLine(1, { Colour: 'red' })] }],
  ['of the tax', { TxnTaxDetail: { Rate: 8 } }],
])(
  'a property nobody knows is refused with 2010 wherever it stands: %s',
  async (_place, fields) => {
    const body = { ...customer, Line: [saleLine(1)], ...fields };
    const seen = await simulator.post('/invoice', body);
    expect([seen.status, codeOf(seen), at(seen.body, 'Fault', 'Error', 0, 'element')]).toEqual([
      400,
      '2010',
      undefined,
    ]);
    const created = await createInvoice();
    const update = { Id: idOf(created), SyncToken: '0', sparse: true, ...fields };
    expect(codeOf(await simulator.post('/invoice', update))).toBe('2010');
  },
);

test.each([
  ['a missing customer', { CustomerRef: null }, '2020'],
  ['missing lines', { Line: null }, '2020'],
  ['a customer that is not there', { CustomerRef: { value: '999' } }, '2500'],
  ['a name where an id belongs', { CustomerRef: { value: 'Globex' } }, '2030'],
  [
    'a tax code US lines do not know',
    { Line: [saleLine(1, { TaxCodeRef: { value: '2' } })] },
    '6100',
  ],
  ['a long number', { DocNumber: 'x'.repeat(22) }, '2050'],
  ['a bad e-mail address', { BillEmail: { Address: 'nobody' } }, '2210'],
  ['a bad enumeration', { EmailStatus: 'Maybe' }, '2170'],
  ['a bad date', { TxnDate: '2026-02-30' }, '2060'],
])('%s is refused', async (_story, fields, code) => {
  const before = (await simulator.mutations()).length;
  const seen = await simulator.post('/invoice', { ...customer, Line: [saleLine(1)], ...fields });
  expect([seen.status, codeOf(seen)]).toEqual([400, code]);
  expect((await simulator.mutations()).length).toBe(before);
});

test('a reference to something put away is 610, not a bad id', async () => {
  const created = await simulator.post('/item', {
    Name: 'Short-lived',
    Type: 'Service',
    IncomeAccountRef: { value: '1' },
  });
  const id = idOf(objectIn(created.body, 'Item'));
  await simulator.human({ action: 'deactivate', entity: 'Item', id });

  const seen = await simulator.post('/invoice', { ...customer, Line: [saleLine(1, {}, id)] });
  expect(codeOf(seen)).toBe('610');
});

test.each(['610', '2500', '6250'])(
  'the code for something put away is a matter of the knob: %s',
  async (inactiveReference) => {
    const made = await simulator.post('/customer', { DisplayName: `Away ${inactiveReference}` });
    const id = idOf(objectIn(made.body, 'Customer'));
    await simulator.human({ action: 'deactivate', entity: 'Customer', id });
    await simulator.control('PUT', '/behaviour', { inactiveReference });
    const body = { CustomerRef: { value: id }, Line: [saleLine(1)] };
    const seen = await simulator.post('/invoice', body);
    await simulator.control('PUT', '/behaviour', { inactiveReference: '610' });
    expect([seen.status, codeOf(seen)]).toEqual([400, inactiveReference]);
  },
);

test('node-quickbooks creates, reads, updates, voids, deletes and finds invoices', async () => {
  const { ask } = simulator.client();
  const created = await ask('createInvoice', {
    ...customer,
    Line: [saleLine(42)],
    DocNumber: 'NQ-1',
  });
  const { Id } = created;
  expect(await ask('getInvoice', Id)).toMatchObject({ Id, DocNumber: 'NQ-1' });

  const updated = await ask('updateInvoice', { Id, SyncToken: '0', PrivateNote: 'by the client' });
  expect(updated).toMatchObject({ SyncToken: '1', DocNumber: 'NQ-1', TotalAmt: 42 });

  const found = await ask('findInvoices', [{ field: 'DocNumber', value: 'NQ-1', operator: '=' }]);
  expect(listIn(found, 'QueryResponse', 'Invoice')).toHaveLength(1);

  const voided = await ask('voidInvoice', { Id, SyncToken: '1' });
  expect(at(voided, 'Invoice', 'TotalAmt')).toBe(0);
  const deleted = await ask('deleteInvoice', Id);
  expect(at(deleted, 'Invoice', 'status')).toBe('Deleted');
  await expect(ask('getInvoice', Id)).rejects.toMatchObject({ response: { status: 400 } });
});
