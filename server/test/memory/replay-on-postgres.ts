import { setTimeout as sleep } from 'node:timers/promises';
import type pg from 'pg';
import type { Store } from '#ports/store.ts';
import type { Watermarks } from '#ports/watermarks.ts';
import { startsAtMs } from './books.ts';
import { liveThrough } from './history.ts';
import type { AskedOfRows } from './recording.ts';

/** PostgreSQL, as the same calls reach it. */
export type Twin = {
  readonly pool: pg.Pool;
  readonly store: Store;
  readonly watermarks: Watermarks;
  readonly companyId: string;
};

/** Times that statements compare with the time they run at. */
const times: readonly (readonly [string, readonly string[]])[] = [
  ['link', ['due_at']],
  ['outbox_event', ['available_at', 'received_at']],
  ['company', ['throttled_until', 'breaker_open_until']],
  ['company_lease', ['expires_at']],
  ['watermark', ['due_at']],
  ['intent', ['created_at']],
  ['conflict', ['apply_after']],
];
/** One statement, so that it takes the same moment each time. */
const shift = `WITH ${times
  .map(
    ([table, columns]) =>
      `shifted_${table} AS (UPDATE ${table} SET ${columns.map((name) => `${name} = ${name} - $1 * interval '1 millisecond'`).join(', ')})`,
  )
  .join(', ')} SELECT 1`;
const shiftSent = `
UPDATE intent SET sent_at = ARRAY(SELECT t - $1 * interval '1 millisecond' FROM unnest(sent_at) AS t)`;
/** PostgreSQL stays so far ahead: what is due at a moment must be due there at that moment too. */
const graceMs = 10;

/** Questions that say nothing of the rules, or only when something is due next. */
const notCompared = new Set([
  'company',
  'saveFacts',
  'nextDueInMs',
  'dueCompanies',
  'releaseLease',
]);

/** Lives through a history in memory, asks PostgreSQL everything that the rows in memory were asked, and says where the two differ. */
export async function differences(
  seed: string,
  twin: Twin,
): Promise<{ readonly compared: number; readonly differs: string | null }> {
  const calls: AskedOfRows[] = [];
  await liveThrough(seed, { isNew: true, asked: (call) => calls.push(call) });
  const replay = new Replay(twin);
  for (const [compared, call] of calls.entries()) {
    const differs = await replay.ask(call);
    if (differs === 'apart') return { compared, differs: null };
    if (differs !== null) return { compared, differs: `${seed}, call ${compared}: ${differs}` };
  }
  return { compared: calls.length, differs: null };
}

class Replay {
  readonly #twin: Twin;
  /** Ids that PostgreSQL gave for those that the rows in memory gave. */
  readonly #ids = new Map<string, string>();
  #last: { readonly atMs: number; readonly realMs: number } | null = null;

  /** How far PostgreSQL's time is ahead, by what its statements took. */
  #aheadMs = 0;

  constructor(twin: Twin) {
    this.#twin = twin;
  }

  /** In what the answers differ; null when they are the same, `apart` when something is due on one clock and not on the other. */
  async ask(call: AskedOfRows): Promise<string | null> {
    if (this.#last === null) await this.#beginPolls(call);
    await this.#letTimePass(call.atMs);
    const { port, method } = call;
    if (call.status === 'ACTIVE')
      await this.#twin.pool.query(`UPDATE company SET status = 'ACTIVE' WHERE status <> 'ACTIVE'`);
    const act = Object.entries(this.#twin[port]).find(([name]) => name === method)?.[1];
    if (typeof act !== 'function') throw new Error(`the twin has no ${method}`);
    const asked = call.asked.map((one) => this.#translated(one));
    const askedAt = performance.now();
    let answer: unknown = await Reflect.apply(act, this.#twin[port], asked);
    // What is due this very moment may be due there a few ms later; an empty answer has changed nothing.
    for (let again = 0; again < 5 && isEmpty(answer) && !isEmpty(call.answer); again += 1) {
      await sleep(30);
      answer = await Reflect.apply(act, this.#twin[port], asked);
    }
    await this.#followChance(call);
    this.#last = { atMs: call.atMs, realMs: performance.now() };
    this.#aheadMs += this.#last.realMs - askedAt;
    if (notCompared.has(method)) return null;
    // The clock of a database cannot be stopped: a moment apart, the two go different ways from here on.
    if (isEmpty(answer) !== isEmpty(call.answer)) return 'apart';
    this.#learnIds(call.answer, answer);
    const isUnordered = method === 'references';
    const [wanted, got] = [this.#translated(call.answer), answer].map((one) =>
      normal(isUnordered && Array.isArray(one) ? one.map(normal).toSorted() : one),
    );
    if (wanted === undefined || got === undefined) return null;
    return wanted === got ? null : `${method}\n  ${firstDifference(wanted, got)}`;
  }

  async #beginPolls({ atMs, pollDueAt }: AskedOfRows): Promise<void> {
    await this.#twin.pool.query(
      `INSERT INTO watermark (company_id, side, since, starts_at, due_at)
       SELECT $1, side, to_timestamp($2::double precision / 1000), to_timestamp($2::double precision / 1000),
         clock_timestamp() + $3 * interval '1 millisecond'
       FROM unnest(ARRAY['INTERNAL', 'QUICKBOOKS']::side[]) AS s(side)`,
      [this.#twin.companyId, startsAtMs, pollDueAt - atMs],
    );
  }

  async #letTimePass(atMs: number): Promise<void> {
    if (this.#last === null) return;
    const passedMs = atMs - this.#last.atMs;
    // What statements took is given back where time passes anyway; between two of one moment nothing may move back.
    const backMs = Math.max(0, Math.min(this.#aheadMs - graceMs, passedMs - 5));
    this.#aheadMs -= backMs;
    const now = performance.now();
    const aheadMs = passedMs - backMs - (now - this.#last.realMs);
    await this.#twin.pool.query(shiftSent, [aheadMs]);
    await this.#twin.pool.query(shift, [aheadMs]);
    this.#aheadMs += performance.now() - now;
  }

  async #followChance({ method, atMs, breakerOpenUntil }: AskedOfRows): Promise<void> {
    if (method !== 'noteReachability' || breakerOpenUntil === null) return;
    await this.#twin.pool.query(
      `UPDATE company SET breaker_open_until = clock_timestamp() + $1 * interval '1 millisecond'
       WHERE breaker_open_until IS NOT NULL`,
      [breakerOpenUntil - atMs],
    );
  }

  /** With the ids that PostgreSQL has for the same rows. */
  #translated(value: unknown): unknown {
    if (typeof value === 'string')
      return value === 'company'
        ? this.#twin.companyId
        : value.replace(anyUuid, (id) => this.#ids.get(id) ?? id);
    if (Array.isArray(value)) return value.map((one: unknown) => this.#translated(one));
    if (!isRecord(value) || value instanceof Map) return value;
    return Object.fromEntries(
      Object.entries(value).map(([name, one]) => [name, this.#translated(one)]),
    );
  }

  /** Rows that the store makes by itself have ids of its own; two answers name the same ones in the same places. */
  #learnIds(here: unknown, there: unknown): void {
    if (typeof here === 'string' && typeof there === 'string') {
      if (here !== there && uuid.test(here) && uuid.test(there)) this.#ids.set(here, there);
      return;
    }
    if (Array.isArray(here) && Array.isArray(there)) {
      for (const [place, one] of here.entries()) this.#learnIds(one, there[place]);
      return;
    }
    if (!isRecord(here) || !isRecord(there)) return;
    for (const [name, one] of Object.entries(here)) this.#learnIds(one, there[name]);
  }
}

const anyUuid = /[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}/g;
const uuid = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;
const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const isEmpty = (answer: unknown): boolean =>
  answer === 0 || (Array.isArray(answer) && answer.length === 0);

/** Where two texts part, with what stands around it. */
function firstDifference(wanted: string, got: string): string {
  let at = 0;
  while (at < wanted.length && wanted[at] === got[at]) at += 1;
  const around = (text: string): string => text.slice(Math.max(0, at - 120), at + 200);
  return `memory:     …${around(wanted)}\n  PostgreSQL: …${around(got)}`;
}

/** Moments that the two clocks tell apart by a few ms, and what only one of them gives. */
const leftOut = new Set([
  'claimedAt',
  'lastSentAt',
  'applyInMs',
  'askedAgoMs',
  'agoMs',
  'since',
  'startsAt',
]);

/** One text for equal answers. */
function normal(value: unknown): string {
  return JSON.stringify(value, (name, one: unknown) => {
    if (leftOut.has(name)) return undefined;
    if (typeof one === 'bigint') return String(one);
    if (typeof one === 'number') return Math.round(one * 1_000) / 1_000;
    if (one instanceof Map)
      return [...one]
        .map(([key, held]) => [String(key), held] as const)
        .toSorted(([left], [right]) => (left < right ? -1 : 1));
    if (!isRecord(one)) return one;
    return Object.fromEntries(
      Object.entries(one).toSorted(([left], [right]) => (left < right ? -1 : 1)),
    );
  });
}
