import { afterAll, beforeAll, expect, test } from 'vitest';
import { textOf, type JsonObject } from '../../../simulator/quickbooks/json.ts';
import {
  at,
  call,
  codeOf,
  idOf,
  objectIn,
  saleLine,
  startSimulator,
  type Running,
} from './running-simulator.ts';

let simulator: Running;
beforeAll(async () => {
  simulator = await startSimulator();
});
afterAll(() => simulator.close());

async function create(entity: string, body: JsonObject): Promise<JsonObject> {
  const seen = await simulator.post(`/${entity.toLowerCase()}`, body);
  expect(seen.status, seen.text).toBe(200);
  return objectIn(seen.body, entity);
}

test('a customer comes back as recorded', async () => {
  const customer = await create('Customer', {
    GivenName: 'Test',
    FamilyName: 'Person',
    BillAddr: { Line1: '1 Street', City: 'Oakland' },
    PrimaryEmailAddr: { Address: 'test@example.com' },
  });
  expect(customer).toMatchObject({
    DisplayName: 'Test Person',
    FullyQualifiedName: 'Test Person',
    PrintOnCheckName: 'Test Person',
    Taxable: true,
    Job: false,
    BillWithParent: false,
    Balance: 0,
    BalanceWithJobs: 0,
    CurrencyRef: { value: 'USD' },
    PreferredDeliveryMethod: 'Print',
    Active: true,
    SyncToken: '0',
  });
  expect(at(customer, 'BillAddr', 'Id')).toMatch(/^\d+$/);
});

test('names are one space for customers, vendors and employees', async () => {
  await create('Vendor', { DisplayName: 'Shared Name' });
  for (const entity of ['customer', 'employee']) {
    const seen = await simulator.post(`/${entity}`, { DisplayName: 'Shared Name' });
    expect([seen.status, codeOf(seen)]).toEqual([400, '6240']);
  }
});

test('putting away appends to the name and frees it; coming back takes the name again', async () => {
  const first = await create('Customer', { DisplayName: 'Twice' });
  const away = await simulator.post('/customer', {
    Id: first['Id'],
    SyncToken: '0',
    sparse: true,
    Active: false,
  });
  expect(objectIn(away.body, 'Customer')).toMatchObject({
    DisplayName: 'Twice (deleted)',
    Active: false,
  });

  const second = await create('Customer', { DisplayName: 'Twice' });
  const taken = await simulator.post('/customer', {
    Id: first['Id'],
    SyncToken: '1',
    sparse: true,
    Active: true,
  });
  expect(codeOf(taken)).toBe('6240');
  await simulator.human({
    action: 'edit',
    entity: 'Customer',
    id: idOf(second),
    set: { DisplayName: 'Thrice' },
  });
  const back = await simulator.post('/customer', {
    Id: first['Id'],
    SyncToken: '1',
    sparse: true,
    Active: true,
  });
  expect(at(back.body, 'Customer', 'DisplayName')).toBe('Twice');
});

test.each([
  ['Customer', '7', 'DisplayName'],
  ['Vendor', '', 'DisplayName'],
  ['Item', '7', 'Name'],
  ['Term', '2', 'Name'],
  ['PaymentMethod', '2', 'Name'],
  ['TaxCode', '1', 'Name'],
  ['Account', '2', 'Name'],
] as const)('a person puts away a %s, and brings it back', async (entity, known, nameField) => {
  const id = known === '' ? idOf(await create(entity, { DisplayName: 'Put away' })) : known;
  const path = `/${entity.toLowerCase()}/${id}`;
  const before = objectIn((await simulator.get(path)).body, entity);
  const name = textOf(before, nameField) ?? '';

  await simulator.human({ action: 'deactivate', entity, id });
  const away = objectIn((await simulator.get(path)).body, entity);
  expect(away).toMatchObject({ [nameField]: `${name} (deleted)`, Active: false });

  const set = { Active: true, [nameField]: `${name} (deleted)` };
  await simulator.human({ action: 'edit', entity, id, set });
  const back = objectIn((await simulator.get(path)).body, entity);
  const unmoved = {
    ...back,
    SyncToken: before['SyncToken'] ?? '0',
    MetaData: before['MetaData'] ?? {},
  };
  expect(unmoved).toEqual(before);
});

test('whoever owes money cannot be put away', async () => {
  await simulator.post('/invoice', { CustomerRef: { value: '5' }, Line: [saleLine(9)] });
  const seen = await simulator.post('/customer', {
    Id: '5',
    SyncToken: '0',
    sparse: true,
    Active: false,
  });
  expect(codeOf(seen)).toBe('6220');
});

test('jobs carry the path of their parents, five levels at most', async () => {
  let parent = await create('Customer', { DisplayName: 'Level 0' });
  for (let level = 1; level <= 4; level += 1) {
    parent = await create('Customer', {
      DisplayName: `Level ${level}`,
      Job: true,
      ParentRef: { value: idOf(parent) },
    });
  }
  expect(parent).toMatchObject({
    Level: 4,
    Job: true,
    FullyQualifiedName: 'Level 0:Level 1:Level 2:Level 3:Level 4',
  });
  const deeper = await simulator.post('/customer', {
    DisplayName: 'Level 5',
    ParentRef: { value: idOf(parent) },
  });
  expect(codeOf(deeper)).toBe('6180');
});

test('the paths of jobs follow the name of their parent, with no change of token', async () => {
  const parent = await create('Customer', { DisplayName: 'Old Roof' });
  const job = await create('Customer', {
    DisplayName: 'Job A',
    ParentRef: { value: idOf(parent) },
  });
  await simulator.human({
    action: 'edit',
    entity: 'Customer',
    id: idOf(parent),
    set: { DisplayName: 'New Roof' },
  });
  const read = await simulator.get(`/customer/${idOf(job)}`);
  expect(objectIn(read.body, 'Customer')).toMatchObject({
    FullyQualifiedName: 'New Roof:Job A',
    SyncToken: '0',
  });
});

test.each([
  ['customer', { DisplayName: 'with:colon' }, '2040'],
  ['customer', {}, '6080'],
  ['customer', { DisplayName: 'x', Colour: 'red' }, '2010'],
  ['item', { Name: 'No account', Type: 'Service' }, '2020'],
  ['item', { Type: 'Service', IncomeAccountRef: { value: '1' } }, '2020'],
  ['item', { Name: 'n'.repeat(101), IncomeAccountRef: { value: '1' } }, '2050'],
  ['item', { Name: 'Standing Desk', IncomeAccountRef: { value: '1' } }, '6240'],
  ['taxcode', { Name: 'x' }, '500'],
  ['customer?operation=delete', { Id: '1', SyncToken: '0' }, '500'],
  ['customer?operation=frobnicate', { Id: '1', SyncToken: '0' }, '500'],
])('POST /%s %j is refused with %s', async (path, body, code) => {
  const seen = await simulator.post(`/${path}`, body);
  expect([seen.status, codeOf(seen)]).toEqual([400, code]);
});

test('an account needs its name even for a sparse update', async () => {
  const seen = await simulator.post('/account', {
    Id: '1',
    SyncToken: '0',
    sparse: true,
    Description: 'x',
  });
  expect([codeOf(seen), at(seen.body, 'Fault', 'Error', 0, 'element')]).toEqual(['2020', 'Name']);
});

test('references follow the present name of what they point at, with no trace in the form', async () => {
  const customer = await create('Customer', { DisplayName: 'Before' });
  const invoice = await create('Invoice', {
    CustomerRef: { value: customer['Id'] ?? '' },
    Line: [saleLine(1)],
  });
  await simulator.human({
    action: 'edit',
    entity: 'Customer',
    id: idOf(customer),
    set: { DisplayName: 'After' },
  });
  const read = await simulator.get(`/invoice/${idOf(invoice)}`);
  expect(objectIn(read.body, 'Invoice')).toMatchObject({
    CustomerRef: { name: 'After' },
    SyncToken: '0',
    MetaData: objectIn(invoice, 'MetaData'),
  });
});

test('a merge makes one customer of two; the forms of the loser point to the winner', async () => {
  const [from, into] = [
    await create('Customer', { DisplayName: 'Loser' }),
    await create('Customer', { DisplayName: 'Winner' }),
  ];
  const invoice = await create('Invoice', {
    CustomerRef: { value: idOf(from) },
    Line: [saleLine(33)],
  });
  await simulator.human({
    action: 'merge',
    entity: 'Customer',
    from: idOf(from),
    into: idOf(into),
  });

  expect(codeOf(await simulator.get(`/customer/${idOf(from)}`))).toBe('610');
  expect(at((await simulator.get(`/customer/${idOf(into)}`)).body, 'Customer')).toMatchObject({
    Balance: 33,
    SyncToken: '1',
  });
  expect(at((await simulator.get(`/invoice/${idOf(invoice)}`)).body, 'Invoice')).toMatchObject({
    CustomerRef: { value: idOf(into), name: 'Winner' },
    SyncToken: '0',
  });
  expect((await simulator.mutations()).at(-1)).toMatchObject({
    operation: 'merge',
    entity: 'Customer',
    id: idOf(into),
  });
});

test('an id belongs to its realm: both companies have an invoice 1, and they are not the same', async () => {
  await simulator.control('POST', '/reset', {});
  const second = '9130000000000002';
  const { accessToken } = await simulator.connect(second);
  const headers = { authorization: `Bearer ${accessToken}`, accept: 'application/json' };
  const there = (path: string, init: RequestInit = {}) =>
    call(`${simulator.url}/v3/company/${second}${path}`, { ...init, headers });

  const body = { CustomerRef: { value: '1' }, Line: [saleLine(10)] };
  expect(await create('Invoice', body)).toMatchObject({ Id: '1', TotalAmt: 10 });
  const other = { method: 'POST', body: JSON.stringify({ ...body, Line: [saleLine(20)] }) };
  expect((await there('/invoice', other)).body).toMatchObject({ Invoice: { Id: '1' } });
  expect((await simulator.get('/invoice/1')).body).toMatchObject({ Invoice: { TotalAmt: 10 } });
  expect((await there('/invoice/1')).body).toMatchObject({ Invoice: { TotalAmt: 20 } });
});

test('closed books refuse changes of what lies within them; the date can be read ahead', async () => {
  const invoice = await create('Invoice', {
    CustomerRef: { value: '1' },
    TxnDate: '2026-01-31',
    Line: [saleLine(1)],
  });
  await simulator.human({ action: 'close-books', through: '2026-03-31' });
  const preferences = await simulator.get('/preferences');
  expect(at(preferences.body, 'Preferences', 'AccountingInfoPrefs', 'BookCloseDate')).toBe(
    '2026-03-31',
  );

  const edit = { Id: idOf(invoice), SyncToken: '0', sparse: true, PrivateNote: 'late' };
  expect(codeOf(await simulator.post('/invoice', edit))).toBe('6200');
  expect(
    codeOf(
      await simulator.post('/invoice', {
        CustomerRef: { value: '1' },
        TxnDate: '2026-03-31',
        Line: [saleLine(1)],
      }),
    ),
  ).toBe('6200');
  await simulator.human({ action: 'close-books', through: '2026-03-31', password: true });
  expect(codeOf(await simulator.post('/invoice?operation=void', edit))).toBe('6210');
  await simulator.human({ action: 'close-books', through: null });
  expect((await simulator.post('/invoice', edit)).status).toBe(200);
});

test('the company reads its own addresses back normalised', async () => {
  const seen = await simulator.get('/companyinfo/9130000000000001');
  const company = objectIn(seen.body, 'CompanyInfo');
  expect(objectIn(company, 'CompanyAddr')).toMatchObject({ Country: 'USA', City: 'Oakland' });
  expect(objectIn(company, 'CompanyAddr')).not.toHaveProperty('Lat');
});

test('tax codes and rates are made by the tax service, names once', async () => {
  const body: JsonObject = {
    TaxCode: 'County',
    TaxRateDetails: [
      { TaxRateName: 'County rate', RateValue: '9.25', TaxAgencyId: '1', TaxApplicableOn: 'Sales' },
    ],
  };
  const made = await simulator.post('/taxservice/taxcode', body);
  expect(made.status).toBe(200);
  const taxed = await create('Invoice', {
    CustomerRef: { value: '1' },
    Line: [saleLine(100, { TaxCodeRef: { value: 'TAX' } })],
    TxnTaxDetail: { TxnTaxCodeRef: { value: textOf(made.body, 'TaxCodeId') ?? '' } },
  });
  expect(taxed['TotalAmt']).toBe(109.25);
  expect(codeOf(await simulator.post('/taxservice/taxcode', { ...body, TaxCode: 'Other' }))).toBe(
    '6240',
  );
});

test('a form is sent and printed', async () => {
  const { ask } = simulator.client();
  const invoice = await create('Invoice', { CustomerRef: { value: '1' }, Line: [saleLine(1)] });
  const sent = await ask('sendInvoicePdf', idOf(invoice), 'someone@example.com');
  expect(sent).toMatchObject({
    EmailStatus: 'EmailSent',
    BillEmail: { Address: 'someone@example.com' },
    SyncToken: '0',
    DeliveryInfo: { DeliveryType: 'Email' },
  });
  const pdf = await simulator.get(`/invoice/${idOf(invoice)}/pdf`);
  expect([pdf.headers.get('content-type'), pdf.text.slice(0, 5)]).toEqual([
    'application/pdf',
    '%PDF-',
  ]);
});
