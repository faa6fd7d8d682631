import { expect, test, vi } from 'vitest';
import {
  formatAgo,
  formatDate,
  formatDateTime,
  formatDuration,
  formatTime,
  lastDay,
} from './date.ts';

test('a due date does not move with the reader', () => {
  vi.stubEnv('TZ', 'Pacific/Honolulu');
  const shown = formatDate('2026-11-30', 'en-US');
  vi.unstubAllEnvs();
  expect(shown).toBe('Nov 30, 2026');
});

test('a date that cannot be read is shown as it came', () => {
  expect(formatDate('soon', 'en-US')).toBe('soon');
  expect(formatTime('soon')).toBe('soon');
});

test('an instant is shown in the zone of the reader, in 24 hours', () => {
  const options = { locale: 'en-US', timeZone: 'America/New_York' };
  expect(formatTime('2026-11-22T05:01:02.500Z', options)).toBe('00:01:02');
  expect(formatDateTime('2026-11-22T05:01:02.500Z', options)).toBe('Nov 22, 2026, 00:01:02');
});

test.each([
  [0, '0 ms'],
  [839.6, '840 ms'],
  [999, '999 ms'],
  [3_190, '3.1 s'],
  [9_999, '9.9 s'],
  [12_400, '12 s'],
  [130_000, '2 min 10 s'],
  [120_000, '2 min'],
  [7_800_000, '2 h 10 min'],
  [273_600_000, '3 d 4 h'],
])('%d ms is said as %s', (ms, said) => {
  expect(formatDuration(ms)).toBe(said);
});

test.each([
  [1_000, 'just now'],
  [42_000, '42 s ago'],
  [150_000, '2 min ago'],
  [3 * 3_600_000, '3 h ago'],
  [50 * 3_600_000, '2 d ago'],
])('%d ms back reads %s', (ms, said) => {
  const now = Date.parse('2026-11-22T09:00:00Z');
  expect(formatAgo(new Date(now - ms).toISOString(), now)).toBe(said);
});

test('the last day is 24 whole hours and holds still within an hour', () => {
  const at = Date.parse('2026-11-22T09:26:01.123Z');
  expect(lastDay(at)).toEqual({ from: '2026-11-21T10:00:00.000Z', to: '2026-11-22T10:00:00.000Z' });
  expect(lastDay(at + 60_000)).toEqual(lastDay(at));
});
