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

/**
 * PostgreSQL's own functions are found last, so that statements ask this clock: it stands still at the moment of the question. Defaults
 * of columns are bound when a table is made, and are bound anew.
 */
const clock = `
CREATE SCHEMA virtual;
CREATE TABLE virtual.present (at timestamptz NOT NULL);
INSERT INTO virtual.present VALUES ('epoch');
CREATE FUNCTION virtual.clock_timestamp() RETURNS timestamptz LANGUAGE sql AS 'SELECT at FROM virtual.present';
DO $$ DECLARE c record; BEGIN
  FOR c IN SELECT table_name, column_name FROM information_schema.columns WHERE table_schema = 'public'
    AND column_default IN ('CURRENT_TIMESTAMP', 'clock_timestamp()')
  LOOP
    EXECUTE format('ALTER TABLE public.%I ALTER COLUMN %I SET DEFAULT virtual.clock_timestamp()', c.table_name, c.column_name);
  END LOOP;
  EXECUTE format('ALTER DATABASE %I SET search_path = virtual, public, pg_catalog', current_database());
END $$;
SET search_path = virtual, public, pg_catalog`;

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
  await twin.pool.query(clock);
  const replay = new Replay(twin);
  for (const [compared, call] of calls.entries()) {
    const differs = await replay.ask(call);
    if (differs !== null) return { compared, differs: `${seed}, call ${compared}: ${differs}` };
  }
  return { compared: calls.length, differs: null };
}

class Replay {
  readonly #twin: Twin;
  /** Ids that PostgreSQL gave for those that the rows in memory gave. */
  readonly #ids = new Map<string, string>();
  #isBegun = false;

  constructor(twin: Twin) {
    this.#twin = twin;
  }

  /** In what the answers differ; null when they are the same. */
  async ask(call: AskedOfRows): Promise<string | null> {
    const present = 'UPDATE virtual.present SET at = to_timestamp($1::double precision / 1000)';
    await this.#twin.pool.query(present, [call.atMs]);
    if (!this.#isBegun) await this.#beginPolls(call);
    this.#isBegun = true;
    const { port, method } = call;
    if (call.status === 'ACTIVE')
      await this.#twin.pool.query(`UPDATE company SET status = 'ACTIVE' WHERE status <> 'ACTIVE'`);
    const act = Object.entries(this.#twin[port]).find(([name]) => name === method)?.[1];
    if (typeof act !== 'function') throw new Error(`the twin has no ${method}`);
    const asked = call.asked.map((one) => this.#translated(one));
    const answer: unknown = await Reflect.apply(act, this.#twin[port], asked);
    await this.#followChance(call);
    if (notCompared.has(method)) return null;
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
