import { beforeEach, expect, test } from 'vitest';
import { smallCompany, startWorld, type World } from './world.ts';

let world: World;
let id: string;
beforeEach(async () => {
  world = await startWorld({}, smallCompany);
  id = (await world.newInvoice()).id; // total 108.00
});

const pay = (amount: string, more: object = {}) =>
  world.post(`/invoices/${id}/payments`, { amount, ...more });

test('a payment moves the invoice: version, amounts, status', async () => {
  const part = await pay('8', { date: '2026-11-21', method: 'ach', reference: 'W-17' });

  expect(part.status).toBe(201);
  expect(part.headers.get('etag')).toBe('"2"');
  expect(part.body['payment']).toEqual({
    id: 'pay_1',
    invoiceId: id,
    date: '2026-11-21',
    amount: '8.00',
    method: 'ach',
    reference: 'W-17',
    version: '1',
  });
  expect(part.body['invoice']).toMatchObject({
    version: '2',
    status: 'open',
    amountPaid: '8.00',
    balanceDue: '100.00',
    payments: [{ id: 'pay_1', amount: '8.00', version: '1' }],
  });

  const whole = await pay('100.00');
  expect(whole.body['invoice']).toMatchObject({
    version: '3',
    status: 'paid',
    amountPaid: '108.00',
    balanceDue: '0.00',
  });
});

test('a payment is read with its own ETag; one that never existed is 404, a deleted one 410', async () => {
  await pay('8');
  const read = await world.get('/payments/pay_1');
  expect([read.status, read.headers.get('etag')]).toEqual([200, '"1"']);
  expect(read.body).toMatchObject({ id: 'pay_1', invoiceId: id, amount: '8.00' });

  await world.send('DELETE', '/payments/pay_1', { ifMatch: '"1"' });
  expect((await world.get('/payments/pay_1')).status).toBe(410);
  expect((await world.get('/payments/pay_2')).status).toBe(404);
});

test('a changed payment moves its own version and the invoice’s', async () => {
  await pay('108');

  const reply = await world.patch('/payments/pay_1', { amount: '58', reference: 'R' }, '"1"');

  expect([reply.status, reply.headers.get('etag')]).toEqual([200, '"3"']);
  expect(reply.body['payment']).toMatchObject({ amount: '58.00', reference: 'R', version: '2' });
  expect(reply.body['invoice']).toMatchObject({
    version: '3',
    status: 'open',
    balanceDue: '50.00',
  });
});

test('a deleted payment frees the balance, and its id is not given again', async () => {
  await pay('108');

  const reply = await world.send('DELETE', '/payments/pay_1', { ifMatch: '"1"' });
  expect([reply.status, reply.headers.get('etag')]).toEqual([200, '"3"']);
  expect(reply.body['invoice']).toMatchObject({
    status: 'open',
    balanceDue: '108.00',
    payments: [],
  });

  expect((await pay('1')).body['payment']).toMatchObject({ id: 'pay_2' });
});

test('If-Match on a payment names the payment’s own version', async () => {
  await pay('8');
  expect((await world.patch('/payments/pay_1', { amount: '9' }, '"2"')).status).toBe(412);
  expect((await world.send('DELETE', '/payments/pay_1', { ifMatch: '"2"' })).status).toBe(412);
  expect((await world.send('DELETE', '/payments/pay_1')).status).toBe(428);
  expect((await world.patch('/payments/pay_1', { amount: '9' }, '"1"')).status).toBe(200);
});

test('a patch of a payment that changes nothing moves nothing', async () => {
  await pay('8');
  const reply = await world.patch('/payments/pay_1', { amount: '8.00' }, '"1"');
  expect([reply.status, reply.headers.get('etag')]).toEqual([200, '"2"']);
  expect(await world.mutations()).toHaveLength(2);
});

test.each([
  [{}, 'amount'],
  [{ amount: '0' }, 'amount'],
  [{ amount: '-5' }, 'amount'],
  [{ amount: 5 }, 'amount'],
  [{ amount: '1.005' }, 'amount'],
  [{ amount: '108.01' }, 'amount'],
  [{ amount: '1', method: 'barter' }, 'method'],
  [{ amount: '1', date: 'today' }, 'date'],
  [{ amount: '1', id: 'pay_7' }, 'id'],
  [{ amount: '1', version: '7' }, 'version'],
  [{ amount: '1', colour: 'red' }, 'colour'],
])('a payment that cannot be is 422 and names the field: %j', async (body, path) => {
  const reply = await world.post(`/invoices/${id}/payments`, body);
  expect([reply.status, reply.errorPaths()]).toEqual([422, [path]]);
  expect(await world.mutations()).toHaveLength(1);
});

test('a payment may grow up to what is due and no further', async () => {
  await pay('100');
  expect((await world.patch('/payments/pay_1', { amount: '108.01' }, '"1"')).status).toBe(422);
  expect((await world.patch('/payments/pay_1', { amount: '108.00' }, '"1"')).status).toBe(200);
});

test('an invoice cannot be edited below what is paid', async () => {
  await pay('100');
  const reply = await world.patch(`/invoices/${id}`, { lines: [{ amount: '99.99' }] }, '"2"');
  expect([reply.status, reply.errorPaths()]).toEqual([422, ['lines']]);
});

test('an edit of a paid invoice opens it again by the difference', async () => {
  await pay('108');
  const reply = await world.patch(`/invoices/${id}`, { lines: [{ amount: '110' }] }, '"2"');
  expect(reply.body).toMatchObject({ status: 'open', amountPaid: '108.00', balanceDue: '2.00' });
});

test('a void invoice takes no payment', async () => {
  await world.post(`/invoices/${id}/void`, undefined, { ifMatch: '"1"' });
  const reply = await pay('1');
  expect([reply.status, reply.body['type']]).toEqual([409, '/problems/void-forbids']);
});
