import { describe, expect, test } from 'vitest';
import { brandDecimal, toCurrency } from '#core/brand.ts';
import { comparators } from '#core/mapping/comparators.ts';
import type { FieldRule } from '#core/mapping/field-entry.ts';
import { fieldMap } from '#core/mapping/field-map.ts';
import { broadPatterns, policyProblems, ruleFor, toleranceFor } from '#core/merge/policy.ts';

const rules: readonly FieldRule[] = [
  'ASK',
  'LATEST_WINS',
  'INTERNAL_WINS',
  'QUICKBOOKS_WINS',
  'READ_ONLY',
];

const isAllowed = (pattern: string, rule: FieldRule, tolerance: string | null = null): boolean =>
  policyProblems({ pattern, rule, tolerance }).length === 0;

describe('a rule can be made', () => {
  test('for every field two people can edit, and for no other', () => {
    for (const { path, rule } of fieldMap)
      expect(isAllowed(path, 'ASK'), path).toBe(rule !== 'READ_ONLY' && path !== 'existence');
  });

  test.each(broadPatterns)('for $pattern, but READ_ONLY', ({ pattern }) => {
    for (const rule of rules) expect(isAllowed(pattern, rule), rule).toBe(rule !== 'READ_ONLY');
  });

  test.each(['', 'due', 'lines', 'lines[*].', 'lines[key=1].quantity', '*', 'lines[*].*'])(
    'for no such path as %o',
    (pattern) => {
      expect(isAllowed(pattern, 'ASK')).toBe(false);
    },
  );

  test('READ_ONLY only where no money moves', () => {
    for (const { path, movesMoney } of fieldMap.filter(({ path: it }) => isAllowed(it, 'ASK')))
      expect(isAllowed(path, 'READ_ONLY'), path).toBe(!movesMoney);
  });

  test('for the e-mail address only where internal invoicing need not take one', () => {
    expect(rules.filter((rule) => isAllowed('billEmail', rule))).toEqual([
      'ASK',
      'INTERNAL_WINS',
      'READ_ONLY',
    ]);
  });

  test('with a tolerance only for numbers, and never a negative one', () => {
    const measured = fieldMap.filter(({ path }) => isAllowed(path, 'ASK', '0.01'));

    expect(measured.map(({ path }) => path)).toEqual([
      'exchangeRate',
      'lines[*].quantity',
      'lines[*].unitPrice',
      'lines[*].amount',
    ]);
    for (const tolerance of ['-0.01', 'much', ''])
      expect(isAllowed('lines[*].amount', 'ASK', tolerance), tolerance).toBe(false);
    expect(isAllowed('**', 'ASK', '0.01')).toBe(false);
  });
});

describe('a tolerance', () => {
  const context = { currency: toCurrency('USD'), defaultTaxCodeId: null, lines: null };
  const isSame = (left: string | null, right: string | null, tolerance: string) =>
    comparators.number(left, right, { ...context, tolerance: brandDecimal(tolerance) });

  test.each([
    ['10', '10.01', true],
    ['10.01', '10', true],
    ['10', '10.0100001', false],
    ['-0.005', '0.005', true],
    [null, '0', false],
    [null, null, true],
  ])('of 0.01 makes %s and %s equal: %s', (left, right, equal) => {
    expect(isSame(left, right, '0.01')).toBe(equal);
  });

  test('belongs to the pattern it was given for', () => {
    const tolerance = brandDecimal('0.05');
    const policies = [{ pattern: 'lines[*].amount', rule: 'ASK', tolerance } as const];

    expect(toleranceFor({ version: 2, policies }, 'lines[key=A7].amount')).toBe('0.05');
    expect(toleranceFor({ version: 2, policies }, 'lines[key=A7].quantity')).toBeNull();
    expect(ruleFor({ version: 2, policies }, 'total')).toBe('READ_ONLY');
  });
});
