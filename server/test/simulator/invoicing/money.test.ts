import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import {
  addDecimals,
  compareAmounts,
  minorDigits,
  subtractAmounts,
  sumAmounts,
  totalsOf,
  type Pricing,
} from '../../../simulator/invoicing/money.ts';

const plain = { discount: null, taxInclusive: false, statedTaxTotal: null, currency: 'USD' };
const line = (quantity: string, unitPrice: string, taxPercent = '0') => ({
  quantity,
  unitPrice,
  amount: null,
  taxPercent,
});

test('the example of the contract comes out to the cent', () => {
  const totals = totalsOf({
    ...plain,
    lines: [line('12', '6500.00')],
    statedTaxTotal: '6205.18',
  });
  expect(totals).toEqual({
    lineAmounts: ['78000.00'],
    subtotal: '78000.00',
    taxTotal: '6205.18',
    total: '84205.18',
  });
});

test('amounts are rounded half-up line by line, away from zero when negative', () => {
  const lines = [
    line('1', '0.005'),
    line('3', '0.335'),
    line('-1', '0.005'),
    line('1.5', '37.333'),
  ];
  expect(totalsOf({ ...plain, lines }).lineAmounts).toEqual(['0.01', '1.01', '-0.01', '56.00']);
});

test('tax is rounded line by line, so it can differ from tax on the sum', () => {
  const lines = [line('1', '0.06', '8'), line('1', '0.06', '8'), line('1', '0.06', '8')];
  // 8 % of 0.06 is 0.0048: nothing on each line, although 8 % of 0.18 would be 0.01.
  expect(totalsOf({ ...plain, lines })).toMatchObject({ subtotal: '0.18', taxTotal: '0.00' });
});

test('an exact half of a cent goes up, also after a discount that divides badly', () => {
  expect(totalsOf({ ...plain, lines: [line('1', '10.10', '2.5')] }).taxTotal).toBe('0.25');
  expect(totalsOf({ ...plain, lines: [line('1', '10.20', '2.5')] }).taxTotal).toBe('0.26');

  // Two thirds are taken off 30.30: 10.10 is left, of which 2.5 % is 0.2525; of 10.20 exactly 0.255.
  const discounted = {
    ...plain,
    discount: { amount: '20.40' },
    lines: [line('3', '10.20', '2.5')],
  };
  expect(totalsOf(discounted).taxTotal).toBe('0.26');
});

test.each([
  [{ percent: '10' }, '97.20', '7.20'],
  [{ amount: '5.00' }, '102.60', '7.60'],
  [null, '108.00', '8.00'],
])('a discount of %j comes off before tax', (discount, total, taxTotal) => {
  const totals = totalsOf({ ...plain, discount, lines: [line('1', '100', '8')] });
  expect(totals).toMatchObject({ subtotal: '100.00', taxTotal, total });
});

test('with tax included the total is the subtotal and the tax is contained in it', () => {
  const totals = totalsOf({ ...plain, taxInclusive: true, lines: [line('1', '108', '8')] });
  expect(totals).toMatchObject({ subtotal: '108.00', taxTotal: '8.00', total: '108.00' });
});

test('a stated tax total stands', () => {
  const totals = totalsOf({ ...plain, statedTaxTotal: '7.99', lines: [line('1', '100', '8')] });
  expect(totals).toMatchObject({ taxTotal: '7.99', total: '107.99' });
});

test('an amount counts where quantity or price is missing', () => {
  const lines = [
    { quantity: null, unitPrice: '9', amount: '12.34', taxPercent: '0' },
    { quantity: '1', unitPrice: null, amount: null, taxPercent: '0' },
  ];
  expect(totalsOf({ ...plain, lines })).toMatchObject({
    lineAmounts: ['12.34', '0.00'],
    subtotal: '12.34',
  });
});

test.each([
  ['USD', 2, '100.00'],
  ['JPY', 0, '100'],
  ['KWD', 3, '100.000'],
])('%s has %i digits after the point', (currency, digits, shown) => {
  expect(minorDigits(currency)).toBe(digits);
  expect(totalsOf({ ...plain, currency, lines: [line('1', '100')] }).subtotal).toBe(shown);
});

test('tenths add up', () => {
  expect(sumAmounts(['0.1', '0.2'], 'USD')).toBe('0.30');
  expect(addDecimals(['7.25', '3'])).toBe('10.25');
});

const cents = (value: string) => BigInt(value.replace('.', ''));
const amountText = fc
  .integer({ min: -99_999, max: 99_999_999 })
  .map(
    (value) =>
      `${value < 0 ? '-' : ''}${Math.floor(Math.abs(value) / 100)}.${String(Math.abs(value) % 100).padStart(2, '0')}`,
  );
const anyLine = fc.record({
  quantity: fc.option(fc.integer({ min: 0, max: 1_000 }).map(String)),
  unitPrice: fc.option(amountText),
  amount: amountText,
  taxPercent: fc.constantFrom('0', '8', '10.25', '7.75', '20'),
});
const anyPricing: fc.Arbitrary<Pricing> = fc.record({
  lines: fc.array(anyLine, { minLength: 1, maxLength: 12 }),
  discount: fc.option(
    fc.oneof(
      fc.constantFrom({ percent: '10' }, { percent: '2.5' }, { percent: '33.3333' }),
      fc.constantFrom({ amount: '5.00' }, { amount: '0.01' }),
    ),
  ),
  taxInclusive: fc.boolean(),
  statedTaxTotal: fc.option(amountText),
  currency: fc.constant('USD'),
});

test('property: the subtotal is the sum of the line amounts, to the cent', () => {
  fc.assert(
    fc.property(anyPricing, (pricing) => {
      const totals = totalsOf(pricing);
      const sum = totals.lineAmounts.reduce((sum, amount) => sum + cents(amount), 0n);
      expect(cents(totals.subtotal)).toBe(sum);
    }),
  );
});

test('property: total = subtotal − discount (+ tax unless included), with integers of cents as referee', () => {
  fc.assert(
    fc.property(anyPricing, (pricing) => {
      const totals = totalsOf(pricing);
      const { discount } = pricing;
      const subtotal = cents(totals.subtotal);
      const off = discount === null ? 0n : 'amount' in discount ? cents(discount.amount) : null;
      if (off === null) return;
      const tax = pricing.taxInclusive ? 0n : cents(totals.taxTotal);
      expect(cents(totals.total)).toBe(subtotal - off + tax);
    }),
  );
});

test('property: half-up per line agrees with integer arithmetic', () => {
  const price = fc.integer({ min: 0, max: 10_000_000 }); // thousandths
  const quantity = fc.integer({ min: 0, max: 500 });
  fc.assert(
    fc.property(price, quantity, (thousandths, count) => {
      const unitPrice = `${Math.floor(thousandths / 1_000)}.${String(thousandths % 1_000).padStart(3, '0')}`;
      const [amount = ''] = totalsOf({
        ...plain,
        lines: [line(String(count), unitPrice)],
      }).lineAmounts;
      const exact = BigInt(thousandths) * BigInt(count);
      expect(cents(amount)).toBe((exact + 5n) / 10n);
    }),
  );
});

test('property: what is subtracted can be added back', () => {
  fc.assert(
    fc.property(amountText, amountText, (one, other) => {
      const difference = subtractAmounts(one, other, 'USD');
      expect(compareAmounts(sumAmounts([difference, other], 'USD'), one)).toBe(0);
    }),
  );
});
