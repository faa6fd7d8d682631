import type {
  StreamEventPartsFragment,
  SyncEventsSubscription,
} from '../graphql/generated/graphql.ts';
import { dropEnded, trackCrossings } from './crossings.ts';
import type { LiveCrossing, LiveCrossings } from './crossings.ts';
import type { Connection } from './freshness.ts';
import { createRecentIds } from './recent-ids.ts';
import { createRingBuffer } from './ring-buffer.ts';

/** One event of the stream, as the tail shows it. */
export type StreamEvent = StreamEventPartsFragment;

/** What arrives on the one subscription of a tab. */
export type StreamMessage = SyncEventsSubscription['syncEvents'];

/** What the screen may read; a new object only when something changed, at most once per frame. */
export type StreamSnapshot = {
  /** False until the stream knows where it begins: data read before could miss what happened in between. */
  readonly hasBegun: boolean;
  readonly connection: Connection;
  readonly lostForLong: boolean;
  readonly backlog: number;
  readonly completeUntil: string | null;
  /** Newest first, at most `tailMax`. Holds still while paused. */
  readonly tail: readonly StreamEvent[];
  /** Holds still while paused. */
  readonly crossings: LiveCrossings;
  /** Events handled since the tab opened. */
  readonly handledCount: number;
  readonly isPaused: boolean;
  /** Events that came since Pause. */
  readonly waitingCount: number;
  /** Grows with every gap: whoever shows data from before it must ask again. */
  readonly generation: number;
  /** Grows with every connection made: whoever shows an error may try again. */
  readonly connectionCount: number;
  /** Why the last gap happened; null when there was none. */
  readonly gapReason: string | null;
  /** Events received between losing the connection and being live again; null while that is not the news. */
  readonly caughtUpCount: number | null;
};

/** Events held for the tail (api-and-web.md §3.8). */
export const tailMax = 2_000;

type Listener = () => void;
type EventsListener = (events: readonly StreamEvent[]) => void;

/** What the store asks of the browser, passed in so that tests hold both. */
export type StreamEnvironment = {
  readonly nowMs: () => number;
  /** Runs the flush once, soon: a frame in the browser, so that 200 events a second paint once per frame. */
  readonly scheduleFlush: (flush: () => void) => void;
};

const nothingYet: StreamSnapshot = {
  hasBegun: false,
  connection: 'connecting',
  lostForLong: false,
  backlog: 0,
  completeUntil: null,
  tail: [],
  crossings: new Map(),
  handledCount: 0,
  isPaused: false,
  waitingCount: 0,
  generation: 0,
  connectionCount: 0,
  gapReason: null,
  caughtUpCount: null,
};

const later = (a: string | null, b: string): string =>
  a === null || Date.parse(b) > Date.parse(a) ? b : a;

/** Holds the one event stream of a tab, outside React; the bound methods are for `useSyncExternalStore`. */
export class StreamStore {
  readonly #environment: StreamEnvironment;
  readonly #buffer = createRingBuffer<StreamEvent>(tailMax);
  readonly #recent = createRecentIds(tailMax * 2);
  readonly #listeners = new Set<Listener>();
  readonly #eventsListeners = new Set<EventsListener>();
  #snapshot = nothingYet;
  #draft: Partial<StreamSnapshot> = {};
  #crossings: LiveCrossings = nothingYet.crossings;
  #pending: StreamEvent[] = [];
  #cursor: string | undefined;
  /** Events since the connection was lost; null while nothing was missed. */
  #missedCount: number | null = null;
  #isFlushDue = false;

  constructor(environment: StreamEnvironment) {
    this.#environment = environment;
  }

  readonly getSnapshot = (): StreamSnapshot => this.#snapshot;

  readonly subscribe = (listener: Listener): (() => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };

  /** Every event once, in order, also while paused. */
  onEvents(listener: EventsListener): () => void {
    this.#eventsListeners.add(listener);
    return () => this.#eventsListeners.delete(listener);
  }

  /** Newest position handled: what a new subscription, and every reconnect, must send as `after`. */
  cursor(): string | undefined {
    return this.#cursor;
  }

  /** Where the stream begins, unless something was handled already; without a cursor at its live end. */
  begin(cursor?: string): void {
    this.#cursor ??= cursor;
    this.#change({ hasBegun: true });
  }

  handleMessage(message: StreamMessage): void {
    switch (message.__typename) {
      case 'SyncEventBatch':
        return this.#handleBatch(message);
      case 'StreamHeartbeat':
        this.#cursor = message.cursor;
        this.#change({ backlog: 0, completeUntil: this.#completeUntil(message.completeUntil) });
        return this.#announceCaughtUp();
      case 'StreamGap':
        this.#cursor = message.resumeFrom;
        this.#missedCount = null;
        return this.#change({
          backlog: 0,
          gapReason: message.reason,
          generation: this.#latest().generation + 1,
        });
      default:
        message satisfies never;
    }
  }

  setConnection(connection: Connection): void {
    const before = this.#latest();
    if (before.connection === connection) return;
    if (connection === 'open') {
      const connectionCount = before.connectionCount + 1;
      return this.#change({ connection, connectionCount, lostForLong: false });
    }
    if (before.connection === 'open') this.#missedCount = 0;
    this.#change({ connection, caughtUpCount: null });
  }

  /** Says that the loss has lasted; the caller holds the timer. */
  markLostForLong(): void {
    if (this.#latest().connection !== 'open') this.#change({ lostForLong: true });
  }

  /** Crossings on their way before the stream began; what the stream says is newer and stays. */
  seedCrossings(seeds: readonly LiveCrossing[]): void {
    const fresh = seeds.filter(({ eventId }) => !this.#crossings.has(eventId));
    if (fresh.length === 0) return;
    const older = fresh.map((seed) => [seed.eventId, seed] as const);
    this.#crossings = new Map([...older, ...this.#crossings]);
    this.refresh();
  }

  setPaused(isPaused: boolean): void {
    this.#change({ isPaused });
  }

  /** The reader has seen the news about catching up or a gap. */
  dismissNotice(): void {
    this.#change({ caughtUpCount: null, gapReason: null });
  }

  /** Publishes what changed, once per frame; also looks again at which crossings have ended. */
  refresh(): void {
    if (this.#isFlushDue) return;
    this.#isFlushDue = true;
    this.#environment.scheduleFlush(() => this.#flush());
  }

  #handleBatch(batch: Extract<StreamMessage, { __typename: 'SyncEventBatch' }>): void {
    const fresh = batch.events.filter(({ id }) => this.#recent.isNew(id));
    for (const event of fresh) this.#buffer.add(event);
    this.#crossings = trackCrossings(this.#crossings, fresh, this.#environment.nowMs());
    this.#pending.push(...fresh);
    this.#cursor = batch.cursor;
    if (this.#missedCount !== null) this.#missedCount += fresh.length;
    this.#change({ backlog: batch.backlog });
    if (batch.backlog > 0) return;
    const last = batch.events.at(-1);
    if (last !== undefined) this.#change({ completeUntil: this.#completeUntil(last.at) });
    this.#announceCaughtUp();
  }

  #announceCaughtUp(): void {
    if (this.#missedCount !== null && this.#missedCount > 0) {
      this.#change({ caughtUpCount: this.#missedCount });
    }
    this.#missedCount = null;
  }

  #completeUntil(instant: string): string {
    return later(this.#latest().completeUntil, instant);
  }

  #latest(): StreamSnapshot {
    return { ...this.#snapshot, ...this.#draft };
  }

  #change(part: Partial<StreamSnapshot>): void {
    this.#draft = { ...this.#draft, ...part };
    this.refresh();
  }

  #flush(): void {
    this.#isFlushDue = false;
    const events = this.#pending;
    const before = this.#snapshot;
    const next = this.#latest();
    this.#pending = [];
    this.#draft = {};
    this.#crossings = dropEnded(this.#crossings, this.#environment.nowMs());
    const handledCount = next.handledCount + events.length;
    const shown = next.isPaused ? this.#held(before, events) : this.#moving(before, next, events);
    this.#snapshot = { ...next, ...shown, handledCount };
    for (const listener of this.#listeners) listener();
    if (events.length > 0) for (const listener of this.#eventsListeners) listener(events);
  }

  #held(before: StreamSnapshot, events: readonly StreamEvent[]): Partial<StreamSnapshot> {
    return { waitingCount: before.isPaused ? before.waitingCount + events.length : 0 };
  }

  #moving(before: StreamSnapshot, next: StreamSnapshot, events: readonly StreamEvent[]) {
    const isTailStale = events.length > 0 || before.isPaused;
    const tail = isTailStale ? this.#buffer.newestFirst() : next.tail;
    return { tail, crossings: this.#crossings, waitingCount: 0 };
  }
}
