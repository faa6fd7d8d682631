import { expect, test } from 'vitest';
import { toInstant } from '#core/brand.ts';
import { isQuiet, isTimeZone, minuteOf } from '#core/notification/quiet-hours.ts';

const at = (text: string) => toInstant(Date.parse(text));

test.each([
  ['22:00', '07:00', '2026-01-15T21:59:59Z', false],
  ['22:00', '07:00', '2026-01-15T22:00:00Z', true],
  ['22:00', '07:00', '2026-01-15T00:00:00Z', true],
  ['22:00', '07:00', '2026-01-15T06:59:59Z', true],
  ['22:00', '07:00', '2026-01-15T07:00:00Z', false],
  ['12:00', '13:30', '2026-01-15T11:59:00Z', false],
  ['12:00', '13:30', '2026-01-15T13:29:00Z', true],
  ['12:00', '13:30', '2026-01-15T13:30:00Z', false],
])('from %s until %s, at %s it is quiet: %s', (from, until, time, expected) => {
  expect(isQuiet(at(time), { from, until, timeZone: 'UTC' })).toBe(expected);
});

test('the clocks on the wall count, in summer and in winter', () => {
  const hours = { from: '22:00', until: '07:00', timeZone: 'Europe/Vienna' };

  expect(isQuiet(at('2026-01-15T20:30:00Z'), hours)).toBe(false);
  expect(isQuiet(at('2026-07-15T20:30:00Z'), hours)).toBe(true);
});

test('every minute of a day is quiet in the hours or in the other hours, never in both', () => {
  for (let minute = 0; minute < 1_440; minute += 1) {
    const time = toInstant(Date.parse('2026-03-01T00:00:00Z') + minute * 60_000);
    const night = isQuiet(time, { from: '18:15', until: '08:45', timeZone: 'UTC' });
    const day = isQuiet(time, { from: '08:45', until: '18:15', timeZone: 'UTC' });
    expect(night, `minute ${minute}`).toBe(!day);
  }
});

test.each(['24:00', '7:00', '07:60', '', '07:00 '])('%j is no time of day', (text) => {
  expect(minuteOf(text)).toBeNull();
});

test('a time zone is told from a name that is none', () => {
  expect([isTimeZone('America/New_York'), isTimeZone('Mars/Olympus')]).toEqual([true, false]);
});
