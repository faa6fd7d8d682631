import type { CallFailure } from '#core/attempt/failure.ts';
import type { CallCounts, CallKind } from '#ports/call-counts.ts';
import type { Clock } from '#ports/clock.ts';
import type { Lease } from '#ports/store.ts';
import {
  leftBefore,
  paceLimits,
  recent,
  shareAt,
  slowedBy,
  waitForTurn,
  type Left,
  type PaceLimits,
  type Slowed,
} from './pace-limits.ts';

/** Leave to make one call, which its answer ends; or why it must not be made. */
export type Turn =
  | { readonly granted: true; readonly answered: (failure: CallFailure | null) => void }
  | { readonly granted: false; readonly failure: CallFailure };

/** Lets calls go no faster than QuickBooks allows, in the order they asked; counted before they leave. */
export interface Pace {
  turn(kind: CallKind, signal?: AbortSignal): Promise<Turn>;
}

/** The pace of one company in this process, drain after drain. */
export interface CompanyPace {
  /** For the calls made under a lease. What others called since the last one of ours is taken from the counts. */
  under(lease: Lease): Pace;
}

export type PaceOptions = {
  readonly clock: Pick<Clock, 'monotonicMs' | 'wait'>;
  readonly counts: Pick<CallCounts, 'count' | 'lastMinute'>;
  readonly limits?: PaceLimits;
};

type Waiting = {
  readonly kind: CallKind;
  readonly lease: Lease;
  readonly signal: AbortSignal | undefined;
  readonly resolve: (turn: Turn) => void;
};

const refused = (failure: CallFailure): Turn => ({ granted: false, failure });
const notSent = (cause: string): Turn => refused({ kind: 'not-sent', cause });

/** While all places are taken: how long until it is looked again whether one is free. */
const placeMs = 10;

/** One per company and process: only the holder of the lease calls, so this is all the calls there are. */
export function createPace({ clock, counts, limits = paceLimits }: PaceOptions): CompanyPace {
  const pace = new Pacemaker(clock, counts, limits);
  return {
    under: (lease) => ({ turn: (kind, signal) => pace.turn(lease, kind, signal) }),
  };
}

class Pacemaker {
  readonly #clock: PaceOptions['clock'];
  readonly #counts: PaceOptions['counts'];
  readonly #limits: PaceLimits;
  #left: Left = { calls: [], batches: [] };
  #slowed: Slowed = { share: 1, at: 0 };
  #inTheAir = 0;
  /** QuickBooks asked for silence until then; to later drains the company's row says so. */
  #silentUntil = 0;
  /** Lease up to which it is known what left. */
  #known: Lease | null = null;
  #waiting: readonly Waiting[] = [];
  #isServing = false;

  constructor(clock: PaceOptions['clock'], counts: PaceOptions['counts'], limits: PaceLimits) {
    this.#clock = clock;
    this.#counts = counts;
    this.#limits = limits;
  }

  turn(lease: Lease, kind: CallKind, signal: AbortSignal | undefined): Promise<Turn> {
    return new Promise((resolve) => {
      this.#waiting = [...this.#waiting, { kind, lease, signal, resolve }];
      if (!this.#isServing) void this.#serve();
    });
  }

  async #serve(): Promise<void> {
    this.#isServing = true;
    for (let [next] = this.#waiting; next !== undefined; [next] = this.#waiting) {
      try {
        await this.#learn(next.lease);
        this.#turnAway();
        await this.#letGo();
      } catch (error) {
        // Without the count nothing may leave: a successor would not know of it.
        this.#refuse(this.#waiting, notSent(`the call could not be counted: ${String(error)}`));
      }
    }
    this.#isServing = false;
  }

  /** What left before: by memory when nobody else held the lease since our last one, else by the counts. */
  async #learn(lease: Lease): Promise<void> {
    if (this.#known?.epoch === lease.epoch) return;
    if (this.#known === null || this.#known.epoch + 1n !== lease.epoch) {
      const seconds = await this.#counts.lastMinute(lease.companyId);
      this.#left = leftBefore(seconds, this.#clock.monotonicMs());
    }
    this.#silentUntil = 0;
    this.#known = lease;
  }

  /** Nobody waits behind one who gave up, nor for what QuickBooks would not answer. */
  #turnAway(): void {
    const gaveUp = this.#waiting.filter(({ signal }) => signal?.aborted === true);
    this.#refuse(gaveUp, notSent('cancelled before sending'));
    const retryAfterMs = this.#silentUntil - this.#clock.monotonicMs();
    if (retryAfterMs > 0) this.#refuse(this.#waiting, refused({ kind: 'throttled', retryAfterMs }));
  }

  /** Counts and grants all that may leave together now, under one lease; else waits until the first may. */
  async #letGo(): Promise<void> {
    const [first] = this.#waiting;
    if (first === undefined) return;
    const { lease, kind, signal } = first;
    const going = this.#burst(lease);
    if (going.length === 0) return this.#clock.wait(this.#waitMs(kind, []), signal);
    const kinds = going.map((one) => one.kind);
    this.#inTheAir += going.length;
    const isOurs = await this.#counts.count(lease, kinds).catch((error: unknown) => {
      this.#inTheAir -= going.length;
      throw error;
    });
    if (!isOurs) {
      this.#inTheAir -= going.length;
      return this.#refuse(going, notSent('the lease is no longer ours'));
    }
    const now = this.#clock.monotonicMs();
    this.#left = withCalls(recent(this.#left, now, this.#limits), kinds, now);
    this.#waiting = this.#waiting.filter((one) => !going.includes(one));
    for (const { resolve } of going) resolve(this.#granted(now));
  }

  #burst(lease: Lease): readonly Waiting[] {
    const going: Waiting[] = [];
    for (const next of this.#waiting) {
      const kinds = going.map(({ kind }) => kind);
      if (next.lease.epoch !== lease.epoch || this.#waitMs(next.kind, kinds) > 0) break;
      going.push(next);
    }
    return going;
  }

  /** How long until one more of the kind may leave after `before`, which leave now. */
  #waitMs(kind: CallKind, before: readonly CallKind[]): number {
    if (this.#inTheAir + before.length >= this.#limits.concurrent) return placeMs;
    const now = this.#clock.monotonicMs();
    const left = withCalls(this.#left, before, now);
    return waitForTurn(kind, left, shareAt(this.#slowed, now), now, this.#limits);
  }

  #granted(leftAt: number): Turn {
    let isOver = false;
    const answered = (failure: CallFailure | null): void => {
      if (isOver) return;
      isOver = true;
      this.#inTheAir -= 1;
      if (failure?.kind !== 'throttled') return;
      const now = this.#clock.monotonicMs();
      this.#slowed = slowedBy(this.#slowed, leftAt, now);
      this.#silentUntil = Math.max(this.#silentUntil, now + failure.retryAfterMs);
    };
    return { granted: true, answered };
  }

  #refuse(refusedOnes: readonly Waiting[], turn: Turn): void {
    this.#waiting = this.#waiting.filter((one) => !refusedOnes.includes(one));
    for (const { resolve } of refusedOnes) resolve(turn);
  }
}

const withCalls = ({ calls, batches }: Left, more: readonly CallKind[], now: number): Left => ({
  calls: [...calls, ...more.map(() => now)],
  batches: [...batches, ...more.filter((kind) => kind === 'batch').map(() => now)],
});
