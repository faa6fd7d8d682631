import { succeeded, type CallFailure, type CallOutcome } from '#core/attempt/failure.ts';
import type { IncomingEvent } from '#core/event/event.ts';
import type { Side } from '#core/side.ts';
import type { AccountingSystem, Seen } from '#ports/accounting-system.ts';
import type { ChangedRow } from '#ports/changes.ts';
import type { Log } from '#ports/log.ts';
import type { AwaitingRead } from '#ports/awaiting-read.ts';
import type { ClaimedLink, Lease, Store } from '#ports/store.ts';
import { workerLimits } from './limits.ts';

/** What gathering has to know of a claimed link. */
export type LinkToRead = Pick<
  ClaimedLink,
  | 'internalId'
  | 'quickbooksId'
  | 'internal'
  | 'quickbooks'
  | 'quickbooksFresh'
  | 'quickbooksNews'
  | 'events'
  | 'openIntents'
>;

/** What was read for many links by one call, or came with a poll, until the link that needs it is worked; one a drain. */
export type GatheredReads = {
  /** Reads QuickBooks by one query for the links that need it and, along with them, for those that are due next. */
  gather(claimed: readonly LinkToRead[]): void;
  /** Keeps what a poll showed of the invoices that its events are about. */
  keep(side: Side, rows: readonly ChangedRow[], events: readonly IncomingEvent[]): void;
  /** The invoice as gathered; null when it has to be read by its id. */
  take(side: Side, link: LinkToRead): Promise<CallOutcome<Seen | null>>;
  /** After a stale version a query may be as old as what it was stale against: the next read is by id. */
  distrust(link: LinkToRead): void;
  /** The link was worked: what was gathered for it is old now. */
  forget(link: LinkToRead): void;
};

type Means = {
  readonly engine: { readonly store: Pick<Store, 'awaitingRead'>; readonly log: Log };
  readonly lease: Lease;
  readonly accounting: Pick<AccountingSystem, 'readInvoices'>;
  readonly signal: AbortSignal;
};

/** What is at hand of an invoice, and for which claims: while nothing new was told of it since it was read. */
type AtHand = {
  readonly seen: Promise<CallOutcome<Seen | null>>;
  readonly serves: (link: LinkToRead) => boolean;
};

/** Nothing is at hand at first. */
export const createGatheredReads = (means: Means): GatheredReads => new ReadsOfDrain(means);

class ReadsOfDrain implements GatheredReads {
  readonly #means: Means;
  readonly #atHand = new Map<string, AtHand>();
  readonly #polledEvents = new Set<string>();
  readonly #distrusted = new Set<string>();

  constructor(means: Means) {
    this.#means = means;
  }

  gather(claimed: readonly LinkToRead[]): void {
    const missing = claimed.filter(needsRead).flatMap((link): readonly AwaitingRead[] => {
      const { quickbooksId, quickbooksNews } = link;
      if (quickbooksId === null || this.#distrusted.has(quickbooksId)) return [];
      const held = this.#atHand.get(keyOf('quickbooks', quickbooksId));
      return held?.serves(link) === true ? [] : [{ quickbooksId, quickbooksNews }];
    });
    if (missing.length > 0) this.#serve(missing, this.#readWith(missing));
  }

  keep(side: Side, rows: readonly ChangedRow[], events: readonly IncomingEvent[]): void {
    const told = new Set(events.map(({ subject }) => subject));
    for (const { id } of events) this.#polledEvents.add(id);
    for (const { subject, seen } of rows) {
      if (subject.kind !== 'invoice' || seen === null || !told.has(subject)) continue;
      if (this.#atHand.size >= workerLimits.atHandMax) return;
      this.#atHand.set(keyOf(side, subject.id), {
        seen: Promise.resolve(succeeded(seen)),
        serves: (link) => link.events.every(({ id }) => this.#polledEvents.has(id)),
      });
    }
  }

  async take(side: Side, link: LinkToRead): Promise<CallOutcome<Seen | null>> {
    const id = idOn(side, link);
    if (side === 'quickbooks' && id !== null && this.#distrusted.delete(id)) return nothing;
    const held = this.#atHand.get(keyOf(side, id));
    if (held?.serves(link) !== true) return nothing;
    const found = await held.seen;
    if (!found.ok || found.value === null) return found;
    return isCurrent(side, link, found.value) ? found : nothing;
  }

  distrust({ quickbooksId }: LinkToRead): void {
    if (quickbooksId !== null) this.#distrusted.add(quickbooksId);
  }

  forget(link: LinkToRead): void {
    this.#atHand.delete(keyOf('internal', link.internalId));
    this.#atHand.delete(keyOf('quickbooks', link.quickbooksId));
  }

  /** A link serves itself from the answer as long as QuickBooks told nothing of it since it was asked for. */
  #serve(waiting: readonly AwaitingRead[], answer: Promise<Answer>): void {
    const { engine, lease } = this.#means;
    const safe = answer.catch((error: unknown): Answer => {
      const about = { companyId: lease.companyId, cause: String(error) };
      engine.log.warn('invoices could not be read together', about);
      return succeeded(new Map());
    });
    for (const { quickbooksId, quickbooksNews } of waiting) {
      const seen = safe.then((read) =>
        read.ok ? succeeded(read.value.get(quickbooksId) ?? null) : read,
      );
      this.#atHand.set(keyOf('quickbooks', quickbooksId), {
        seen,
        serves: (link) => link.quickbooksNews === quickbooksNews,
      });
    }
  }

  async #readWith(needed: readonly AwaitingRead[]): Promise<Answer> {
    const { engine, lease, accounting, signal } = this.#means;
    const limit = workerLimits.gatheredMax - needed.length;
    const next = await engine.store.awaitingRead(lease, limit);
    const more = next.filter(({ quickbooksId }) => !this.#isKnown(quickbooksId));
    const ids = [...needed, ...more].map(({ quickbooksId }) => quickbooksId);
    // One alone is read by its id, which is never older than it was told of.
    if (ids.length < 2) return succeeded(new Map());
    const limits = { deadlineMs: workerLimits.callMs, signal };
    const answer = accounting.readInvoices(ids, limits).then(orById);
    this.#serve(more, answer);
    return answer;
  }

  #isKnown(quickbooksId: string): boolean {
    return (
      this.#distrusted.has(quickbooksId) || this.#atHand.has(keyOf('quickbooks', quickbooksId))
    );
  }
}

const nothing = succeeded(null);

type Answer = CallOutcome<ReadonlyMap<string, Seen>>;

const keyOf = (side: Side, id: string | null): string => `${side}:${id ?? ''}`;

const idOn = (side: Side, link: LinkToRead): string | null =>
  side === 'internal' ? link.internalId : link.quickbooksId;

/** What is open is settled by looking for it by id; what is as the base has it is not read at all. */
const needsRead = ({ openIntents, quickbooksFresh, quickbooks }: LinkToRead): boolean =>
  openIntents.length === 0 && !(quickbooksFresh && quickbooks !== null);

/** One bad row fails a query for all of them (quickbooks.md §2.8): then each is read by itself, and fails alone. */
function orById(answer: Answer): Answer {
  return answer.ok || failsForAll[answer.failure.kind] ? answer : succeeded(new Map());
}

const failsForAll = {
  throttled: true,
  'access-lapsed': true,
  'not-sent': true,
  'read-failed': false,
  'no-answer': false,
  refused: false,
  'not-found': false,
  'stale-version': false,
} as const satisfies Record<CallFailure['kind'], boolean>;

/**
 * A list may answer older than what is known already: than the stored observation, or than what QuickBooks told of
 * (architecture.md §3, step 5). Its own times have whole seconds.
 */
function isCurrent(side: Side, link: LinkToRead, { invoice }: Seen): boolean {
  const { modifiedAt } = invoice;
  const last = link[side]?.invoice.modifiedAt ?? modifiedAt;
  const told =
    side === 'internal'
      ? []
      : link.events.map(({ toldAt }) => Math.floor((toldAt ?? 0) / 1_000) * 1_000);
  return modifiedAt >= Math.max(last, ...told);
}
