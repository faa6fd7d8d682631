import type { CallCounts, CallKind, CallsOfSecond } from '#ports/call-counts.ts';
import type { Clock } from '#ports/clock.ts';

type Sleeper = { readonly at: number; readonly wake: () => void };

/** Time that jumps from one waiter to the next as soon as nobody has anything to do, so that ten minutes pass at once. */
export function virtualTime(startMs = 0) {
  let now = startMs;
  let sleepers: readonly Sleeper[] = [];
  const wait: Clock['wait'] = (ms, signal) =>
    new Promise((resolve) => {
      if (signal?.aborted === true) return resolve();
      const sleeper = { at: now + Math.max(0, ms), wake: resolve };
      sleepers = [...sleepers, sleeper];
      signal?.addEventListener('abort', () => resolve(), { once: true });
    });
  /** Lets time pass until the work is over. */
  const runUntil = async (work: Promise<unknown>): Promise<void> => {
    let isOver = false;
    const watched = work.finally(() => (isOver = true));
    for (;;) {
      // Everything that can go on without time passing goes on first.
      for (let turn = 0; turn < 20; turn += 1) await Promise.resolve();
      if (isOver) return void (await watched);
      const [next] = sleepers.toSorted((one, other) => one.at - other.at);
      if (next === undefined) throw new Error('everybody waits and nobody is due');
      sleepers = sleepers.filter((sleeper) => sleeper !== next);
      now = Math.max(now, next.at);
      next.wake();
    }
  };
  return { now: () => now, monotonicMs: () => now, wait, runUntil };
}

/** Counts in memory with whole seconds, as the table keeps them; a test may take the lease away. */
export function countsOf(clock: { readonly now: () => number }) {
  const seconds = new Map<number, { calls: number; batches: number }>();
  let isHeld = true;
  const count: CallCounts['count'] = async (_lease, kinds) => {
    if (!isHeld) return false;
    const second = Math.floor(clock.now() / 1_000);
    const row = seconds.get(second) ?? { calls: 0, batches: 0 };
    const isBatch = (kind: CallKind): boolean => kind === 'batch';
    row.calls += kinds.length;
    row.batches += kinds.filter(isBatch).length;
    seconds.set(second, row);
    return true;
  };
  const lastMinute = async (): Promise<readonly CallsOfSecond[]> =>
    [...seconds]
      .map(([second, row]) => ({ agoMs: clock.now() - second * 1_000, ...row }))
      .filter(({ agoMs }) => agoMs < 62_000);
  return {
    count,
    lastMinute,
    loseLease: () => {
      isHeld = false;
    },
  };
}
