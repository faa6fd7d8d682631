import { systemClock } from '#adapters/system/clock.ts';
import { later } from '#core/brand.ts';
import type { Clock } from '#ports/clock.ts';

/** A clock that runs as the machine's does and can be put forward; waiting is not shortened. */
export function adjustableClock(): Clock & { advance(ms: number): void } {
  let aheadMs = 0;
  return {
    ...systemClock,
    now: () => later(systemClock.now(), aheadMs),
    advance: (ms) => {
      aheadMs += ms;
    },
  };
}
