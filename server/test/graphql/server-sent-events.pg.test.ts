import { afterAll, beforeAll, expect, test } from 'vitest';
import { z } from 'zod';
import { adminKey, startBridge, type Bridge } from './bridge.ts';
import { makeKey } from './requests.ts';
import { seedCompany, seedStreamEvent } from './seed.ts';

let bridge: Bridge;
let companyId: string;
let published = 0;

beforeAll(async () => {
  bridge = await startBridge();
  companyId = await seedCompany(bridge.prisma, 'Mine');
  await publish(companyId, 6);
});

afterAll(() => bridge.close());

/** So many new events of a company, published in the order they were written. */
async function publish(company: string, count: number): Promise<void> {
  for (let index = 0; index < count; index += 1) {
    const id = await seedStreamEvent(bridge.prisma, company);
    published += 1;
    await bridge.pool.query('UPDATE stream_event SET position = $2 WHERE id = $1', [id, published]);
  }
  await bridge.pool.query('UPDATE stream_head SET position = $1', [published]);
}

const followed = `subscription Follow($after: StreamCursor) {
  syncEvents(after: $after, maxDelayMs: 0) { __typename
    ... on SyncEventBatch { cursor events { id } } ... on StreamHeartbeat { cursor } } }`;

const administrator = { authorization: `Bearer ${adminKey}` };

/** Subscribes by POST, or by GET as `EventSource` does. */
function subscribe(
  query: string,
  variables: object = {},
  headers: Record<string, string> = administrator,
  method: 'GET' | 'POST' = 'POST',
) {
  const accept = { accept: 'text/event-stream', ...headers };
  const signal = AbortSignal.timeout(60_000);
  const asked = new URLSearchParams({ query, variables: JSON.stringify(variables) });
  if (method === 'GET') return fetch(`${bridge.url}/graphql?${asked}`, { headers: accept, signal });
  return fetch(`${bridge.url}/graphql`, {
    method: 'POST',
    headers: { ...accept, 'content-type': 'application/json' },
    body: JSON.stringify({ query, variables }),
    signal,
  });
}

/** What is told until enough was told, or the server ends; leaving ends the stream. */
async function read(response: Response, isEnough: (text: string) => boolean): Promise<string> {
  const reader = response.body?.pipeThrough(new TextDecoderStream()).getReader();
  let text = '';
  for (let part = await reader?.read(); part?.done === false; part = await reader?.read()) {
    text += part.value;
    if (isEnough(text)) break;
  }
  await reader?.cancel();
  return text;
}

const idsIn = (text: string): readonly string[] =>
  [...text.matchAll(/"id":"([^"]+)"/g)].map(([, id = '']) => id);

const page = z.object({
  syncEvents: z.object({
    nodes: z.array(z.object({ id: z.string(), cursor: z.string() })),
    pageInfo: z.object({
      startCursor: z.string(),
      endCursor: z.string(),
      hasPreviousPage: z.boolean(),
    }),
  }),
});

const newest = async (last: number, before: string | null = null) => {
  const { data } = await bridge.ask(
    `query Newest($last: Int, $before: String) { syncEvents(last: $last, before: $before) {
      nodes { id cursor } pageInfo { startCursor endCursor hasPreviousPage } } }`,
    { last, before },
  );
  return page.parse(data).syncEvents;
};

test('the newest events are had at once, older ones before them, and none twice', async () => {
  const all = await newest(6);
  const end = await newest(2);
  const older = await newest(3, end.pageInfo.startCursor);

  expect(all.nodes).toHaveLength(6);
  expect(all.pageInfo.hasPreviousPage).toBe(false);
  expect(end).toMatchObject({ nodes: all.nodes.slice(-2), pageInfo: { hasPreviousPage: true } });
  expect(older.nodes).toEqual(all.nodes.slice(1, 4));
  expect(all.pageInfo.endCursor).toBe(all.nodes.at(-1)?.cursor);
});

test.each(['POST', 'GET'] as const)(
  'by %s the stream goes on from where a page ended, without a seam',
  async (method) => {
    const { nodes, pageInfo } = await newest(3);
    const after = (await newest(1, pageInfo.startCursor)).pageInfo.endCursor;

    const response = await subscribe(followed, { after }, administrator, method);
    const text = await read(response, (told) => idsIn(told).length >= nodes.length);

    expect(response.headers.get('content-type')).toContain('text/event-stream');
    expect(text).toContain(
      'event: next\ndata: {"data":{"syncEvents":{"__typename":"SyncEventBatch"',
    );
    expect(idsIn(text)).toEqual(nodes.map(({ id }) => id));
  },
);

test('a reader without a cursor is told at once where it stands', async () => {
  const response = await subscribe(followed);

  expect(await read(response, (told) => told.includes('cursor'))).toContain(
    '"__typename":"StreamHeartbeat"',
  );
});

test('a key hears of its own companies alone', async () => {
  const other = await seedCompany(bridge.prisma, 'Theirs');
  const after = (await newest(1)).pageInfo.endCursor;
  await publish(other, 2);
  await publish(companyId, 1);
  const [own] = (await newest(1)).nodes;
  const limited = await makeKey(bridge, ['READ'], [companyId]);

  const response = await subscribe(followed, { after }, limited);
  const text = await read(response, (told) => idsIn(told).length > 0);

  expect(idsIn(text)).toEqual([own?.id]);
});
