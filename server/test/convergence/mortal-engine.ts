import type { Sides } from '#ports/sides.ts';
import type { Step, Store } from '#ports/store.ts';
import type { Engine } from '#sync/crossing.ts';

/** Thrown by everything a worker touches from the moment it died. */
class Died extends Error {}

/**
 * One life of a worker. It ends at a durable boundary: right after a commit that changed something, or right after a
 * write reached the other side. Dying before the next one is the same death, so each is counted once. What the worker
 * would have done after that never happens, and nobody tells the database.
 */
export type Life = {
  readonly engine: Engine;
  /** The boundaries that were reached, in order, in words. */
  readonly passed: readonly string[];
  readonly isDead: () => boolean;
};

/** A life that ends at its `diesAt`-th boundary, counted from 1; Infinity for one that does not. */
export function lifeOf(engine: Engine, diesAt: number): Life {
  const passed: string[] = [];
  const isDead = (): boolean => passed.length >= diesAt;
  const body: Body = {
    alive: () => {
      if (isDead()) throw new Died('the worker is dead');
    },
    reached: (boundary) => {
      body.alive();
      passed.push(boundary);
      body.alive();
    },
  };
  return {
    engine: {
      ...engine,
      store: mortalStore(engine.store, body),
      watermarks: breathing(engine.watermarks, body),
      counts: breathing(engine.counts, body),
      reconciles: breathing(engine.reconciles, body),
      sides: mortalSides(engine.sides, body),
    },
    passed,
    isDead,
  };
}

type Body = {
  /** Throws once the worker is dead. */
  readonly alive: () => void;
  /** Counts a boundary, and dies there when it is the one. */
  readonly reached: (boundary: string) => void;
};

/**
 * The methods whose commit changes what a successor finds. Renewing a lease is left out: when it happens is a matter of
 * the clock, and a death beside it is a death between two others.
 */
function mortalStore(store: Store, body: Body): Store {
  const counted = async (work: Promise<number>, boundary: string): Promise<number> => {
    const count = await work;
    if (count > 0) body.reached(boundary);
    return count;
  };
  const live = breathing(store, body);
  return {
    ...live,
    acquireLease: async (...asked) => {
      const lease = await live.acquireLease(...asked);
      if (lease !== null) body.reached('the lease was taken');
      return lease;
    },
    resolveSubjects: (...asked) => counted(live.resolveSubjects(...asked), 'links were made due'),
    passOn: (...asked) => counted(live.passOn(...asked), 'payments were passed on'),
    resumeWaiting: (...asked) =>
      counted(live.resumeWaiting(...asked), 'what waited went round again'),
    claimLinks: async (...asked) => {
      const claimed = await live.claimLinks(...asked);
      if (claimed.length > 0) body.reached('links were claimed');
      return claimed;
    },
    joinLinks: async (...asked) => {
      const joined = await live.joinLinks(...asked);
      body.reached('two links were joined');
      return joined;
    },
    recordStep: async (lease, step) => {
      const outcome = await live.recordStep(lease, step);
      body.reached(nameOf(step));
      return outcome;
    },
    isUnavailable: (error) => error instanceof Died || store.isUnavailable(error),
  };
}

const nameOf = ({ newIntents, intentChanges, link }: Step): string =>
  [
    ...newIntents.map(({ side, operation, object }) => `${object} ${operation} for ${side} meant`),
    ...intentChanges.map(({ state }) => `an intent became ${state}`),
    link.release === undefined ? 'a step was recorded' : 'the link was given back',
  ].join(', ');

const mortalSides = (sides: Sides, body: Body): Sides => ({
  ...sides,
  accounting: (company, lease) => {
    const live = breathing(sides.accounting(company, lease), body);
    return {
      ...live,
      write: async (write, options) => {
        const answer = await live.write(write, options);
        body.reached(`QuickBooks got the ${write.object} ${write.operation}`);
        return answer;
      },
    };
  },
  invoicing: async (company) => {
    const live = breathing(await sides.invoicing(company), body);
    return {
      ...live,
      write: async (write, options) => {
        const answer = await live.write(write, options);
        body.reached(`internal invoicing got the ${write.object} ${write.operation}`);
        return answer;
      },
    };
  },
});

/** A port whose methods throw for the dead, before they are asked and before their answer is heard. */
function breathing<Port extends object>(port: Port, body: Body): Port {
  const copy = { ...port };
  for (const [name, method] of Object.entries(port)) {
    if (typeof method !== 'function') continue;
    const guarded = async (...asked: readonly unknown[]): Promise<unknown> => {
      body.alive();
      const answer: unknown = await Reflect.apply(method, port, asked);
      body.alive();
      return answer;
    };
    if (!isSynchronous(name)) Reflect.set(copy, name, guarded);
  }
  return copy;
}

/** Methods that answer at once, and have no effect. */
const isSynchronous = (name: string): boolean => name === 'clockOffMs' || name === 'isUnavailable';
