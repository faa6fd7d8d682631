import { nextTick } from 'node:process';
import { setImmediate } from 'node:timers/promises';

/** Set for an instant; cancelled, it costs nothing when its time comes. */
export type Timer = { readonly atMs: number; readonly place: number; act: (() => void) | null };

/**
 * Time that passes only when nobody has anything to do: the earliest timer fires, everything it set going runs until it
 * waits again, then the next one fires. Timers of one instant fire in the order they were set, so that a history is the
 * same each time.
 */
export class VirtualTime {
  #nowMs: number;
  #place = 0;
  /** A binary heap, earliest first. */
  readonly #timers: Timer[] = [];

  constructor(startsAtMs: number) {
    this.#nowMs = startsAtMs;
  }

  get nowMs(): number {
    return this.#nowMs;
  }

  at(atMs: number, act: () => void): Timer {
    this.#place += 1;
    const timers = this.#timers;
    const timer = { atMs: Math.max(atMs, this.#nowMs), place: this.#place, act };
    let index = timers.push(timer) - 1;
    while (index > 0) {
      const above = (index - 1) >> 1;
      if (!this.#isEarlier(index, above)) break;
      this.#swap(index, above);
      index = above;
    }
    return timer;
  }

  after(ms: number, act: () => void): Timer {
    return this.at(this.#nowMs + ms, act);
  }

  /** Resolves after the time. */
  passing(ms: number): Promise<void> {
    return new Promise((resolve) => {
      this.after(ms, resolve);
    });
  }

  /** Lets time pass until the instant, or until `isOver` is true before a timer. */
  async runUntil(untilMs: number, isOver: () => boolean = () => false): Promise<void> {
    // Whoever else is in the process gets its turn, too.
    await setImmediate();
    for (;;) {
      await rest();
      if (isOver()) return;
      const next = this.#next(untilMs);
      if (next === null) break;
      this.#nowMs = next.atMs;
      next.act?.();
    }
    this.#nowMs = Math.max(this.#nowMs, untilMs);
  }

  /** Takes the earliest timer that was not cancelled. */
  #next(untilMs: number): Timer | null {
    for (;;) {
      const [next] = this.#timers;
      if (next === undefined || next.atMs > untilMs) return null;
      this.#pop();
      if (next.act !== null) return next;
    }
  }

  #pop(): void {
    const timers = this.#timers;
    const last = timers.pop();
    if (last === undefined || timers.length === 0) return;
    timers[0] = last;
    let index = 0;
    for (;;) {
      const left = 2 * index + 1;
      if (left >= timers.length) return;
      const right = left + 1;
      const lower = right < timers.length && this.#isEarlier(right, left) ? right : left;
      if (!this.#isEarlier(lower, index)) return;
      this.#swap(lower, index);
      index = lower;
    }
  }

  #isEarlier(one: number, other: number): boolean {
    const [a, b] = [this.#timers[one], this.#timers[other]];
    if (a === undefined || b === undefined) return false;
    return a.atMs < b.atMs || (a.atMs === b.atMs && a.place < b.place);
  }

  #swap(one: number, other: number): void {
    const [a, b] = [this.#timers[one], this.#timers[other]];
    if (a === undefined || b === undefined) return;
    this.#timers[one] = b;
    this.#timers[other] = a;
  }
}

/** Resolves when everybody waits: a tick comes after all that promises set going, and nothing here goes by anything else. */
const rest = (): Promise<void> =>
  new Promise((resolve) => {
    nextTick(resolve);
  });
