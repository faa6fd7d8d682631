import { beforeEach, expect, test } from 'vitest';
import { smallCompany, startWorld, token, type World } from './world.ts';

let world: World;
beforeEach(async () => {
  world = await startWorld({}, smallCompany);
});

test('an invoice is read in the contract’s shape with its version as ETag', async () => {
  const { id } = await world.newInvoice();

  const reply = await world.get(`/invoices/${id}`);

  expect(reply.status).toBe(200);
  expect(reply.headers.get('etag')).toBe('"1"');
  expect(reply.body).toEqual({
    id: 'inv_1',
    url: `${world.url}/invoices/inv_1`,
    externalRef: null,
    version: '1',
    updatedAt: expect.stringMatching(/^\d{4}-\d\d-\d\dT[\d:]{8}\.\d{3}Z$/),
    updatedBy: 'ledgerbridge',
    number: 'INV-20001',
    status: 'open',
    currency: 'USD',
    exchangeRate: null,
    customer: { id: 'cus_1', displayName: 'Globex Corp', email: 'ap@globex.example', version: '2' },
    issueDate: '2026-11-20',
    dueDate: null,
    terms: null,
    taxInclusive: false,
    poNumber: null,
    customerMemo: null,
    privateNote: null,
    billTo: null,
    lines: [
      {
        id: 'l1',
        item: { id: 'itm_1', sku: 'HW-1', name: 'Hardware' },
        description: 'Rack',
        quantity: '2',
        unitPrice: '50.00',
        amount: '100.00',
        taxCode: 'TAX',
        serviceDate: null,
      },
    ],
    discount: null,
    subtotal: '100.00',
    taxTotal: '8.00',
    total: '108.00',
    amountPaid: '0.00',
    balanceDue: '108.00',
    payments: [],
  });
});

test('one that never existed is 404, a deleted one 410, both as problem details', async () => {
  const { id } = await world.newInvoice();
  await world.human({ action: 'delete', id });

  const missing = await world.get('/invoices/inv_999');
  const gone = await world.get(`/invoices/${id}`);

  expect(missing.status).toBe(404);
  expect(missing.headers.get('content-type')).toContain('application/problem+json');
  expect(missing.body).toEqual({
    type: '/problems/not-found',
    title: 'There is no such thing',
    status: 404,
    detail: 'There is no invoice inv_999.',
  });
  expect([gone.status, gone.body['type']]).toEqual([410, '/problems/deleted']);
});

test.each([undefined, 'Bearer wrong', `Basic ${token}`, 'Bearer'])(
  'without the right bearer token everything is 401: %s',
  async (authorization) => {
    const headers = { authorization: authorization ?? '' };
    const reply = await world.send('GET', '/invoices', { headers });

    expect(reply.status).toBe(401);
    expect(reply.headers.get('www-authenticate')).toBe('Bearer');
    expect(JSON.stringify(reply.body)).not.toContain(token);
  },
);

test('an unknown path is 404 and a method a path does not have 405 with what is allowed', async () => {
  expect((await world.get('/nothing')).status).toBe(404);

  const reply = await world.send('DELETE', '/invoices/inv_1');
  expect([reply.status, reply.headers.get('allow')]).toEqual([405, 'GET, PATCH']);
  expect((await world.post('/terms', {})).status).toBe(405);
});

test('invoices are listed by change, oldest first', async () => {
  const first = await world.newInvoice();
  const second = await world.newInvoice();
  await world.patch(`/invoices/${first.id}`, { customerMemo: 'later' }, '"1"');

  const reply = await world.get('/invoices');

  expect(reply.list('invoices').map(({ id }) => id)).toEqual([second.id, first.id]);
  expect(reply.body['nextCursor']).toBeNull();
});

test('updatedSince includes the instant itself and leaves out what is older', async () => {
  const first = await world.newInvoice();
  await world.control('PUT', 'clock', { advanceMs: 1_000 });
  const second = await world.newInvoice();
  await world.control('PUT', 'clock', { advanceMs: 1_000 });
  await world.newInvoice();

  const since = encodeURIComponent(String(second['updatedAt']));
  const listed = (await world.get(`/invoices?updatedSince=${since}`)).list('invoices');

  expect(listed.map(({ id }) => id)).toEqual(['inv_2', 'inv_3']);
  expect(listed.map(({ id }) => id)).not.toContain(first.id);
});

test('a cursor walks the whole list once, also when an invoice changes on the way', async () => {
  for (let count = 0; count < 5; count += 1) await world.newInvoice();
  const seen: unknown[] = [];
  let cursor: unknown = null;
  do {
    const at = typeof cursor === 'string' ? `&cursor=${cursor}` : '';
    const page = await world.get(`/invoices?limit=2${at}`);
    seen.push(...page.list('invoices').map(({ id }) => id));
    cursor = page.body['nextCursor'];
    if (seen.length === 2) await world.patch('/invoices/inv_1', { privateNote: 'x' }, '"1"');
  } while (cursor !== null);

  expect(seen).toEqual(['inv_1', 'inv_2', 'inv_3', 'inv_4', 'inv_5', 'inv_1']);
});

test('a deleted invoice stays listed as a stub for 90 days', async () => {
  const { id } = await world.newInvoice();
  await world.human({ action: 'delete', id });

  const listed = async () => (await world.get('/invoices')).list('invoices');
  expect(await listed()).toEqual([
    { id, deleted: true, version: '2', updatedAt: expect.any(String) },
  ]);

  await world.control('PUT', 'clock', { advanceMs: 89 * 86_400_000 });
  expect(await listed()).toHaveLength(1);
  await world.control('PUT', 'clock', { advanceMs: 2 * 86_400_000 });
  expect(await listed()).toHaveLength(0);
  expect((await world.get(`/invoices/${id}`)).status).toBe(410);
});

test('externalRef finds the one invoice made with it, or none', async () => {
  const { id } = await world.newInvoice({ externalRef: 'qbo/1/2' });
  await world.newInvoice();

  const found = await world.get('/invoices?externalRef=qbo%2F1%2F2');
  expect(found.list('invoices').map((invoice) => invoice['id'])).toEqual([id]);
  expect((await world.get('/invoices?externalRef=other')).body).toEqual({
    invoices: [],
    nextCursor: null,
  });
});

test.each(['limit=0', 'limit=501', 'limit=x', 'updatedSince=yesterday', 'cursor=%25', 'color=red'])(
  'a query that makes no sense is 400 and names the parameter: %s',
  async (query) => {
    const reply = await world.get(`/invoices?${query}`);
    expect(reply.status).toBe(400);
    expect(reply.errorPaths()).toEqual([query.split('=')[0]]);
  },
);

test('answers carry the simulator’s time, which people can move', async () => {
  const now = '2027-03-01T12:00:00Z';
  await world.control('PUT', 'clock', { now });
  const reply = await world.get('/invoices');
  expect(reply.headers.get('date')).toBe('Mon, 01 Mar 2027 12:00:00 GMT');
});
