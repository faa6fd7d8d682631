import { afterEach, expect, test } from 'vitest';
import { toVersion } from '#core/brand.ts';
import { createInvoicingSystem } from '../../../src/adapters/invoicing-http/invoicing-system.ts';
import { json, listen, realClock, type Listener } from '../quickbooks/doubles.ts';

const open: Listener[] = [];
afterEach(async () => {
  await Promise.all(open.splice(0).map((listener) => listener.close()));
});

const limits = { deadlineMs: 5_000 };

async function systemBefore(reply: Parameters<typeof listen>[0]) {
  const listener = await listen(reply);
  open.push(listener);
  const system = createInvoicingSystem({
    baseUrl: `${listener.url}/`,
    guard: null,
    token: 'the-token',
    clock: realClock,
  });
  return { system, listener };
}

test('a redirect is not followed, so that the token stays here', async () => {
  const { system, listener } = await systemBefore((_, response) => {
    response.writeHead(302, { location: '/elsewhere' });
    response.end();
  });

  expect(await system.readInvoice('inv_1', limits)).toMatchObject({
    failure: { kind: 'read-failed', httpStatus: 302 },
  });
  expect(listener.received).toHaveLength(1);
  expect(listener.received[0]?.authorization).toBe('Bearer the-token');
});

test('nobody there means nothing was sent', async () => {
  const { system, listener } = await systemBefore(() => undefined);
  await listener.close();

  expect(await system.readInvoice('inv_1', limits)).toMatchObject({
    failure: { kind: 'not-sent', cause: 'ECONNREFUSED' },
  });
});

test('no answer ends at the deadline', async () => {
  const { system } = await systemBefore(() => undefined);

  expect(await system.readInvoice('inv_1', { deadlineMs: 100 })).toMatchObject({
    failure: { kind: 'read-failed', cause: 'no answer within the deadline' },
  });
});

test('an answer that never ends does so too', async () => {
  const { system } = await systemBefore((_, response) => {
    response.writeHead(200, { 'content-type': 'application/json' });
    const timer = setInterval(() => response.write(' '), 20);
    response.on('close', () => clearInterval(timer));
  });

  expect(await system.readInvoice('inv_1', { deadlineMs: 200 })).toMatchObject({
    failure: { kind: 'read-failed' },
  });
});

test('problem details become the fault, with the field they name', async () => {
  const { system } = await systemBefore((_, response) =>
    json(response, 422, {
      type: '/problems/invalid-fields',
      title: 'Fields are not valid',
      errors: [{ path: 'lines[0].quantity', message: 'must be positive' }],
    }),
  );

  expect(await system.findByExternalRef('x', limits)).toMatchObject({
    failure: {
      kind: 'refused',
      fault: {
        code: '/problems/invalid-fields',
        message: 'Fields are not valid',
        detail: 'must be positive',
        element: 'lines[0].quantity',
      },
    },
  });
});

test('how long to wait is taken from the answer, else it is a minute', async () => {
  const waits: (string | undefined)[] = ['7', undefined];
  const { system } = await systemBefore((_, response) => {
    const retryAfter = waits.shift();
    response.writeHead(429, retryAfter === undefined ? {} : { 'retry-after': retryAfter });
    response.end();
  });

  expect(await system.readInvoice('inv_1', limits)).toMatchObject({
    failure: { kind: 'throttled', retryAfterMs: 7_000 },
  });
  expect(await system.readInvoice('inv_1', limits)).toMatchObject({
    failure: { kind: 'throttled', retryAfterMs: 60_000 },
  });
});

test('an invoice of unknown shape is our bug and says where; no JSON at all is not', async () => {
  const bodies = ['{"id":"inv_1","version":7}', '<html></html>'];
  const { system } = await systemBefore((_, response) => response.end(bodies.shift()));

  expect(await system.readInvoice('inv_1', limits)).toMatchObject({
    failure: {
      kind: 'refused',
      reason: 'MAPPING',
      fault: { detail: expect.stringMatching(/^version: /) },
    },
  });
  expect(await system.readInvoice('inv_1', limits)).toMatchObject({
    failure: { kind: 'read-failed', httpStatus: 200 },
  });
});

test('a list of records is followed page by page to its end', async () => {
  const pages: Readonly<Record<string, object>> = {
    '/customers': { customers: [{ id: 'cus_1', displayName: 'One' }], nextCursor: 'a/b' },
    '/customers?cursor=a%2Fb': {
      customers: [{ id: 'cus_2', displayName: 'Two', email: 'two@example.com' }],
      nextCursor: null,
    },
  };
  const { system } = await systemBefore((request, response) => {
    json(response, 200, pages[`${request.url.pathname}${request.url.search}`] ?? {});
  });

  expect(await system.listReferences('CUSTOMER', limits)).toEqual({
    ok: true,
    value: [
      { id: 'cus_1', name: 'One', active: true, detail: null },
      { id: 'cus_2', name: 'Two', active: true, detail: 'two@example.com' },
    ],
  });
});

test('a success that is no invoice leaves a write open: it may have been done', async () => {
  const { system } = await systemBefore((_, response) => json(response, 200, { ok: true }));

  const outcome = await system.write(
    {
      requestId: 'w',
      object: 'Invoice',
      operation: 'UPDATED',
      id: 'inv_1',
      restsOnVersion: toVersion('1'),
      body: '{}',
    },
    limits,
  );

  expect(outcome).toMatchObject({ failure: { kind: 'no-answer', httpStatus: 200 } });
});

test('a write still running there is looked for, not counted as refused', async () => {
  const { system, listener } = await systemBefore((_, response) => {
    response.writeHead(409, { 'content-type': 'application/problem+json', 'retry-after': '1' });
    response.end(JSON.stringify({ title: 'Still running' }));
  });
  const write = {
    requestId: 'w',
    object: 'Invoice',
    operation: 'VOIDED',
    id: 'inv/1',
    body: '{}',
  } as const;

  const outcome = await system.write({ ...write, restsOnVersion: toVersion('7') }, limits);

  expect(outcome).toMatchObject({ failure: { kind: 'no-answer' } });
  expect(listener.received).toHaveLength(1);
});

test.each([
  ['Customer', 405, 'MISSING_REFERENCE'],
  ['Item', 405, 'MISSING_REFERENCE'],
  ['Item', 404, 'MISSING_REFERENCE'],
  ['Invoice', 405, 'VALIDATION'],
] as const)(
  'a system that lets no %s be made (HTTP %i) says so',
  async (object, status, reason) => {
    const { system, listener } = await systemBefore((_, response) => {
      response.writeHead(status);
      response.end();
    });

    const outcome = await system.write(
      { requestId: 'w', object, operation: 'CREATED', body: '{}' },
      limits,
    );

    expect(outcome).toMatchObject({
      failure: { kind: 'refused', reason, fault: { code: 'MAKING_FORBIDDEN' } },
    });
    expect(listener.received).toHaveLength(1);
  },
);

test('a reference said to be taken, whatever the status, means that an earlier create may have arrived', async () => {
  const { system } = await systemBefore((_, response) =>
    json(response, 422, { title: 'No', errors: [{ path: 'externalRef', message: 'is taken' }] }),
  );

  const outcome = await system.write(
    { requestId: 'w', object: 'Invoice', operation: 'CREATED', body: '{}' },
    limits,
  );

  expect(outcome).toMatchObject({ failure: { kind: 'refused', mayHaveCommitted: true } });
});
