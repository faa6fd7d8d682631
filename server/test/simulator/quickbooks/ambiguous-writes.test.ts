import { afterAll, beforeEach, expect, test } from 'vitest';
import type { JsonObject } from '../../../simulator/quickbooks/json.ts';
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

const simulator: Running = await startSimulator();
afterAll(() => simulator.close());
beforeEach(async () => {
  await simulator.control('POST', '/reset', {});
});

const body = { CustomerRef: { value: '1' }, Line: [saleLine(10)] };
const create = (requestId?: string, fields: JsonObject = {}) =>
  simulator.post(`/invoice${requestId === undefined ? '' : `?requestid=${requestId}`}`, {
    ...body,
    ...fields,
  });
const rule = (
  effect: string,
  params: JsonObject = {},
  match: JsonObject = { operation: 'create' },
) => simulator.control('PUT', '/faults', { rules: [{ match, effect, params, times: 1 }] });
const count = async (): Promise<number> => (await simulator.mutations()).length;

test('a repeated requestid is answered from memory and not carried out', async () => {
  const first = await create('r1');
  const second = await create('r1');
  expect(second.text).toBe(first.text);
  expect(await simulator.mutations()).toMatchObject([
    { seq: 1, operation: 'create', requestId: 'r1', actor: 'api', syncToken: '0' },
  ]);
});

test('a requestid counts per realm', async () => {
  await create('r1');
  const other = '9130000000000002';
  const { accessToken } = await simulator.connect(other);
  const response = await fetch(`${simulator.url}/v3/company/${other}/invoice?requestid=r1`, {
    method: 'POST',
    headers: { authorization: `Bearer ${accessToken}` },
    body: JSON.stringify(body),
  });
  expect(response.status).toBe(200);
  expect(await simulator.control('GET', `/realms/${other}/mutations`)).toMatchObject({
    mutations: [{ seq: 1 }],
  });
});

test.each([
  ['ignore', 200, 2],
  ['reject', 400, 1],
])('with requestid %s a repeat is answered %i', async (requestid, status, mutations) => {
  await simulator.control('PUT', '/behaviour', { requestid });
  await create('r1');
  const second = await create('r1');
  expect([second.status, await count()]).toEqual([status, mutations]);
  if (status === 400) expect(codeOf(second)).toBe('600');
});

test('a requestid is forgotten after its retention, by the virtual clock', async () => {
  await simulator.control('PUT', '/behaviour', { requestidRetentionSeconds: 60 });
  await create('r1');
  await simulator.control('PUT', '/clock', { advanceMs: 61_000 });
  await create('r1');
  expect(await count()).toBe(2);
});

test.each([
  ['replay', 200, 1],
  ['reject', 400, 1],
  ['execute', 200, 2],
])('another body under the same requestid: %s', async (requestidOtherBody, status, mutations) => {
  await simulator.control('PUT', '/behaviour', { requestidOtherBody });
  await create('r1');
  const second = await create('r1', { PrivateNote: 'other' });
  expect([second.status, await count()]).toEqual([status, mutations]);
});

test('a fault is carried out again unless faults are replayed', async () => {
  const wrong = { CustomerRef: { value: '999' } };
  expect((await create('r1', wrong)).status).toBe(400);
  expect((await create('r1')).status).toBe(200);

  await simulator.control('PUT', '/behaviour', { replayFaults: true });
  expect((await create('r2', wrong)).status).toBe(400);
  expect((await create('r2')).status).toBe(400);
});

test('a replay shows the answer of then, or the object of now', async () => {
  const { body: answer } = await create('r1');
  const id = idOf(objectIn(answer, 'Invoice'));
  await simulator.human({ action: 'edit', entity: 'Invoice', id, set: { PrivateNote: 'later' } });
  expect(at((await create('r1')).body, 'Invoice', 'SyncToken')).toBe('0');
  await simulator.control('PUT', '/behaviour', { requestidReplayShows: 'current' });
  expect(at((await create('r1')).body, 'Invoice', 'SyncToken')).toBe('1');
});

test.each([
  ['r'.repeat(51), '2130'],
  ['', '2130'],
])('a requestid of a wrong length is refused', async (requestId, code) => {
  expect(codeOf(await create(requestId))).toBe(code);
});

test('drop-before never reaches the books, drop-after has reached them', async () => {
  await rule('drop-before');
  await expect(create('r1')).rejects.toThrow(/fetch failed/);
  expect(await count()).toBe(0);

  await rule('drop-after');
  await expect(create('r1')).rejects.toThrow(/fetch failed/);
  expect(await count()).toBe(1);
  expect((await create('r1')).status).toBe(200);
  expect(await count()).toBe(1);

  const { requests } = await simulator.control('GET', '/realms/9130000000000001/requests');
  expect(requests).toMatchObject([
    { fault: 'drop-before', status: null, requestId: 'r1' },
    { fault: 'drop-after', status: null },
    { fault: null, status: 200 },
  ]);
});

test('fault-after commits and then answers with an error', async () => {
  await rule('fault-after', { status: 400, code: '6000' });
  const seen = await create('r1');
  expect([seen.status, codeOf(seen), await count()]).toEqual([400, '6000', 1]);
});

test('commit-late: the reply is lost, the invoice comes afterwards', async () => {
  await rule('commit-late', { delayMs: 150 });
  await expect(create('r1')).rejects.toThrow(/fetch failed/);
  expect(await count()).toBe(0);
  await expect.poll(count, { timeout: 25_000 }).toBe(1);
});

test('a second copy waits for the first, is refused, or is carried out, as the knob says', async () => {
  for (const [requestidInFlight, status, mutations] of [
    ['wait', 200, 1],
    ['reject', 400, 1],
  ] as const) {
    await simulator.control('POST', '/reset', {});
    await simulator.control('PUT', '/behaviour', { requestidInFlight });
    await rule('latency', { ms: 200 });
    const first = create('r1');
    await expect
      .poll(() =>
        simulator
          .control('GET', '/realms/9130000000000001/requests')
          .then(({ requests }) => listIn({ requests }, 'requests').length),
      )
      .toBe(1);
    const second = await create('r1');
    expect((await first).status).toBe(200);
    expect([second.status, await count()]).toEqual([status, mutations]);
  }
});

test('status and stale answer with errors and leave the books alone', async () => {
  await rule('status', { status: 503, retryAfter: 7 });
  const busy = await create();
  expect([busy.status, busy.headers.get('retry-after'), codeOf(busy)]).toEqual([503, '7', '10000']);

  await rule('status', { status: 502 });
  const proxy = await create();
  expect([proxy.status, proxy.headers.get('content-type')]).toEqual([502, 'text/html']);

  await rule('status', { status: 500, body: 'xml', code: '10000' });
  expect((await create()).text).toMatch(/^<\?xml.*<Fault type="SystemFault"><Error code="10000"/);

  await rule('stale');
  expect(codeOf(await create())).toBe('5010');
  expect(await count()).toBe(0);
});

test('requestid-ignored makes one repeat a duplicate', async () => {
  await create('r1');
  await rule('requestid-ignored');
  await create('r1');
  await create('r1');
  expect(await count()).toBe(2);
});

test('a rule may wait for the nth request and name an entity', async () => {
  await simulator.control('PUT', '/faults', {
    rules: [{ match: { operation: 'create', entity: 'invoice', nth: 2 }, effect: 'status' }],
  });
  const statuses = [await create(), await create(), await create()].map((seen) => seen.status);
  expect(statuses).toEqual([200, 503, 200]);
});

test('node-quickbooks deletes the requestid from the object it was given, so a repeat of it has none', async () => {
  const { ask } = simulator.client();
  const invoice = { ...body, requestId: 'r1' };
  await ask('createInvoice', invoice);
  await ask('createInvoice', invoice);
  expect(invoice).not.toHaveProperty('requestId');
  expect(await simulator.mutations()).toMatchObject([{ requestId: 'r1' }, { requestId: null }]);
});

test('node-quickbooks void and delete by id read first and so win over a person who was faster', async () => {
  const { ask } = simulator.client();
  const created = await ask('createInvoice', body);
  await simulator.human({
    action: 'edit',
    entity: 'Invoice',
    id: idOf(created),
    set: { PrivateNote: 'mine' },
  });
  await ask('voidInvoice', idOf(created));
  expect(
    (await simulator.mutations()).map((mutation) => [mutation['operation'], mutation['actor']]),
  ).toEqual([
    ['create', 'api'],
    ['update', 'human'],
    ['void', 'api'],
  ]);
});
