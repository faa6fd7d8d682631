import { createHash, createHmac, randomUUID } from 'node:crypto';
import { z } from 'zod';
import type { SeededRandom } from '../control/random.ts';
import type { StateChange } from '../control/state-file.ts';
import { webhookKnobs, WebhookSender, type BuildDelivery } from '../control/webhook-sender.ts';
import type { Happening } from './change-set.ts';
import { compact, type Json, type JsonObject } from './json.ts';
import { simulatorApp } from './oauth.ts';
import type { CompanyEvent, Notice, PendingNotices } from './webhook-notices.ts';

/** The body of `PUT /_control/webhooks` (http.md §5); what is absent stays as it is. */
export const webhooksBody = z.strictObject({
  url: z.url().nullable().optional(),
  verifierToken: z.string().min(1).optional(),
  format: z.enum(['cloudevents', 'legacy']).optional(),
  ...webhookKnobs,
});
export type WebhooksBody = z.infer<typeof webhooksBody>;

/** Who listens, and in which dialect. */
export type Listener = {
  readonly url: string | null;
  readonly verifierToken: string;
  readonly format: 'cloudevents' | 'legacy';
};

const nobody: Listener = {
  url: null,
  verifierToken: simulatorApp.verifierToken,
  format: 'cloudevents',
};

/** Waiting times between attempts: Intuit's published schedule, then every six hours (quickbooks.md §6.2). */
const retryScheduleMs = [10, 20, 30, 300, 1_200, 7_200, 14_400, 21_600].map(
  (seconds) => seconds * 1_000,
);

const answerWithinMs = 3_000;
const remembered = 20_000;

export type WebhookRules = {
  readonly isConnected: (realm: string) => boolean;
  readonly areRealmsMixed: () => boolean;
  readonly voidedName: () => 'voided' | 'void';
};

/** Tells the app what changed: signed, retried, held behind the earliest failure, and lossy on demand. */
export class WebhookFeed {
  readonly #sender: WebhookSender;
  readonly #rules: WebhookRules;
  #listener: Listener = nobody;
  readonly #pending: PendingNotices;
  #events: CompanyEvent[] = [];
  #fresh: Notice[] = [];

  constructor(random: SeededRandom, rules: WebhookRules, pending: PendingNotices) {
    this.#rules = rules;
    this.#pending = pending;
    this.#sender = new WebhookSender({
      random,
      retryScheduleMs,
      repeatLastRetry: true,
      headOfLine: true,
      answerWithinMs,
    });
  }

  get listener(): Listener {
    return this.#listener;
  }

  configure(change: WebhooksBody): void {
    const { url, verifierToken, format } = this.#listener;
    this.#listener = {
      url: change.url === undefined ? url : change.url,
      verifierToken: change.verifierToken ?? verifierToken,
      format: change.format ?? format,
    };
    this.#sender.turnKnobs(change);
    if (change.url !== undefined) this.#sender.hurry();
  }

  /** All there is to see: the listener and the knobs. */
  settings(): Listener & ReturnType<WebhookSender['knobs']> {
    return { ...this.#listener, ...this.#sender.knobs() };
  }

  /** Sending counts, for people and tests. */
  counts(): ReturnType<WebhookSender['counts']> {
    return this.#sender.counts();
  }

  /** How much is still to be told, as deliveries and as changes that go out with the next one. */
  left(): number {
    return this.#sender.left() + this.#fresh.length;
  }

  /** What has to be written with the change a notice tells of: nothing when there is nobody to tell. */
  keeping(notice: Notice): readonly StateChange[] {
    return this.#isSent(notice) ? [this.#pending.keeping(notice)] : [];
  }

  /** Notes changes that have been written; what happens in one turn goes out together. */
  announce(notice: Notice): void {
    this.#events.push(...notice.events);
    if (this.#events.length > remembered * 1.25) this.#events = this.#events.slice(-remembered);
    if (!this.#isSent(notice)) return;
    if (this.#fresh.length === 0) setImmediate(() => this.#flush());
    this.#fresh.push(notice);
  }

  /** After a restart: goes on telling what nobody had acknowledged. */
  resume(): void {
    const notices = this.#pending.all();
    this.#events.push(...notices.flatMap(({ events }) => events));
    for (const notice of notices) this.#send([notice]);
  }

  /** Sends again what followed a mutation or an instant, as new events: redeliveries after an outage. */
  redeliver(after: number | string): number {
    const afterMs = typeof after === 'string' ? Date.parse(after) : undefined;
    const events = this.#events.filter((event) =>
      afterMs === undefined ? event.mutationSeq > Number(after) : event.atMs > afterMs,
    );
    this.#send([{ key: '', events: events.map((event) => ({ ...event, id: randomUUID() })) }]);
    return events.length;
  }

  /** Forgets the past, numbers on, and is honest again; the listener stays. */
  clear(): void {
    this.#events = [];
    this.#fresh = [];
    this.#sender.forget();
    this.#sender.resetKnobs();
    this.#pending.settle(this.#pending.all());
  }

  async idle(): Promise<void> {
    await this.#sender.idle();
  }

  close(): void {
    this.#sender.close();
  }

  #isSent({ events }: Notice): boolean {
    const [first] = events;
    if (first === undefined || this.#listener.url === null) return false;
    return this.#rules.isConnected(first.realm);
  }

  #flush(): void {
    const notices = this.#fresh;
    this.#fresh = [];
    this.#send(notices);
  }

  /** One delivery for each realm, or one for all where realms are mixed. */
  #send(notices: readonly Notice[]): void {
    const events = notices.flatMap((notice) => notice.events);
    if (events.length === 0) return;
    const realms = [...new Set(events.map(({ realm }) => realm))];
    const groups = this.#rules.areRealmsMixed() ? [realms] : realms.map((realm) => [realm]);
    for (const group of groups) {
      const mine = ({ realm }: CompanyEvent): boolean => group.includes(realm);
      const told = notices.filter((notice) => notice.events.some(mine));
      this.#sender.send([this.#delivery(events.filter(mine))], () => this.#pending.settle(told));
    }
  }

  #delivery(events: readonly CompanyEvent[]): BuildDelivery {
    return () => {
      const { url, verifierToken, format } = this.#listener;
      if (url === null) return null;
      const payload =
        format === 'legacy'
          ? toLegacy(events)
          : events.map((event) => toCloudEvent(event, this.#rules.voidedName()));
      const body = JSON.stringify(payload);
      const signature = createHmac('sha256', verifierToken).update(body).digest('base64');
      const headers = { 'content-type': 'application/json', 'intuit-signature': signature };
      return { url, headers, body };
    };
  }
}

/** The entities and operations there are events for (quickbooks.md §6.1). */
const toldEntities = new Set([
  'Account',
  'Bill',
  'BillPayment',
  'Class',
  'CreditMemo',
  'Customer',
  'Department',
  'Deposit',
  'Employee',
  'Estimate',
  'Invoice',
  'Item',
  'JournalEntry',
  'Payment',
  'PaymentMethod',
  'Preferences',
  'Purchase',
  'PurchaseOrder',
  'RefundReceipt',
  'SalesReceipt',
  'Term',
  'TimeActivity',
  'Transfer',
  'Vendor',
  'VendorCredit',
]);

/** True for what subscribers hear of at all. */
export function isTold({ entity }: Happening): boolean {
  return toldEntities.has(entity);
}

const cloudNames = {
  create: 'created',
  update: 'updated',
  delete: 'deleted',
  void: 'voided',
  merge: 'merged',
  send: 'emailed',
} as const;

const legacyNames = {
  create: 'Create',
  update: 'Update',
  delete: 'Delete',
  void: 'Void',
  merge: 'Merge',
  send: 'Emailed',
} as const;

/** One item of the top-level array; times are UTC down to nanoseconds (quickbooks.md §6.1). */
function toCloudEvent({ id, realm, atMs, happening }: CompanyEvent, voided: string): JsonObject {
  const name = happening.operation === 'void' ? voided : cloudNames[happening.operation];
  const data: Json = happening.deletedId === undefined ? {} : { deletedId: happening.deletedId };
  return {
    specversion: '1.0',
    id,
    source: `intuit.${createHash('sha256').update(simulatorApp.clientId).digest('base64')}`,
    type: `qbo.${happening.entity.toLowerCase()}.${name}.v1`,
    datacontenttype: 'application/json',
    time: new Date(atMs).toISOString().replace('Z', '000000Z'),
    intuitentityid: happening.id,
    intuitaccountid: realm,
    data,
  };
}

function toLegacy(events: readonly CompanyEvent[]): JsonObject {
  const realms = [...new Set(events.map((event) => event.realm))];
  const notifications = realms.map((realm) => {
    const entities = events
      .filter((event) => event.realm === realm)
      .map(({ atMs, happening }) =>
        compact({
          name: happening.entity,
          id: happening.id,
          operation: legacyNames[happening.operation],
          lastUpdated: new Date(atMs).toISOString(),
          deletedId: happening.deletedId,
        }),
      );
    return { realmId: realm, dataChangeEvent: { entities } };
  });
  return { eventNotifications: notifications };
}
