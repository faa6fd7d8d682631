import { beforeEach, expect, test } from 'vitest';
import { plainInvoice, smallCompany, startWorld, type World } from './world.ts';

let world: World;
beforeEach(async () => {
  world = await startWorld({}, smallCompany);
});

const recorded = {
  id: 'inv_123',
  externalRef: null,
  version: '7',
  updatedAt: '2026-11-22T09:20:58.120Z',
  updatedBy: 'maria@example.com',
  number: 'INV-20296',
  status: 'open',
  currency: 'USD',
  exchangeRate: null,
  customer: { id: 'cus_9', displayName: 'Globex Corp', email: 'ap@globex.example', version: '2' },
  issueDate: '2026-11-20',
  dueDate: '2026-12-20',
  terms: 'net-45',
  taxInclusive: false,
  poNumber: null,
  customerMemo: 'Thank you',
  privateNote: null,
  billTo: {
    line1: '1 Main St',
    line2: null,
    city: 'Cypress Creek',
    region: 'OR',
    postalCode: '97000',
    country: 'US',
  },
  lines: [
    {
      id: 'l1',
      item: { id: 'itm_4', sku: 'HW-1', name: 'Hardware' },
      description: 'Rack unit',
      quantity: '12',
      unitPrice: '6500.00',
      amount: '78000.01',
      taxCode: 'XTAX',
      serviceDate: null,
    },
  ],
  discount: null,
  subtotal: '78000.01',
  taxTotal: '6205.18',
  total: '84205.19',
  amountPaid: '4205.18',
  balanceDue: '80000.01',
  payments: [
    {
      id: 'pay_1',
      date: '2026-11-21',
      amount: '4205.18',
      method: 'ach',
      reference: null,
      version: '1',
    },
  ],
};

test('reset takes a company as it is: nothing is worked out again', async () => {
  await world.control('POST', 'reset', { company: { ...smallCompany, invoices: [recorded] } });

  const read = await world.get('/invoices/inv_123');
  expect(read.body).toEqual({ ...recorded, url: `${world.url}/invoices/inv_123` });
  expect((await world.get('/payments/pay_1')).body).toMatchObject({ invoiceId: 'inv_123' });
});

test('words of a loaded invoice change without touching its odd amounts; a new price does', async () => {
  await world.control('POST', 'reset', { company: { ...smallCompany, invoices: [recorded] } });

  const words = await world.patch('/invoices/inv_123', { privateNote: 'x' }, '"7"');
  expect(words.body).toMatchObject({ version: '8', total: '84205.19', taxTotal: '6205.18' });

  const added = await world.patch(
    '/invoices/inv_123',
    { lines: [...recorded.lines, { amount: '1.00' }] },
    '"8"',
  );
  expect(added.body).toMatchObject({
    lines: [{ amount: '78000.01' }, { id: 'l2', amount: '1.00' }],
    subtotal: '78001.01',
    taxTotal: '6205.18',
  });
});

test('reset forgets everything but where the listener is', async () => {
  await world.control('PUT', 'webhooks', { url: 'http://127.0.0.1:9/hook', drop: 1 });
  await world.control('PUT', 'faults', { rules: [{ effect: 'status' }] });
  await world.control('PUT', 'clock', { advanceMs: 86_400_000_000 });
  await world.human({ action: 'create', invoice: plainInvoice });
  await world.control('POST', 'reset', { company: smallCompany });

  expect((await world.get('/invoices')).list('invoices')).toEqual([]);
  expect(await world.mutations()).toEqual([]);
  expect((await world.control('GET', 'webhooks')).body).toMatchObject({
    url: 'http://127.0.0.1:9/hook',
    drop: 0,
  });
  const now = Date.parse(String((await world.control('GET', 'clock')).body['now']));
  expect(Math.abs(now - Date.now())).toBeLessThan(5_000);
  expect(await world.newInvoice()).toMatchObject({ id: 'inv_1' });
});

test('an answer from before a reset is not given after it', async () => {
  await world.post('/invoices', plainInvoice, { key: 'k1' });
  await world.control('POST', 'reset', { company: smallCompany });
  const reply = await world.post('/invoices', plainInvoice, { key: 'k1' });
  expect(reply.headers.get('idempotency-replayed')).toBeNull();
  expect(await world.mutations()).toHaveLength(1);
});

test.each([
  [{ company: { invoices: [{ id: 'x' }] } }, 'company.invoices[0].customer'],
  [{ company: { customers: [{ id: 'x' }] } }, 'company.customers[0].displayName'],
  [{ company: { orders: [] } }, 'company.orders'],
  [{ seed: 7 }, 'seed'],
])('a company that is none is refused by name, and the old one stays: %j', async (body, path) => {
  await world.newInvoice();
  const reply = await world.control('POST', 'reset', body);
  expect(reply.status).toBe(422);
  expect(reply.errorPaths()).toContain(path);
  expect((await world.get('/invoices/inv_1')).status).toBe(200);
});

test('a person creates, edits, pays, changes and takes back a payment, voids and deletes', async () => {
  const created = await world.human({ action: 'create', invoice: plainInvoice });
  expect([created.status, created.body]).toEqual([200, { id: 'inv_1', version: '1' }]);

  const edit = { action: 'edit', id: 'inv_1', set: { customerMemo: 'x' } };
  expect((await world.human(edit)).body).toEqual({ id: 'inv_1', version: '2' });
  const pay = { action: 'pay', id: 'inv_1', amount: '8', date: '2026-11-21' };
  expect((await world.human(pay)).body).toEqual({
    id: 'inv_1',
    version: '3',
    paymentId: 'pay_1',
  });
  const change = { action: 'edit-payment', paymentId: 'pay_1', amount: '9' };
  expect((await world.human(change)).body).toMatchObject({ version: '4', paymentId: 'pay_1' });
  expect((await world.get('/invoices/inv_1')).body).toMatchObject({
    amountPaid: '9.00',
    payments: [{ date: '2026-11-21' }],
  });
  const unpay = { action: 'unpay', paymentId: 'pay_1' };
  expect((await world.human(unpay)).body).toMatchObject({ version: '5' });
  expect((await world.human({ action: 'void', id: 'inv_1' })).body).toMatchObject({ version: '6' });
  expect((await world.human({ action: 'delete', id: 'inv_1' })).body).toMatchObject({
    version: '7',
  });
  expect((await world.get('/invoices/inv_1')).status).toBe(410);
});

test('an edit by a person is signed with a name, an edit by the API is not', async () => {
  await world.newInvoice();
  await world.human({ action: 'edit', id: 'inv_1', set: { customerMemo: 'x' } });
  expect((await world.get('/invoices/inv_1')).body['updatedBy']).toMatch(/^[A-Z]\w+ [A-Z]\w+$/);

  await world.human({ action: 'edit', id: 'inv_1', set: { customerMemo: 'y' }, by: 'Ann Lee' });
  expect((await world.get('/invoices/inv_1')).body['updatedBy']).toBe('Ann Lee');
});

test('a person who edits amounts gets fresh tax, unless they state it', async () => {
  await world.newInvoice({ taxTotal: '7.99' });
  const lines = [{ ...plainInvoice.lines[0], quantity: '4' }];

  await world.human({ action: 'edit', id: 'inv_1', set: { customerMemo: 'x' } });
  expect((await world.get('/invoices/inv_1')).body['taxTotal']).toBe('7.99');
  await world.human({ action: 'edit', id: 'inv_1', set: { lines } });
  expect((await world.get('/invoices/inv_1')).body['taxTotal']).toBe('16.00');
  await world.human({ action: 'edit', id: 'inv_1', set: { lines, taxTotal: '15.99' } });
  expect((await world.get('/invoices/inv_1')).body['taxTotal']).toBe('15.99');
});

test('a person can bring in a whole invoice as it is', async () => {
  await world.human({ action: 'create', invoice: recorded, by: 'Ann Lee' });
  expect((await world.get('/invoices/inv_123')).body).toMatchObject({
    version: '1',
    updatedBy: 'Ann Lee',
    total: '84205.19',
    lines: [{ amount: '78000.01' }],
    payments: [{ id: 'pay_1' }],
  });
  const again = await world.human({ action: 'create', invoice: recorded });
  expect([again.status, again.body['invoiceId']]).toEqual([409, 'inv_123']);
});

test.each([
  [{ action: 'edit', id: 'inv_9', set: {} }, 404],
  [{ action: 'edit', id: 'inv_1', set: { total: '1' } }, 422],
  [{ action: 'pay', id: 'inv_1', amount: '999' }, 422],
  [{ action: 'void', id: 'inv_2' }, 409],
  [{ action: 'delete', id: 'inv_2' }, 409],
  [{ action: 'unpay', paymentId: 'pay_9' }, 404],
  [{ action: 'shred', id: 'inv_1' }, 422],
  [{ action: 'void' }, 422],
])('what a person cannot do is refused: %j is %i', async (action, status) => {
  await world.newInvoice();
  await world.newInvoice();
  await world.human({ action: 'pay', id: 'inv_2', amount: '8' });
  const before = await world.mutations();

  const reply = await world.human(action);

  expect(reply.status).toBe(status);
  expect(await world.mutations()).toEqual(before);
});

test('mutations are the ground truth: numbered, with actor, key, version and body hash', async () => {
  await world.post('/invoices', plainInvoice, { key: 'k1' });
  await world.human({ action: 'pay', id: 'inv_1', amount: '8' });
  await world.post('/items', { name: 'Cable' }, { key: 'k2' });

  const mutations = await world.mutations();
  const hash = expect.stringMatching(/^[\da-f]{64}$/);
  const facts = { at: expect.any(String), bodyHash: hash };
  expect(mutations).toEqual([
    {
      ...facts,
      seq: 1,
      entity: 'invoice',
      id: 'inv_1',
      operation: 'create',
      requestId: 'k1',
      syncToken: '1',
      actor: 'api',
    },
    {
      ...facts,
      seq: 2,
      entity: 'payment',
      id: 'pay_1',
      operation: 'create',
      requestId: null,
      syncToken: '1',
      actor: 'human',
    },
    {
      ...facts,
      seq: 3,
      entity: 'item',
      id: 'itm_3',
      operation: 'create',
      requestId: 'k2',
      syncToken: '1',
      actor: 'api',
    },
  ]);
  const later = await world.control('GET', 'mutations?after=2');
  expect(later.list('mutations')).toEqual(mutations.slice(2));
});

test('every request to the API is in the log, control verbs are not', async () => {
  await world.get('/invoices?limit=5');
  await world.post('/invoices', plainInvoice, { key: 'k1' });
  await world.get('/nothing');
  await world.send('GET', '/terms', { headers: { authorization: 'Bearer wrong' } });

  const requests = (await world.control('GET', 'requests')).list('requests');
  const [first] = requests;
  expect(
    requests.map(({ method, path, query, status, requestId }) => [
      method,
      path,
      query,
      status,
      requestId,
    ]),
  ).toEqual([
    ['GET', '/invoices', 'limit=5', 200, null],
    ['POST', '/invoices', '', 201, 'k1'],
    ['GET', '/nothing', '', 404, null],
    ['GET', '/terms', '', 401, null],
  ]);
  expect(first).toMatchObject({
    startedAt: expect.any(String),
    finishedAt: expect.any(String),
    fault: null,
  });
  const after = await world.control('GET', `requests?after=${String(first?.['seq'])}`);
  expect(after.list('requests')).toHaveLength(3);
});

test('state shows everything the company holds', async () => {
  await world.newInvoice();
  await world.newInvoice();
  await world.human({ action: 'delete', id: 'inv_2' });

  const { body } = await world.control('GET', 'state');
  expect(body).toMatchObject({
    invoices: [{ id: 'inv_1' }],
    deletedInvoices: [{ id: 'inv_2', version: '2' }],
    customers: [{ id: 'cus_1' }, { id: 'cus_2' }],
    items: [{ id: 'itm_1' }, { id: 'itm_2' }],
    taxCodes: [{ id: 'TAX', percent: '8' }, { id: 'NON' }],
  });
});

test.each([
  ['PUT', 'faults', { rules: [{ effect: 'explode' }] }, 'rules[0].effect'],
  ['PUT', 'clock', { now: 'noon' }, 'now'],
  ['PUT', 'activity', { perMinute: -1 }, 'perMinute'],
  ['PUT', 'activity', {}, 'perMinute'],
  ['GET', 'mutations?after=x', undefined, 'after'],
])('%s %s with %j is 422 and names the place', async (method, verb, body, path) => {
  const reply = await world.control(method, verb, body);
  expect([reply.status, reply.errorPaths()]).toEqual([422, [path]]);
});
