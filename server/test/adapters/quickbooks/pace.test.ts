import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { createPace, waitForTurn } from '#adapters/quickbooks/pace.ts';

/** A clock that only waiting moves, so that a minute passes at once. */
function virtualClock() {
  let now = 0;
  return {
    now: () => now,
    monotonicMs: () => now,
    wait: async (ms: number) => {
      now += ms;
    },
  };
}

const mostIn = (times: readonly number[], spanMs: number): number =>
  Math.max(
    0,
    ...times.map((from) => times.filter((at) => at >= from && at < from + spanMs).length),
  );

describe('the pace of calls to one company', () => {
  test('never lets more than 10 a second or 500 a minute leave, however they are asked for', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.integer({ min: 0, max: 400 }), { minLength: 30, maxLength: 700 }),
        async (gaps) => {
          const clock = virtualClock();
          const pace = createPace(clock);
          const left: number[] = [];
          for (const gap of gaps) {
            await clock.wait(gap);
            const answered = await pace.turn();
            left.push(clock.now());
            answered();
          }
          expect(mostIn(left, 1_000)).toBeLessThanOrEqual(10);
          expect(mostIn(left, 60_000)).toBeLessThanOrEqual(500);
        },
      ),
      { numRuns: 30 },
    );
  });

  test('uses nearly all that is allowed when everything waits', async () => {
    const clock = virtualClock();
    const pace = createPace(clock);
    for (let call = 0; call < 1_000; call += 1) (await pace.turn())();
    expect(1_000 / (clock.now() / 60_000)).toBeGreaterThan(500 * 0.97);
  });

  test('lets no more than 10 calls be in the air', () => {
    expect(waitForTurn([], 9, 0)).toBe(0);
    expect(waitForTurn([], 10, 0)).toBeGreaterThan(0);
  });

  test('gives up the wait when the lease is lost', async () => {
    const clock = {
      monotonicMs: () => 0,
      wait: () => Promise.reject(new Error('waited after the abort')),
    };
    const pace = createPace(clock);
    for (let call = 0; call < 10; call += 1) await pace.turn();
    await expect(pace.turn(AbortSignal.abort())).resolves.toBeTypeOf('function');
  });
});
