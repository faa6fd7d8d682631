import type { Planning } from '#ports/planning.ts';
import { drainCompany } from '#sync/drain-company.ts';
import { ranOut } from './ghost-worker.ts';
import { passOf } from './planning.ts';
import type { World } from './world.ts';

/** Where a worker is cut off: before its nth statement for a pass reached the database, or before the answer came back. */
export type Death = { readonly statement: number; readonly when: 'before' | 'after' };

/** A worker that stopped in the middle of a pass; woken, it goes on as if nothing had happened. */
export type Stopped = {
  /** Which statement it stopped at; null when the pass was over before. */
  readonly at: string | null;
  readonly wake: () => Promise<void>;
};

const turnsMax = 40;

/** A worker works on the pass, is cut off, and loses its lease; what it was about to do is still to come. */
export async function diesPlanning(world: World, passId: string, death: Death): Promise<Stopped> {
  const stopped = Promise.withResolvers<string>();
  const awake = Promise.withResolvers<void>();
  const gone = new AbortController();
  let statements = 0;
  const cutOff = async <Value>(name: string, work: () => Promise<Value>): Promise<Value> => {
    statements += 1;
    if (statements !== death.statement) return work();
    const done = death.when === 'after' ? { value: await work() } : null;
    gone.abort();
    stopped.resolve(name);
    await awake.promise;
    return done === null ? work() : done.value;
  };
  const { planning, store } = world.engine;
  const engine = {
    ...world.engine,
    planning: cut(planning, cutOff),
    store: {
      ...store,
      // A worker that is gone renews nothing.
      renewLease: async (...asked: Parameters<typeof store.renewLease>) =>
        !gone.signal.aborted && store.renewLease(...asked),
    },
  };
  const turns = async (): Promise<null> => {
    for (let turn = 0; turn < turnsMax && !gone.signal.aborted; turn += 1) {
      if ((await passOf(world, passId)).status === 'WHOLE') return null;
      await world.pool.query('UPDATE planning_pass SET due_at = least(due_at, clock_timestamp())');
      await drainCompany(engine, world.companyId, 'dying', new AbortController().signal);
    }
    if (!gone.signal.aborted) throw new Error(`the pass is not whole after ${turnsMax} turns`);
    return null;
  };
  const working = turns();
  const at = await Promise.race([stopped.promise, working]);
  if (at !== null) {
    await world.pool.query('UPDATE company_lease SET expires_at = clock_timestamp()');
    await ranOut(world);
  }
  const wake = async (): Promise<void> => {
    awake.resolve();
    await working;
  };
  return { at, wake };
}

/** Every statement of a pass, each told to `around` first. */
function cut(
  planning: Planning,
  around: <Value>(name: string, work: () => Promise<Value>) => Promise<Value>,
): Planning {
  return {
    ...planning,
    begin: (...asked) => around('begin', () => planning.begin(...asked)),
    stage: (...asked) => around('stage', () => planning.stage(...asked)),
    storeReferences: (...asked) =>
      around('storeReferences', () => planning.storeReferences(...asked)),
    pair: (...asked) => around('pair', () => planning.pair(...asked)),
    suggest: (...asked) => around('suggest', () => planning.suggest(...asked)),
    moveTo: (...asked) => around('moveTo', () => planning.moveTo(...asked)),
    toPlan: (...asked) => around('toPlan', () => planning.toPlan(...asked)),
    handOver: (...asked) => around('handOver', () => planning.handOver(...asked)),
    rest: (...asked) => around('rest', () => planning.rest(...asked)),
    keep: (...asked) => around('keep', () => planning.keep(...asked)),
  };
}
