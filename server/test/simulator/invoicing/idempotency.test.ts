import { beforeEach, expect, test } from 'vitest';
import { until } from '../control/until.ts';
import { plainInvoice, smallCompany, startWorld, type World } from './world.ts';

let world: World;
beforeEach(async () => {
  world = await startWorld({}, smallCompany);
});

test('the same key again gives the first answer and changes nothing, whatever happened since', async () => {
  const first = await world.post('/invoices', plainInvoice, { key: 'k1' });
  await world.patch('/invoices/inv_1', { customerMemo: 'moved on' }, '"1"');

  const again = await world.post('/invoices', plainInvoice, { key: 'k1' });

  expect([again.status, again.body]).toEqual([201, first.body]);
  expect(again.headers.get('etag')).toBe('"1"');
  expect(again.headers.get('location')).toBe(first.headers.get('location'));
  expect(again.headers.get('idempotency-replayed')).toBe('true');
  expect(await world.mutations()).toHaveLength(2);
});

test('keys cover every write: patch, void, payments, customers, items', async () => {
  const writes: [string, string, unknown, string?][] = [
    ['POST', '/invoices', plainInvoice],
    ['PATCH', '/invoices/inv_1', { customerMemo: 'x' }, '"1"'],
    ['POST', '/invoices/inv_1/payments', { amount: '8' }],
    ['PATCH', '/payments/pay_1', { amount: '9' }, '"1"'],
    ['DELETE', '/payments/pay_1', undefined, '"2"'],
    ['POST', '/invoices/inv_1/void', undefined, '"5"'],
    ['POST', '/customers', { displayName: 'Initech' }],
    ['POST', '/items', { name: 'Cable' }],
  ];
  for (const [method, path, body, ifMatch] of writes) {
    const how = { body, key: `${method} ${path}`, ...(ifMatch === undefined ? {} : { ifMatch }) };
    const first = await world.send(method, path, how);
    const again = await world.send(method, path, how);
    expect([path, first.status < 300, again.status, again.body]).toEqual([
      path,
      true,
      first.status,
      first.body,
    ]);
  }
  expect(await world.mutations()).toHaveLength(writes.length);
});

test('the same key with another body, path or method is 409', async () => {
  await world.post('/invoices', plainInvoice, { key: 'k1' });

  const replies = [
    await world.post('/invoices', { ...plainInvoice, poNumber: 'x' }, { key: 'k1' }),
    await world.post('/invoices/inv_1/payments', { amount: '1' }, { key: 'k1' }),
    await world.patch('/invoices/inv_1', plainInvoice, '"1"', { key: 'k1' }),
  ];

  expect(replies.map(({ status, body }) => [status, body['type']])).toEqual([
    [409, '/problems/key-reused'],
    [409, '/problems/key-reused'],
    [409, '/problems/key-reused'],
  ]);
  expect(await world.mutations()).toHaveLength(1);
});

test('a body counts by what it says, not by the order of its keys', async () => {
  const { customer, issueDate, lines } = plainInvoice;
  await world.post('/invoices', { customer, issueDate, lines }, { key: 'k1' });
  const again = await world.post('/invoices', { lines, issueDate, customer }, { key: 'k1' });
  expect(again.status).toBe(201);
});

test('a repeat while the first still runs is 409 with Retry-After', async () => {
  await world.control('PUT', 'faults', {
    rules: [{ match: { nth: 1 }, effect: 'latency', params: { ms: 400 } }],
  });

  const first = world.post('/invoices', plainInvoice, { key: 'k1' });
  await until('the first to arrive', async () => {
    const requests = (await world.control('GET', 'requests')).list('requests');
    return requests.some(({ finishedAt }) => finishedAt === null);
  });
  const early = await world.post('/invoices', plainInvoice, { key: 'k1' });

  expect([early.status, early.body['type']]).toEqual([409, '/problems/key-in-use']);
  expect(early.headers.get('retry-after')).toBe('1');
  expect((await first).status).toBe(201);
  expect((await world.post('/invoices', plainInvoice, { key: 'k1' })).status).toBe(201);
  expect(await world.mutations()).toHaveLength(1);
});

test('every write needs a key, no read does', async () => {
  const { id } = await world.newInvoice();
  const writes = [
    await world.post('/invoices', plainInvoice, { key: null }),
    await world.patch(`/invoices/${id}`, {}, '"1"', { key: null }),
    await world.send('DELETE', '/payments/pay_1', { key: null, ifMatch: '"1"' }),
  ];
  expect(writes.map(({ status, body }) => [status, body['type']])).toEqual(
    writes.map(() => [400, '/problems/key-missing']),
  );
  expect((await world.get('/invoices')).status).toBe(200);
});

test('a refusal took no effect, so the same request is judged anew', async () => {
  const { id } = await world.newInvoice();
  const edit = { customerMemo: 'mine' };
  const stale = await world.patch(`/invoices/${id}`, edit, '"9"', { key: 'k1' });
  const fresh = await world.patch(`/invoices/${id}`, edit, '"1"', { key: 'k1' });
  expect([stale.status, fresh.status]).toEqual([412, 200]);
});

test('keys live for 30 days', async () => {
  const days = (count: number) => world.control('PUT', 'clock', { advanceMs: count * 86_400_000 });
  await world.post('/invoices', plainInvoice, { key: 'k1' });

  await days(29);
  await world.post('/invoices', plainInvoice, { key: 'k1' });
  expect(await world.mutations()).toHaveLength(1);

  await days(2);
  await world.post('/invoices', plainInvoice, { key: 'k1' });
  expect(await world.mutations()).toHaveLength(2);
});
