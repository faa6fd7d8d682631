import type { Clock } from '#ports/clock.ts';

/** Intuit's limits for one company and app (quickbooks.md §5), a little inside the edge: its clock is not ours. */
const paceLimits = {
  perSecond: 10,
  perMinute: 500,
  concurrent: 10,
  secondMs: 1_100,
  minuteMs: 60_500,
} as const;

/** Lets calls go no faster than QuickBooks allows, in the order they asked. */
export interface Pace {
  /** Resolves when one more call may leave; the answer ends it. An abort gives up the place. */
  turn(signal?: AbortSignal): Promise<() => void>;
}

/** How long until another call may leave, given when the last ones did and how many are in the air; 0 for now. */
export function waitForTurn(sentAt: readonly number[], inTheAir: number, now: number): number {
  const { perSecond, perMinute, concurrent, secondMs, minuteMs } = paceLimits;
  if (inTheAir >= concurrent) return 10;
  const tenth = sentAt.at(-perSecond);
  const fiveHundredth = sentAt.at(-perMinute);
  const second = tenth === undefined ? 0 : tenth + secondMs - now;
  const minute = fiveHundredth === undefined ? 0 : fiveHundredth + minuteMs - now;
  return Math.max(0, second, minute);
}

/** One per company and process: only the holder of the lease calls, so this is all the calls there are. */
export function createPace(clock: Pick<Clock, 'monotonicMs' | 'wait'>): Pace {
  let sentAt: number[] = [];
  let inTheAir = 0;
  let queue: Promise<void> = Promise.resolve();
  const pass = async (signal?: AbortSignal): Promise<void> => {
    const waitMs = (): number =>
      signal?.aborted === true ? 0 : waitForTurn(sentAt, inTheAir, clock.monotonicMs());
    for (let ms = waitMs(); ms > 0; ms = waitMs()) await clock.wait(ms, signal);
    sentAt = [...sentAt.slice(1 - paceLimits.perMinute), clock.monotonicMs()];
    inTheAir += 1;
  };
  return {
    turn: async (signal) => {
      const mine = queue.then(() => pass(signal));
      queue = mine;
      await mine;
      let ended = false;
      return () => {
        if (!ended) inTheAir -= 1;
        ended = true;
      };
    },
  };
}
