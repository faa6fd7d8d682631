import { afterEach, beforeEach, expect, test } from 'vitest';
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
afterEach(() => simulator.close());

const unlimited = {
  perMinute: null,
  perSecond: null,
  concurrent: null,
  batchPerMinute: null,
  realmBatchPerMinute: null,
  combinedPerMinute: null,
  emailsPerDay: null,
  monthlyReads: null,
};
beforeEach(async () => {
  simulator = await startSimulator({ limits: 'intuit' });
  await simulator.control('PUT', '/limits', unlimited);
});

const read = () => simulator.get('/customer/1');
const advance = (ms: number) => simulator.control('PUT', '/clock', { advanceMs: ms });

async function statuses(
  count: number,
  ask: () => ReturnType<typeof read> = read,
): Promise<number[]> {
  const seen: number[] = [];
  for (let number = 0; number < count; number += 1) seen.push((await ask()).status);
  return seen;
}

test('Intuit’s numbers hold from the start when they are asked for', async () => {
  const fresh = await startSimulator({ limits: 'intuit' });
  const shown = await fresh.control('GET', '/limits');
  await fresh.close();
  expect(shown).toMatchObject({
    perMinute: 500,
    perSecond: 10,
    concurrent: 10,
    batchPerMinute: 40,
    realmBatchPerMinute: 120,
    combinedPerMinute: 800,
    emailsPerDay: 40,
    monthlyReads: 500_000,
  });
});

test('one call too many in a minute is 429 in XML even though JSON was asked for', async () => {
  await simulator.control('PUT', '/limits', { perMinute: 3 });
  expect(await statuses(3)).toEqual([200, 200, 200]);
  const seen = await read();
  expect([seen.status, seen.headers.get('content-type'), seen.headers.get('retry-after')]).toEqual([
    429,
    'application/xml',
    null,
  ]);
  expect(seen.text).toContain(
    '<Fault type="SERVICE"><Error code="3001"><Message>message=ThrottleExceeded; errorCode=003001; statusCode=429</Message><Detail>The request limit was reached.  Try again later</Detail></Error></Fault>',
  );
  await advance(60_000);
  expect(await statuses(1)).toEqual([200]);
});

test('the 429 may also be the lower-case envelope, with Retry-After', async () => {
  await simulator.control('PUT', '/limits', { perSecond: 1 });
  await simulator.control('PUT', '/behaviour', { throttleBody: 'json', throttleRetryAfter: 30 });
  await read();
  const seen = await read();
  expect([at(seen.body, 'fault', 'error', 0, 'code'), seen.headers.get('retry-after')]).toEqual([
    '3001',
    '30',
  ]);
});

test('batches have a limit of their own, writes are not metered, reads are blocked to the end of the month', async () => {
  await simulator.control('PUT', '/clock', { now: '2026-11-20T12:00:00Z' });
  const { accessToken } = await simulator.connect();
  const ask = (method: string, path: string, body?: unknown) =>
    simulator.company(method, path, body, { authorization: `Bearer ${accessToken}` });
  await simulator.control('PUT', '/limits', { batchPerMinute: 1, monthlyReads: 2 });
  const batch = () =>
    ask('POST', '/batch', { BatchItemRequest: [{ bId: '1', Query: 'select count(*) from Term' }] });
  expect(await statuses(2, batch)).toEqual([200, 429]);

  const get = () => ask('GET', '/customer/1');
  expect(await statuses(3, get)).toEqual([200, 200, 429]);
  const invoice = { CustomerRef: { value: '1' }, Line: [saleLine(1)] };
  expect((await ask('POST', '/invoice', invoice)).status).toBe(200);

  await simulator.control('PUT', '/clock', { now: '2026-12-01T00:00:00Z' });
  const later = await simulator.connect();
  const again = await simulator.company('GET', '/customer/1', undefined, {
    authorization: `Bearer ${later.accessToken}`,
  });
  expect(again.status).toBe(200);
});

test('a realm has a limit of batches over all apps, next to that of each app', async () => {
  const batch = () =>
    simulator.post('/batch', { BatchItemRequest: [{ bId: '1', Query: 'select * from Term' }] });
  await simulator.control('PUT', '/limits', { batchPerMinute: 3, realmBatchPerMinute: 2 });
  expect(await statuses(3, batch)).toEqual([200, 200, 429]);
  expect(await statuses(1)).toEqual([200]);
  await advance(60_000);
  expect(await statuses(1, batch)).toEqual([200]);
});

test('calls to all endpoints together have a limit, the profile of the user included', async () => {
  await simulator.control('PUT', '/limits', { combinedPerMinute: 3, perMinute: 2 });
  const profile = () =>
    call(`${simulator.url}/v1/openid_connect/userinfo`, {
      headers: { authorization: `Bearer ${simulator.accessToken}` },
    });
  expect(await statuses(3)).toEqual([200, 200, 429]);
  expect(await statuses(2, profile)).toEqual([200, 429]);
  await advance(60_000);
  expect(await statuses(1, profile)).toEqual([200]);
});

test('a realm may send so many e-mails a day; people in QuickBooks are not counted', async () => {
  await simulator.control('PUT', '/clock', { now: '2026-11-20T12:00:00Z' });
  await simulator.control('PUT', '/limits', { emailsPerDay: 2 });
  const { accessToken } = await simulator.connect();
  const ask = (path: string, body: unknown) =>
    simulator.company('POST', path, body, { authorization: `Bearer ${accessToken}` });
  const made = await ask('/invoice', { CustomerRef: { value: '1' }, Line: [saleLine(1)] });
  const id = idOf(objectIn(made.body, 'Invoice'));
  const send = () => ask(`/invoice/${id}/send?sendTo=a@example.com`, '');

  await simulator.human({ action: 'send', id, to: 'b@example.com' });
  expect(await statuses(3, send)).toEqual([200, 200, 429]);
  await simulator.control('PUT', '/clock', { now: '2026-11-21T08:00:00Z' });
  const nextDay = await simulator.connect();
  const again = await simulator.company('POST', `/invoice/${id}/send?sendTo=a@example.com`, '', {
    authorization: `Bearer ${nextDay.accessToken}`,
  });
  expect(again.status).toBe(200);
});

test('more calls at once than allowed are refused', async () => {
  await simulator.control('PUT', '/limits', { concurrent: 2 });
  await simulator.control('PUT', '/faults', {
    rules: [{ match: { operation: 'read' }, effect: 'latency', params: { ms: 200 } }],
  });
  const seen = await Promise.all([read(), read(), read()]);
  expect(seen.filter((answer) => answer.status === 429)).toHaveLength(1);
});

test.each([
  ['lapsed', 400, '6190'],
  ['locked', 400, '140'],
  ['maintenance', 400, '150'],
  ['access-lost', 403, '120'],
  ['reset', 400, '10200'],
])('a company that is %s answers everything with its code', async (companyStatus, status, code) => {
  await simulator.control('PUT', '/behaviour', { companyStatus });
  const seen = await read();
  expect([seen.status, codeOf(seen)]).toEqual([status, code]);
});

test('faults may come under HTTP 200', async () => {
  await simulator.control('PUT', '/behaviour', { faultsAsOk: true });
  const seen = await simulator.get('/customer/999');
  expect([seen.status, codeOf(seen)]).toEqual([200, '610']);
});
