import { expect, test } from 'vitest';
import { VirtualClock } from '../../../simulator/control/clock.ts';
import { seededRandom } from '../../../simulator/control/random.ts';

test('virtual time runs with the machine, from where it was set', () => {
  let machineMs = 1_000;
  const clock = new VirtualClock(() => machineMs);

  clock.set(new Date('2026-11-22T09:00:00Z'));
  machineMs += 500;
  clock.advance(60_000);

  expect(clock.now().toISOString()).toBe('2026-11-22T09:01:00.500Z');
  clock.reset();
  expect(clock.now().getTime()).toBe(1_500);
});

test('the same seed gives the same sequence and another seed another one', () => {
  const draw = (seed: string) => {
    const random = seededRandom(seed);
    return [random.next(), random.integer(1, 1_000_000), random.id('x_'), random.pick([1, 2, 3])];
  };

  expect(draw('alpha')).toEqual(draw('alpha'));
  expect(draw('alpha')).not.toEqual(draw('beta'));
  expect(draw('')).not.toEqual(draw(' '));
});

test('whole numbers stay within both bounds and reach them', () => {
  const random = seededRandom('bounds');
  const seen = new Set(Array.from({ length: 200 }, () => random.integer(3, 5)));

  expect(seen).toEqual(new Set([3, 4, 5]));
});

test('chance is never at 0, always at 1, and about the share in between', () => {
  const random = seededRandom('share');
  const hits = (p: number) => Array.from({ length: 2_000 }, () => random.chance(p)).filter(Boolean);

  expect(hits(0)).toHaveLength(0);
  expect(hits(1)).toHaveLength(2_000);
  expect(hits(0.25).length).toBeGreaterThan(400);
  expect(hits(0.25).length).toBeLessThan(600);
});

test('nothing can be picked from an empty list', () => {
  expect(() => seededRandom('none').pick([])).toThrow('list is empty');
});
