import type { Clock } from './clock.ts';

/** Watches what time a side says it is. */
export type SideClock = {
  /** Takes the `Date` of an answer (RFC 9110 §6.6.1, whole seconds). */
  readonly heard: (date: string | null) => void;
  /** That side's clock minus this machine's, in ms, at its last answer; null before one said what time it is. */
  readonly offMs: () => number | null;
};

/** The clock of one side, known by its answers alone. */
export function createSideClock(clock: Pick<Clock, 'now'>): SideClock {
  let offMs: number | null = null;
  return {
    heard: (date) => {
      const said = date === null ? Number.NaN : Date.parse(date);
      offMs = Number.isNaN(said) ? null : said - clock.now();
    },
    offMs: () => offMs,
  };
}
