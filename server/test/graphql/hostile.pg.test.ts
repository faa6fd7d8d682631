import { asyncProperty, check, gen } from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { WebSocket } from 'ws';
import { startBridge, type Bridge } from './bridge.ts';
import { seedDrift } from './drifted-books.ts';
import { choicesOf, hostileRequest, type HostileRequest } from './hostile-documents.ts';
import { globalId, makeKey, seedBooks } from './requests.ts';
import { seedConflict } from './seed-conflict.ts';
import { seedDeadLetter, seedStreamEvent } from './seed.ts';

/** A word that stands in every text of the company the keys do not cover. */
const canary = 'Wombat7f3';
const requests = 2_000;

let bridge: Bridge;
let known: readonly string[] = [];
/** Many keys, so that no budget ends the game. */
let keys: readonly { readonly authorization: string }[] = [];

/** One company with one of everything; its global ids and cursors. */
async function seedAll(name: string) {
  const books = await seedBooks(bridge, name);
  const { companyId, linkId, eventId } = books;
  const deadLetterId = await seedDeadLetter(bridge.prisma, books);
  const conflictId = await seedConflict(bridge, books);
  const { runId, driftId } = await seedDrift(bridge.prisma, books);
  const streamEventId = await seedStreamEvent(bridge.prisma, companyId, books);
  const ids = {
    Company: companyId,
    Invoice: linkId,
    OutboxEvent: eventId,
    DeadLetter: deadLetterId,
    Conflict: conflictId,
    ReconcileRun: runId,
    Drift: driftId,
    SyncEvent: streamEventId,
    FieldPolicy: `${companyId}/dueDate`,
  };
  return { companyId, ids: Object.entries(ids).map(([type, id]) => globalId(type, id)) };
}

/** Puts the canary into whatever a company's people wrote or are shown. */
async function markAs(companyId: string): Promise<void> {
  const tables = await bridge.pool.query<{ table: string; column: string; type: string }>(
    `SELECT c.table_name AS "table", c.column_name AS "column", c.data_type AS "type"
     FROM information_schema.columns c JOIN information_schema.columns o
       ON o.table_name = c.table_name AND o.column_name = 'company_id' AND o.table_schema = 'public'
     WHERE c.table_schema = 'public' AND c.data_type IN ('text', 'jsonb') AND c.table_name <> 'audit_entry'`,
  );
  for (const { table, column, type } of tables.rows) {
    await bridge.pool.query(
      `UPDATE "${table}" SET "${column}" = regexp_replace("${column}"::text, 'Globex|Ours|Theirs|went|Hardware|maria|Something|Fix the data|refused', '${canary}', 'g')::${type}
       WHERE company_id = $1 AND "${column}"::text ~ 'Globex|Ours|Theirs|went|Hardware|maria|Something|Fix the data|refused'`,
      [companyId],
    );
  }
  await bridge.pool.query(`UPDATE company SET name = '${canary} Books' WHERE id = $1`, [companyId]);
  await bridge.pool.query(
    `UPDATE link SET number = '${canary}-1', customer_name = '${canary}', status_reason = '${canary}', internal_id = '${canary}' WHERE company_id = $1`,
    [companyId],
  );
}

beforeAll(async () => {
  bridge = await startBridge();
  const mine = await seedAll('Mine');
  const theirs = await seedAll('Theirs');
  await markAs(theirs.companyId);
  await bridge.pool.query('UPDATE stream_event SET position = seq');
  await bridge.pool.query(
    'UPDATE stream_head SET position = (SELECT max(position) FROM stream_event)',
  );
  const { data } = await bridge.ask(
    '{ systemHealth { streamHead } invoices(first: 1) { edges { cursor } } search(query: "Wombat") { __typename } }',
  );
  expect(JSON.stringify(data), 'the canary is there to be found').toContain('Invoice');
  const cursors = JSON.stringify(data).match(/[\w-]{30,}/g) ?? [];
  known = [...mine.ids, ...theirs.ids, ...cursors];
  const scopes = [['READ'], ['READ', 'OPERATE'], ['READ', 'OPERATE', 'ADMIN']];
  keys = await Promise.all(
    Array.from({ length: requests / 5 }, (_each, index) =>
      makeKey(bridge, scopes[index % 3] ?? [], [mine.companyId]),
    ),
  );
});

afterAll(() => bridge.close());

/** Words of the inside: SQL, drivers, stacks, paths. */
const inside =
  /prisma|\bSELECT\b|\bINSERT\b|pg_|\/node_modules|\/server\/src|\.ts:\d|\n\s+at |invalid byte|relation "|violates|ECONNREFUSED|INTERNAL_SERVER_ERROR|TypeError|Wombat7f3/;

/** What is wrong with an answer; null when nothing is. */
function harmOf(told: string, { query, variables }: HostileRequest): string | null {
  if (told.startsWith('closed')) return told;
  // What the caller sent may come back to it.
  const sent = JSON.stringify({ query, variables });
  const found = inside.exec(told)?.[0];
  if (found === undefined || (found !== canary && sent.includes(found))) return null;
  const failure = bridge.log.facts.findLast(({ fact }) => fact === 'a request failed');
  return `told ${found}: ${told.slice(0, 300)}\n${sent.slice(0, 600)}\n${JSON.stringify(failure)?.slice(0, 900)}`;
}

async function overHttp(
  { query, variables }: HostileRequest,
  key: Record<string, string>,
): Promise<string> {
  const response = await fetch(`${bridge.url}/graphql`, {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      accept: 'application/graphql-response+json',
      ...key,
    },
    body: JSON.stringify({ query, variables }),
  });
  const told = await response.text();
  const isMeant = response.status < 500 && response.status !== 404;
  return isMeant ? told : `INTERNAL_SERVER_ERROR as ${response.status}: ${told}`;
}

/** One socket for the whole game; it must outlive it. */
async function openSocket(key: Record<string, string>) {
  const socket = new WebSocket(
    `${bridge.url.replace('http', 'ws')}/graphql`,
    'graphql-transport-ws',
  );
  const waiting = new Map<string, (told: string) => void>();
  const acknowledged = Promise.withResolvers<null>();
  let closedWith: number | null = null;
  socket.on('open', () => socket.send(JSON.stringify({ type: 'connection_init', payload: key })));
  socket.on('close', (code) => {
    closedWith = code;
    for (const answer of waiting.values()) answer(`closed ${code}`);
  });
  socket.on('message', (data: Buffer) => {
    const told = data.toString();
    const { type, id } = JSON.parse(told);
    if (type === 'connection_ack') acknowledged.resolve(null);
    if (type === 'ping') socket.send('{"type":"pong"}');
    if (type !== 'ping' && id !== undefined) waiting.get(id)?.(told);
  });
  await acknowledged.promise;
  let asked = 0;
  return {
    closedWith: () => closedWith,
    ask: async ({ query, variables }: Pick<HostileRequest, 'query' | 'variables'>) => {
      asked += 1;
      const id = String(asked);
      const answered = new Promise<string>((resolve) => waiting.set(id, resolve));
      socket.send(JSON.stringify({ id, type: 'subscribe', payload: { query, variables } }));
      const told = await answered;
      waiting.delete(id);
      if (closedWith === null) socket.send(JSON.stringify({ id, type: 'complete' }));
      return told;
    },
    close: () => socket.terminate(),
  };
}

/** Largest message the socket takes; a larger one closes it, as its protocol has it. */
const messageBytesMax = 256 * 1024;

test('2,000 hostile documents: no failure of ours, nothing of the inside, nothing of another company, no socket closed', async () => {
  const harms: string[] = [];
  const fates = { served: 0, refused: 0 };
  let socket = await openSocket(keys[0] ?? {});
  let asked = 0;
  const { seed } = await check(
    asyncProperty(gen(), async (chance) => {
      const request = hostileRequest(choicesOf(chance, known));
      const key = keys[asked % keys.length] ?? {};
      asked += 1;
      if (asked % 100 === 0) {
        socket.close();
        socket = await openSocket(key);
      }
      const fits = Buffer.byteLength(JSON.stringify(request)) < messageBytesMax - 1_000;
      const isOnSocket = fits && (request.operation === 'subscription' || asked % 20 === 0);
      const told = isOnSocket ? await socket.ask(request) : await overHttp(request, key);
      const harm = harmOf(told, request);
      if (harm !== null) harms.push(harm);
      fates[/"data":\{/.test(told) ? 'served' : 'refused'] += 1;
    }),
    { numRuns: requests, endOnFailure: true },
  );
  const place = `seed ${seed}`;
  expect(harms, place).toEqual([]);

  const query = 'subscription { syncEvents { __typename } }';
  expect(await socket.ask({ query, variables: {} }), place).toContain('StreamHeartbeat');
  socket.close();
  expect(fates.served, place).toBeGreaterThan(requests / 10);
  expect(fates.refused, place).toBeGreaterThan(requests / 10);
}, 240_000);
