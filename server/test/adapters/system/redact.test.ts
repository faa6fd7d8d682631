import { createServer, type Server } from 'node:http';
import { createRequire } from 'node:module';
import { Writable } from 'node:stream';
import { inspect } from 'node:util';
import { Client } from 'pg';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { z } from 'zod';
import { createLogger } from '#adapters/system/log.ts';
import { withoutSecrets } from '#adapters/system/redact.ts';

/** What must never be read: each stands where a secret stands, and is found by itself. */
const canary = {
  bearer: 'canary-bearer.aB3',
  refresh: 'AB11canary-refresh',
  basic: Buffer.from('client:canary-basic').toString('base64'),
  password: 'canary-password',
  code: 'canary-code',
} as const;

let server: Server;
let url: string;

beforeAll(async () => {
  // It answers as a careless system does: with what it was sent, and hangs up on some.
  server = createServer((request, response) => {
    if (request.url?.includes('hang-up') === true) {
      request.socket.destroy();
      return;
    }
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      response.writeHead(400, { 'content-type': 'application/json' });
      const { authorization } = request.headers;
      response.end(JSON.stringify({ authorization, sent: Buffer.concat(chunks).toString() }));
    });
  });
  await new Promise<void>((listening) => {
    server.listen(0, '127.0.0.1', listening);
  });
  url = `http://127.0.0.1:${z.object({ port: z.number() }).parse(server.address()).port}`;
});

afterAll(() => {
  server.closeAllConnections();
  server.close();
});

/** What a call fails with. */
const failureOf = async (work: () => unknown): Promise<unknown> => {
  try {
    await work();
  } catch (error) {
    return error;
  }
  throw new Error('it did not fail');
};

/** The axios that both QuickBooks libraries call (quickbooks.md §8.11). */
const axiosOf = (library: string) => {
  const load = createRequire(createRequire(import.meta.url).resolve(library));
  return z
    .object({
      request: z.custom<(config: object) => Promise<unknown>>(
        (value) => typeof value === 'function',
      ),
    })
    .parse(Object.assign({}, { request: (config: object) => load('axios').request(config) }));
};

const quickBooks = (path: string) => ({
  method: 'POST',
  url: `${url}${path}?minorversion=75&access_token=${canary.bearer}`,
  headers: { Authorization: `Bearer ${canary.bearer}` },
  data: { refresh_token: canary.refresh },
});

const oauth = (path: string) => ({
  method: 'POST',
  url: `${url}${path}?code=${canary.code}&state=x`,
  headers: {
    authorization: `Basic ${canary.basic}`,
    'content-type': 'application/x-www-form-urlencoded',
  },
  data: `grant_type=refresh_token&refresh_token=${canary.refresh}`,
});

/** Errors as our clients of HTTP and PostgreSQL really throw them, and a word of each that must be kept. */
const thrown: readonly (readonly [string, () => Promise<unknown>, RegExp])[] = [
  [
    'node-quickbooks, refused',
    () => failureOf(() => axiosOf('node-quickbooks').request(quickBooks('/v3/company'))),
    /400/,
  ],
  [
    'node-quickbooks, cut off',
    () => failureOf(() => axiosOf('node-quickbooks').request(quickBooks('/hang-up'))),
    /socket hang up/,
  ],
  [
    'intuit-oauth, refused',
    () => failureOf(() => axiosOf('intuit-oauth').request(oauth('/oauth2/v1/tokens/bearer'))),
    /400/,
  ],
  [
    'intuit-oauth, cut off',
    () => failureOf(() => axiosOf('intuit-oauth').request(oauth('/hang-up'))),
    /socket hang up/,
  ],
  [
    'fetch of an address with a password',
    () => failureOf(() => fetch(`http://bridge:${canary.password}@127.0.0.1:1/invoices`)),
    /includes credentials/,
  ],
  [
    'fetch cut off',
    () =>
      failureOf(() =>
        fetch(`${url}/hang-up?token=${canary.bearer}`, {
          headers: { authorization: `Bearer ${canary.bearer}` },
        }),
      ),
    /fetch failed/,
  ],
  [
    'pg, an address that is none',
    () =>
      failureOf(() => new Client(`postgres://bridge:${canary.password}@host:no-port/ledgerbridge`)),
    /Invalid URL/,
  ],
  [
    'pg, nobody there',
    () =>
      failureOf(() =>
        new Client(`postgres://bridge:${canary.password}@127.0.0.1:1/ledgerbridge`).connect(),
      ),
    /ECONNREFUSED/,
  ],
];

/** Every way in which an error may come into a line. */
const ways: Readonly<Record<string, (error: unknown) => object>> = {
  'as text': (error) => ({ cause: String(error) }),
  'with its stack': (error) => ({ cause: error instanceof Error ? error.stack : null }),
  'as pino writes errors': (error) => ({ err: error }),
  'printed by Node': (error) => ({ cause: inspect(error, { depth: 6 }) }),
  'as JSON in a string': (error) => ({ cause: JSON.stringify({ error }, withoutCycles()) }),
  'as JSON in a string in a string': (error) => ({
    cause: JSON.stringify({ body: JSON.stringify({ error }, withoutCycles()) }),
  }),
};

/** Leaves out what was seen before: sockets know their requests, and these their sockets. */
function withoutCycles() {
  const seen = new Set<unknown>();
  return (_key: string, value: unknown): unknown => {
    if (typeof value !== 'object' || value === null) return value;
    if (seen.has(value)) return undefined;
    seen.add(value);
    return value;
  };
}

/** The lines that a fact leaves in the log. */
function logged(about: object): string {
  const lines: string[] = [];
  const sink = new Writable({
    write: (chunk: Buffer, _encoding, done) => {
      lines.push(chunk.toString());
      done();
    },
  });
  createLogger('trace', 'test', sink).error(about, 'a request failed');
  return lines.join('');
}

describe.each(thrown)('an error of %s', (_name, make, kept) => {
  test('leaves no secret in the log, in whatever way it comes there, and is still told', async () => {
    const error = await make();

    for (const [way, about] of Object.entries(ways)) {
      const line = logged(about(error));
      for (const [what, secret] of Object.entries(canary))
        expect(line.includes(secret), `${what}, ${way}: ${line}`).toBe(false);
      expect(JSON.parse(line), way).toMatchObject({ msg: 'a request failed' });
    }
    expect(logged({ cause: inspect(error) })).toMatch(kept);
  });
});

test.each([
  [
    'GET /oauth/quickbooks/callback?code=XYZ&state=abc&realmId=913',
    'GET /oauth/quickbooks/callback?code=[redacted]&state=[redacted]&realmId=913',
  ],
  ['a key of ours: lb_0123456789abcdefghij0123456789', 'a key of ours: [redacted]'],
  ['whsec_c2ltdWxhdG9y was refused', '[redacted] was refused'],
  [
    'postgresql://a:p#w/o@rd@db.example:5432/books failed',
    'postgresql://[redacted]@db.example:5432/books failed',
  ],
  ['smtp://mail:hunter2@mail.example:587', 'smtp://[redacted]@mail.example:587'],
  ['host=db password=hunter2 user=bridge', 'host=db password=[redacted] user=bridge'],
  ['Cookie: ledgerbridge=abc; other=def', 'Cookie: [redacted]'],
])('%s is shown without what is secret', (text, shown) => {
  expect(withoutSecrets(text)).toBe(shown);
});

test.each([
  'INV-7001: the version moved from 3 to 4 (ECONNRESET)',
  '{"code":"ECONNREFUSED","state":"CLAIMED","correlationId":"0193","fault":{"code":"6140"}}',
  'https://quickbooks.api.intuit.com/v3/company/913/invoice/12?minorversion=75&requestid=5',
  'SyncToken=3 mailto:tom@bluebird.example',
])('%s is nothing secret and stays as it is', (text) => {
  expect(withoutSecrets(text)).toBe(text);
});
