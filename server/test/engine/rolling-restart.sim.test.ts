import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { createClient } from 'graphql-ws';
import { Webhook } from 'standardwebhooks';
import { expect, test } from 'vitest';
import { WebSocket } from 'ws';
import { z } from 'zod';
import { apiKey } from '../support/api.ts';
import { startApiOf, type RunningApi } from '../support/api-process.ts';
import { plainInvoice } from '../support/companies.ts';
import { quickBooksInvoices } from '../support/ledger.ts';
import { startWorkerProcess } from '../support/worker-process.ts';
import { startWorld, type World } from '../support/world.ts';

const webhookSecret = `whsec_${Buffer.from('simulator-webhook-secret').toString('base64')}`;
const batch = z.object({
  data: z.object({
    syncEvents: z.object({
      __typename: z.string(),
      cursor: z.string().optional(),
      events: z.array(z.object({ id: z.string() })).optional(),
    }),
  }),
});
const subscription = `subscription Stream($after: StreamCursor) { syncEvents(after: $after, maxDelayMs: 20) { __typename
  ... on SyncEventBatch { cursor events { id } } ... on StreamHeartbeat { cursor } ... on StreamGap { reason } } }`;

/** As a balancer does: asks each api ten times a second whether it is ready, and sends nobody to one that is not. */
function balance(apis: RunningApi[]) {
  const ready = new Set<RunningApi>(apis);
  const over = new AbortController();
  const watching = (async () => {
    while (!over.signal.aborted) {
      for (const api of apis) {
        const isReady = await fetch(`${api.url}/health/ready`).then(
          ({ ok }) => ok,
          () => false,
        );
        if (isReady) ready.add(api);
        else ready.delete(api);
      }
      await sleep(100);
    }
  })();
  let turn = 0;
  const next = (): string => {
    const open = apis.filter((api) => ready.has(api));
    turn += 1;
    const one = open[turn % open.length];
    if (one === undefined) throw new Error('no api is ready');
    return one.url;
  };
  const end = async () => {
    over.abort();
    await watching;
  };
  return { next, end };
}

/** Sends the webhook until it is taken, as a sender does; anything but 200 and 503 with Retry-After is a failure. */
async function deliver(world: World, next: () => string, invoiceId: string, failures: string[]) {
  const id = randomUUID();
  const body = JSON.stringify({
    id,
    type: 'invoice.updated',
    timestamp: new Date().toISOString(),
    data: { invoiceId },
  });
  for (;;) {
    const at = new Date();
    const response = await fetch(`${next()}/webhooks/invoicing/${world.companyId}`, {
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        'webhook-id': id,
        'webhook-timestamp': String(Math.floor(at.getTime() / 1_000)),
        'webhook-signature': new Webhook(webhookSecret).sign(id, at, body),
      },
      body,
    }).catch((error: unknown) => String(error));
    const refusal = refusalIn(response);
    if (refusal !== null) failures.push(refusal);
    if (refusal !== null || (typeof response !== 'string' && response.ok)) break;
    await sleep(50);
  }
}

/** What no sender must be answered; null for taken, and for 503 with the time to come again. */
function refusalIn(response: Response | string): string | null {
  if (typeof response === 'string') return response;
  if (response.ok || (response.status === 503 && response.headers.get('retry-after') !== null))
    return null;
  return `a webhook was answered ${response.status}`;
}

async function ask(next: () => string, failures: string[]): Promise<void> {
  const response = await fetch(`${next()}/graphql`, {
    method: 'POST',
    headers: { authorization: `Bearer ${apiKey}`, 'content-type': 'application/json' },
    body: JSON.stringify({ query: '{ invoices(first: 20) { totalCount nodes { id status } } }' }),
  }).catch((error: unknown) => String(error));
  if (typeof response === 'string') return void failures.push(response);
  const text = await response.text();
  const isBusy = response.status === 503 && response.headers.get('retry-after') !== null;
  if (!isBusy && (!response.ok || text.includes('"errors"')))
    failures.push(`a query was answered ${response.status}: ${text.slice(0, 200)}`);
}

async function headOf(next: () => string): Promise<string> {
  const response = await fetch(`${next()}/graphql`, {
    method: 'POST',
    headers: { authorization: `Bearer ${apiKey}`, 'content-type': 'application/json' },
    body: JSON.stringify({ query: '{ systemHealth { streamHead } }' }),
  });
  const shape = z.object({
    data: z.object({ systemHealth: z.object({ streamHead: z.string() }) }),
  });
  return shape.parse(await response.json()).data.systemHealth.streamHead;
}

/** Follows the stream from there on and resumes where it was, whichever process it comes to. */
function follow(next: () => string, from: string) {
  const seen: string[] = [];
  const gaps: string[] = [];
  let after = from;
  const client = createClient({
    url: () => `${next().replace('http', 'ws')}/graphql`,
    webSocketImpl: WebSocket,
    connectionParams: { authorization: `Bearer ${apiKey}` },
    retryAttempts: 1_000,
    retryWait: () => sleep(50),
    shouldRetry: () => true,
  });
  const variables = {
    get after() {
      return after;
    },
  };
  client.subscribe(
    { query: subscription, variables },
    {
      next: (raw) => {
        const { syncEvents } = batch.parse(raw).data;
        after = syncEvents.cursor ?? after;
        if (syncEvents.__typename === 'StreamGap') gaps.push('a gap');
        seen.push(...(syncEvents.events ?? []).map(({ id }) => id));
      },
      error: () => gaps.push('the stream broke'),
      complete: () => {},
    },
  );
  return { seen, gaps, stop: () => client.dispose() };
}

/** Waits until every event has its place in the stream. */
async function published(world: World): Promise<void> {
  const waiting = `SELECT count(*)::int AS waiting FROM stream_event WHERE position IS NULL`;
  for (;;) {
    const [left] = await world.rows(z.object({ waiting: z.int() }), waiting);
    if (left?.waiting === 0) return;
    await sleep(50);
  }
}

test('api and workers restarted one after another under load: no event lost, no request failed, no gap for a reader', async () => {
  const world = await startWorld({ rings: true, leaseSeconds: 2 });
  const environment = {
    ...world.environment,
    LEDGERBRIDGE_BOOTSTRAP_API_KEY: apiKey,
    LEDGERBRIDGE_DRAIN_SECONDS: '3',
  };
  const apis = await Promise.all([startApiOf(environment), startApiOf(environment)]);
  const worker = await startWorkerProcess(world);
  const { next, end } = balance(apis);
  const [begin] = await world.rows(
    z.object({ position: z.coerce.bigint() }),
    'SELECT coalesce(max(position), 0) AS position FROM stream_event',
  );
  const reader = follow(next, await headOf(next));
  const { id } = await world.invoicing.human({ action: 'create', invoice: plainInvoice() });
  const failures: string[] = [];
  const over = new AbortController();
  let sent = 0;
  const load = Array.from({ length: 2 }, async (_, lane) => {
    while (!over.signal.aborted) {
      sent += 1;
      await deliver(world, next, id, failures);
      await ask(next, failures);
      if (lane === 0)
        await world.invoicing.human({ action: 'edit', id, set: { customerMemo: `memo ${sent}` } });
      await sleep(100);
    }
  });

  for (const old of apis.slice()) {
    apis.push(await startApiOf(environment));
    expect(await old.stop()).toBe(0);
  }
  await startWorkerProcess(world);
  expect(await worker.stop()).toBe(0);
  over.abort();
  await Promise.all(load);
  await world.settled(60_000);

  expect(failures).toEqual([]);
  const [counts] = await world.rows(
    z.object({ kept: z.int() }),
    `SELECT count(*)::int AS kept FROM outbox_event WHERE source = 'INVOICING_WEBHOOK'`,
  );
  expect(counts?.kept).toBeGreaterThanOrEqual(sent);
  await published(world);
  const rows = await world.rows(
    z.object({ id: z.string() }),
    'SELECT id FROM stream_event WHERE position > $1 ORDER BY position',
    [begin?.position],
  );
  const wanted = rows.map((row) => btoa(`SyncEvent:${row.id}`));
  const giveUpAtMs = performance.now() + 30_000;
  while (reader.seen.length < wanted.length && performance.now() < giveUpAtMs) await sleep(50);
  await end();
  await reader.stop();
  expect(reader.gaps).toEqual([]);
  expect(reader.seen).toEqual(wanted);
  expect(await quickBooksInvoices(world)).toHaveLength(1);
}, 180_000);
