import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { WebSocket } from 'ws';
import { systemClock } from '#adapters/system/clock.ts';
import { decodeCursor } from '#graphql/stream-cursor.ts';
import { readStream, type StreamMessage } from '#graphql/stream-reader.ts';
import { createStreamSource } from '#graphql/stream-source.ts';
import { adminKey, startBridge, type Bridge } from './bridge.ts';
import { seedBooks } from './requests.ts';

const mebibyte = 1024 * 1024;

let bridge: Bridge;
let companyId: string;
let links: readonly string[];

beforeAll(async () => {
  bridge = await startBridge();
  const books = await seedBooks(bridge);
  ({ companyId } = books);
  const others = await bridge.prisma.link.create({
    data: {
      id: crypto.randomUUID(),
      companyId,
      internalId: 'inv_other',
      statusReason: 'Both sides agree.',
      changedAt: new Date(),
    },
  });
  links = [books.linkId, others.id];
});
afterAll(() => bridge.close());
beforeEach(() =>
  bridge.pool.query('UPDATE stream_head SET position = 0; DELETE FROM stream_event'),
);

/** Publishes one event for each word: a stage change of the first or the other invoice, or something else. */
async function publish(
  words: readonly ('first' | 'other' | 'else')[],
  summary = '',
): Promise<void> {
  const rows = words.map((word) => ({
    type: word === 'else' ? 'COMPANY_CHANGED' : 'STAGE_CHANGED',
    link: word === 'else' ? null : (links[word === 'first' ? 0 : 1] ?? null),
  }));
  await bridge.pool.query(
    `INSERT INTO stream_event (id, company_id, link_id, type, position, summary, detail, at, correlation_id)
     SELECT gen_random_uuid(), $1::uuid, (e.one ->> 'link')::uuid, (e.one ->> 'type')::"sync_event_type", e.number, $3,
       jsonb_build_object('companyId', $1::uuid::text), clock_timestamp(), 'slow'
     FROM jsonb_array_elements($2::jsonb) WITH ORDINALITY AS e(one, number)`,
    [companyId, JSON.stringify(rows), summary],
  );
  await bridge.pool.query('UPDATE stream_head SET position = $1', [words.length]);
}

/** Messages until the reader stands at the head, for a connection that holds so much. */
async function readAll(bufferedBytes: number, maxBatch: number): Promise<readonly StreamMessage[]> {
  const source = createStreamSource(bridge.prisma, bridge.bell);
  const { generation, position } = await source.head();
  const bytes = Buffer.alloc(25);
  bytes.writeUInt8(1);
  bytes.write(generation.replaceAll('-', ''), 1, 'hex');
  const stopped = new AbortController();
  const messages: StreamMessage[] = [];
  const stream = readStream(source, systemClock, {
    after: bytes.toString('base64url'),
    filter: { companyIds: null, linkIds: null, types: null },
    maxBatch,
    maxDelayMs: 0,
    bufferedBytes: () => bufferedBytes,
    signal: stopped.signal,
  });
  for await (const message of stream) {
    messages.push(message);
    const cursor = message.kind === 'gap' ? message.resumeFrom : message.cursor;
    if (decodeCursor(cursor)?.position === position) break;
  }
  stopped.abort();
  return messages;
}

/** Positions of what was told, oldest first. */
async function positionsOf(messages: readonly StreamMessage[]): Promise<readonly number[]> {
  const ids = messages.flatMap((message) => (message.kind === 'batch' ? message.ids : []));
  const { rows } = await bridge.pool.query<{ position: number }>(
    `SELECT s.position::int AS position FROM unnest($1::uuid[]) WITH ORDINALITY AS told(id, place)
     JOIN stream_event s ON s.id = told.id ORDER BY told.place`,
    [ids],
  );
  return rows.map(({ position }) => position);
}

describe('a connection that holds', () => {
  const words = ['first', 'other', 'first', 'else', 'first', 'other', 'else'] as const;

  test('no more than 1 MiB is told everything', async () => {
    await publish(words);

    expect(await positionsOf(await readAll(mebibyte, 100))).toEqual([1, 2, 3, 4, 5, 6, 7]);
  });

  test('more than 1 MiB is told the newest stage of each invoice, and everything else', async () => {
    await publish(words);

    expect(await positionsOf(await readAll(mebibyte + 1, 100))).toEqual([4, 5, 6, 7]);
  });

  test.each([1, 2, 3])(
    'more than 1 MiB loses nothing else between batches of %i, however long the stream',
    async (maxBatch) => {
      const long = Array.from(
        { length: 97 },
        (_each, index) => (['first', 'first', 'else', 'other'] as const)[index % 4] ?? 'else',
      );
      await publish(long);

      const told = await positionsOf(await readAll(2 * mebibyte, maxBatch));
      const must = long.flatMap((word, place) => (word === 'else' ? [place + 1] : []));
      const newest = (['first', 'other'] as const).map((word) => long.lastIndexOf(word) + 1);

      expect(told).toEqual(expect.arrayContaining([...must, ...newest]));
      expect(told.length).toBeLessThan(long.length);
      expect(told).toEqual(told.toSorted((one, other) => one - other));
      expect(new Set(told).size).toBe(told.length);
    },
  );

  test('more than 4 MiB is told to refetch, and where to go on', async () => {
    await publish(words);

    const [message] = await readAll(4 * mebibyte + 1, 100);

    expect(message).toMatchObject({ kind: 'gap', reason: 'You fell too far behind the stream.' });
  });
});

/** A socket as bare as it gets, so that it can stop reading. */
async function openSocket() {
  const socket = new WebSocket(
    `${bridge.url.replace('http', 'ws')}/graphql`,
    'graphql-transport-ws',
  );
  const told: { readonly id?: string; readonly type: string; readonly text: string }[] = [];
  const acknowledged = Promise.withResolvers<null>();
  socket.on('open', () =>
    socket.send(
      JSON.stringify({ type: 'connection_init', payload: { authorization: `Bearer ${adminKey}` } }),
    ),
  );
  socket.on('message', (data: Buffer) => {
    const text = data.toString();
    const { id, type } = JSON.parse(text);
    told.push({ id, type, text });
    if (type === 'connection_ack') acknowledged.resolve(null);
  });
  await acknowledged.promise;
  const subscribe = (id: string, query: string, variables: object = {}): void =>
    socket.send(JSON.stringify({ id, type: 'subscribe', payload: { query, variables } }));
  return { socket, told, subscribe };
}

async function until(condition: () => boolean, what: string): Promise<void> {
  const giveUpAtMs = performance.now() + 60_000;
  while (!condition()) {
    if (performance.now() > giveUpAtMs) throw new Error(`not in time: ${what}`);
    await sleep(20);
  }
}

test('a client that does not read is not read for; when it reads on, it gets all the rest', async () => {
  const start = await bridge.ask('{ systemHealth { streamHead } }');
  const after = JSON.stringify(start.data).match(/[\w-]{30,}/)?.[0];
  const events = 300;
  await publish(
    Array.from({ length: events }, () => 'else' as const),
    'x'.repeat(100_000),
  );
  const { socket, told, subscribe } = await openSocket();
  socket.pause();
  bridge.statements.length = 0;
  subscribe(
    'slow',
    `subscription Slow($after: StreamCursor) { syncEvents(after: $after, maxBatch: 10) {
       ... on SyncEventBatch { events { id summary } } } }`,
    { after },
  );
  // The network takes some of it; then nothing moves any more, though most is still to be told.
  let seen = -1;
  while (seen !== bridge.statements.length || seen === 0) {
    seen = bridge.statements.length;
    await sleep(700);
  }
  const batchesRead = bridge.statements.filter((each) => each.includes('"summary"')).length;
  socket.resume();
  const ids = () => new Set(told.flatMap(({ text }) => text.match(/"id":"[^"]{20,}"/g) ?? []));
  await until(() => ids().size === events, 'the rest');
  socket.terminate();

  expect(batchesRead).toBeGreaterThan(0);
  expect(batchesRead).toBeLessThan(events / 10 - 5);
});

test('a socket carries 50 subscriptions; the next is refused, and the others go on', async () => {
  const { socket, told, subscribe } = await openSocket();
  const query = 'subscription { syncEvents { __typename } }';
  for (let index = 1; index <= 51; index += 1) subscribe(String(index), query);
  await until(() => new Set(told.map(({ id }) => id)).size === 52, 'an answer to each');
  socket.terminate();

  const refused = told.filter(({ type }) => type === 'error');
  expect(refused.map(({ id }) => id)).toEqual(['51']);
  expect(refused[0]?.text).toContain('LIMIT_EXCEEDED');
});
