import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import type { JsonObject } from '#core/json.ts';
import { fieldMap } from '#core/mapping/field-map.ts';
import { recordedInvoices } from '../recorded.ts';
import { comparedLater, headerReads, lineReads } from './compare.ts';
import { isWithin, mappedShapes, valuesOf } from './shapes.ts';
import { unmappedShapes } from './unmapped-shapes.ts';

const recorded = recordedInvoices();
const fieldMapPage = readFileSync(new URL('../../../docs/field-map.md', import.meta.url), 'utf8');

const shapesOf = (invoice: JsonObject): readonly string[] => [
  ...new Set(valuesOf(invoice).map(([shape]) => shape)),
];

/** Shapes that are neither mapped nor listed with a reason. */
function unknownShapes(invoice: JsonObject): readonly string[] {
  const known = [...Object.values(mappedShapes), ...unmappedShapes.map(({ shapes }) => shapes)];
  const names = known.flat();
  return shapesOf(invoice).filter((shape) => !names.some((name) => isWithin(shape, name)));
}

test('every shape of the 88 recorded invoices is mapped, or listed with the reason why not', () => {
  const unknown = recorded.flatMap(({ company, raw }) =>
    unknownShapes(raw).map((shape) => `${company}/${JSON.stringify(raw['Id'])}: ${shape}`),
  );

  expect(recorded).toHaveLength(88);
  expect(unknown).toEqual([]);
});

test.each([
  ['a field nobody has seen', { Surprise: 'x' }, ['Surprise']],
  [
    'a kind of line nobody has seen',
    { Line: [{ DetailType: 'TDSLineDetail' }] },
    ['Line[TDSLineDetail].DetailType'],
  ],
  [
    'a kind of link nobody has seen',
    { LinkedTxn: [{ TxnId: '1', TxnType: 'StatementCharge' }] },
    ['LinkedTxn[StatementCharge].TxnId', 'LinkedTxn[StatementCharge].TxnType'],
  ],
  [
    'a field of a known thing',
    { BillEmail: { Address: 'a@b.example', Kind: 1 } },
    ['BillEmail.Kind'],
  ],
])('%s is told', (_, planted, told) => {
  expect(unknownShapes(planted)).toEqual(told);
});

test('as many recorded invoices have each unmapped shape as its entry says', () => {
  const counted = unmappedShapes.map(({ name, shapes: names }) => {
    const having = recorded.filter(({ raw }) =>
      shapesOf(raw).some((shape) => names.some((each) => isWithin(shape, each))),
    );
    return { name, recorded: having.length };
  });

  expect(counted).toEqual(unmappedShapes.map(({ name, recorded }) => ({ name, recorded })));
});

test('every field of the field map that can be compared is, and every mapped shape is a field of it', () => {
  const comparable = fieldMap
    .filter(({ comparator }) => comparator !== 'not compared')
    .map(({ path }) => path);
  const paths = fieldMap.map(({ path }) => path);
  const later: readonly string[] = comparedLater;

  const compared = [...Object.keys(headerReads), ...Object.keys(lineReads)];

  expect(compared.toSorted()).toEqual(
    comparable.filter((path) => !later.includes(path)).toSorted(),
  );
  expect(Object.keys(mappedShapes).filter((path) => !paths.includes(path))).toEqual([]);
});

test('the field map carries bundles, reimbursed charges, projects and classes unmapped, and nothing else', () => {
  const [, section = ''] = fieldMapPage.split('## Carried, not mapped\n');
  const rows = (section.split('\n## ')[0] ?? '').split('\n').filter((row) => row.startsWith('| '));
  const names = rows.slice(2).map((row) => row.split('|')[1]?.trim().split(' (')[0]);

  expect(names).toEqual(['Bundles', 'Links of reimbursed charges', 'Projects', 'Classes']);
});

test('the field map names the property of every unmapped shape', () => {
  const properties = unmappedShapes.flatMap(({ shapes }) => shapes.map(propertyOf));

  expect(properties.filter((property) => !fieldMapPage.includes(property))).toEqual([]);
});

/** 'Line[SalesItemLineDetail].LinkedTxn[Estimate]' is 'LinkedTxn[Estimate]' there. */
const propertyOf = (shape: string): string =>
  shape
    .replace(/^Line\[(Sales|Discount)[^\]]*\]\./, '')
    .replace(/^\w+LineDetail\./, '')
    .replace(/^Line\[(\w+)\]$/, '$1')
    .replace(/^no /, '');
