import { randomUUID } from 'node:crypto';
import { Webhook } from 'standardwebhooks';
import { z } from 'zod';
import type { SeededRandom } from '../control/random.ts';
import { webhookKnobs, WebhookSender, type Delivery } from '../control/webhook-sender.ts';
import type { InvoiceEvent } from './decision.ts';

const second = 1_000;
const minute = 60 * second;
const hour = 60 * minute;

/** The schedule the Standard Webhooks specification recommends. */
const retryScheduleMs = [
  5 * second,
  5 * minute,
  30 * minute,
  2 * hour,
  5 * hour,
  10 * hour,
  14 * hour,
];

/** Known to every demo and test: nothing here is worth keeping secret. */
const simulatorWebhookSecret = `whsec_${Buffer.from('simulator-webhook-secret').toString('base64')}`;

/** The body of `PUT /_control/webhooks` (http.md §6). What is absent stays as it is; `url: null` stops sending. */
export const webhooksBody = z.strictObject({
  url: z.url().nullable().optional(),
  secret: z
    .string()
    .regex(/^(whsec_)?[A-Za-z0-9+/]+={0,2}$/, 'must be base64, with or without whsec_')
    .optional(),
  ...webhookKnobs,
});
export type WebhooksBody = z.infer<typeof webhooksBody>;

/** Tells a listener about changes: Standard Webhooks, signed with the company's secret (http.md §3). */
export class Webhooks {
  readonly #sender: WebhookSender;
  #url: string | null = null;
  #secret = simulatorWebhookSecret;

  constructor(random: SeededRandom) {
    this.#sender = new WebhookSender({ random, retryScheduleMs });
  }

  configure({ url, secret, ...knobs }: WebhooksBody): void {
    this.#url = url === undefined ? this.#url : url;
    this.#secret = secret ?? this.#secret;
    this.#sender.turnKnobs(knobs);
  }

  /** Whom it tells, and the secret they share. */
  listener() {
    return { url: this.#url, secret: this.#secret };
  }

  /** Everything but the secret. */
  state() {
    const counts = { ...this.#sender.counts(), left: this.#sender.left() };
    return { url: this.#url, ...this.#sender.knobs(), counts };
  }

  /** Queues one event; its id and body are the same at every attempt, its signature is the attempt's. */
  announce(event: InvoiceEvent, at: string): void {
    if (this.#url === null) return;
    // Never from the seed: an id must not come again after a reset, the receiver would take it for a replay.
    const id = `msg_${randomUUID()}`;
    const body = JSON.stringify({ type: event.type, timestamp: at, data: event.data });
    this.#sender.send([() => this.#delivery(id, body)]);
  }

  resetKnobs(): void {
    this.#sender.resetKnobs();
  }

  async idle(): Promise<void> {
    await this.#sender.idle();
  }

  close(): void {
    this.#sender.close();
  }

  /** Signed with the machine's time, not the simulator's: the receiver checks it against its own. */
  #delivery(id: string, body: string): Delivery | null {
    if (this.#url === null) return null;
    const sentAt = new Date();
    const headers = {
      'content-type': 'application/json',
      'webhook-id': id,
      'webhook-timestamp': String(Math.floor(sentAt.getTime() / second)),
      'webhook-signature': new Webhook(this.#secret).sign(id, sentAt, body),
    };
    return { url: this.#url, headers, body };
  }
}
