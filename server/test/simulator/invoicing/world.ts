import http from 'node:http';
import { onTestFinished } from 'vitest';
import { Webhook } from 'standardwebhooks';
import { z } from 'zod';
import {
  createInvoicingSimulator,
  type InvoicingSimulatorOptions,
} from '../../../simulator/invoicing/server.ts';
import { until } from '../control/until.ts';

export const token = 'simulator-invoicing-token';
const secret = `whsec_${Buffer.from('simulator-webhook-secret').toString('base64')}`;

const json = z.record(z.string(), z.unknown());
const invoice = z.looseObject({
  id: z.string(),
  version: z.string(),
  status: z.string(),
  lines: z.array(z.looseObject({ id: z.string(), amount: z.string() })),
  subtotal: z.string(),
  taxTotal: z.string(),
  total: z.string(),
  amountPaid: z.string(),
  balanceDue: z.string(),
  payments: z.array(z.looseObject({ id: z.string(), version: z.string() })),
});

/** An answer as the tests read it. */
export class Reply {
  readonly status: number;
  readonly headers: Headers;
  readonly body: Record<string, unknown>;

  constructor(status: number, headers: Headers, body: Record<string, unknown>) {
    this.status = status;
    this.headers = headers;
    this.body = body;
  }

  /** The body, or the part of it under a name, as an invoice. */
  invoice(name?: string) {
    return invoice.parse(name === undefined ? this.body : this.body[name]);
  }

  /** The places a 422 complains about. */
  errorPaths(): string[] {
    const errors = z.array(z.object({ path: z.string() })).parse(this.body['errors']);
    return errors.map((error) => error.path);
  }

  list(name: string): Record<string, unknown>[] {
    return z.array(json).parse(this.body[name]);
  }
}

export type Send = {
  readonly body?: unknown;
  readonly key?: string | null;
  readonly ifMatch?: string;
  readonly headers?: Record<string, string>;
};

/** The company most tests start from: two customers, two items, tax of 8 %, no invoices. */
export const smallCompany = {
  customers: [
    { id: 'cus_1', displayName: 'Globex Corp', email: 'ap@globex.example', version: '2' },
    { id: 'cus_2', displayName: 'Bluebird Bakery' },
  ],
  items: [
    { id: 'itm_1', sku: 'HW-1', name: 'Hardware' },
    { id: 'itm_2', sku: null, name: 'Repair' },
  ],
  taxCodes: [
    { id: 'TAX', name: 'California', percent: '8' },
    { id: 'NON', name: 'Non-taxable', percent: '0' },
  ],
};

export type World = Awaited<ReturnType<typeof startWorld>>;

/** A simulator that ends with the test, and a client for it. */
export async function startWorld(options: InvoicingSimulatorOptions = {}, company?: object) {
  const simulator = await createInvoicingSimulator(options);
  onTestFinished(() => simulator.close());
  let keys = 0;

  const send = async (method: string, path: string, how: Send = {}): Promise<Reply> => {
    const isWrite = method !== 'GET' && !path.startsWith('/_control');
    const key = how.key === undefined && isWrite ? `key-${(keys += 1)}` : how.key;
    const response = await fetch(`${simulator.url}${path}`, {
      method,
      headers: {
        authorization: `Bearer ${token}`,
        ...(how.body === undefined ? {} : { 'content-type': 'application/json' }),
        ...(typeof key === 'string' ? { 'idempotency-key': key } : {}),
        ...(how.ifMatch === undefined ? {} : { 'if-match': how.ifMatch }),
        ...how.headers,
      },
      ...(how.body === undefined ? {} : { body: JSON.stringify(how.body) }),
    });
    const text = await response.text();
    const isJson = response.headers.get('content-type')?.includes('json') ?? false;
    return new Reply(response.status, response.headers, json.parse(isJson ? JSON.parse(text) : {}));
  };

  const world = {
    simulator,
    url: simulator.url,
    send,
    get: (path: string) => send('GET', path),
    post: (path: string, body?: unknown, how: Send = {}) => send('POST', path, { body, ...how }),
    patch: (path: string, body: unknown, ifMatch: string, how: Send = {}) =>
      send('PATCH', path, { body, ifMatch, ...how }),
    control: (method: string, verb: string, body?: unknown) =>
      send(method, `/_control/${verb}`, { body }),
    human: async (action: object) => send('POST', '/_control/human', { body: action }),
    mutations: async () => (await send('GET', '/_control/mutations')).list('mutations'),
    /** A new invoice with one line of 2 × 50.00, taxed. */
    newInvoice: async (more: object = {}) =>
      (await send('POST', '/invoices', { body: { ...plainInvoice, ...more } })).invoice(),
  };
  if (company !== undefined) await world.control('POST', 'reset', { company });
  return world;
}

export const plainInvoice = {
  customer: { id: 'cus_1' },
  issueDate: '2026-11-20',
  lines: [
    { item: { id: 'itm_1' }, description: 'Rack', quantity: '2', unitPrice: '50', taxCode: 'TAX' },
  ],
};

const event = z.object({
  type: z.string(),
  timestamp: z.string(),
  data: z.record(z.string(), z.string()),
});
type ReceivedEvent = z.infer<typeof event> & { readonly webhookId: string };

/** Listens for webhooks and refuses what is not signed with `signedWith`; `answers` are the first status codes given. */
export async function listenForEvents(answers: number[] = [], signedWith = secret) {
  const events: ReceivedEvent[] = [];
  const server = http.createServer((request, response) => {
    let raw = '';
    request.on('data', (chunk: Buffer) => (raw += chunk.toString()));
    request.on('end', () => {
      const headers = z.record(z.string(), z.string()).parse(request.headers);
      const body = event.parse(new Webhook(signedWith).verify(raw, headers));
      events.push({ ...body, webhookId: headers['webhook-id'] ?? '' });
      response.writeHead(answers.shift() ?? 202).end();
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  const { port } = z.object({ port: z.number() }).parse(server.address());
  return {
    url: `http://127.0.0.1:${port}/webhooks/invoicing/c1`,
    events,
    /** Waits for that many events. */
    received: (count: number) =>
      until(`${count} events`, () => (events.length >= count ? events : undefined)),
  };
}
