import { assert, integer, property, record } from 'fast-check';
import { describe, expect, test } from 'vitest';
import { pollIntervalMs, readsToSpare } from '#core/company/read-budget.ts';

const minuteMs = 60_000;
const hourMs = 3_600_000;
const monthMs = 30 * 24 * hourMs;
const wantedMs = 5 * minuteMs;
const reads = (used: number, companies: number, monthLeftMs = monthMs) => ({
  used,
  companies,
  monthLeftMs,
});

describe('the month’s reads', () => {
  test('are kept for writes when less than 5 % is left', () => {
    expect(readsToSpare(500_000, reads(474_999, 1))).toBe(1);
    expect(readsToSpare(500_000, reads(475_000, 1))).toBe(0);
    expect(readsToSpare(500_000, reads(600_000, 1))).toBe(0);
  });

  test('are without end when they are not metered', () => {
    expect(readsToSpare(null, reads(1e9, 1))).toBe(Number.POSITIVE_INFINITY);
    expect(pollIntervalMs(wantedMs, null, reads(1e9, 1_000))).toBe(wantedMs);
  });

  test('let a few companies be asked as often as wanted, and many less often, up to an hour apart', () => {
    expect(pollIntervalMs(wantedMs, 500_000, reads(0, 10))).toBe(wantedMs);
    // 475,000 polls for 100 companies in 30 days: one each in 9.1 minutes.
    expect(pollIntervalMs(wantedMs, 500_000, reads(0, 100))).toBe(545_685);
    expect(pollIntervalMs(wantedMs, 500_000, reads(0, 10_000))).toBe(hourMs);
    expect(pollIntervalMs(wantedMs, 500_000, reads(500_000, 10))).toBe(hourMs);
  });

  test('never shorten an interval that was wanted longer than an hour', () => {
    expect(pollIntervalMs(6 * hourMs, 500_000, reads(500_000, 10))).toBe(6 * hourMs);
  });

  test('last the month for any number of companies that an hour apart can serve, whatever else is read', () => {
    assert(
      property(
        record({
          monthlyReads: integer({ min: 100_000, max: 2_000_000 }),
          companies: integer({ min: 1, max: 100 }),
          otherReadsADay: integer({ min: 0, max: 100 }),
        }),
        ({ monthlyReads, companies, otherReadsADay }) => {
          let used = 0;
          let keptToItself = 0;
          for (let at = 0; at < monthMs;) {
            const intervalMs = pollIntervalMs(
              wantedMs,
              monthlyReads,
              reads(used, companies, monthMs - at),
            );
            // What else is read in the last hours is no longer made up for.
            const early = monthMs - at > 6 * hourMs;
            if (early && readsToSpare(monthlyReads, reads(used, companies)) === 0) keptToItself++;
            used += companies + (otherReadsADay * intervalMs) / (24 * hourMs);
            at += intervalMs;
          }
          // Counted, not expected one by one: a month has 8,640 polls, and an expectation costs more than a poll.
          expect(keptToItself).toBe(0);
          expect(used).toBeLessThanOrEqual(monthlyReads);
        },
      ),
      { numRuns: 50 },
    );
  });
});
