import { describe, expect, test } from 'vitest';
import { later, toInstant } from '#core/brand.ts';
import { nextSince } from '#sync/poll-changes.ts';

const startsAt = toInstant(Date.parse('2026-11-22T12:00:00.500Z'));
const minutes = (count: number) => later(startsAt, count * 60_000);

describe('the watermark', () => {
  const mark = { side: 'quickbooks', since: minutes(30), startsAt } as const;

  test("is that side's own time less ten minutes", () => {
    expect(nextSince(mark, minutes(40))).toBe(minutes(30));
  });

  test('stays where it was while that side tells no time', () => {
    expect(nextSince(mark, null)).toBe(mark.since);
  });

  test('looks no further back than to the making of the company', () => {
    expect(nextSince(mark, minutes(3))).toBe(startsAt);
    expect(nextSince(mark, startsAt)).toBe(startsAt);
    // The same moment in a header that has whole seconds.
    expect(nextSince(mark, later(startsAt, -500))).toBe(startsAt);
  });

  test('goes back with a side whose clock is behind ours', () => {
    expect(nextSince(mark, minutes(-20))).toBe(minutes(-30));
  });

  test('a time that was wrong once is put right by the next answer', () => {
    const ahead = nextSince(mark, minutes(100_000));
    expect(nextSince({ ...mark, since: ahead }, minutes(45))).toBe(minutes(35));
  });
});
