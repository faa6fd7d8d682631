import { z } from 'zod';

const limit = z.int().nonnegative().nullable();

/** The body of `PUT /_control/limits`; null is without limit. */
export const limitsSchema = z.strictObject({
  perMinute: limit,
  perSecond: limit,
  concurrent: limit,
  batchPerMinute: limit,
  monthlyReads: limit,
});
export type Limits = z.infer<typeof limitsSchema>;

/** Intuit's numbers (quickbooks.md §5). */
export const intuitLimits: Limits = {
  perMinute: 500,
  perSecond: 10,
  concurrent: 10,
  batchPerMinute: 40,
  monthlyReads: 500_000,
};

export const noLimits: Limits = {
  perMinute: null,
  perSecond: null,
  concurrent: null,
  batchPerMinute: null,
  monthlyReads: null,
};

export type CallKind = { readonly isRead: boolean; readonly isBatch: boolean };

/** Counts calls against the limits, by the virtual clock: rates per realm, reads per app and calendar month. */
export class Throttle {
  #limits: Limits;
  readonly #calls = new Map<string, number[]>();
  readonly #running = new Map<string, number>();
  #month = '';
  #reads = 0;

  constructor(limits: Limits) {
    this.#limits = limits;
  }

  get limits(): Limits {
    return this.#limits;
  }

  /** How many metered reads this month has seen. */
  get monthlyReads(): number {
    return this.#reads;
  }

  replace(limits: Limits): void {
    this.#limits = limits;
  }

  /** Forgets what was counted. */
  clear(): void {
    this.#calls.clear();
    this.#month = '';
    this.#reads = 0;
  }

  /** Lets a call in, or says that it is one too many. Refused calls do not count. */
  admit(realm: string, kind: CallKind, nowMs: number): boolean {
    this.#turnMonth(nowMs);
    const { perMinute, perSecond, concurrent, batchPerMinute, monthlyReads } = this.#limits;
    const isTooMany =
      this.#isReached(`${realm}/all`, perMinute, nowMs, 60_000) ||
      this.#isReached(`${realm}/all`, perSecond, nowMs, 1_000) ||
      (kind.isBatch && this.#isReached(`${realm}/batch`, batchPerMinute, nowMs, 60_000)) ||
      (concurrent !== null && (this.#running.get(realm) ?? 0) >= concurrent) ||
      (kind.isRead && monthlyReads !== null && this.#reads >= monthlyReads);
    if (isTooMany) return false;

    this.#note(`${realm}/all`, nowMs);
    if (kind.isBatch) this.#note(`${realm}/batch`, nowMs);
    if (kind.isRead) this.#reads += 1;
    this.#running.set(realm, (this.#running.get(realm) ?? 0) + 1);
    return true;
  }

  /** A call let in is over. */
  release(realm: string): void {
    this.#running.set(realm, Math.max(0, (this.#running.get(realm) ?? 0) - 1));
  }

  #isReached(name: string, max: number | null, nowMs: number, spanMs: number): boolean {
    if (max === null) return false;
    const calls = this.#calls.get(name) ?? [];
    return calls.filter((at) => at > nowMs - spanMs && at <= nowMs).length >= max;
  }

  #note(name: string, nowMs: number): void {
    const recent = (this.#calls.get(name) ?? []).filter((at) => at > nowMs - 60_000 && at <= nowMs);
    recent.push(nowMs);
    this.#calls.set(name, recent);
  }

  #turnMonth(nowMs: number): void {
    const month = new Date(nowMs).toISOString().slice(0, 7);
    if (month === this.#month) return;
    this.#month = month;
    this.#reads = 0;
  }
}
