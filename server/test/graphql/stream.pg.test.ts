import { randomUUID } from 'node:crypto';
import { inspect } from 'node:util';
import { createClient, type Client } from 'graphql-ws';
import { Pool } from 'pg';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { WebSocket } from 'ws';
import { z } from 'zod';
import { createPublisher, type Publisher } from '#adapters/postgres/publisher.ts';
import { startApiProcess, type ApiProcess } from '../support/api-process.ts';
import { patiently } from '../support/patiently.ts';
import { adminKey, createTestLog, startBridge, type Bridge } from './bridge.ts';
import { seedCompany } from './seed.ts';

let bridge: Bridge;
let writers: Pool;
let publishers: Publisher[] = [];
let companyId: string;
/** Three APIs on the one database, each a process of its own. */
let processes: readonly ApiProcess[] = [];

beforeAll(async () => {
  bridge = await startBridge();
  companyId = await seedCompany(bridge.prisma);
  writers = new Pool({ connectionString: bridge.databaseUrl, max: 12 });
  const log = createTestLog();
  publishers = [1, 2].map(() => createPublisher({ pool: bridge.pool, log, pollMs: 200 }));
  for (const publisher of publishers) publisher.start();
  processes = await Promise.all([1, 2, 3].map(() => startApiProcess(bridge.databaseUrl)));
  // Three programs start at once, each on a share of a busy machine.
}, 180_000);

afterAll(async () => {
  await Promise.all(processes.map((api) => api.kill()));
  await Promise.all(publishers.map((publisher) => publisher.stop()));
  await writers.end();
  await bridge.close();
});

const message = z.object({
  data: z.object({
    syncEvents: z.discriminatedUnion('__typename', [
      z.object({
        __typename: z.literal('SyncEventBatch'),
        cursor: z.string(),
        backlog: z.int(),
        events: z.array(z.object({ id: z.string(), cursor: z.string(), summary: z.string() })),
      }),
      z.object({
        __typename: z.literal('StreamHeartbeat'),
        cursor: z.string(),
        completeUntil: z.string(),
      }),
      z.object({
        __typename: z.literal('StreamGap'),
        reason: z.string(),
        resumeFrom: z.string(),
      }),
    ]),
  }),
});
type Message = z.infer<typeof message>['data']['syncEvents'];

const subscription = `subscription Stream($after: StreamCursor, $filter: SyncEventFilter, $maxDelayMs: Int! = 20) {
  syncEvents(after: $after, filter: $filter, maxDelayMs: $maxDelayMs) {
    __typename
    ... on SyncEventBatch { cursor backlog events { id cursor summary } }
    ... on StreamHeartbeat { cursor completeUntil }
    ... on StreamGap { reason resumeFrom }
  }
}`;

const socketAddress = (server: { readonly url: string } | undefined): string =>
  `${(server ?? bridge).url.replace('http', 'ws')}/graphql`;

/** A client that resumes from the newest cursor it handled, whatever happens to its socket. */
function follow(
  handle: (message: Message) => void,
  from: string | null,
  filter?: object,
  servers: readonly { readonly url: string }[] = [bridge],
) {
  const sockets: WebSocket[] = [];
  class Recorded extends WebSocket {
    constructor(address: string, protocols?: string | string[]) {
      super(address, protocols);
      sockets.push(this);
    }
  }
  let handled = from;
  const client: Client = createClient({
    // Each new socket goes to the next server.
    url: () => socketAddress(servers[sockets.length % servers.length]),
    webSocketImpl: Recorded,
    connectionParams: { authorization: `Bearer ${adminKey}` },
    retryAttempts: 1_000,
    retryWait: async () => {},
    shouldRetry: () => true,
  });
  // Read anew at each reconnect, so that the repeat starts where the reader stands.
  const variables = {
    get after() {
      return handled;
    },
    filter,
  };
  const ended = new Promise<void>((resolve, reject) => {
    client.subscribe(
      { query: subscription, variables },
      {
        next: (raw) => {
          const { syncEvents } = message.parse(raw).data;
          handled =
            syncEvents.__typename === 'StreamGap' ? syncEvents.resumeFrom : syncEvents.cursor;
          handle(syncEvents);
        },
        error: reject,
        complete: resolve,
      },
    );
  });
  ended.catch(() => {});
  return {
    kill: () => sockets.at(-1)?.terminate(),
    failed: ended,
    stop: () => client.dispose(),
  };
}

async function until(condition: () => boolean, whatMs: number, what: string): Promise<void> {
  const deadline = performance.now() + whatMs;
  while (!condition()) {
    if (performance.now() > deadline) throw new Error(`not within ${whatMs} ms: ${what}`);
    await new Promise((resolve) => setImmediate(resolve));
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}

const insert = `INSERT INTO stream_event (id, company_id, type, summary, detail, at, correlation_id)
  VALUES ($1, $2, 'COMPANY_CHANGED', $3, $4, clock_timestamp(), 'stream-test')`;

/** Writes events in small transactions that stay open for a random while, so that they commit out of order. */
async function write(events: number, into: Set<string>): Promise<void> {
  let left = events;
  while (left > 0) {
    const size = Math.min(left, 1 + Math.floor(Math.random() * 6));
    left -= size;
    const client = await writers.connect();
    try {
      await client.query('BEGIN');
      const ids: string[] = [];
      for (let index = 0; index < size; index += 1) {
        const id = randomUUID();
        await client.query(insert, [id, companyId, `Event ${id}`, { companyId }]);
        ids.push(id);
      }
      if (Math.random() < 0.3) await client.query('SELECT pg_sleep(random() * 0.01)');
      await client.query('COMMIT');
      for (const id of ids) into.add(id);
    } finally {
      client.release();
    }
  }
  await bridge.pool.query('NOTIFY stream_pending');
}

const cursorOfHead = async (): Promise<string> => {
  const { data } = await bridge.ask('{ systemHealth { streamHead } }');
  return z.object({ systemHealth: z.object({ streamHead: z.string() }) }).parse(data).systemHealth
    .streamHead;
};

const polled = z.object({
  data: z.object({
    syncEvents: z.object({
      nodes: z.array(z.object({ summary: z.string() })),
      pageInfo: z.object({ endCursor: z.string().nullable() }),
    }),
  }),
});

const idIn = ({ summary }: { readonly summary: string }): string => summary.slice('Event '.length);

/** One page of the query from a server, and the cursor to go on from. */
async function poll(server: { readonly url: string } | undefined, after: string) {
  const query = `query Poll($after: String) {
    syncEvents(first: 400, after: $after) { nodes { summary } pageInfo { endCursor } } }`;
  const response = await fetch(`${(server ?? bridge).url}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', authorization: `Bearer ${adminKey}` },
    body: JSON.stringify({ query, variables: { after } }),
  });
  const answer: unknown = await response.json();
  const page = polled.safeParse(answer);
  if (!page.success) throw new Error(inspect(answer, { depth: 6 }));
  const { nodes, pageInfo } = page.data.data.syncEvents;
  return { ids: nodes.map(idIn), cursor: pageInfo.endCursor ?? after };
}

/** One batch of the subscription from a server, and the cursor to go on from. */
async function takeOne(server: { readonly url: string } | undefined, after: string) {
  const client = createClient({
    url: socketAddress(server),
    webSocketImpl: WebSocket,
    connectionParams: { authorization: `Bearer ${adminKey}` },
  });
  const messages = client.iterate({ query: subscription, variables: { after } });
  const step = await messages.next();
  await messages.return?.();
  await client.dispose();
  const { syncEvents } = message.parse(step.value).data;
  if (syncEvents.__typename === 'StreamGap') throw new Error(syncEvents.reason);
  const events = syncEvents.__typename === 'SyncEventBatch' ? syncEvents.events : [];
  return { ids: events.map(idIn), cursor: syncEvents.cursor };
}

/** Reads everything by turns of the query and the subscription, each from another server, with the other's cursor. */
async function readByTurns(start: string, total: number): Promise<readonly string[]> {
  const read: string[] = [];
  let cursor = start;
  for (let turn = 0; read.length < total; turn += 1) {
    const server = processes[turn % processes.length];
    const from = cursor;
    const page = await patiently(() =>
      turn % 2 === 0 ? poll(server, from) : takeOne(server, from),
    );
    read.push(...page.ids);
    ({ cursor } = page);
  }
  return read;
}

const everything = { writers: 12, events: 20_000, kills: 100 } as const;

test('12 writers, 20,000 events, 100 killed sockets, three API processes: nothing missing, nothing doubled, in order', async () => {
  const start = await cursorOfHead();
  const written = new Set<string>();
  const received: string[] = [];
  const reader = follow(
    (message) => {
      if (message.__typename === 'SyncEventBatch') received.push(...message.events.map(idIn));
    },
    start,
    undefined,
    processes,
  );

  let kills = 0;
  const shares = Array.from({ length: everything.writers }, (_each, index) =>
    index < everything.events % everything.writers ? 1_667 : 1_666,
  );
  const writing = Promise.all(shares.map((share) => write(share, written)));
  const killing = (async () => {
    while (kills < everything.kills) {
      const before = received.length;
      await until(
        () => received.length > before,
        20_000,
        `the reader moves on after ${kills} kills`,
      );
      reader.kill();
      kills += 1;
    }
  })();
  const byTurns = readByTurns(start, everything.events);
  await Promise.all([writing, killing]);
  await until(() => received.length >= written.size, 40_000, 'every event arrives');
  await reader.stop();

  const published = await bridge.pool.query<{ id: string }>(
    'SELECT id::text AS id FROM stream_event ORDER BY position',
  );
  const order = published.rows.map((row) => row.id);
  expect(written.size).toBe(everything.events);
  expect(kills).toBe(everything.kills);
  expect(new Set(received).size).toBe(received.length);
  expect(received).toEqual(order);
  expect(await byTurns, 'read by turns of query and subscription').toEqual(order);
}, 240_000);

test('positions are dense from 1, whoever published', async () => {
  const { rows } = await bridge.pool.query<{ dense: boolean }>(
    'SELECT count(*) = max(position) AND min(position) = 1 AS dense FROM stream_event',
  );

  expect(rows[0]?.dense).toBe(true);
});

test('a reader without a cursor is told at once where the stream stands and up to when it is complete', async () => {
  const seen: Message[] = [];
  const reader = follow((message) => seen.push(message), null);
  await until(() => seen.length > 0, 5_000, 'the first heartbeat');
  await reader.stop();

  const [first] = seen;
  if (first?.__typename !== 'StreamHeartbeat') throw new Error('expected a heartbeat first');
  expect(first.cursor).toBe(await cursorOfHead());
  const lag = Date.now() - Date.parse(first.completeUntil);
  expect(lag).toBeLessThan(5_000);
});

test('a filter that lets nothing through still moves the cursor on', async () => {
  const start = await cursorOfHead();
  const other = await seedCompany(bridge.prisma, 'Another company');
  const seen: Message[] = [];
  await write(3, new Set());
  await until(() => seen.length === 0, 10, 'nothing yet');
  const globalId = Buffer.from(`Company:${other}`).toString('base64');
  const before = Date.now();
  await waitForPublication();
  const reader = follow((message) => seen.push(message), start, { companyIds: [globalId] });
  await until(() => seen.length > 0, 5_000, 'a message');
  await reader.stop();

  expect(Date.now() - before).toBeLessThan(8_000);
  expect(seen[0]?.__typename).toBe('StreamHeartbeat');
  expect(seen[0]).toMatchObject({ cursor: await cursorOfHead() });
  expect(await cursorOfHead()).not.toBe(start);
});

async function waitForPublication(): Promise<void> {
  let open = 1;
  const deadline = performance.now() + 60_000;
  while (open > 0) {
    const { rows } = await bridge.pool.query<{ open: number }>(
      'SELECT count(*)::int AS open FROM stream_event WHERE position IS NULL',
    );
    open = rows[0]?.open ?? 0;
    if (performance.now() > deadline) throw new Error('not published in time');
  }
}

test.each([
  ['of another generation', (bytes: Buffer) => bytes.fill(7, 1, 17), 'started anew'],
  ['ahead of the head', (bytes: Buffer) => bytes.fill(0x7f, 17, 18), 'ahead'],
])('a cursor %s gets a gap that says so, and the stream goes on', async (_what, forge, reason) => {
  const bytes = Buffer.from(await cursorOfHead(), 'base64url');
  forge(bytes);
  const seen: Message[] = [];
  const reader = follow((message) => seen.push(message), bytes.toString('base64url'));
  await until(() => seen.length >= 2, 5_000, 'the gap and what follows');
  await reader.stop();

  expect(seen[0]).toMatchObject({ __typename: 'StreamGap', resumeFrom: await cursorOfHead() });
  expect(seen[0]?.__typename === 'StreamGap' && seen[0].reason).toContain(reason);
  expect(seen[1]?.__typename).toBe('StreamHeartbeat');
});

test('a cursor older than what is kept gets a gap, over the subscription and as a refusal of the query', async () => {
  const start = await cursorOfHead();
  await write(5, new Set());
  await waitForPublication();
  await bridge.pool.query('UPDATE stream_head SET tail_position = position');
  const seen: Message[] = [];
  const reader = follow((message) => seen.push(message), start);
  await until(() => seen.length > 0, 5_000, 'the gap');
  await reader.stop();
  const asked = await bridge.ask(
    'query Poll($after: String) { syncEvents(after: $after) { nodes { id } } }',
    { after: start },
  );

  expect(seen[0]).toMatchObject({ __typename: 'StreamGap' });
  expect(asked.errors?.[0]?.message).toContain('no longer kept');
});

test('the query and the subscription take each other’s cursors', async () => {
  const start = await cursorOfHead();
  const written = new Set<string>();
  await write(7, written);
  await waitForPublication();
  const page = z.object({
    syncEvents: z.object({
      totalCount: z.int(),
      edges: z.array(z.object({ cursor: z.string(), node: z.object({ cursor: z.string() }) })),
    }),
  });
  const asked = await bridge.ask(
    'query Poll($after: String) { syncEvents(first: 3, after: $after) { totalCount edges { cursor node { cursor } } } }',
    { after: start },
  );
  const { edges } = page.parse(asked.data).syncEvents;
  expect(edges).toHaveLength(3);
  expect(edges.map((edge) => edge.cursor)).toEqual(edges.map((edge) => edge.node.cursor));

  const received: string[] = [];
  const reader = follow(
    (message) => {
      if (message.__typename === 'SyncEventBatch') {
        received.push(...message.events.map((event) => event.cursor));
      }
    },
    edges.at(-1)?.cursor ?? null,
  );
  await until(() => received.length >= 4, 5_000, 'the other four');
  await reader.stop();

  expect(received).toHaveLength(4);
  expect(new Set([...received, ...edges.map((edge) => edge.cursor)]).size).toBe(7);
});
