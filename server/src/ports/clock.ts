import type { Instant } from '#core/brand.ts';

/** The machine's clock; correctness never rests on it (architecture.md §2). */
export interface Clock {
  now(): Instant;
  /** Never goes back; for deadlines inside a lease. */
  monotonicMs(): number;
  /** Resolves after the time or when the signal aborts, whichever is first; never rejects. */
  wait(ms: number, signal?: AbortSignal): Promise<void>;
}
