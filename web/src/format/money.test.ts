import { expect, test } from 'vitest';
import { subtractDecimal } from './decimal.ts';
import { formatMoney, formatMoneyList, formatShare, moneyDifference } from './money.ts';

const usd = (amount: string) => ({ amount, currency: 'USD' });

test('money beyond what a float can hold keeps every digit', () => {
  expect(formatMoney(usd('90071992547409931234.57'), 'en-US')).toBe(
    '$90,071,992,547,409,931,234.57',
  );
});

test.each([
  [usd('1250'), '$1,250.00'],
  [usd('-0.5'), '-$0.50'],
  [usd('0.0045'), '$0.0045'],
  [{ amount: '1200', currency: 'JPY' }, '¥1,200'],
  [{ amount: '12.5', currency: 'KWD' }, 'KWD 12.500'],
])('%o is shown as %s', (value, shown) => {
  expect(formatMoney(value, 'en-US').replaceAll('\u00a0', ' ')).toBe(shown);
});

test('an amount that is no decimal is shown as it came, never as NaN', () => {
  expect(formatMoney(usd('1e3'), 'en-US')).toBe('1e3 USD');
});

test.each([
  ['0.3', '0.1', '0.2'],
  ['1250.00', '1200', '50.00'],
  ['1', '1.005', '-0.005'],
  ['-2.50', '-2.5', '0.00'],
])('%s minus %s is exactly %s', (left, right, difference) => {
  expect(subtractDecimal(left, right)).toBe(difference);
});

test('equal totals written differently make no difference', () => {
  expect(moneyDifference(usd('100'), usd('100.00'))).toBeNull();
});

test('totals in two currencies are not subtracted', () => {
  expect(moneyDifference(usd('100'), { amount: '90', currency: 'EUR' })).toBeNull();
});

test('a difference is internal minus QuickBooks', () => {
  expect(moneyDifference(usd('1250.00'), usd('1200.00'))).toEqual(usd('50.00'));
});

test('currencies stand side by side and none is nothing', () => {
  expect(formatMoneyList([usd('1'), { amount: '2', currency: 'EUR' }], 'en-US')).toBe(
    '$1.00 · €2.00',
  );
  expect(formatMoneyList([], 'en-US')).toBeNull();
});

test('a share just under one is not rounded up to all', () => {
  expect(formatShare(0.9999, 'en-US')).toBe('99.9%');
});
