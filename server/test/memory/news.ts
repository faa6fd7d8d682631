import type { SeededRandom } from '../../simulator/control/random.ts';
import type { Mutation } from '../../simulator/control/mutation-log.ts';
import { toCorrelationId, toEventId, toInstant, type CompanyId } from '#core/brand.ts';
import type { ChangeKind, IncomingEvent, Subject } from '#core/event/event.ts';
import type { Ids } from '#ports/ids.ts';
import type { Books } from './books.ts';
import type { VirtualTime } from './virtual-time.ts';
import type { Weather } from './weather.ts';

type Means = {
  readonly books: Books;
  readonly companyId: CompanyId;
  readonly ids: Ids;
  readonly time: VirtualTime;
  readonly random: SeededRandom;
  readonly weather: Weather;
  /** Takes an event in, as the door for webhooks does. */
  readonly ingest: (events: readonly IncomingEvent[]) => void;
};

const kinds: Readonly<Record<string, ChangeKind>> = {
  create: 'CREATED',
  update: 'UPDATED',
  void: 'VOIDED',
  delete: 'DELETED',
};
const paymentKinds: Readonly<Record<string, ChangeKind>> = {
  create: 'PAYMENT_APPLIED',
  update: 'PAYMENT_CHANGED',
  delete: 'PAYMENT_REMOVED',
};

/** Tells the bridge what changed on both sides, as webhooks do: late, twice, out of order, or not at all. */
export class News {
  readonly #means: Means;
  #toldHere = 0;
  #toldThere = 0;
  #underWay = 0;
  #lost = 0;
  /** Everything that was told so far, to be told again. */
  readonly told: IncomingEvent[] = [];

  constructor(means: Means) {
    this.#means = means;
  }

  /** Whether everything was told that is ever told by itself. */
  get isQuiet(): boolean {
    return this.#underWay === 0;
  }

  /** How much only a poll finds. */
  get lost(): number {
    return this.#lost;
  }

  /** Sends what changed since the last time. */
  tell(): void {
    const { books } = this.#means;
    for (const mutation of books.invoicing.company.mutationsAfter(this.#toldHere)) {
      this.#toldHere = mutation.seq;
      this.#send(this.#fromHere(mutation));
    }
    for (const mutation of books.quickbooks.mutations(books.realm).after(this.#toldThere)) {
      this.#toldThere = mutation.seq;
      this.#send(this.#fromThere(mutation));
    }
  }

  #send(event: IncomingEvent): void {
    const { weather, random } = this.#means;
    if (weather.comes('news lost', 0.4)) {
      this.#lost += 1;
      return;
    }
    this.told.push(event);
    const isAimed = weather.kinds.has('people act in the middle') || weather.scene?.lastWord;
    const soonMs = isAimed === true ? random.pick([5, 300]) : 300;
    const spreadMs = weather.comes('news out of order', 0.5) ? 30_000 : soonMs;
    this.#deliver(event, random.integer(1, spreadMs));
    if (weather.comes('news told again', 0.4)) this.#deliver(event, random.integer(1, 60_000));
  }

  #deliver(event: IncomingEvent, afterMs: number): void {
    this.#underWay += 1;
    this.#means.time.after(afterMs, () => {
      this.#underWay -= 1;
      this.#means.ingest([event]);
    });
  }

  #fromHere(mutation: Mutation): IncomingEvent {
    const { records } = this.#means.books.invoicing.company;
    const { id, entity } = mutation;
    if (entity !== 'payment') {
      const kind = entity === 'invoice' ? 'invoice' : 'other';
      const invoiceId = entity === 'invoice' ? id : null;
      return this.#event(mutation, { side: 'internal', kind, id, invoiceId }, kinds);
    }
    const holder = [...records.invoices.values()].find(({ invoice }) =>
      invoice.payments.some((payment) => payment.id === id),
    );
    const invoiceId = holder?.invoice.id ?? records.deletedPayments.get(id) ?? null;
    return this.#event(
      mutation,
      { side: 'internal', kind: 'payment', id, invoiceId },
      paymentKinds,
    );
  }

  #fromThere(mutation: Mutation): IncomingEvent {
    const { id, entity } = mutation;
    const kind = subjectKinds[entity] ?? 'other';
    return this.#event(mutation, { side: 'quickbooks', kind, id, invoiceId: null }, kinds);
  }

  #event(
    { seq, at, operation }: Mutation,
    subject: Subject,
    words: Readonly<Record<string, ChangeKind>>,
  ): IncomingEvent {
    const { ids, companyId } = this.#means;
    const { side } = subject;
    return {
      id: toEventId(ids.next()),
      companyId,
      source: side === 'internal' ? 'INVOICING_WEBHOOK' : 'QUICKBOOKS_WEBHOOK',
      eventKey: `${side}:${seq}`,
      kind: words[operation] ?? 'OTHER',
      subject,
      actor: { kind: 'side', side, name: 'somebody' },
      occurredAt: toInstant(Date.parse(at)),
      correlationId: toCorrelationId(ids.next()),
      payload: {},
    };
  }
}

const subjectKinds: Readonly<Record<string, Subject['kind']>> = {
  Invoice: 'invoice',
  Payment: 'payment',
  Customer: 'customer',
  Item: 'item',
};
