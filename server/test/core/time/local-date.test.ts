import { expect, test } from 'vitest';
import { parseLocalDate } from '#core/time/local-date.ts';

test('every day the calendar has from 1999 to 2101 is read, and no other', () => {
  for (let year = 1_999; year <= 2_101; year += 1) {
    for (let month = 0; month <= 13; month += 1) {
      for (let day = 0; day <= 32; day += 1) {
        const pad = (number: number): string => String(number).padStart(2, '0');
        const text = `${year}-${pad(month)}-${pad(day)}`;
        const asUtc = new Date(`${text}T00:00:00Z`);
        const exists = !Number.isNaN(asUtc.getTime()) && asUtc.toISOString().startsWith(text);

        if ((parseLocalDate(text) === text) !== exists) expect.fail(text);
      }
    }
  }
});

test.each(['', '2026-1-01', '2026-01-01T00:00:00Z', '26-01-01', ' 2026-01-01', '2026/01/01'])(
  '%j is no date',
  (text) => {
    expect(parseLocalDate(text)).toBeNull();
  },
);
