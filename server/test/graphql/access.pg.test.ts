import { createHash, randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { WebSocket } from 'ws';
import { startBridge, type Bridge } from './bridge.ts';
import { seedCompany, seedDeadLetter, seedInvoice, seedStreamEvent } from './seed.ts';

let bridge: Bridge;
let demo: Bridge;
let mine: string;
let theirs: string;
let theirInvoice: Awaited<ReturnType<typeof seedInvoice>>;
let theirDeadLetter: string;

async function makeKey(key: string, scopes: string[], companyIds: string[] | null): Promise<void> {
  await bridge.prisma.apiClient.create({
    data: {
      id: randomUUID(),
      displayName: key,
      scopes,
      companyIds: companyIds ?? [],
      allCompanies: companyIds === null,
      keyPrefix: key.slice(0, 10),
      keyHash: createHash('sha256').update(key).digest('hex'),
    },
  });
}

beforeAll(async () => {
  bridge = await startBridge();
  demo = await startBridge({ demo: true });
  mine = await seedCompany(bridge.prisma, 'Mine');
  theirs = await seedCompany(bridge.prisma, 'Theirs');
  await seedInvoice(bridge.prisma, mine, 1);
  theirInvoice = await seedInvoice(bridge.prisma, theirs, 2);
  theirDeadLetter = await seedDeadLetter(bridge.prisma, { companyId: theirs, ...theirInvoice });
  await seedStreamEvent(bridge.prisma, theirs, theirInvoice);
  await bridge.pool.query('UPDATE stream_event SET position = seq');
  await bridge.pool.query(
    'UPDATE stream_head SET position = (SELECT max(position) FROM stream_event)',
  );
  await makeKey('lb_reader', ['READ'], [mine]);
  await makeKey('lb_revoked', ['READ'], null);
  await bridge.prisma.apiClient.updateMany({
    where: { displayName: 'lb_revoked' },
    data: { revokedAt: new Date() },
  });
});

afterAll(async () => {
  await Promise.all([bridge.close(), demo.close()]);
});

const asReader = { authorization: 'Bearer lb_reader' };
const globalId = (type: string, id: string) => Buffer.from(`${type}:${id}`).toString('base64');

describe('without valid credentials', () => {
  test.each([
    ['an empty header', ''],
    ['an unknown key', 'Bearer lb_unknown'],
    ['a revoked key', 'Bearer lb_revoked'],
    ['another scheme', 'Basic bGI6bGI='],
  ])('%s is 401 with a code', async (_what, authorization) => {
    const { status, errors } = await bridge.ask('{ viewer { scopes } }', {}, { authorization });

    expect(status).toBe(401);
    expect(errors?.[0]?.extensions).toMatchObject({ code: 'UNAUTHENTICATED' });
  });
});

describe('a key limited to one company', () => {
  test('sees that company alone in lists, counts, search, stats and stream', async () => {
    const { data, errors } = await bridge.ask(
      `{ companies { totalCount nodes { name } } invoices { totalCount nodes { company { name } } }
         outboxEvents { totalCount } deadLetters { totalCount } deadLetterGroups { count }
         auditEntries { totalCount } syncEvents { totalCount }
         search(query: "INV") { __typename ... on Invoice { number } }
         stats(range: {}) { statusCounts { status count } amountDeadLettered { amount } } }`,
      {},
      asReader,
    );

    expect(errors).toBeUndefined();
    expect(data).toMatchObject({
      companies: { totalCount: 1, nodes: [{ name: 'Mine' }] },
      invoices: { totalCount: 1, nodes: [{ company: { name: 'Mine' } }] },
      outboxEvents: { totalCount: 1 },
      deadLetters: { totalCount: 0 },
      deadLetterGroups: [],
      auditEntries: { totalCount: 0 },
      syncEvents: { totalCount: 0 },
      search: [{ __typename: 'Invoice', number: 'INV-1001' }],
      stats: { amountDeadLettered: [] },
    });
  });

  test('finds nothing of another company, by whatever id', async () => {
    const ids = [
      globalId('Company', theirs),
      globalId('Invoice', theirInvoice.linkId),
      globalId('OutboxEvent', theirInvoice.eventId),
      globalId('DeadLetter', theirDeadLetter),
    ];
    const query = `query Foreign($ids: [ID!]!, $company: ID!, $invoice: ID!) {
      nodes(ids: $ids) { id } company(id: $company) { id } invoice(id: $invoice) { id }
      invoiceByExternalRef(companyId: $company, side: INTERNAL, ref: "inv_2") { id }
      invoices(filter: { companyIds: [$company] }) { totalCount } }`;
    const variables = { ids, company: ids[0], invoice: ids[1] };
    const foreign = await bridge.ask(query, variables, asReader);
    const own = await bridge.ask(query, variables);

    expect(foreign.data).toEqual({
      nodes: [null, null, null, null],
      company: null,
      invoice: null,
      invoiceByExternalRef: null,
      invoices: { totalCount: 0 },
    });
    expect(own.data).toMatchObject({
      nodes: ids.map((id) => ({ id })),
      invoiceByExternalRef: { id: ids[1] },
    });
  });

  test('may not do what needs ADMIN', async () => {
    const { status, errors } = await bridge.ask('{ apiClients { id } }', {}, asReader);

    expect(status).toBe(403);
    expect(errors?.[0]?.extensions).toMatchObject({ code: 'FORBIDDEN' });
  });
});

test('in demo mode a neighbour without credentials may operate, not administer', async () => {
  const response = await fetch(`${demo.url}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ query: '{ viewer { scopes actor { displayName } } }' }),
  });
  expect(await response.json()).toMatchObject({
    data: { viewer: { scopes: ['READ', 'OPERATE'], actor: { displayName: 'demo' } } },
  });
});

describe('the name that was meant', () => {
  const misspelt = { query: '{ compnies { nodes { id } } }' };
  const askedOf = async ({ url }: Bridge, headers: Record<string, string>) => {
    const response = await fetch(`${url}/graphql`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...headers },
      body: JSON.stringify(misspelt),
    });
    return response.text();
  };

  test('is suggested to a signed-in key, and to the caller of the demo', async () => {
    expect(await askedOf(bridge, asReader)).toContain('Did you mean');
    expect(await askedOf(demo, {})).toContain('Did you mean');
  });

  test.each([
    ['nobody', {}],
    ['an unknown key', { authorization: 'Bearer lb_unknown' }],
    ['a revoked key', { authorization: 'Bearer lb_revoked' }],
  ])('is not told to %s', async (_who, headers) => {
    await askedOf(bridge, asReader);
    const told = await askedOf(bridge, headers);

    expect(told).toContain('UNAUTHENTICATED');
    expect(told).not.toMatch(/did you mean|companies/i);
  });
});

test.each([
  ['a foreign origin', { origin: 'https://evil.example' }],
  ['a proxy', { 'x-forwarded-for': '10.0.0.1' }],
  ['a forwarder', { forwarded: 'for=10.0.0.1' }],
  ['a gateway', { via: '1.1 gateway' }],
])('in demo mode a request by %s is 401', async (_what, headers) => {
  const response = await fetch(`${demo.url}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: JSON.stringify({ query: '{ viewer { scopes } }' }),
  });

  expect(response.status).toBe(401);
});

/** Opens a socket and answers how far it got: refused at the door, closed with a code, or acknowledged. */
function knock(url: string, headers: Record<string, string>, payload?: object): Promise<string> {
  return new Promise((resolve) => {
    const socket = new WebSocket(`${url.replace('http', 'ws')}/graphql`, 'graphql-transport-ws', {
      headers,
    });
    const done = (how: string): void => {
      socket.terminate();
      resolve(how);
    };
    socket.on('unexpected-response', (_request, response) => done(`HTTP ${response.statusCode}`));
    socket.on('error', () => {});
    socket.on('close', (code) => done(`closed ${code}`));
    socket.on('open', () => socket.send(JSON.stringify({ type: 'connection_init', payload })));
    socket.on('message', () => done('acknowledged'));
  });
}

describe('a socket', () => {
  test('is opened by a key in the connection parameters', async () => {
    expect(await knock(bridge.url, {}, asReader)).toBe('acknowledged');
  });

  test.each([
    ['without a key', {}, undefined, 'closed 4403'],
    ['with a revoked key', {}, { authorization: 'Bearer lb_revoked' }, 'closed 4403'],
    ['from a foreign page', { origin: 'https://evil.example' }, asReader, 'HTTP 401'],
  ])('%s is refused', async (_what, headers, payload, how) => {
    expect(await knock(bridge.url, headers, payload)).toBe(how);
  });

  test('from our own page is opened', async () => {
    expect(await knock(bridge.url, { origin: bridge.url }, asReader)).toBe('acknowledged');
  });

  test('in demo mode is open to this machine and closed to a proxy', async () => {
    expect(await knock(demo.url, {})).toBe('acknowledged');
    expect(await knock(demo.url, { 'x-forwarded-for': '10.0.0.1' })).toBe('closed 4403');
  });
});

test('the first start registers the given key, and no later start another one', async () => {
  expect(await bridge.apiKeys.bootstrap('lb_late')).toBeNull();
  expect(await bridge.apiKeys.bootstrap(null)).toBeNull();
  const { status } = await bridge.ask(
    '{ viewer { scopes } }',
    {},
    { authorization: 'Bearer lb_late' },
  );

  expect(status).toBe(401);
});

test('a start without a key makes one, shows it once and keeps only its hash', async () => {
  await demo.pool.query('DELETE FROM api_client');
  const made = await demo.apiKeys.bootstrap(null);
  const again = await demo.apiKeys.bootstrap(null);
  const rows = await demo.pool.query<{ row: string }>(
    'SELECT api_client::text AS row FROM api_client',
  );

  expect(made?.generated).toMatch(/^lb_[\w-]{43}$/);
  expect(again).toBeNull();
  expect(rows.rows[0]?.row).not.toContain(made?.generated ?? '');
  const { data } = await demo.ask(
    '{ viewer { scopes } }',
    {},
    { authorization: `Bearer ${made?.generated}` },
  );
  expect(data).toEqual({ viewer: { scopes: ['READ', 'OPERATE', 'ADMIN'] } });
});
