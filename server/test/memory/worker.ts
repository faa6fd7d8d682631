import type { SeededRandom } from '../../simulator/control/random.ts';
import { systemDigest } from '#adapters/system/ids.ts';
import { toInstant } from '#core/brand.ts';
import type { Clock } from '#ports/clock.ts';
import type { Ids } from '#ports/ids.ts';
import type { Log } from '#ports/log.ts';
import type { Planning } from '#ports/planning.ts';
import type { Reconciles } from '#ports/reconciles.ts';
import type { Store } from '#ports/store.ts';
import type { Watermarks } from '#ports/watermarks.ts';
import type { CallCounts } from '#ports/call-counts.ts';
import type { Engine } from '#sync/crossing.ts';
import type { Books } from './books.ts';
import type { Network } from './network.ts';
import { createMemorySides, type Access, type Arrival } from './sides.ts';
import { RowsAway } from './store.ts';
import type { VirtualTime } from './virtual-time.ts';
import type { Weather } from './weather.ts';
import type { WorkerBody } from './worker-body.ts';

/** What all workers of one world share. */
export type Surroundings = {
  readonly time: VirtualTime;
  readonly random: SeededRandom;
  readonly weather: Weather;
  readonly books: Books;
  readonly network: Network;
  readonly access: Access;
  readonly ids: Ids;
  readonly log: Log;
  readonly store: Store;
  readonly watermarks: Watermarks;
  readonly counts: CallCounts;
  readonly pollEveryMs: number;
  readonly arrived: (arrival: Arrival) => void;
  readonly leaves: () => void;
  /** Told of every answer of the rows, so that a history has a hash. */
  readonly heard: (what: string) => void;
};

const commitWaitMs = 130_000;
const leaseMs = 15_000;

/** The engine of one worker process, as it is composed for real, over ports in memory; it lives as long as its body does. */
export function createWorkerEngine(around: Surroundings, body: WorkerBody, skewMs: number): Engine {
  const { time } = around;
  const clock: Clock = {
    now: () => toInstant(time.nowMs + skewMs),
    monotonicMs: () => time.nowMs,
    wait: async (ms, signal) => {
      await waiting(time, ms, signal);
      await body.step('waits');
    },
  };
  const counts = breathing(around, around.counts, body, 'counts');
  const { books, network, access, arrived, leaves, ids, log, pollEveryMs } = around;
  return {
    store: {
      ...breathing(around, around.store, body, 'store'),
      isUnavailable: (error) => around.store.isUnavailable(error),
    },
    watermarks: breathing(around, around.watermarks, body, 'watermarks'),
    counts,
    reconciles: noReconciles,
    planning: noPlanning,
    sides: createMemorySides({ books, network, access, body, clock, counts, arrived, leaves }),
    clock,
    ids,
    digest: systemDigest,
    log,
    commitWaitMs,
    pollEveryMs,
    monthlyReads: null,
    leaseMs,
  };
}

/** Resolves after the time or when the signal aborts, whichever is first. */
function waiting(time: VirtualTime, ms: number, signal: AbortSignal | undefined): Promise<void> {
  if (signal?.aborted === true) return Promise.resolve();
  return new Promise((resolve) => {
    const over = (): void => {
      timer.act = null;
      signal?.removeEventListener('abort', over);
      resolve();
    };
    const timer = time.after(ms, over);
    signal?.addEventListener('abort', over);
  });
}

/** A port whose methods take a moment, may lose their connection to the rows, and never end for the dead. */
function breathing<Port extends object>(
  { time, random, weather, heard }: Surroundings,
  port: Port,
  body: WorkerBody,
  name: string,
): Port {
  const copy = { ...port };
  const awayP = weather.scene?.rowsAway ?? 0.01;
  for (const [method, act] of Object.entries(port)) {
    if (typeof act !== 'function') continue;
    const what = `${name} ${method}`;
    const guarded = async (...asked: readonly unknown[]): Promise<unknown> => {
      await body.step(`asks the ${what}`);
      if (weather.comes('rows away before', awayP)) throw new RowsAway(`${what} was not asked`);
      if (random.chance(0.3)) await time.passing(random.integer(0, 3));
      const answer: unknown = await Reflect.apply(act, port, asked);
      heard(what);
      if (weather.comes('rows away after', awayP)) throw new RowsAway(`${what} was not heard`);
      await body.step(`hears from the ${what}`);
      return answer;
    };
    Object.defineProperty(copy, method, { value: guarded, enumerable: true });
  }
  return copy;
}

const notHere = (): Promise<never> =>
  Promise.reject(new Error('reconciles and planning passes are not part of the memory world'));
const nothing = (): Promise<void> => Promise.resolve();
const none = (): Promise<null> => Promise.resolve(null);

const noReconciles: Reconciles = {
  notePoll: nothing,
  noteReads: nothing,
  next: none,
  pairs: notHere,
  unjudgedPairs: notHere,
  unlinked: notHere,
  totals: notHere,
  store: notHere,
  finish: notHere,
  rest: notHere,
  putOff: notHere,
  settleDrifts: nothing,
};

const noPlanning: Planning = {
  next: none,
  begin: notHere,
  rulesInForce: notHere,
  stage: notHere,
  customers: notHere,
  storeReferences: notHere,
  pair: notHere,
  alike: notHere,
  suggest: notHere,
  moveTo: notHere,
  toPlan: notHere,
  handOver: notHere,
  unplanned: notHere,
  leftOut: notHere,
  keep: notHere,
  rest: notHere,
  putOff: notHere,
  settleApproved: notHere,
};
