import { createHash, randomUUID } from 'node:crypto';
import { parse, print } from 'graphql';
import { createClient, type Client } from 'graphql-ws';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { WebSocket } from 'ws';
import { z } from 'zod';
import { adminKey, startBridge, type Bridge } from './bridge.ts';
import { makeKey } from './requests.ts';
import { seedCompany, seedStreamEvent } from './seed.ts';

/** What goes on while something else on its socket is refused; published, so that a session may run it. */
const follow = 'subscription Follow { syncEvents { __typename } }';
const hashOf = (text: string) =>
  createHash('sha256')
    .update(print(parse(text)))
    .digest('hex');
const publishedDocuments = { [hashOf(follow)]: follow };

let real: Bridge;
let demo: Bridge;
let published = 0;

/** Who asks: headers of the request and of the upgrade, and the key that a socket sends in its first message. */
type Caller = {
  readonly at?: () => Bridge;
  readonly headers?: Readonly<Record<string, string>>;
  readonly authorization?: string;
};
const callers: Record<string, Caller> = {};

beforeAll(async () => {
  [real, demo] = await Promise.all([
    startBridge({ publishedDocuments }),
    startBridge({ demo: true, publishedDocuments }),
  ]);
  for (const bridge of [real, demo]) await seedCompany(bridge.prisma, 'Mine');
  const cookies = await Promise.all([1, 2].map(signIn));
  const playground = await playgroundToken(cookies[0] ?? '');
  await real.pool.query(
    `UPDATE session SET expires_at = clock_timestamp() WHERE kind = 'playground' OR token_hash = $1`,
    [createHash('sha256').update(tokenIn(cookies[1])).digest('hex')],
  );
  const revoked = await makeKey(real, ['READ'], null);
  await real.pool.query('UPDATE api_client SET revoked_at = now() WHERE key_prefix = $1', [
    revoked.authorization.slice('Bearer '.length, 'Bearer '.length + 10),
  ]);
  const spent = await makeKey(real, ['READ'], null);
  const session = { cookie: cookies[0] ?? '', 'x-ledgerbridge-csrf': '1' };
  const elsewhere = { origin: 'https://evil.example' };
  const neighbour = { at: () => demo };
  Object.assign(callers, {
    administrator: { authorization: `Bearer ${adminKey}` },
    reader: await makeKey(real, ['READ'], null),
    'a revoked key': revoked,
    'an unknown key': { authorization: 'Bearer lb_unknown' },
    'a key without any right': await makeKey(real, [], null),
    'nobody, from this machine, with demo off': {},
    'a foreign page with the session of a visitor': {
      headers: { ...elsewhere, cookie: session.cookie },
    },
    'a forged session': {
      headers: { ...session, cookie: `ledgerbridge_session=lbs_${'A'.repeat(43)}` },
    },
    'an expired session': { headers: { ...session, cookie: cookies[1] ?? '' } },
    'an expired playground token': { authorization: `Bearer ${playground}` },
    'a foreign page, in demo': { ...neighbour, headers: elsewhere },
    'somebody behind a proxy, in demo': {
      ...neighbour,
      headers: { 'x-forwarded-for': '10.1.1.1' },
    },
    'somebody behind a gateway, in demo': { ...neighbour, headers: { via: '1.1 gateway' } },
    'somebody forwarded, in demo': { ...neighbour, headers: { forwarded: 'for=10.1.1.1' } },
    session: { headers: session },
    'a key whose budget is spent': spent,
  } satisfies typeof callers);
  await real.pool.query(
    `INSERT INTO api_budget (caller_id, points, granted, at)
     SELECT id::text, 1, 0, now() + interval '1 day' FROM api_client WHERE key_prefix = $1`,
    [spent.authorization.slice('Bearer '.length, 'Bearer '.length + 10)],
  );
});

afterAll(() => Promise.all([real.close(), demo.close()]));

async function signIn(): Promise<string> {
  const response = await fetch(`${real.url}/session`, {
    method: 'POST',
    headers: { 'x-ledgerbridge-csrf': '1', 'content-type': 'application/json' },
    body: JSON.stringify({ apiKey: adminKey }),
  });
  return response.headers.get('set-cookie')?.split(';')[0] ?? '';
}

const tokenIn = (cookie: string | undefined): string => cookie?.split('=')[1] ?? '';

async function playgroundToken(cookie: string): Promise<string> {
  const response = await fetch(`${real.url}/session/playground`, {
    method: 'POST',
    headers: { 'x-ledgerbridge-csrf': '1', cookie },
  });
  return z.object({ token: z.string() }).parse(await response.json()).token;
}

const refusal = z.object({
  errors: z.array(
    z.object({
      message: z.string().min(1),
      extensions: z.object({ code: z.string(), correlationId: z.string() }),
    }),
  ),
});

const callerNamed = (name: string): Caller => {
  const caller = callers[name];
  if (caller === undefined) throw new Error(`nobody is called ${name}`);
  return caller;
};

/** How a document is answered over HTTP: the status and the code. */
async function overHttp(name: string, query: string, variables: object = {}): Promise<string> {
  const { at = () => real, headers = {}, authorization } = callerNamed(name);
  const response = await fetch(`${at().url}/graphql`, {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      accept: 'application/graphql-response+json',
      ...headers,
      ...(authorization !== undefined && { authorization }),
    },
    body: JSON.stringify({ query, variables }),
  });
  const body: unknown = await response.json();
  if (response.ok) return 'served';
  return `${response.status} ${refusal.parse(body).errors[0]?.extensions.code}`;
}

/** A socket of that caller, and how its opening was answered. */
function openSocket(name: string) {
  const { at = () => real, headers = {}, authorization } = callerNamed(name);
  const opened = Promise.withResolvers<string>();
  class FromThere extends WebSocket {
    constructor(address: string, protocols?: string | string[]) {
      super(address, protocols, { headers });
      this.on('unexpected-response', (_request, response) => {
        opened.resolve(`HTTP ${response.statusCode}`);
        this.terminate();
      });
    }
  }
  const client = createClient({
    url: `${at().url.replace('http', 'ws')}/graphql`,
    webSocketImpl: FromThere,
    connectionParams: authorization === undefined ? {} : { authorization },
    retryAttempts: 0,
    lazy: false,
    onNonLazyError: () => {},
    on: {
      connected: () => opened.resolve('opened'),
      closed: (event) =>
        opened.resolve(`closed ${z.object({ code: z.number() }).parse(event).code}`),
    },
  });
  return { client, opened: opened.promise };
}

/** How a document is answered over a socket: its code. */
function overSocket(client: Client, query: string, variables: Record<string, unknown> = {}) {
  return new Promise<string>((resolve) => {
    const told = (errors: unknown): void =>
      resolve(refusal.shape.errors.safeParse(errors).data?.[0]?.extensions.code ?? String(errors));
    const unsubscribe = client.subscribe(
      { query, variables },
      {
        next: ({ errors }) => {
          if (errors === undefined) resolve('served');
          else told(errors);
          unsubscribe();
        },
        error: told,
        complete: () => {},
      },
    );
  });
}

/** Something happens in the company, for whoever follows. */
async function happen({ prisma, pool }: Bridge): Promise<void> {
  const company = await prisma.company.findFirstOrThrow();
  const id = await seedStreamEvent(prisma, company.id);
  published += 1;
  await pool.query('UPDATE stream_event SET position = $2 WHERE id = $1', [id, published]);
  await pool.query('UPDATE stream_head SET position = $1', [published]);
}

describe('whoever may not come in', () => {
  test.each([
    ['a revoked key', 'closed 4403'],
    ['an unknown key', 'closed 4403'],
    ['a key without any right', 'closed 4403'],
    ['nobody, from this machine, with demo off', 'closed 4403'],
    ['a foreign page with the session of a visitor', 'HTTP 401'],
    ['a forged session', 'closed 4403'],
    ['an expired session', 'closed 4403'],
    ['an expired playground token', 'closed 4403'],
    ['a foreign page, in demo', 'HTTP 401'],
    ['somebody behind a proxy, in demo', 'closed 4403'],
    ['somebody behind a gateway, in demo', 'closed 4403'],
    ['somebody forwarded, in demo', 'closed 4403'],
  ])('%s is told so over HTTP with 401, and the socket is %s', async (name, how) => {
    expect(await overHttp(name, '{ viewer { scopes } }')).toBe('401 UNAUTHENTICATED');
    const { client, opened } = openSocket(name);
    expect(await opened).toBe(how);
    await client.dispose();
  });
});

const nested = (depth: number): string =>
  depth === 0 ? 'id' : `derivedFrom { ${nested(depth - 1)} }`;
const told = (selection: string): string =>
  `subscription { syncEvents { ... on SyncEventBatch { events { ${selection} } } } }`;
const many = (count: number, part: (index: number) => string): string =>
  Array.from({ length: count }, (_each, index) => part(index)).join(' ');
const pause = `mutation ($input: SetCompanyPausedInput!) { setCompanyPaused(input: $input) { __typename } }`;
const pausing = () => ({
  input: {
    companyId: Buffer.from(`Company:${randomUUID()}`).toString('base64'),
    expectedVersion: 1,
    directions: [],
    idempotencyKey: randomUUID(),
  },
});
const open = '{ companies(first: 1) { nodes { id } } }';

/** Who asks what, over HTTP and over the socket, and how each is refused. */
const refusals = [
  [
    'a right that is missing',
    'reader',
    '{ apiClients { id } }',
    '403 FORBIDDEN',
    pause,
    'BAD_USER_INPUT',
  ],
  ['a change without the right', 'reader', pause, '403 FORBIDDEN', pause, 'BAD_USER_INPUT'],
  ['a change over the socket', 'administrator', pause, 'served', pause, 'BAD_USER_INPUT'],
  ['a query over the socket', 'administrator', open, 'served', open, 'BAD_USER_INPUT'],
  [
    'a session’s document that is not the web app’s',
    'session',
    open,
    '403 FORBIDDEN',
    told('id'),
    'FORBIDDEN',
  ],
  [
    'a document that is none',
    'administrator',
    '{',
    '400 GRAPHQL_PARSE_FAILED',
    '{',
    'GRAPHQL_PARSE_FAILED',
  ],
  [
    'a field that is none',
    'administrator',
    '{ nonsense }',
    '400 GRAPHQL_VALIDATION_FAILED',
    'subscription { nonsense }',
    'GRAPHQL_VALIDATION_FAILED',
  ],
  [
    'too many tokens',
    'administrator',
    `{ ${many(600, () => 'viewer { scopes }')} }`,
    '400 LIMIT_EXCEEDED',
    told(many(2_100, () => 'id')),
    'LIMIT_EXCEEDED',
  ],
  [
    'too deep a document',
    'administrator',
    `{ outboxEvents(first: 1) { nodes { ${nested(10)} } } }`,
    '400 LIMIT_EXCEEDED',
    told(`invoice { crossing { ${nested(9)} } }`),
    'LIMIT_EXCEEDED',
  ],
  [
    'too many aliases',
    'administrator',
    `{ ${many(21, (index) => `a${index}: viewer { scopes }`)} }`,
    '400 LIMIT_EXCEEDED',
    told(many(21, (index) => `a${index}: id`)),
    'LIMIT_EXCEEDED',
  ],
  [
    'too many directives',
    'administrator',
    `{ ${many(11, () => 'viewer @include(if: true) { scopes }')} }`,
    '400 LIMIT_EXCEEDED',
    told(many(11, () => 'id @include(if: true)')),
    'LIMIT_EXCEEDED',
  ],
  [
    'too much at once',
    'administrator',
    '{ outboxEvents(first: 200) { nodes { attempts(first: 200) { nodes { number } } } } }',
    '400 LIMIT_EXCEEDED',
    told(
      'invoice { outboxEvents(first: 200) { nodes { attempts(first: 200) { nodes { number } } } } }',
    ),
    'LIMIT_EXCEEDED',
  ],
  [
    'a spent budget',
    'a key whose budget is spent',
    '{ invoices(first: 100) { nodes { id } } }',
    '429 RATE_LIMITED',
    told('invoice { outboxEvents(first: 100) { nodes { id } } }'),
    'RATE_LIMITED',
  ],
] as const;

describe('what is asked and refused', () => {
  test.each(refusals)('%s (%s)', async (_what, name, query, http, overTheSocket, code) => {
    expect(await overHttp(name, query, query === pause ? pausing() : {})).toBe(http);
    const { client } = openSocket(name);
    const other = client.iterate({ query: follow });
    expect((await other.next()).value?.data).toEqual({
      syncEvents: { __typename: 'StreamHeartbeat' },
    });

    const variables = overTheSocket === pause ? pausing() : {};
    expect(await overSocket(client, overTheSocket, variables)).toBe(code);

    await happen(real);
    expect((await other.next()).value?.data).toEqual({
      syncEvents: { __typename: 'SyncEventBatch' },
    });
    await client.dispose();
  });
});
