import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { brandDecimal } from '#core/brand.ts';
import { divideHalfUp, parseDecimal, productAt, textOf, unitsAt } from '#core/money/decimal.ts';

describe('rounding', () => {
  test('every quotient of small numbers is the nearest whole one, halves going away from zero', () => {
    for (let numerator = -60n; numerator <= 60n; numerator += 1n) {
      for (let denominator = -12n; denominator <= 12n; denominator += 1n) {
        if (denominator === 0n) continue;
        const rounded = divideHalfUp(numerator, denominator);
        const magnitude = (value: bigint): bigint => (value < 0n ? -value : value);

        const twiceOff = magnitude(2n * (rounded * denominator - numerator));
        expect(twiceOff <= magnitude(denominator)).toBe(true);
        if (twiceOff === magnitude(denominator))
          expect(magnitude(rounded * denominator) > magnitude(numerator)).toBe(true);
      }
    }
  });

  test.each([
    ['0.005', 2, 1n],
    ['0.0049999', 2, 0n],
    ['-0.005', 2, -1n],
    ['2.675', 2, 268n],
    ['1.005', 2, 101n],
    ['12', 2, 1_200n],
    ['12', 0, 12n],
    ['12.5', 0, 13n],
  ] as const)('%s at %i places is %s units', (text, places, units) => {
    expect(unitsAt(brandDecimal(text), places)).toBe(units);
  });
});

describe('text', () => {
  test.each([
    ['12.50', '12.5'],
    ['12.00', '12'],
    ['0.0', '0'],
    ['-0', '0'],
    ['-0.10', '-0.1'],
    ['007', '7'],
    ['100', '100'],
    ['0.00000005', '0.0000001'],
    ['0.00000004', '0'],
  ])('%s is canonically %s', (text, canonical) => {
    expect(parseDecimal(text)).toBe(canonical);
  });

  test.each(['', ' 1', '1 ', '1,5', '1e3', '+1', '.5', '5.', '--1', 'NaN', '0x10', '１'])(
    '%j is no decimal',
    (text) => {
      expect(parseDecimal(text)).toBeNull();
    },
  );

  test('canonical text is read as itself', () => {
    fc.assert(
      fc.property(
        fc.bigInt({ min: -(10n ** 20n), max: 10n ** 20n }),
        fc.nat(7),
        (units, places) => {
          const canonical = parseDecimal(textOf(units, places));

          expect(canonical).not.toBeNull();
          expect(parseDecimal(canonical ?? '')).toBe(canonical);
          expect(unitsAt(canonical ?? brandDecimal('0'), places)).toBe(units);
        },
      ),
    );
  });
});

test('a product is rounded once, from its exact value', () => {
  fc.assert(
    fc.property(
      fc.bigInt({ min: -(10n ** 10n), max: 10n ** 10n }),
      fc.nat(7),
      fc.bigInt({ min: -(10n ** 10n), max: 10n ** 10n }),
      fc.nat(7),
      (left, leftPlaces, right, rightPlaces) => {
        const one = brandDecimal(textOf(left, leftPlaces));
        const other = brandDecimal(textOf(right, rightPlaces));
        const wanted = divideHalfUp(left * right * 100n, 10n ** BigInt(leftPlaces + rightPlaces));

        expect(productAt(one, other, 2)).toBe(wanted);
        expect(productAt(other, one, 2)).toBe(wanted);
      },
    ),
  );
});
