import { beforeEach, expect, test } from 'vitest';
import { until } from '../control/until.ts';
import { plainInvoice, smallCompany, startWorld, type World } from './world.ts';

let world: World;
beforeEach(async () => {
  world = await startWorld({}, smallCompany);
});

const arm = (rule: object) => world.control('PUT', 'faults', { rules: [{ times: 1, ...rule }] });
const create = () => world.post('/invoices', plainInvoice, { key: 'k1' });
const invoicesCount = async () => (await world.get('/invoices')).list('invoices').length;
const loggedFaults = async () =>
  (await world.control('GET', 'requests'))
    .list('requests')
    .map(({ fault, status }) => [fault, status]);

test('drop-before: no answer and nothing happened; the repeat creates it', async () => {
  await arm({ match: { operation: 'create' }, effect: 'drop-before' });
  await expect(create()).rejects.toThrow();
  expect(await invoicesCount()).toBe(0);

  expect((await create()).status).toBe(201);
  expect(await invoicesCount()).toBe(1);
  expect((await loggedFaults())[0]).toEqual(['drop-before', null]);
});

test('drop-after: no answer although it happened; the repeat gets the first answer', async () => {
  await arm({ match: { operation: 'create' }, effect: 'drop-after' });
  await expect(create()).rejects.toThrow();
  expect(await invoicesCount()).toBe(1);

  const again = await create();
  expect([again.status, again.headers.get('idempotency-replayed')]).toEqual([201, 'true']);
  expect(await invoicesCount()).toBe(1);
  expect((await loggedFaults())[0]).toEqual(['drop-after', null]);
});

test('fault-after: an error is answered although it happened', async () => {
  await arm({ match: { operation: 'create' }, effect: 'fault-after', params: { status: 502 } });
  expect((await create()).status).toBe(502);
  expect(await invoicesCount()).toBe(1);
  expect((await create()).status).toBe(201);
  expect(await world.mutations()).toHaveLength(1);
});

test('commit-late: the reply fails, and it happens afterwards, dated when it does', async () => {
  await arm({ match: { operation: 'create' }, effect: 'commit-late', params: { delayMs: 200 } });
  const askedAt = Date.now();
  await expect(create()).rejects.toThrow();
  expect(await invoicesCount()).toBe(0);
  expect((await create()).body['type']).toBe('/problems/key-in-use');

  await until('the late commit', async () => (await invoicesCount()) === 1);
  const { body } = await world.get('/invoices/inv_1');
  expect(Date.parse(String(body['updatedAt'])) - askedAt).toBeGreaterThanOrEqual(199);
  expect((await create()).headers.get('idempotency-replayed')).toBe('true');
});

test('commit-late can answer an error first', async () => {
  const params = { delayMs: 50, status: 504 };
  await arm({ match: { operation: 'create' }, effect: 'commit-late', params });
  expect((await create()).status).toBe(504);
  await until('the late commit', async () => (await invoicesCount()) === 1);
});

test.each([
  [503, {}, '1'],
  [429, { retryAfter: 7 }, '7'],
  [500, {}, null],
])('status %i: an error is answered and nothing happened', async (status, more, retryAfter) => {
  await arm({ match: { operation: 'create' }, effect: 'status', params: { status, ...more } });

  const reply = await create();

  expect([reply.status, reply.headers.get('retry-after')]).toEqual([status, retryAfter]);
  expect(reply.headers.get('content-type')).toContain('application/problem+json');
  expect(await invoicesCount()).toBe(0);
  expect((await loggedFaults())[0]).toEqual(['status', status]);
});

test.each([
  ['html', 'text/html', '<h1>502'],
  ['xml', 'application/xml', '<status>502</status>'],
])('an error can come as %s, as from a proxy', async (body, contentType, text) => {
  await arm({ effect: 'status', params: { status: 502, body } });
  const response = await fetch(`${world.url}/invoices`, {
    headers: { authorization: 'Bearer simulator-invoicing-token' },
  });
  expect([response.status, response.headers.get('content-type')]).toEqual([502, contentType]);
  expect(await response.text()).toContain(text);
});

test('latency: the answer is late and right', async () => {
  await arm({ match: { operation: 'read' }, effect: 'latency', params: { ms: 120 } });
  const { id } = await world.newInvoice();
  const startMs = performance.now();
  expect((await world.get(`/invoices/${id}`)).status).toBe(200);
  expect(performance.now() - startMs).toBeGreaterThan(110);
});

test('stale: the version is said to have moved, once', async () => {
  await world.control('PUT', 'faults', {
    rules: [{ match: { operation: 'update' }, effect: 'stale' }],
  });
  const { id } = await world.newInvoice();
  const edit = () => world.patch(`/invoices/${id}`, { customerMemo: 'x' }, '"1"', { key: 'k2' });
  expect([(await edit()).status, (await edit()).status]).toEqual([412, 200]);
});

test('requestid-ignored: the key protects from nothing', async () => {
  await arm({ match: { operation: 'create' }, effect: 'requestid-ignored', times: 2 });
  await create();
  await create();
  expect(await invoicesCount()).toBe(2);
});

test.each([
  ['GET', '/invoices/inv_1', 'read', 'invoice'],
  ['GET', '/invoices', 'query', 'invoice'],
  ['POST', '/invoices', 'create', 'invoice'],
  ['PATCH', '/invoices/inv_1', 'update', 'invoice'],
  ['POST', '/invoices/inv_1/void', 'void', 'invoice'],
  ['POST', '/invoices/inv_1/payments', 'create', 'payment'],
  ['GET', '/payments/pay_1', 'read', 'payment'],
  ['PATCH', '/payments/pay_1', 'update', 'payment'],
  ['DELETE', '/payments/pay_1', 'delete', 'payment'],
  ['GET', '/customers', 'query', 'customer'],
  ['GET', '/items', 'query', 'item'],
  ['GET', '/tax-codes', 'query', 'taxCode'],
  ['GET', '/terms', 'query', 'term'],
  ['GET', '/payment-methods', 'query', 'paymentMethod'],
  ['POST', '/customers', 'create', 'customer'],
  ['POST', '/items', 'create', 'item'],
])('%s %s can be singled out as %s %s', async (method, path, operation, entity) => {
  await arm({ match: { operation, entity }, effect: 'status', params: { status: 599 } });
  const body = method === 'GET' || method === 'DELETE' ? {} : { body: {} };
  expect((await world.send(method, path, body)).status).toBe(599);
});

test('a caller without a token meets no fault', async () => {
  await arm({ effect: 'status' });
  const reply = await world.send('GET', '/invoices', { headers: { authorization: 'none' } });
  expect(reply.status).toBe(401);
  expect((await world.get('/invoices')).status).toBe(503);
});

test('rules can be read back, and no rules is no faults', async () => {
  await arm({ effect: 'status' });
  expect((await world.control('GET', 'faults')).list('rules')).toMatchObject([
    { effect: 'status' },
  ]);
  await world.control('PUT', 'faults', { rules: [] });
  expect((await world.get('/invoices')).status).toBe(200);
});
