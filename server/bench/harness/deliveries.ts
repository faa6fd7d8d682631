import { randomUUID } from 'node:crypto';
import { Agent, request } from 'node:http';
import { Webhook } from 'standardwebhooks';

/** The secret of the template's company; clones keep it. */
const secret = `whsec_${Buffer.from('simulator-webhook-secret').toString('base64')}`;

export type Delivery = {
  readonly path: string;
  readonly body: string;
  readonly headers: Readonly<Record<string, string>>;
};

/** Deliveries of internal invoicing, each a message of its own, signed as Standard Webhooks has it. */
export function signedDeliveries(companyId: string, count: number): readonly Delivery[] {
  const webhook = new Webhook(secret);
  return Array.from({ length: count }, (_, place) => {
    const id = `msg_${randomUUID()}`;
    const now = new Date();
    const data = { invoiceId: `inv_1_${1 + (place % 1_000)}`, version: '2' };
    const body = JSON.stringify({ type: 'invoice.updated', timestamp: now.toISOString(), data });
    return {
      path: `/webhooks/invoicing/${companyId}`,
      body,
      headers: {
        'content-type': 'application/json',
        'content-length': String(Buffer.byteLength(body)),
        'webhook-id': id,
        'webhook-timestamp': String(Math.floor(now.getTime() / 1_000)),
        'webhook-signature': webhook.sign(id, now, body),
      },
    };
  });
}

/** A client with so many connections that are kept open. */
export function createSender(url: string, connections: number) {
  const agent = new Agent({ keepAlive: true, maxSockets: connections });
  const { hostname, port } = new URL(url);
  return {
    /** Milliseconds until it was acknowledged; anything but 202 is an error. */
    send: ({ path, body, headers }: Delivery): Promise<number> =>
      new Promise((resolve, reject) => {
        const startedAt = performance.now();
        const sent = request({ hostname, port, path, method: 'POST', headers, agent }, (answer) => {
          answer.resume();
          answer.on('end', () => {
            if (answer.statusCode === 202) resolve(performance.now() - startedAt);
            else reject(new Error(`a delivery was answered with ${answer.statusCode}`));
          });
        });
        sent.on('error', reject);
        sent.end(body);
      }),
    close: () => agent.destroy(),
  };
}
