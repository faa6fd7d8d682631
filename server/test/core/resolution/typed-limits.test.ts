import { describe, expect, test } from 'vitest';
import { toCurrency } from '#core/brand.ts';
import { typedHeader, typedLine } from '#core/resolution/typed-value.ts';

const context = { currency: toCurrency('USD'), references: [] };
const kuwait = { currency: toCurrency('KWD'), references: [] };

describe('a typed value that QuickBooks could not hold is refused in words', () => {
  test.each([
    ['number', 21],
    ['poNumber', 15],
    ['customerMemo', 1_000],
    ['privateNote', 3_880],
  ])('%s of more than %i characters', (field, max) => {
    expect(typedHeader(field, 'x'.repeat(max), context)).not.toHaveProperty('problem');
    expect(typedHeader(field, 'x'.repeat(max + 1), context)).toEqual({
      problem: `It has ${max + 1} characters; QuickBooks takes at most ${max}.`,
    });
  });

  test('a text of a line of more than 4000 characters', () => {
    expect(typedLine('description', 'x'.repeat(4_000), context)).not.toHaveProperty('problem');
    expect(typedLine('description', 'x'.repeat(4_001), context)).toHaveProperty('problem');
  });

  test.each([
    ['quantity', '1.1234567', '1.12345678', 'QuickBooks keeps at most 7 decimals of a number.'],
    [
      'unitPrice',
      '123456789012345',
      '1234567890123456',
      'QuickBooks keeps at most 15 digits of a number.',
    ],
  ])('%s finer or longer than QuickBooks keeps', (field, good, bad, problem) => {
    expect(typedLine(field, good, context)).not.toHaveProperty('problem');
    expect(typedLine(field, bad, context)).toEqual({ problem });
  });

  test('an amount of three decimals, where its currency has them', () => {
    expect(typedLine('amount', '12.340', kuwait)).not.toHaveProperty('problem');
    expect(typedLine('amount', '12.345', kuwait)).toEqual({
      problem: 'QuickBooks keeps two decimals of an amount.',
    });
  });

  test('an address of more than five lines', () => {
    const billTo = (line2: string) => typedHeader('billTo', { line1: 'One', line2 }, context);
    expect(billTo('2\n3\n4\n5')).not.toHaveProperty('problem');
    expect(billTo('2\n3\n4\n5\n6')).toHaveProperty('problem');
  });
});
