import { setTimeout as sleep } from 'node:timers/promises';
import { z } from 'zod';
import type { SeededRandom } from './random.ts';

/** One HTTP POST of a webhook. */
export type Delivery = {
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
};

/** Called for every attempt, so that time and signature are that attempt's; null when nobody listens any more. */
export type BuildDelivery = () => Delivery | null;

/** Long enough to be overtaken by the next few changes of a person at work. */
const heldBackMsMax = 400;

const share = z.number().min(0).max(1);

/** What `PUT /_control/webhooks` takes for the sender (http.md §5): probabilities and spans. An absent knob stays as it is. */
export const webhookKnobs = {
  /** How likely a delivery is never sent. */
  drop: share.optional(),
  /** Extra copies: 0.1 is one copy in ten deliveries, 2 sends everything three times. */
  duplicate: z.number().min(0).max(20).optional(),
  /** How long every delivery waits before its first attempt. */
  delayMs: z.int().nonnegative().optional(),
  /** How likely a delivery is held back for a moment, so that later ones overtake it; true is 1. */
  shuffle: z.union([share, z.boolean()]).transform(Number).optional(),
  /** Factor on the spans of the retry schedule; 0 retries at once. */
  retryScale: z.number().nonnegative().optional(),
};

export type WebhookKnobs = {
  readonly drop: number;
  readonly duplicate: number;
  readonly delayMs: number;
  readonly shuffle: number;
  readonly retryScale: number;
};
export type WebhookKnobsChange = { readonly [Knob in keyof WebhookKnobs]?: number | undefined };

const honestKnobs: WebhookKnobs = { drop: 0, duplicate: 0, delayMs: 0, shuffle: 0, retryScale: 1 };

export type WebhookSenderOptions = {
  readonly random: SeededRandom;
  /** Waiting time before each further attempt; after the last one a delivery is given up. */
  readonly retryScheduleMs: readonly number[];
  /** Goes on for ever with the last span instead of giving up. */
  readonly repeatLastRetry?: boolean;
  /** Holds all later deliveries back until the earliest is acknowledged (quickbooks.md §6.2). */
  readonly headOfLine?: boolean;
  /** How many deliveries may be under way at once without `headOfLine`. */
  readonly concurrencyMax?: number;
  readonly answerWithinMs?: number;
};

export type WebhookCounts = {
  acknowledged: number;
  dropped: number;
  failedAttempts: number;
  givenUp: number;
};

type Waiting = {
  readonly build: BuildDelivery;
  /** Of the time between two calls of `forget`: what was queued before is not delivered after. */
  readonly signal: AbortSignal;
  readonly settled: Settled;
  attempt: number;
};

/** Told once nothing is left to do for a delivery: acknowledged, dropped, given up, or nobody listens. */
export type Settled = (build: BuildDelivery) => void;

/** Delivers webhooks as a real sender does: retried until acknowledged with 2xx in time, and spoilt on demand by the knobs. */
export class WebhookSender {
  readonly #options: WebhookSenderOptions;
  #round = new AbortController();
  #patience = new AbortController();
  readonly #idleWaiters: (() => void)[] = [];
  #knobs = honestKnobs;
  #counts: WebhookCounts = { acknowledged: 0, dropped: 0, failedAttempts: 0, givenUp: 0 };
  /** Due now, in the order of sending. */
  #due: Waiting[] = [];
  #underWay = 0;
  /** Deliveries waiting out a span before they are due. */
  #waiting = 0;

  constructor(options: WebhookSenderOptions) {
    this.#options = options;
  }

  knobs(): WebhookKnobs {
    return this.#knobs;
  }

  /** Takes effect for deliveries sent, and retries planned, from now on. */
  turnKnobs(change: WebhookKnobsChange): void {
    const { drop, duplicate, delayMs, shuffle, retryScale } = this.#knobs;
    this.#knobs = {
      drop: change.drop ?? drop,
      duplicate: change.duplicate ?? duplicate,
      delayMs: change.delayMs ?? delayMs,
      shuffle: change.shuffle ?? shuffle,
      retryScale: change.retryScale ?? retryScale,
    };
  }

  /** Back to an honest sender: nothing lost, doubled, late or out of order. */
  resetKnobs(): void {
    this.#knobs = honestKnobs;
  }

  counts(): Readonly<WebhookCounts> {
    return { ...this.#counts };
  }

  /** Deliveries that are due, under way or waiting for their time. */
  left(): number {
    return this.#due.length + this.#underWay + this.#waiting;
  }

  /** Queues deliveries in order and returns at once. Of several copies the first to be settled counts. */
  send(builds: readonly BuildDelivery[], settled: Settled = () => {}): void {
    const { signal } = this.#round;
    for (const build of builds) {
      if (this.#options.random.chance(this.#knobs.drop)) {
        this.#counts.dropped += 1;
        settled(build);
        continue;
      }
      for (let copy = 0; copy < this.#copies(); copy += 1) {
        const entry = { build, signal, settled, attempt: 0 };
        this.#enqueueAfter(entry, this.#knobs.delayMs + this.#heldBackMs());
      }
    }
  }

  /** Tries at once what holds its place at the head of the line: whoever listens has just said so. */
  hurry(): void {
    this.#patience.abort();
    this.#patience = new AbortController();
  }

  /** Resolves once nothing is due, under way or waiting for a retry. */
  async idle(): Promise<void> {
    if (this.#isIdle()) return;
    await new Promise<void>((resolve) => this.#idleWaiters.push(resolve));
  }

  /** Forgets what is due and cuts off what is under way or waits for a retry; none of it counts as settled. */
  forget(): void {
    this.close();
    this.#round = new AbortController();
  }

  /** Forgets everything and sends nothing more. */
  close(): void {
    this.#due = [];
    this.#round.abort();
    this.#tellIdle();
  }

  #copies(): number {
    const whole = Math.floor(this.#knobs.duplicate);
    return 1 + whole + (this.#options.random.chance(this.#knobs.duplicate - whole) ? 1 : 0);
  }

  #heldBackMs(): number {
    const { random } = this.#options;
    return random.chance(this.#knobs.shuffle) ? random.integer(1, heldBackMsMax) : 0;
  }

  #enqueueAfter(entry: Waiting, waitMs: number): void {
    if (waitMs === 0) {
      this.#due.push(entry);
      this.#pump();
      return;
    }
    this.#waiting += 1;
    void pause(waitMs, entry.signal).then(() => {
      this.#waiting -= 1;
      if (!entry.signal.aborted) this.#due.push(entry);
      this.#pump();
    });
  }

  #pump(): void {
    const concurrencyMax = this.#options.headOfLine ? 1 : (this.#options.concurrencyMax ?? 8);
    while (this.#underWay < concurrencyMax && !this.#round.signal.aborted) {
      const entry = this.#due.shift();
      if (entry === undefined) break;
      this.#underWay += 1;
      void this.#deliver(entry).finally(() => {
        this.#underWay -= 1;
        this.#pump();
      });
    }
    this.#tellIdle();
  }

  /** With `headOfLine` it holds its place through all retries; otherwise it makes room while it waits. */
  async #deliver(entry: Waiting): Promise<void> {
    for (;;) {
      const isDone = await this.#attempt(entry);
      if (entry.signal.aborted) return;
      if (isDone) {
        entry.settled(entry.build);
        return;
      }
      this.#counts.failedAttempts += 1;

      const waitMs = this.#waitBeforeRetryMs(entry.attempt);
      entry.attempt += 1;
      if (waitMs === null) {
        this.#counts.givenUp += 1;
        entry.settled(entry.build);
        return;
      }
      if (this.#options.headOfLine !== true) {
        this.#enqueueAfter(entry, waitMs);
        return;
      }
      await pause(waitMs, AbortSignal.any([entry.signal, this.#patience.signal]));
      if (entry.signal.aborted) return;
    }
  }

  /** True when there is nothing left to do for this delivery. */
  async #attempt({ build, signal }: Waiting): Promise<boolean> {
    const delivery = build();
    if (delivery === null) return true;
    if (!(await this.#isAcknowledged(delivery, signal))) return false;
    this.#counts.acknowledged += 1;
    return true;
  }

  async #isAcknowledged({ url, headers, body }: Delivery, isWanted: AbortSignal): Promise<boolean> {
    const inTime = AbortSignal.timeout(this.#options.answerWithinMs ?? 3_000);
    const signal = AbortSignal.any([inTime, isWanted]);
    try {
      const response = await fetch(url, {
        method: 'POST',
        headers,
        body,
        signal,
        redirect: 'manual',
      });
      await response.arrayBuffer();
      return response.ok;
    } catch {
      return false; // refused, reset or too slow: all of them mean "not acknowledged"
    }
  }

  #waitBeforeRetryMs(attempt: number): number | null {
    const { retryScheduleMs, repeatLastRetry } = this.#options;
    const spanMs =
      retryScheduleMs[attempt] ?? (repeatLastRetry ? retryScheduleMs.at(-1) : undefined);
    return spanMs === undefined ? null : Math.round(spanMs * this.#knobs.retryScale);
  }

  #isIdle(): boolean {
    return this.left() === 0;
  }

  #tellIdle(): void {
    if (!this.#isIdle() && !this.#round.signal.aborted) return;
    for (const resolve of this.#idleWaiters.splice(0)) resolve();
  }
}

async function pause(ms: number, signal: AbortSignal): Promise<void> {
  try {
    await sleep(ms, undefined, { signal });
  } catch {
    // forgotten while waiting
  }
}
