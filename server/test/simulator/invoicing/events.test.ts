import { beforeEach, expect, test } from 'vitest';
import { until } from '../control/until.ts';
import { listenForEvents, plainInvoice, smallCompany, startWorld, type World } from './world.ts';

let world: World;
beforeEach(async () => {
  world = await startWorld({}, smallCompany);
});

const listenTo = (world: World, url: string, knobs: object = {}) =>
  world.control('PUT', 'webhooks', { url, ...knobs });

test('every kind of change is told, signed, whoever made it', async () => {
  const listener = await listenForEvents();
  await listenTo(world, listener.url);

  await world.post('/invoices', plainInvoice);
  await world.patch('/invoices/inv_1', { customerMemo: 'x' }, '"1"');
  await world.human({ action: 'edit', id: 'inv_1', set: { customerMemo: 'y' } });
  await world.human({ action: 'pay', id: 'inv_1', amount: '8' });
  await world.patch('/payments/pay_1', { amount: '9' }, '"1"');
  await world.send('DELETE', '/payments/pay_1', { ifMatch: '"2"' });
  await world.post('/invoices/inv_1/void', undefined, { ifMatch: '"6"' });
  await world.human({ action: 'delete', id: 'inv_1' });

  const events = await listener.received(8);
  const told = events.map(({ type, data }) => [type, data]);
  const payment = { invoiceId: 'inv_1', paymentId: 'pay_1' };
  // Deliveries are made side by side, so their order is not promised.
  expect(new Set(told.map((one) => JSON.stringify(one)))).toEqual(
    new Set(
      [
        ['invoice.created', { invoiceId: 'inv_1', version: '1' }],
        ['invoice.updated', { invoiceId: 'inv_1', version: '2' }],
        ['invoice.updated', { invoiceId: 'inv_1', version: '3' }],
        ['payment.recorded', { ...payment, version: '4' }],
        ['payment.updated', { ...payment, version: '5' }],
        ['payment.deleted', { ...payment, version: '6' }],
        ['invoice.voided', { invoiceId: 'inv_1', version: '7' }],
        ['invoice.deleted', { invoiceId: 'inv_1', version: '8' }],
      ].map((one) => JSON.stringify(one)),
    ),
  );
  expect(new Set(events.map(({ webhookId }) => webhookId)).size).toBe(8);
});

test('the event says when by the simulator’s time and never the state itself', async () => {
  const listener = await listenForEvents();
  await listenTo(world, listener.url);
  const { updatedAt } = await world.newInvoice();

  const [event] = await listener.received(1);
  expect(event).toEqual({
    type: 'invoice.created',
    timestamp: updatedAt,
    data: { invoiceId: 'inv_1', version: '1' },
    webhookId: expect.stringMatching(/^msg_[\da-f-]{36}$/),
  });
});

test('what changes nothing, or only master data, is not told', async () => {
  const listener = await listenForEvents();
  await listenTo(world, listener.url);
  await world.post('/customers', { displayName: 'Initech' });
  await world.newInvoice();
  await world.patch('/invoices/inv_1', {}, '"1"');
  await world.patch('/invoices/inv_1', { total: '1' }, '"1"');
  await world.newInvoice();

  const events = await listener.received(2);
  expect(events.map(({ type }) => type)).toEqual(['invoice.created', 'invoice.created']);
});

test('a delivery that is not acknowledged comes again under the same id', async () => {
  const listener = await listenForEvents([503, 500]);
  await listenTo(world, listener.url, { retryScale: 0 });
  await world.newInvoice();

  const events = await listener.received(3);
  expect(new Set(events.map(({ webhookId }) => webhookId)).size).toBe(1);
  const counts = await until('the acknowledgement', async () => {
    const state = await world.control('GET', 'webhooks');
    return (
      JSON.stringify(state.body['counts']).includes('"acknowledged":1') && state.body['counts']
    );
  });
  expect(counts).toMatchObject({ failedAttempts: 2, givenUp: 0 });
});

test('duplicates carry the same id, drops are counted', async () => {
  const listener = await listenForEvents();
  await listenTo(world, listener.url, { duplicate: 2 });
  await world.newInvoice();
  const events = await listener.received(3);
  expect(new Set(events.map(({ webhookId }) => webhookId)).size).toBe(1);

  await listenTo(world, listener.url, { drop: 1, duplicate: 0 });
  await world.newInvoice();
  const state = await world.control('GET', 'webhooks');
  expect(state.body['counts']).toMatchObject({ dropped: 1 });
});

test('another secret signs the next deliveries and is never shown', async () => {
  const rotated = `whsec_${Buffer.from('another-secret-of-24-byt').toString('base64')}`;
  const listener = await listenForEvents([], rotated);
  const reply = await listenTo(world, listener.url, { secret: rotated });
  await world.newInvoice();

  await listener.received(1);
  expect(JSON.stringify(reply.body)).not.toContain(rotated.slice(6));
});

test('webhooks are signed with the machine’s time even when the simulator’s is elsewhere', async () => {
  const listener = await listenForEvents();
  await listenTo(world, listener.url);
  await world.control('PUT', 'clock', { advanceMs: 30 * 86_400_000 });
  await world.newInvoice();
  await listener.received(1); // verifying would have failed on a timestamp 30 days ahead
});

test('without a listener nothing is sent; null stops the sending', async () => {
  const listener = await listenForEvents();
  await listenTo(world, listener.url);
  await world.control('PUT', 'webhooks', { url: null });
  await world.newInvoice();
  await listenTo(world, listener.url);
  await world.newInvoice();

  const events = await listener.received(1);
  expect(events.map(({ data }) => data['invoiceId'])).toEqual(['inv_2']);
});

test.each([
  [{ url: 'nowhere' }, 'url'],
  [{ drop: 2 }, 'drop'],
  [{ secret: 'not base64!' }, 'secret'],
  [{ colour: 'red' }, 'colour'],
])('knobs that do not exist are refused by name: %j', async (body, path) => {
  const reply = await world.control('PUT', 'webhooks', body);
  expect([reply.status, reply.errorPaths()]).toEqual([422, [path]]);
});
