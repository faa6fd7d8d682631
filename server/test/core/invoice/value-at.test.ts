import { describe, expect, test } from 'vitest';
import { toLineKey } from '#core/brand.ts';
import { isGone } from '#core/invoice/invoice.ts';
import { pathsOf, valueAt } from '#core/invoice/value-at.ts';
import { aLine, anInvoice } from '../mapping/invoices.ts';

const twoLines = { ...anInvoice, lines: [aLine, { ...aLine, key: toLineKey('B') }] };

describe('the paths of a document', () => {
  test('name every header field that crosses, then each field of each line', () => {
    const paths = [...pathsOf(twoLines).keys()];

    expect(paths.slice(0, 15)).toEqual([
      'number',
      'customer',
      'currency',
      'exchangeRate',
      'issueDate',
      'terms',
      'dueDate',
      'billEmail',
      'billTo',
      'taxInclusive',
      'poNumber',
      'customerMemo',
      'privateNote',
      'discount',
      'existence',
    ]);
    expect(paths.slice(15)).toEqual(
      ['A', 'B'].flatMap((key) =>
        ['item', 'quantity', 'unitPrice', 'amount', 'description', 'taxCode', 'serviceDate'].map(
          (field) => `lines[key=${key}].${field}`,
        ),
      ),
    );
  });

  test('leave out lines that have no key yet', () => {
    const unkeyed = { ...anInvoice, lines: [{ ...aLine, key: null }] };

    expect([...pathsOf(unkeyed).keys()].some((path) => path.startsWith('lines'))).toBe(false);
  });
});

describe('the value at a path', () => {
  test('is the field, the field of a line, or the whole line', () => {
    expect(valueAt(anInvoice, 'number')).toBe('INV-20296');
    expect(valueAt(anInvoice, 'lines[key=A].quantity')).toBe('12');
    expect(valueAt(anInvoice, 'lines[key=A]')).toEqual(aLine);
  });

  test('is null where there is nothing', () => {
    expect(valueAt(anInvoice, 'poNumber')).toBeNull();
    expect(valueAt(anInvoice, 'lines[key=Z]')).toBeNull();
    expect(valueAt(anInvoice, 'nothing.of.the.kind')).toBeNull();
  });
});

test('a void and a deleted document are gone, a present one is not', () => {
  expect(
    (['present', 'void', 'deleted'] as const).map((existence) => isGone({ existence })),
  ).toEqual([false, true, true]);
});
