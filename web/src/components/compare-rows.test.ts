import { expect, test } from 'vitest';
import { groupRows, labelInGroup, movedCells } from './compare-rows.ts';
import type { CompareRow } from './compare-rows.ts';

const row = (path: string, label: string, state: CompareRow['state'] = 'SAME'): CompareRow => ({
  path,
  label,
  state,
  affectsTotal: false,
  policy: { id: 'rule', version: 1, rule: 'ASK' as const },
  base: null,
  internal: null,
  quickbooks: null,
});

const rows = [
  row('dueDate', 'Due date', 'CHANGED_INTERNALLY'),
  row('lines[key=A7].quantity', 'Line 2 · Quantity', 'DIVERGED'),
  row('memo', 'Memo'),
  row('lines[key=A7].amount', 'Line 2 · Amount'),
  row('lines[key=B1].amount', 'Line 3 · Amount'),
];

test('fields of one line stand together, whatever order they came in', () => {
  const groups = groupRows(rows, false);
  expect(groups.map(({ heading, rows }) => [heading, rows.map(({ path }) => path)])).toEqual([
    [null, ['dueDate', 'memo']],
    ['Line 2', ['lines[key=A7].quantity', 'lines[key=A7].amount']],
    ['Line 3', ['lines[key=B1].amount']],
  ]);
  const [, line] = groups;
  expect(line?.rows.map((inLine) => labelInGroup(line, inLine))).toEqual(['Quantity', 'Amount']);
});

test('only differences hides what is equal everywhere, and lines left empty with it', () => {
  expect(groupRows(rows, true).map(({ rows }) => rows.map(({ path }) => path))).toEqual([
    ['dueDate'],
    ['lines[key=A7].quantity'],
  ]);
});

test.each([
  ['SAME', false, false],
  ['CHANGED_INTERNALLY', true, false],
  ['CHANGED_IN_QUICKBOOKS', false, true],
  ['CONVERGED', true, true],
  ['DIVERGED', true, true],
] as const)('%s outlines internal %s and QuickBooks %s', (state, internal, quickbooks) => {
  expect(movedCells(row('memo', 'Memo', state))).toEqual({ internal, quickbooks });
});
