import { setTimeout as delay } from 'node:timers/promises';
import { toInstant } from '#core/brand.ts';
import type { Clock } from '#ports/clock.ts';

/** The machine's clock. */
export const systemClock: Clock = {
  now: () => toInstant(Date.now()),
  monotonicMs: () => performance.now(),
  wait: (ms, signal) =>
    delay(ms, undefined, signal === undefined ? {} : { signal }).catch(() => undefined), // an abort ends the wait, nothing else
};
