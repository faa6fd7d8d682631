import { createHmac } from 'node:crypto';
import { afterEach, beforeEach, expect, test } from 'vitest';
import {
  at,
  demoRealm,
  idOf,
  listIn,
  objectIn,
  saleLine,
  startSimulator,
  type Running,
} from './running-simulator.ts';
import { WebhookEndpoint } from './webhook-endpoint.ts';

let simulator: Running;
let endpoint: WebhookEndpoint;
beforeEach(async () => {
  simulator = await startSimulator();
  endpoint = new WebhookEndpoint();
  await simulator.control('PUT', '/webhooks', { url: await endpoint.listen(), retryScale: 0 });
});
afterEach(async () => {
  await simulator.close();
  endpoint.close();
});

async function invoice(): Promise<string> {
  const seen = await simulator.post('/invoice', {
    CustomerRef: { value: '1' },
    Line: [saleLine(5)],
  });
  return idOf(objectIn(seen.body, 'Invoice'));
}

const arrived = (count: number) =>
  expect.poll(() => endpoint.events.length, { timeout: 25_000 }).toBe(count);

test('a change of our own comes back as a signed CloudEvent without contents', async () => {
  const id = await invoice();
  await arrived(1);
  const [delivery] = endpoint.received;
  expect(delivery?.events[0]).toEqual({
    specversion: '1.0',
    id: expect.stringMatching(/^[0-9a-f-]{36}$/),
    source: expect.stringMatching(/^intuit\..+=$/),
    type: 'qbo.invoice.created.v1',
    datacontenttype: 'application/json',
    time: expect.stringMatching(/^\d{4}-.*\.\d{9}Z$/),
    intuitentityid: id,
    intuitaccountid: demoRealm,
    data: {},
  });
  const expected = createHmac('sha256', 'simulator-verifier')
    .update(delivery?.body ?? '')
    .digest('base64');
  expect(delivery?.signature).toBe(expected);
});

test('every operation has its name, and a payment also tells of its invoice', async () => {
  const id = await invoice();
  await simulator.human({ action: 'edit', entity: 'Invoice', id, set: { PrivateNote: 'x' } });
  await simulator.human({ action: 'pay', invoices: [{ id, amount: 1 }] });
  await simulator.human({ action: 'send', id, to: 'a@example.com' });
  await simulator.human({ action: 'void', entity: 'Invoice', id });
  await simulator.human({ action: 'delete', entity: 'Invoice', id });
  await simulator.human({ action: 'merge', from: '2', into: '1' });
  await expect
    .poll(() => endpoint.types.at(-1), { timeout: 25_000 })
    .toBe('qbo.customer.merged.v1');
  expect(endpoint.types.filter((type) => String(type).includes('invoice'))).toEqual([
    'qbo.invoice.created.v1',
    'qbo.invoice.updated.v1',
    'qbo.invoice.updated.v1',
    'qbo.invoice.emailed.v1',
    'qbo.invoice.voided.v1',
    'qbo.invoice.deleted.v1',
  ]);
  expect(endpoint.types).toContain('qbo.payment.created.v1');
});

test('voided may be spelt void, and events of derived changes are a matter of the knob', async () => {
  await simulator.control('PUT', '/behaviour', { voidEventName: 'void', derivedEvents: 'none' });
  const id = await invoice();
  await simulator.human({ action: 'pay', invoices: [{ id, amount: 1 }] });
  await simulator.human({ action: 'void', entity: 'Invoice', id });
  await arrived(3);
  expect(endpoint.types).toEqual([
    'qbo.invoice.created.v1',
    'qbo.payment.created.v1',
    'qbo.invoice.void.v1',
  ]);
});

test('an update that changes nothing tells nobody, unless the knob says so', async () => {
  const id = await invoice();
  const nothing = () => simulator.post('/invoice', { Id: id, SyncToken: '0', sparse: true });
  await nothing();
  await simulator.control('PUT', '/behaviour', { noopEvents: true });
  await nothing();
  await arrived(2);
  expect(endpoint.types).toEqual(['qbo.invoice.created.v1', 'qbo.invoice.updated.v1']);
});

test('the legacy format still exists', async () => {
  await simulator.control('PUT', '/webhooks', { format: 'legacy' });
  await simulator.human({ action: 'merge', from: '2', into: '1' });
  await expect.poll(() => endpoint.received.length, { timeout: 25_000 }).toBe(1);
  const body: unknown = JSON.parse(endpoint.received[0]?.body ?? '{}');
  expect(at(body, 'eventNotifications', 0, 'realmId')).toBe(demoRealm);
  expect(at(body, 'eventNotifications', 0, 'dataChangeEvent', 'entities', 0)).toMatchObject({
    name: 'Customer',
    id: '1',
    operation: 'Merge',
    deletedId: '2',
  });
});

test('the earliest delivery that is not acknowledged holds back all later ones', async () => {
  let isPoisoned = true;
  endpoint.status = () => (isPoisoned ? 500 : 200);
  const first = await invoice();
  const second = await invoice();
  await expect.poll(() => endpoint.received.length, { timeout: 25_000 }).toBeGreaterThan(4);
  expect(new Set(endpoint.events.map((event) => event['intuitentityid']))).toEqual(
    new Set([first]),
  );

  isPoisoned = false;
  await expect
    .poll(() => endpoint.events.at(-1)?.['intuitentityid'], { timeout: 25_000 })
    .toBe(second);
});

test('deliveries get lost, come twice, late, and again on demand', async () => {
  await simulator.control('PUT', '/webhooks', { drop: 1 });
  await invoice();
  await simulator.control('PUT', '/webhooks', { drop: 0, duplicate: 1 });
  await invoice();
  await arrived(2);
  expect(new Set(endpoint.events.map((event) => event['id'])).size).toBe(1);

  await simulator.control('PUT', '/webhooks', { duplicate: 0 });
  expect(await simulator.control('POST', '/webhooks/redeliver', { after: 0 })).toEqual({
    events: 2,
  });
  await arrived(4);
  expect(await simulator.control('POST', '/webhooks/redeliver', { after: 1 })).toEqual({
    events: 1,
  });
});

test('nothing is sent for a realm that is not connected; several realms may share a delivery', async () => {
  const second = '9130000000000002';
  const act = () =>
    simulator.control('POST', `/realms/${second}/human`, {
      action: 'deactivate',
      entity: 'Item',
      id: '3',
    });
  await act();
  await invoice();
  await arrived(1);
  expect(endpoint.events[0]).toMatchObject({ intuitaccountid: demoRealm });

  await simulator.connect(second);
  await simulator.control('PUT', '/behaviour', { mixedRealms: true });
  await Promise.all([
    simulator.control('POST', `/realms/${second}/human`, {
      action: 'deactivate',
      entity: 'Item',
      id: '4',
    }),
    simulator.human({ action: 'deactivate', entity: 'Item', id: '4' }),
  ]);
  await simulator.control('POST', '/webhooks/redeliver', { after: 0 });
  await expect
    .poll(
      () =>
        endpoint.received.some(
          ({ events }) => new Set(events.map((event) => event['intuitaccountid'])).size === 2,
        ),
      { timeout: 25_000 },
    )
    .toBe(true);
});

test('the listener survives a reset, its knobs do not', async () => {
  await simulator.control('PUT', '/webhooks', { drop: 1 });
  await simulator.control('POST', '/reset', {});
  await invoice();
  await arrived(1);
  expect(listIn(await simulator.control('GET', '/realms'), 'realms')).toMatchObject([
    { connected: true },
    { connected: false },
  ]);
});
