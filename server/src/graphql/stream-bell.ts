/** Says that new events may be there; a ring that nobody heard is remembered by its number. */
export type StreamBell = {
  /** How often it rang so far. */
  readonly rings: () => number;
  /** Resolves when it rings after `seen` rings, after the time, or when the signal aborts. */
  readonly waitPast: (seen: number, timeoutMs: number, signal: AbortSignal) => Promise<void>;
  readonly ring: () => void;
};

/** A bell within this process; whoever listens to the database rings it. */
export function createStreamBell(): StreamBell {
  let rings = 0;
  const waiting = new Set<() => void>();
  return {
    rings: () => rings,
    ring: () => {
      rings += 1;
      for (const wake of waiting) wake();
    },
    waitPast: (seen, timeoutMs, signal) =>
      new Promise((resolve) => {
        if (rings > seen || signal.aborted) return resolve();
        const done = (): void => {
          clearTimeout(timer);
          waiting.delete(done);
          signal.removeEventListener('abort', done);
          resolve();
        };
        const timer = setTimeout(done, timeoutMs);
        waiting.add(done);
        signal.addEventListener('abort', done);
      }),
  };
}
