import { createHash, randomUUID } from 'node:crypto';
import { parse, print } from 'graphql';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { WebSocket } from 'ws';
import { adminKey, startBridge, type Bridge } from './bridge.ts';
import { seedCompany } from './seed.ts';

const trustedText = 'query Mine { companies { nodes { name } } }';
const hashOf = (text: string) =>
  createHash('sha256')
    .update(print(parse(text)))
    .digest('hex');

let bridge: Bridge;
const own = { 'x-ledgerbridge-csrf': '1', 'content-type': 'application/json' };

beforeAll(async () => {
  bridge = await startBridge({ publishedDocuments: { [hashOf(trustedText)]: trustedText } });
  await seedCompany(bridge.prisma, 'Mine');
});
afterAll(() => bridge.close());

async function makeKey(key: string): Promise<string> {
  const id = randomUUID();
  await bridge.prisma.apiClient.create({
    data: {
      id,
      displayName: key,
      scopes: ['READ', 'OPERATE'],
      allCompanies: true,
      keyPrefix: key.slice(0, 10),
      keyHash: createHash('sha256').update(key).digest('hex'),
    },
  });
  return id;
}

const signIn = (apiKey: unknown, headers: Record<string, string> = own) =>
  fetch(`${bridge.url}/session`, { method: 'POST', headers, body: JSON.stringify({ apiKey }) });

async function cookieFor(key: string): Promise<string> {
  const response = await signIn(key);
  expect(response.status).toBe(200);
  return (response.headers.get('set-cookie') ?? '').split(';')[0] ?? '';
}

const ask = (headers: Record<string, string>, body: object) =>
  fetch(`${bridge.url}/graphql`, {
    method: 'POST',
    headers: { accept: 'application/graphql-response+json', ...headers },
    body: JSON.stringify(body),
  });

const codeOf = async (response: Response): Promise<unknown> =>
  (await response.json()).errors?.[0]?.extensions?.code ?? 'served';

describe('signing in', () => {
  test('sets a cookie that scripts cannot read and foreign pages do not send', async () => {
    const response = await signIn(adminKey);

    expect(response.headers.get('set-cookie')).toMatch(
      /^ledgerbridge_session=lbs_[\w-]{43}; Path=\/; HttpOnly; SameSite=Lax; Max-Age=\d+$/,
    );
    expect(response.headers.get('cache-control')).toBe('no-store');
  });

  test.each([
    ['an unknown key', 'lb_unknown', own, 401],
    ['no key', undefined, own, 400],
    ['a foreign page', adminKey, { 'content-type': 'application/json' }, 403],
  ])('is refused to %s, without a cookie', async (_who, key, headers, status) => {
    const response = await signIn(key, headers);

    expect(response.status).toBe(status);
    expect(response.headers.get('set-cookie')).toBeNull();
  });

  test('ends the session that the browser had before, so that none can be planted', async () => {
    const planted = await cookieFor(adminKey);
    const again = await signIn(adminKey, { ...own, cookie: planted });

    expect(again.status).toBe(200);
    expect((await ask({ ...own, cookie: planted }, { query: trustedText })).status).toBe(401);
  });

  test('out ends it on the server, not only in the browser', async () => {
    const cookie = await cookieFor(adminKey);
    const out = await fetch(`${bridge.url}/session`, {
      method: 'DELETE',
      headers: { 'x-ledgerbridge-csrf': '1', cookie },
    });

    expect(out.status).toBe(204);
    expect((await ask({ ...own, cookie }, { query: trustedText })).status).toBe(401);
  });
});

describe('a session', () => {
  test('runs the web app’s own documents, by text however it is spelt, and by hash', async () => {
    const cookie = await cookieFor(adminKey);
    const withTypenames = 'query Mine {\n companies { __typename nodes { __typename name } } }';
    const byHash = {
      extensions: { persistedQuery: { version: 1, sha256Hash: hashOf(trustedText) } },
    };

    for (const body of [{ query: trustedText }, { query: withTypenames }, byHash])
      expect(await codeOf(await ask({ ...own, cookie }, body))).toBe('served');
  });

  test.each(['{ companies { nodes { id name } } }', '{ __schema { types { name } } }'])(
    'runs no other document: %s',
    async (query) => {
      const cookie = await cookieFor(adminKey);

      expect(await codeOf(await ask({ ...own, cookie }, { query }))).toBe('FORBIDDEN');
    },
  );

  test('is a use of the key it was opened with', async () => {
    const id = await makeKey('lb_used_by_session');
    const cookie = await cookieFor('lb_used_by_session');
    await ask({ ...own, cookie }, { query: trustedText });

    const { lastUsedAt } = await bridge.prisma.apiClient.findUniqueOrThrow({ where: { id } });
    expect(lastUsedAt).toBeInstanceOf(Date);
  });

  test('is not honoured without our header, nor with a made-up token', async () => {
    const cookie = await cookieFor(adminKey);
    const { 'x-ledgerbridge-csrf': _left, ...foreign } = own;

    expect((await ask({ ...foreign, cookie }, { query: trustedText })).status).toBe(401);
    const forged = `ledgerbridge_session=lbs_${'A'.repeat(43)}`;
    expect((await ask({ ...own, cookie: forged }, { query: trustedText })).status).toBe(401);
  });

  test('ends by itself', async () => {
    const cookie = await cookieFor(adminKey);
    await bridge.pool.query(`UPDATE session SET expires_at = clock_timestamp()`);

    expect((await ask({ ...own, cookie }, { query: trustedText })).status).toBe(401);
  });

  test('gives the playground a bearer that runs open documents and ends with the key', async () => {
    const id = await makeKey('lb_playground-user');
    const cookie = await cookieFor('lb_playground-user');
    const made = await fetch(`${bridge.url}/session/playground`, {
      method: 'POST',
      headers: { 'x-ledgerbridge-csrf': '1', cookie },
    });
    const { token, expiresAt } = await made.json();
    const headers = { 'content-type': 'application/json', authorization: `Bearer ${token}` };
    const open = { query: '{ viewer { actor { displayName } scopes } }' };

    expect(Date.parse(expiresAt) - Date.now()).toBeGreaterThan(59 * 60_000);
    expect(await codeOf(await ask(headers, open))).toBe('served');
    await bridge.prisma.apiClient.update({ where: { id }, data: { revokedAt: new Date() } });
    expect((await ask(headers, open)).status).toBe(401);
    expect((await ask({ ...own, cookie }, { query: trustedText })).status).toBe(401);
  });

  test('without a cookie gives the playground nothing', async () => {
    const headers = { 'x-ledgerbridge-csrf': '1' };
    const made = await fetch(`${bridge.url}/session/playground`, { method: 'POST', headers });

    expect(made.status).toBe(401);
  });
});

const subscription = 'subscription { syncEvents { __typename } }';

/** Opens a socket, subscribes, and resolves with the code it is closed with. */
function watchAs(parameters: object, headers: Record<string, string> = {}) {
  const socket = new WebSocket(
    `${bridge.url.replace('http', 'ws')}/graphql`,
    'graphql-transport-ws',
    {
      headers,
    },
  );
  const opened = Promise.withResolvers<null>();
  const refused = Promise.withResolvers<string>();
  const closed = Promise.withResolvers<number>();
  socket.on('open', () =>
    socket.send(JSON.stringify({ type: 'connection_init', payload: parameters })),
  );
  socket.on('message', (data: Buffer) => {
    const message = JSON.parse(data.toString());
    if (message.type === 'connection_ack') {
      socket.send(JSON.stringify({ id: '1', type: 'subscribe', payload: { query: subscription } }));
      opened.resolve(null);
    }
    if (message.type === 'error') refused.resolve(message.payload[0].extensions.code);
  });
  socket.on('close', (code) => closed.resolve(code));
  socket.on('error', () => undefined);
  return { opened: opened.promise, refused: refused.promise, closed: closed.promise };
}

describe('what stays open', () => {
  test('a socket ends at once when its key is revoked', async () => {
    const id = await makeKey('lb_socket-user');
    const watching = watchAs({ authorization: 'Bearer lb_socket-user' });
    await watching.opened;

    await bridge.prisma.apiClient.update({ where: { id }, data: { revokedAt: new Date() } });

    expect(await watching.closed).toBe(4403);
  });

  test('a socket of a session ends when the session does', async () => {
    const cookie = await cookieFor(adminKey);
    const watching = watchAs({}, { cookie });
    await watching.opened;

    await fetch(`${bridge.url}/session`, {
      method: 'DELETE',
      headers: { 'x-ledgerbridge-csrf': '1', cookie },
    });

    expect(await watching.closed).toBe(4403);
  });

  test('a socket of a session runs no document but the web app’s', async () => {
    const cookie = await cookieFor(adminKey);

    expect(await watchAs({}, { cookie }).refused).toBe('FORBIDDEN');
  });

  test('a stream over HTTP ends at once when its key is revoked', async () => {
    const id = await makeKey('lb_reader-of-events');
    const response = await fetch(`${bridge.url}/graphql`, {
      method: 'POST',
      headers: {
        accept: 'text/event-stream',
        'content-type': 'application/json',
        authorization: 'Bearer lb_reader-of-events',
      },
      body: JSON.stringify({ query: subscription }),
    });
    const read = response.text();

    await bridge.prisma.apiClient.update({ where: { id }, data: { revokedAt: new Date() } });

    expect(await read).toContain('event: complete');
  });
});
