import { expect, test } from 'vitest';
import { brandDecimal, toLineKey } from '#core/brand.ts';
import {
  fieldFor,
  fieldMap,
  isSameField,
  labelFor,
  lineFieldPath,
  readField,
  writeField,
} from '#core/mapping/field-map.ts';
import { aLine, anInvoice } from './invoices.ts';

/** Every field of the invoice in http.md §4, list brackets without their numbers. */
const contractPaths = [
  'id url externalRef version updatedAt updatedBy number status currency exchangeRate',
  'customer.id customer.displayName customer.email customer.version',
  'issueDate dueDate terms taxInclusive poNumber customerMemo privateNote',
  'billTo.line1 billTo.line2 billTo.city billTo.region billTo.postalCode billTo.country',
  'lines[].id lines[].item.id lines[].item.sku lines[].item.name lines[].description lines[].quantity',
  'lines[].unitPrice lines[].amount lines[].taxCode lines[].serviceDate',
  'discount subtotal taxTotal total amountPaid balanceDue',
  'payments[].id payments[].date payments[].amount payments[].method payments[].reference payments[].version',
].flatMap((line) => line.split(' '));

const covers = (internalPath: string, path: string): boolean =>
  path === internalPath ||
  path.startsWith(`${internalPath}.`) ||
  path.startsWith(`${internalPath}[]`);

test.each(contractPaths)('the field map covers %s of the contract', (path) => {
  expect(fieldMap.some((entry) => covers(entry.internalPath, path))).toBe(true);
});

test('no field of the map is outside the contract', () => {
  const strays = fieldMap.filter(
    (entry) => !contractPaths.some((path) => covers(entry.internalPath, path)),
  );

  expect(strays).toEqual([]);
});

test('paths are unique and coupled fields are the ones of the law', () => {
  expect(new Set(fieldMap.map(({ path }) => path)).size).toBe(fieldMap.length);
  const groups = Object.groupBy(fieldMap, ({ group }) => group ?? 'alone');
  const members = (name: string) => groups[name]?.map(({ path }) => path);

  expect(members('amount')).toEqual([
    'lines[*].item',
    'lines[*].quantity',
    'lines[*].unitPrice',
    'lines[*].amount',
  ]);
  expect(members('customer')).toEqual(['customer', 'currency', 'exchangeRate']);
  expect(members('issueDate')).toEqual(['issueDate', 'dueDate', 'terms']);
  expect(members('discount')).toEqual(['discount']);
  expect(members('existence')).toEqual(['existence']);
});

test('computed fields are never written', () => {
  for (const path of ['subtotal', 'taxTotal', 'total', 'amountPaid', 'balanceDue'])
    expect(fieldFor(path)?.rule).toBe('READ_ONLY');
  const other = {
    ...anInvoice,
    derived: { ...anInvoice.derived, total: anInvoice.derived.subtotal },
  };

  expect(writeField(anInvoice, 'total', other)).toBe(anInvoice);
});

test('every written field is read back, and nothing else moved', () => {
  const other = {
    ...anInvoice,
    number: 'B',
    customerMemo: 'Bye',
    lines: [{ ...aLine, quantity: brandDecimal('3'), description: 'Other' }],
  };
  for (const path of ['number', 'customerMemo', 'lines[key=A].quantity', 'lines[key=A]']) {
    const written = writeField(anInvoice, path, other);

    expect(readField(written, path)).toEqual(readField(other, path));
    const elsewhere = ['issueDate', 'customer', 'lines[key=A].unitPrice'];
    for (const untouched of elsewhere)
      expect(readField(written, untouched)).toEqual(readField(anInvoice, untouched));
  }
});

test('writing a whole line adds it, and removes it where it is gone', () => {
  const added = { ...aLine, key: toLineKey('B') };
  const withBoth = writeField(anInvoice, 'lines[key=B]', { ...anInvoice, lines: [added] });

  expect(withBoth.lines).toEqual([aLine, added]);
  expect(writeField(withBoth, 'lines[key=A]', { ...anInvoice, lines: [added] }).lines).toEqual([
    added,
  ]);
});

test('paths speak in words with the place of their line', () => {
  expect(labelFor('dueDate', anInvoice)).toBe('Due date');
  expect(labelFor(lineFieldPath(toLineKey('A'), 'quantity'), anInvoice)).toBe('Line 1 · Quantity');
  expect(labelFor('lines[key=A]', anInvoice)).toBe('Line 1');
  expect(labelFor('lines[key=gone].amount', anInvoice)).toBe('Line · Amount');
  expect(labelFor('somethingNew', anInvoice)).toBe('somethingNew');
});

test('a value that differs only in spelling is the same, one that differs in meaning is not', () => {
  const context = { currency: anInvoice.currency, defaultTaxCodeId: null, lines: null };
  const same = (path: string, left: string | null, right: string | null) =>
    isSameField(path, left, right, context);

  expect(same('number', null, '')).toBe(true);
  expect(same('number', 'INV-1', 'INV-2')).toBe(false);
  expect(same('exchangeRate', '1.50', '1.5')).toBe(true);
  expect(same('existence', 'void', 'deleted')).toBe(true);
  expect(same('existence', 'void', 'present')).toBe(false);
});
