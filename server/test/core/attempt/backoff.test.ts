import { assert, double, integer, nat, property } from 'fast-check';
import { describe, expect, test } from 'vitest';
import { backoffMs, isExhausted, retryLimits } from '#core/attempt/backoff.ts';

describe('waiting before another try', () => {
  test('stays between nothing and the doubling ceiling, and under a quarter of an hour', () => {
    assert(
      property(nat(200), double({ min: 0, max: 0.999_999, noNaN: true }), (failures, chance) => {
        const waitMs = backoffMs(failures, chance);
        expect(Number.isInteger(waitMs)).toBe(true);
        expect(waitMs).toBeGreaterThanOrEqual(0);
        expect(waitMs).toBeLessThan(Math.min(retryLimits.backoffMsMax, 1_000 * 2 ** failures));
      }),
    );
  });

  test('is spread over the whole range, so that links do not come back together', () => {
    expect(backoffMs(3, 0)).toBe(0);
    expect(backoffMs(3, 0.5)).toBe(4_000);
    expect(backoffMs(30, 0.999_999)).toBeGreaterThan(retryLimits.backoffMsMax - 1_000);
  });

  test('never shrinks with more failures at the same chance', () => {
    assert(
      property(nat(40), double({ min: 0, max: 0.99, noNaN: true }), (failures, chance) => {
        expect(backoffMs(failures + 1, chance)).toBeGreaterThanOrEqual(backoffMs(failures, chance));
      }),
    );
  });
});

describe('giving up', () => {
  const hourMs = 3_600_000;

  test('needs twelve failures and an hour, both', () => {
    expect(isExhausted(12, 0, hourMs)).toBe(true);
    expect(isExhausted(11, 0, hourMs * 24)).toBe(false);
    expect(isExhausted(500, 0, hourMs - 1)).toBe(false);
  });

  test('depends on the span alone, not on when it was', () => {
    assert(
      property(nat(30), nat(2 * hourMs), integer({ min: 0, max: 2e12 }), (failures, span, at) => {
        expect(isExhausted(failures, at, at + span)).toBe(isExhausted(failures, 0, span));
      }),
    );
  });
});
