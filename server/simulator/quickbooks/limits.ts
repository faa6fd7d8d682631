import { z } from 'zod';
import { toPacificDate } from './pacific-time.ts';

const limit = z.int().nonnegative().nullable();

/** The body of `PUT /_control/limits`; null is without limit. */
export const limitsSchema = z.strictObject({
  perMinute: limit,
  perSecond: limit,
  concurrent: limit,
  batchPerMinute: limit,
  /** Batches of one realm, of all apps together; the simulator has one app, so the smaller of the two holds. */
  realmBatchPerMinute: limit,
  /** Calls of one realm to all of Intuit's endpoints: the books and the profile of the user. */
  combinedPerMinute: limit,
  /** Forms of one realm sent by e-mail, by day in Pacific time. */
  emailsPerDay: limit,
  monthlyReads: limit,
});
export type Limits = z.infer<typeof limitsSchema>;

/** Intuit's numbers (quickbooks.md §5). */
export const intuitLimits: Limits = {
  perMinute: 500,
  perSecond: 10,
  concurrent: 10,
  batchPerMinute: 40,
  realmBatchPerMinute: 120,
  combinedPerMinute: 800,
  emailsPerDay: 40,
  monthlyReads: 500_000,
};

export const noLimits: Limits = {
  perMinute: null,
  perSecond: null,
  concurrent: null,
  batchPerMinute: null,
  realmBatchPerMinute: null,
  combinedPerMinute: null,
  emailsPerDay: null,
  monthlyReads: null,
};

/** What a call counts as: under the books it is a `read`, `batch`, `email` or `write`; `profile` is beside them. */
export type CallKind = 'read' | 'batch' | 'email' | 'write' | 'profile';

type Window = {
  readonly name: string;
  readonly max: number | null;
  readonly spanMs: number;
  readonly counts: (kind: CallKind) => boolean;
};

const isOfBooks = (kind: CallKind): boolean => kind !== 'profile';
const isBatch = (kind: CallKind): boolean => kind === 'batch';

/** The limits that look back over a span (quickbooks.md §5). */
function windowsOf(limits: Limits): readonly Window[] {
  const minuteMs = 60_000;
  return [
    { name: 'books', max: limits.perMinute, spanMs: minuteMs, counts: isOfBooks },
    { name: 'books', max: limits.perSecond, spanMs: 1_000, counts: isOfBooks },
    { name: 'batch', max: limits.batchPerMinute, spanMs: minuteMs, counts: isBatch },
    { name: 'batch', max: limits.realmBatchPerMinute, spanMs: minuteMs, counts: isBatch },
    { name: 'all', max: limits.combinedPerMinute, spanMs: minuteMs, counts: () => true },
  ];
}

/** Counts calls against the limits, by the virtual clock: rates and e-mails per realm, reads per app and calendar month. */
export class Throttle {
  #limits: Limits;
  readonly #calls = new Map<string, number[]>();
  readonly #running = new Map<string, number>();
  readonly #emails = new DatedCount();
  readonly #reads = new DatedCount();

  constructor(limits: Limits) {
    this.#limits = limits;
  }

  get limits(): Limits {
    return this.#limits;
  }

  /** How many metered reads the month of this instant has seen. */
  monthlyReads(nowMs: number): number {
    return this.#reads.of(monthOf(nowMs), everyRealm);
  }

  replace(limits: Limits): void {
    this.#limits = limits;
  }

  /** Forgets what was counted. */
  clear(): void {
    this.#calls.clear();
    this.#emails.clear();
    this.#reads.clear();
  }

  /** Lets a call in, or says that it is one too many. Refused calls do not count. */
  admit(realm: string, kind: CallKind, nowMs: number): boolean {
    const windows = windowsOf(this.#limits).filter(({ counts }) => counts(kind));
    if (windows.some((window) => this.#isFull(realm, window, nowMs))) return false;
    const { concurrent, emailsPerDay, monthlyReads } = this.#limits;
    const day = toPacificDate(nowMs);
    const isTooMany =
      isReached(concurrent, this.#running.get(realm) ?? 0) ||
      (kind === 'email' && isReached(emailsPerDay, this.#emails.of(day, realm))) ||
      (kind === 'read' && isReached(monthlyReads, this.monthlyReads(nowMs)));
    if (isTooMany) return false;

    for (const name of new Set(windows.map((window) => window.name))) {
      this.#note(`${realm}/${name}`, nowMs);
    }
    if (kind === 'email') this.#emails.add(day, realm);
    if (kind === 'read') this.#reads.add(monthOf(nowMs), everyRealm);
    this.#running.set(realm, (this.#running.get(realm) ?? 0) + 1);
    return true;
  }

  /** A call let in is over. */
  release(realm: string): void {
    this.#running.set(realm, Math.max(0, (this.#running.get(realm) ?? 0) - 1));
  }

  #isFull(realm: string, { name, max, spanMs }: Window, nowMs: number): boolean {
    if (max === null) return false;
    const calls = this.#calls.get(`${realm}/${name}`) ?? [];
    return isReached(max, calls.filter((at) => at > nowMs - spanMs && at <= nowMs).length);
  }

  #note(name: string, nowMs: number): void {
    const recent = (this.#calls.get(name) ?? []).filter((at) => at > nowMs - 60_000 && at <= nowMs);
    recent.push(nowMs);
    this.#calls.set(name, recent);
  }
}

/** Counts by name within one day or month; the next one starts at nothing. */
class DatedCount {
  #date = '';
  readonly #counts = new Map<string, number>();

  of(date: string, name: string): number {
    return date === this.#date ? (this.#counts.get(name) ?? 0) : 0;
  }

  add(date: string, name: string): void {
    if (date !== this.#date) this.#counts.clear();
    this.#date = date;
    this.#counts.set(name, (this.#counts.get(name) ?? 0) + 1);
  }

  clear(): void {
    this.#counts.clear();
  }
}

/** The quota of reads is the app's, all its realms together (quickbooks.md §5). */
const everyRealm = 'every realm';

function monthOf(nowMs: number): string {
  return new Date(nowMs).toISOString().slice(0, 7);
}

function isReached(max: number | null, count: number): boolean {
  return max !== null && count >= max;
}
