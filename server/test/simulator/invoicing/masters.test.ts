import { beforeEach, expect, test } from 'vitest';
import { smallCompany, startWorld, type World } from './world.ts';

let world: World;
beforeEach(async () => {
  world = await startWorld({}, smallCompany);
});

test.each([
  ['/customers', 'customers', ['cus_1', 'cus_2']],
  ['/items', 'items', ['itm_1', 'itm_2']],
  ['/tax-codes', 'taxCodes', ['TAX', 'NON']],
  ['/terms', 'terms', ['due-on-receipt', 'net-15', 'net-30', 'net-60']],
  ['/payment-methods', 'paymentMethods', ['cash', 'check', 'credit-card', 'ach']],
])('%s lists what references can name', async (path, name, ids) => {
  const reply = await world.get(path);
  expect(reply.status).toBe(200);
  expect(reply.list(name).map(({ id }) => id)).toEqual(ids);
  expect(reply.body['nextCursor']).toBeNull();
});

test('a long list comes page by page', async () => {
  for (const name of ['A', 'B', 'C']) await world.post('/customers', { displayName: name });
  const first = await world.get('/customers?limit=3');
  const second = await world.get(`/customers?limit=3&cursor=${String(first.body['nextCursor'])}`);

  expect(first.list('customers').map(({ id }) => id)).toEqual(['cus_1', 'cus_2', 'cus_3']);
  expect(second.list('customers').map(({ id }) => id)).toEqual(['cus_4', 'cus_5']);
  expect(second.body['nextCursor']).toBeNull();
});

test('a new customer can be invoiced at once', async () => {
  const reply = await world.post('/customers', {
    displayName: 'Initech',
    email: 'ap@initech.example',
  });
  expect(reply.status).toBe(201);
  expect(reply.body).toMatchObject({
    id: 'cus_3',
    displayName: 'Initech',
    version: '1',
    active: true,
  });

  const invoice = await world.newInvoice({ customer: { id: 'cus_3' } });
  expect(invoice['customer']).toMatchObject({
    displayName: 'Initech',
    email: 'ap@initech.example',
  });
});

test('a new item can be sold at once', async () => {
  const reply = await world.post('/items', {
    name: 'Cable',
    sku: 'C-1',
    unitPrice: '4.20',
    taxCode: 'TAX',
  });
  expect(reply.status).toBe(201);
  expect(reply.body).toMatchObject({ id: 'itm_3', name: 'Cable', sku: 'C-1', unitPrice: '4.20' });

  const invoice = await world.newInvoice({ lines: [{ item: { id: 'itm_3' }, amount: '1' }] });
  expect(invoice.lines[0]).toMatchObject({ item: { id: 'itm_3', sku: 'C-1', name: 'Cable' } });
});

test.each([
  ['/customers', {}, 'displayName'],
  ['/customers', { displayName: ' ' }, 'displayName'],
  ['/customers', { displayName: 'globex CORP' }, 'displayName'],
  ['/customers', { displayName: 'New', id: 'cus_9' }, 'id'],
  ['/customers', { displayName: 'New', billTo: { street: 'x' } }, 'billTo.street'],
  ['/items', {}, 'name'],
  ['/items', { name: 'HARDWARE' }, 'name'],
  ['/items', { name: 'New', unitPrice: 5 }, 'unitPrice'],
  ['/items', { name: 'New', colour: 'red' }, 'colour'],
])('%s with %j is 422 and names the field', async (path, body, field) => {
  const reply = await world.post(path, body);
  expect([reply.status, reply.errorPaths()]).toEqual([422, [field]]);
});

test('a system that does not take new customers answers 405', async () => {
  await world.control('PUT', 'faults', {
    rules: [
      {
        match: { operation: 'create', entity: 'customer' },
        effect: 'status',
        params: { status: 405 },
      },
    ],
  });
  const reply = await world.post('/customers', { displayName: 'Initech' });
  expect([reply.status, reply.body['type']]).toEqual([405, '/problems/method-not-allowed']);
});
