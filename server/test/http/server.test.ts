import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import Fastify from 'fastify';
import { expect, onTestFinished, test, vi } from 'vitest';
import { isNeighbour } from '#http/loopback.ts';
import { noSessions, operator, startServer } from './fakes.ts';

async function builtApp(): Promise<string> {
  const webDir = await mkdtemp(path.join(tmpdir(), 'ledgerbridge-web-'));
  onTestFinished(() => rm(webDir, { recursive: true }));
  await mkdir(path.join(webDir, 'assets'));
  await writeFile(path.join(webDir, 'index.html'), '<!doctype html><title>App</title>');
  await writeFile(path.join(webDir, 'assets/app-1a2b.js'), 'export {};');
  return webDir;
}

const asBrowser = { headers: { accept: 'text/html,*/*' } };

test('every address a browser opens is a page of the app, under a policy without inline script', async () => {
  const url = await startServer({ webDir: await builtApp() });
  for (const place of ['/', '/companies/abc/invoices?status=CONFLICT']) {
    const response = await fetch(`${url}${place}`, asBrowser);
    const policy = response.headers.get('content-security-policy') ?? '';

    expect(response.status).toBe(200);
    expect(await response.text()).toContain('<title>App</title>');
    expect(policy).toContain("default-src 'none'");
    expect(policy).toContain("script-src 'self';");
    expect(response.headers.get('x-content-type-options')).toBe('nosniff');
    expect(response.headers.get('cache-control')).toBe('no-cache');
  }
});

test.each([
  { isSecure: true, said: 'max-age=31536000' },
  { isSecure: false, said: null },
])(
  'browsers are bound to TLS only where others reach us by it ($isSecure)',
  async ({ isSecure, said }) => {
    const url = await startServer({ sessions: { ...noSessions, isSecure } });
    for (const place of ['/health/live', '/nothing']) {
      const { headers } = await fetch(`${url}${place}`);
      expect(headers.get('strict-transport-security')).toBe(said);
    }
  },
);

test('a file with a hash in its name is kept for ever, and a missing one is 404, not the app', async () => {
  const url = await startServer({ webDir: await builtApp() });
  const file = await fetch(`${url}/assets/app-1a2b.js`);
  const missing = await fetch(`${url}/assets/app-0000.js`);

  expect(file.headers.get('cache-control')).toContain('immutable');
  expect(missing.status).toBe(404);
});

test('nothing outside the folder is served', async () => {
  const url = await startServer({ webDir: await builtApp() });
  const response = await fetch(`${url}/..%2f..%2fetc%2fpasswd`);

  expect(response.status).toBeGreaterThanOrEqual(400);
  expect(await response.text()).not.toContain('root:');
});

test('ready says which part is ill, live only that somebody answers', async () => {
  const url = await startServer({
    health: {
      database: async () => null,
      queue: async () => 'the queue is not started',
      lease: () => Promise.reject(new Error('timed out')),
    },
  });
  const live = await fetch(`${url}/health/live`);
  const ready = await fetch(`${url}/health/ready`);

  expect(live.status).toBe(200);
  expect(ready.status).toBe(503);
  expect(await ready.json()).toEqual({
    status: 'not ready',
    checks: {
      database: { ok: true, detail: null },
      queue: { ok: false, detail: 'the queue is not started' },
      lease: { ok: false, detail: 'timed out' },
    },
  });
});

test('the demo passes control requests on, and signals the worker, for who may operate', async () => {
  const simulator = Fastify({ forceCloseConnections: true });
  simulator.post('/_control/human', (request) => ({ got: request.body, query: request.query }));
  const quickbooksUrl = await simulator.listen({ port: 0, host: '127.0.0.1' });
  onTestFinished(() => simulator.close());
  const signalWorker = vi.fn(() => true);
  const status = () => ({ isRunning: true, isFrozen: false, startedCount: 2 });
  const worker = { signal: signalWorker, status };
  const demo = { quickbooksUrl, invoicingUrl: quickbooksUrl, worker };
  const url = await startServer({ demo, access: { callerOf: async () => operator } });
  const send = (place: string, body: object) =>
    fetch(`${url}${place}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body),
    });

  const passed = await send('/demo/quickbooks/human?a=1', { action: 'send' });
  expect(await passed.json()).toEqual({ got: { action: 'send' }, query: { a: '1' } });
  expect((await send('/demo/worker', { signal: 'KILL' })).status).toBe(202);
  expect((await send('/demo/worker', { signal: 'TERM' })).status).toBe(400);
  expect(signalWorker).toHaveBeenCalledExactlyOnceWith('SIGKILL');
  expect(await (await fetch(`${url}/demo/worker`)).json()).toEqual(status());
});

test.each([
  ['nobody', null, 401],
  ['a reader', { ...operator, scope: 'READ' as const }, 403],
])('the demo refuses %s', async (_who, caller, status) => {
  const worker = {
    signal: () => true,
    status: () => ({ isRunning: true, isFrozen: false, startedCount: 1 }),
  };
  const demo = { quickbooksUrl: '', invoicingUrl: '', worker };
  const url = await startServer({ demo, access: { callerOf: async () => caller } });
  const response = await fetch(`${url}/demo/worker`, { method: 'POST', body: '{}' });

  expect(response.status).toBe(status);
});

test('with demo off its addresses do not exist', async () => {
  const url = await startServer({ access: { callerOf: async () => operator } });

  expect((await fetch(`${url}/demo/worker`, { method: 'POST' })).status).toBe(404);
});

type Headers = Readonly<Record<string, string>>;
const facts = (peerAddress: string, headers: Headers) => ({
  peerAddress,
  header: (name: string) => headers[name],
  authorization: undefined,
  isOwn: true,
});
const host = 'localhost:4000';

test.each<[string, string, Headers, string | null, boolean]>([
  ['this machine by name', '127.0.0.1', { host }, null, true],
  ['this machine by address', '::1', { host: '[::1]:4000' }, null, true],
  [
    'a page of this machine',
    '::ffff:127.0.0.1',
    { host, origin: 'http://127.0.0.1:5173' },
    null,
    true,
  ],
  ['a public address that is loopback', '127.0.0.1', { host }, 'http://127.0.0.1:4000', true],
  ['another machine', '192.168.1.7', { host }, null, false],
  ['a name that was bent to this machine', '127.0.0.1', { host: 'evil.example' }, null, false],
  [
    'a name that only begins like ours',
    '127.0.0.1',
    { host: 'localhost.evil.example' },
    null,
    false,
  ],
  ['no name at all', '127.0.0.1', {}, null, false],
  ['a foreign page', '127.0.0.1', { host, origin: 'https://evil.example' }, null, false],
  ['a page without origin', '127.0.0.1', { host, origin: 'null' }, null, false],
  ['a proxy', '127.0.0.1', { host, 'x-forwarded-for': '::1' }, null, false],
  ['a forwarder', '127.0.0.1', { host, forwarded: 'for=::1' }, null, false],
  ['a gateway', '127.0.0.1', { host, via: '1.1 x' }, null, false],
  ['a public address elsewhere', '127.0.0.1', { host }, 'https://bridge.example', false],
])('demo access for %s', (_who, peer, headers, publicUrl, allowed) => {
  expect(isNeighbour(facts(peer, headers), publicUrl)).toBe(allowed);
});
