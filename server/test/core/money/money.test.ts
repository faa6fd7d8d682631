import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { brandDecimal, toCurrency } from '#core/brand.ts';
import {
  amountOf,
  difference,
  extended,
  isZero,
  moneyOf,
  parseAmount,
  sum,
  zero,
} from '#core/money/money.ts';

const usd = toCurrency('USD');
const minor = fc.bigInt({ min: -(10n ** 15n), max: 10n ** 15n });

test('an amount has exactly the decimals of its currency', () => {
  expect(parseAmount('78000', usd)).toBe('78000.00');
  expect(parseAmount('78000', toCurrency('JPY'))).toBe('78000');
  expect(parseAmount('78000.1', toCurrency('KWD'))).toBe('78000.100');
  expect(parseAmount('-0.005', usd)).toBe('-0.01');
  expect(parseAmount('much', usd)).toBeNull();
});

test.each(['USD', 'JPY', 'KWD'])('%s amounts survive being written and read', (code) => {
  const currency = toCurrency(code);
  fc.assert(
    fc.property(minor, (units) => {
      const amount = amountOf({ minor: units, currency });

      expect(moneyOf(amount, currency)).toEqual({ minor: units, currency });
      expect(parseAmount(amount, currency)).toBe(amount);
    }),
  );
});

test('a sum does not depend on the order, and a difference undoes it', () => {
  fc.assert(
    fc.property(fc.array(minor, { maxLength: 8 }), minor, (all, one) => {
      const amounts = all.map((units) => amountOf({ minor: units, currency: usd }));
      const added = amountOf({ minor: one, currency: usd });
      const whole = sum([...amounts, added], usd);

      expect(sum([added, ...amounts.toReversed()], usd)).toEqual(whole);
      expect(difference(amountOf(whole), added, usd)).toEqual(sum(amounts, usd));
    }),
  );
});

test('nothing sums to zero', () => {
  expect(amountOf(sum([], usd))).toBe(zero(usd));
  expect(isZero(zero(usd))).toBe(true);
  expect(isZero(amountOf({ minor: 1n, currency: usd }))).toBe(false);
});

test.each([
  ['9.39', '24.49', '229.96'],
  ['3', '0.335', '1.01'],
  ['0.5', '0.01', '0.01'],
  ['-3', '0.335', '-1.01'],
  ['450', '0.9090889', '409.09'],
])('%s times %s is %s', (quantity, unitPrice, amount) => {
  expect(extended(brandDecimal(quantity), brandDecimal(unitPrice), usd)).toBe(amount);
});

test('every price of up to a dollar in tenths of a cent, times every quantity up to ten, is off by half a cent at most', () => {
  for (let price = 0n; price <= 1_000n; price += 1n) {
    for (let quantity = 1n; quantity <= 10n; quantity += 1n) {
      const unitPrice = brandDecimal(
        `${price / 1_000n}.${String(price % 1_000n).padStart(3, '0')}`,
      );
      const amount = extended(brandDecimal(String(quantity)), unitPrice, usd);

      const off = moneyOf(amount, usd).minor * 10n - price * quantity;
      expect(off >= -4n && off <= 5n).toBe(true);
    }
  }
});
