import { describe, expect, test } from 'vitest';
import { brandAmount, brandDecimal, toCurrency } from '#core/brand.ts';
import type { Line } from '#core/invoice/invoice.ts';
import { comparators, type CompareContext } from '#core/mapping/comparators.ts';
import { aLine } from './invoices.ts';

const context: CompareContext = {
  currency: toCurrency('USD'),
  defaultTaxCodeId: '2',
  lines: null,
};

describe('notes', () => {
  const isSame = (left: string | null, right: string | null) =>
    comparators.note(left, right, context);

  test('the marker of the bridge does not count', () => {
    expect(isSame('Deliver to the back', 'Deliver to the back\nLedgerBridge inv_1')).toBe(true);
    expect(isSame(null, 'LedgerBridge inv_1')).toBe(true);
  });

  test('the word QuickBooks puts before the note of a void does not count', () => {
    expect(isSame('Front yard', 'Voided - Front yard')).toBe(true);
    expect(isSame(null, 'Voided')).toBe(true);
  });

  test('words a person wrote count', () => {
    expect(isSame('Front yard', 'Back yard')).toBe(false);
    expect(isSame(null, 'Voidedness is a word')).toBe(false);
  });
});

describe('unit prices', () => {
  const line = (unitPrice: string, quantity: string, amount: string): Line => ({
    ...aLine,
    unitPrice: brandDecimal(unitPrice),
    quantity: brandDecimal(quantity),
    amount: brandAmount(amount),
  });
  const isSame = (left: Line, right: Line) =>
    comparators['unit price'](left.unitPrice, right.unitPrice, {
      ...context,
      lines: { left, right },
    });

  test('a price QuickBooks rewrote to fit amount and quantity is no edit', () => {
    const sent = line('24.49', '9.39', '229.96');
    const returned = line('24.4898829', '9.39', '229.96');

    expect(isSame(sent, returned)).toBe(true);
  });

  test('a price that gives another amount is an edit', () => {
    expect(isSame(line('24.49', '9.39', '229.96'), line('25', '9.39', '229.96'))).toBe(false);
    expect(isSame(line('24.49', '9.39', '229.96'), line('25', '9.39', '234.75'))).toBe(false);
  });
});

describe('addresses', () => {
  const address = {
    line1: '1 Main St',
    line2: null,
    city: 'Springfield',
    region: 'OR',
    postalCode: '97000',
    country: 'US',
  };
  const isSame = (right: object) => comparators.address(address, { ...address, ...right }, context);

  test('a country is the same in two letters and in three', () => {
    expect(isSame({ country: 'USA' })).toBe(true);
    expect(isSame({ country: 'usa' })).toBe(true);
    expect(isSame({ country: 'AUS' })).toBe(false);
    expect(isSame({ country: null })).toBe(false);
  });

  test('spaces at the ends do not count, other words do', () => {
    expect(isSame({ city: ' Springfield ' })).toBe(true);
    expect(isSame({ line2: '' })).toBe(true);
    expect(isSame({ city: 'Shelbyville' })).toBe(false);
  });

  test('no address is an empty address', () => {
    const nothing = {
      line1: null,
      line2: '',
      city: null,
      region: null,
      postalCode: null,
      country: null,
    };

    expect(comparators.address(null, nothing, context)).toBe(true);
    expect(comparators.address(null, address, context)).toBe(false);
  });
});

describe('references', () => {
  test('the record decides, not its name', () => {
    const isSame = comparators['same record'];

    expect(isSame({ id: '1', name: 'Amy' }, { id: '1', name: 'Amy’s Birds' }, context)).toBe(true);
    expect(isSame({ id: '1', name: 'Amy' }, { id: '2', name: 'Amy' }, context)).toBe(false);
    expect(isSame(null, { id: '2', name: 'Amy' }, context)).toBe(false);
  });

  test('TAX stands for the tax code of the whole invoice, NON never does', () => {
    const isSame = comparators['tax code'];

    expect(isSame({ id: 'TAX', name: 'TAX' }, { id: '2', name: 'California' }, context)).toBe(true);
    expect(isSame({ id: 'NON', name: 'NON' }, { id: '2', name: 'California' }, context)).toBe(
      false,
    );
    expect(isSame({ id: 'TAX', name: 'TAX' }, { id: '3', name: 'Oakland' }, context)).toBe(false);
  });
});

test('discounts are the same by kind and number', () => {
  const isSame = comparators.discount;

  expect(
    isSame({ kind: 'percent', percent: '10' }, { kind: 'percent', percent: '10.0' }, context),
  ).toBe(true);
  expect(
    isSame({ kind: 'percent', percent: '10' }, { kind: 'amount', amount: '10' }, context),
  ).toBe(false);
  expect(isSame(null, { kind: 'amount', amount: '10' }, context)).toBe(false);
  expect(isSame(null, null, context)).toBe(true);
});

test('no number is not zero', () => {
  expect(comparators.number(null, '0', context)).toBe(false);
  expect(comparators.number('0', '0.00', context)).toBe(true);
});
