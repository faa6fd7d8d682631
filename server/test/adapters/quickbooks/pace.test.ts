import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { createPace, type Pace } from '#adapters/quickbooks/pace.ts';
import type { CallKind } from '#ports/call-counts.ts';
import { intuitLimits, noLimits, Throttle } from '../../../simulator/quickbooks/limits.ts';
import { lease } from './doubles.ts';
import { countsOf, virtualTime } from './virtual-time.ts';

type Time = ReturnType<typeof virtualTime>;

const latencyMs = 300;
const tenMinutesMs = 600_000;

const mostIn = (times: readonly number[], spanMs: number): number =>
  Math.max(
    0,
    ...times.map((from) => times.filter((at) => at >= from && at < from + spanMs).length),
  );

/** Intuit as a judge: what it let in, and how often it had to say 429. */
function judgeOf(time: Time, limits = intuitLimits) {
  const throttle = new Throttle(limits);
  const admitted: number[] = [];
  let refused = 0;
  const call = async (pace: Pace, kind: CallKind, retryAfterMs: number): Promise<void> => {
    const turn = await pace.turn(kind);
    if (!turn.granted) return time.wait(retryAfterMs);
    const isIn = throttle.admit('realm', kind, time.now());
    if (isIn) admitted.push(time.now());
    else refused += 1;
    await time.wait(latencyMs);
    if (isIn) throttle.release('realm');
    turn.answered(isIn ? null : { kind: 'throttled', retryAfterMs });
  };
  return { call, throttle, admitted, refused: () => refused };
}

/** Calls as fast as it may until the time is over, from so many links at once. */
function busy(
  time: Time,
  untilMs: number,
  links: number,
  call: () => Promise<void>,
): Promise<unknown> {
  const worker = async (): Promise<void> => {
    while (time.now() < untilMs) await call();
  };
  return Promise.all(Array.from({ length: links }, worker));
}

describe('the pace of calls to one company', () => {
  test.each([4, 100])(
    'with %i links waiting uses 97 % of what is allowed in ten minutes, and is never told 429',
    async (links) => {
      const time = virtualTime();
      const judge = judgeOf(time);
      const pace = createPace({ clock: time, counts: countsOf(time) }).under(lease);

      await time.runUntil(busy(time, tenMinutesMs, links, () => judge.call(pace, 'write', 60_000)));

      expect(judge.refused()).toBe(0);
      expect(mostIn(judge.admitted, 1_000)).toBeLessThanOrEqual(10);
      const perMinute = judge.admitted.length / (time.now() / 60_000);
      expect(perMinute / 500).toBeGreaterThanOrEqual(0.97);
    },
  );

  test('batches keep to 40 a minute while single calls go on', async () => {
    const time = virtualTime();
    const judge = judgeOf(time);
    const pace = createPace({ clock: time, counts: countsOf(time) }).under(lease);

    await time.runUntil(busy(time, 120_000, 20, () => judge.call(pace, 'batch', 60_000)));

    expect(judge.refused()).toBe(0);
    expect(mostIn(judge.admitted, 60_000)).toBeLessThanOrEqual(40);
    expect(judge.admitted.length).toBeGreaterThanOrEqual(78);
  });

  test('never lets more than 10 a second or 500 a minute leave, however they are asked for', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.integer({ min: 0, max: 400 }), { minLength: 30, maxLength: 700 }),
        async (gaps) => {
          const time = virtualTime();
          const judge = judgeOf(time);
          const pace = createPace({ clock: time, counts: countsOf(time) }).under(lease);
          const all = async (): Promise<void> => {
            const calls: Promise<void>[] = [];
            for (const gap of gaps) {
              await time.wait(gap);
              calls.push(judge.call(pace, 'read', 60_000));
            }
            await Promise.all(calls);
          };
          await time.runUntil(all());
          expect(judge.refused()).toBe(0);
          expect(judge.admitted).toHaveLength(gaps.length);
        },
      ),
      { numRuns: 20 },
    );
  });

  test('a worker that dies at any moment leaves its successor no more than what is allowed', async () => {
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 100, max: 70_000 }), async (killedAt) => {
        const time = virtualTime();
        const judge = judgeOf(time);
        const counts = countsOf(time);
        const call = (pace: Pace) => () => judge.call(pace, 'write', 60_000);
        const first = createPace({ clock: time, counts }).under(lease);
        await time.runUntil(busy(time, killedAt, 10, call(first)));

        const successor = createPace({ clock: time, counts }).under({ ...lease, epoch: 2n });
        await time.runUntil(busy(time, killedAt + 65_000, 10, call(successor)));

        expect(judge.refused()).toBe(0);
        expect(mostIn(judge.admitted, 60_000)).toBeLessThanOrEqual(500);
        expect(mostIn(judge.admitted, 1_000)).toBeLessThanOrEqual(10);
      }),
      { numRuns: 15 },
    );
  });

  test('told 429 by a slower QuickBooks, it halves and finds its pace', async () => {
    const time = virtualTime();
    const judge = judgeOf(time, { ...noLimits, perMinute: 200 });
    const pace = createPace({ clock: time, counts: countsOf(time) }).under(lease);

    await time.runUntil(busy(time, tenMinutesMs, 4, () => judge.call(pace, 'write', 5_000)));

    // Without giving way it would be told so hundreds of times.
    expect(judge.refused()).toBeGreaterThan(0);
    expect(judge.refused()).toBeLessThan(60);
    expect(judge.admitted.length / 10).toBeGreaterThan(200 * 0.6);
  });

  test('after a 429 it is silent for as long as it was told, and says so instead of waiting', async () => {
    const time = virtualTime();
    const pace = createPace({ clock: time, counts: countsOf(time) }).under(lease);
    const first = await pace.turn('write');
    if (first.granted) first.answered({ kind: 'throttled', retryAfterMs: 30_000 });

    expect(await pace.turn('write')).toEqual({
      granted: false,
      failure: { kind: 'throttled', retryAfterMs: 30_000 },
    });
  });

  test('gets back to its full pace after a 429 that does not repeat itself', async () => {
    const time = virtualTime();
    const judge = judgeOf(time, noLimits);
    const pace = createPace({ clock: time, counts: countsOf(time) }).under(lease);
    const first = await pace.turn('write');
    if (first.granted) first.answered({ kind: 'throttled', retryAfterMs: 1_000 });

    await time.runUntil(busy(time, tenMinutesMs, 10, () => judge.call(pace, 'write', 1_000)));

    const inMinute = (minute: number): number =>
      judge.admitted.filter((at) => Math.floor(at / 60_000) === minute).length;
    expect(inMinute(0)).toBeLessThan(320);
    expect(inMinute(2)).toBeGreaterThan(inMinute(0));
    expect(inMinute(8)).toBeGreaterThan(480);
  });

  test('lets no more than 10 calls be in the air', async () => {
    const time = virtualTime();
    const pace = createPace({ clock: time, counts: countsOf(time) }).under(lease);
    const stuck = Promise.all(Array.from({ length: 10 }, () => pace.turn('write')));
    await time.runUntil(stuck);
    let isGranted = false;
    const eleventh = pace.turn('write').finally(() => (isGranted = true));

    await time.runUntil(time.wait(20_000));
    expect(isGranted).toBe(false);
    const [turn] = await stuck;
    if (turn?.granted === true) turn.answered(null);
    await time.runUntil(eleventh);
  });

  test('gives up the wait when the lease is lost', async () => {
    const time = virtualTime();
    const pace = createPace({ clock: time, counts: countsOf(time) }).under(lease);
    await time.runUntil(Promise.all(Array.from({ length: 10 }, () => pace.turn('write'))));
    const lost = new AbortController();
    const waiting = pace.turn('write', lost.signal);
    lost.abort();

    expect(await waiting).toMatchObject({ granted: false, failure: { kind: 'not-sent' } });
  });

  test('lets nothing leave under a lease that somebody else holds by now', async () => {
    const time = virtualTime();
    const counts = countsOf(time);
    const pace = createPace({ clock: time, counts }).under(lease);
    counts.loseLease();

    expect(await pace.turn('write')).toEqual({
      granted: false,
      failure: { kind: 'not-sent', cause: 'the lease is no longer ours' },
    });
  });

  test('lets nothing leave that could not be counted, and goes on when it can', async () => {
    const time = virtualTime();
    const counts = countsOf(time);
    let isDown = true;
    const count: typeof counts.count = (held, kinds) =>
      isDown ? Promise.reject(new Error('no database')) : counts.count(held, kinds);
    const pace = createPace({ clock: time, counts: { ...counts, count } }).under(lease);

    expect(await pace.turn('write')).toMatchObject({
      granted: false,
      failure: { kind: 'not-sent', cause: expect.stringContaining('no database') },
    });
    isDown = false;
    expect(await pace.turn('write')).toMatchObject({ granted: true });
  });

  test('counts all that leave together by one statement', async () => {
    const time = virtualTime();
    const counts = countsOf(time);
    const statements: number[] = [];
    const count: typeof counts.count = (held, kinds) => {
      statements.push(kinds.length);
      return counts.count(held, kinds);
    };
    const pace = createPace({ clock: time, counts: { ...counts, count } }).under(lease);

    await Promise.all(Array.from({ length: 8 }, () => pace.turn('read')));

    expect(statements).toEqual([8]);
  });
});
