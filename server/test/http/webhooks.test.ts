import { createHmac } from 'node:crypto';
import { Webhook } from 'standardwebhooks';
import { expect, test, vi } from 'vitest';
import { toCompanyId, toInstant } from '#core/brand.ts';
import type { IncomingEvent } from '#core/event/event.ts';
import { createWebhookReaders } from '#main/webhook-readers.ts';
import { startServer } from './fakes.ts';

const secret = `whsec_${Buffer.from('a secret of 24 bytes....').toString('base64')}`;
const verifierToken = 'verifier';
const now = Date.parse('2026-11-22T09:21:00Z');
const companyId = toCompanyId('7b0e7e0a-4b1a-4e0e-9c3a-000000000001');

/** The real readers over one connected company, and an ingest that remembers. */
async function start(
  ingest = vi.fn(async (events: readonly IncomingEvent[]) => ({
    accepted: events.length,
    duplicates: 0,
  })),
) {
  let next = 0;
  const webhooks = createWebhookReaders({
    companies: {
      forInvoicingWebhook: async (id) =>
        id === companyId ? { id: companyId, secrets: [secret] } : null,
      byRealm: async (realmIds) =>
        new Map(realmIds.filter((id) => id === 'realm-1').map((id) => [id, companyId])),
    },
    verifierToken,
    clock: { now: () => toInstant(now) },
    ids: { next: () => `id-${(next += 1)}` },
  });
  const url = await startServer({ webhooks, ingest });
  return { url, ingest };
}

const event = {
  type: 'invoice.updated',
  timestamp: '2026-11-22T09:21:00.000Z',
  data: { invoiceId: 'inv_1', version: '7' },
};

function signed(body: string, atMs = now): Record<string, string> {
  const at = new Date(atMs);
  return {
    'content-type': 'application/json',
    'webhook-id': 'msg_1',
    'webhook-timestamp': String(Math.floor(at.getTime() / 1000)),
    'webhook-signature': new Webhook(secret).sign('msg_1', at, body),
  };
}

const invoicing = (
  url: string,
  body: string,
  headers: Record<string, string>,
  id: string = companyId,
) => fetch(`${url}/webhooks/invoicing/${id}`, { method: 'POST', headers, body });

test('a signed delivery is stored and acknowledged with 202', async () => {
  const { url, ingest } = await start();
  const body = JSON.stringify(event);
  const response = await invoicing(url, body, signed(body));

  expect(response.status).toBe(202);
  expect(await response.json()).toEqual({ accepted: 1, duplicates: 0 });
  expect(ingest).toHaveBeenCalledWith([
    expect.objectContaining({
      companyId,
      eventKey: 'msg_1',
      source: 'INVOICING_WEBHOOK',
      kind: 'UPDATED',
    }),
  ]);
});

const body = JSON.stringify(event);
const notJson = '{"type": ';
const bare = JSON.stringify({ ...event, data: { version: '7' } });
const huge = JSON.stringify({ ...event, padding: 'x'.repeat(1024 * 1024) });

test.each([
  ['without a signature', body, { 'content-type': 'application/json' }, 401],
  ['with a signature of other bytes', body, signed(`${body} `), 401],
  ['signed 6 minutes ago', body, signed(body, now - 360_000), 401],
  ['that is not JSON', notJson, signed(notJson), 400],
  ['over 1 MiB', huge, signed(huge), 413],
])('a delivery %s is refused and stores nothing', async (_what, sent, headers, status) => {
  const { url, ingest } = await start();
  const response = await invoicing(url, sent, headers);

  expect(response.status).toBe(status);
  expect(ingest).not.toHaveBeenCalled();
});

test('a delivery of another shape is 400 and names the JSON path', async () => {
  const { url, ingest } = await start();
  const response = await invoicing(url, bare, signed(bare));

  expect(response.status).toBe(400);
  expect(await response.json()).toMatchObject({ path: expect.stringContaining('invoiceId') });
  expect(ingest).not.toHaveBeenCalled();
});

test('a delivery for a company nobody knows is 404', async () => {
  const { url, ingest } = await start();
  const response = await invoicing(url, body, signed(body), 'nobody');

  expect(response.status).toBe(404);
  expect(ingest).not.toHaveBeenCalled();
});

test('a delivery while the database is down is 503, so that the sender sends it again', async () => {
  const { url } = await start(vi.fn(async () => Promise.reject(new Error('connection refused'))));
  const response = await invoicing(url, body, signed(body));

  expect(response.status).toBe(503);
  expect(Number(response.headers.get('retry-after'))).toBeGreaterThan(0);
  expect(await response.text()).not.toContain('connection refused');
});

const notices = JSON.stringify(
  ['realm-1', 'realm-2'].map((realm, index) => ({
    specversion: '1.0',
    id: `evt-${index}`,
    type: 'qbo.invoice.updated.v1',
    time: '2026-11-22T09:20:00Z',
    intuitentityid: '42',
    intuitaccountid: realm,
  })),
);
const quickbooks = (url: string, sent: string, signature: string) =>
  fetch(`${url}/webhooks/quickbooks`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', 'intuit-signature': signature },
    body: sent,
  });
const byIntuit = (sent: string): string =>
  createHmac('sha256', verifierToken).update(sent).digest('base64');

test('of a delivery by Intuit the connected realm is stored, the other dropped and counted', async () => {
  const { url, ingest } = await start();
  const response = await quickbooks(url, notices, byIntuit(notices));
  const metrics = await (await fetch(`${url}/metrics`)).text();

  expect(response.status).toBe(200);
  expect(await response.json()).toEqual({ accepted: 1, duplicates: 0 });
  expect(ingest).toHaveBeenCalledWith([
    expect.objectContaining({ companyId, eventKey: 'evt-0', source: 'QUICKBOOKS_WEBHOOK' }),
  ]);
  expect(metrics).toContain('ledgerbridge_webhook_events_dropped_total{sender="quickbooks"} 1');
  expect(metrics).toContain('outcome="accepted"');
});

test.each([
  ['with a wrong signature', notices, 'bm8=', 401],
  ['that is not JSON', notJson, byIntuit(notJson), 400],
  ['of another shape', '{"a":1}', byIntuit('{"a":1}'), 400],
])(
  'a delivery by Intuit %s is refused and stores nothing',
  async (_what, sent, signature, status) => {
    const { url, ingest } = await start();
    const response = await quickbooks(url, sent, signature);

    expect(response.status).toBe(status);
    expect(ingest).not.toHaveBeenCalled();
  },
);
