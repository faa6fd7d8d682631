import { expect, test } from 'vitest';
import { sumDecimals } from './decimal.ts';

test('a sum is exact at any size and sign', () => {
  expect(sumDecimals(['0.1', '0.2'])).toBe('0.3');
  expect(sumDecimals(['9007199254740993.01', '-0.005', '-9007199254740993'])).toBe('0.005');
  expect(sumDecimals(['-12.50', '12.5'])).toBe('0.00');
  expect(sumDecimals([])).toBe('0');
});

test('what is no plain decimal has no sum', () => {
  expect(sumDecimals(['1.00', '1e3'])).toBe(null);
});
