import { expect, test } from 'vitest';
import { compareThreeWays, type Compared, type FieldState } from '#graphql/compare.ts';
import { readStoredInvoice } from '#graphql/stored-invoice.ts';
import { invoiceContent } from './seed.ts';

const side = (name: 'internal' | 'quickbooks', change: object = {}) =>
  readStoredInvoice({ ...invoiceContent(name, 'INV-1'), ...change });

const withKey = (name: 'internal' | 'quickbooks', change: object = {}) => {
  const content = invoiceContent(name, 'INV-1');
  const lines = content.lines.map((line) => ({ ...line, key: 'A1' }));
  return readStoredInvoice({ ...content, lines, ...change });
};

const compared = (change: Partial<Compared> = {}): Compared => ({
  internal: side('internal'),
  quickbooks: side('quickbooks'),
  baseInternal: withKey('internal'),
  baseQuickbooks: withKey('quickbooks'),
  ...change,
});

const states = (given: Compared): Record<string, FieldState> =>
  Object.fromEntries(compareThreeWays(given, false).map(({ path, state }) => [path, state]));

test('two sides that stand as they agreed differ in nothing, though their ids do', () => {
  expect(states(compared())).toEqual({});
});

const edited = { dueDate: '2026-12-24' };
const otherwise = { dueDate: '2026-12-31' };

test.each([
  ['internally', edited, {}, 'CHANGED_INTERNALLY'],
  ['in QuickBooks', {}, edited, 'CHANGED_IN_QUICKBOOKS'],
  ['on both sides alike', edited, edited, 'CONVERGED'],
  ['on both sides differently', edited, otherwise, 'DIVERGED'],
] as const)('a due date edited %s is judged so', (_where, internally, inQuickbooks, state) => {
  const given = compared({
    internal: side('internal', internally),
    quickbooks: side('quickbooks', inQuickbooks),
  });

  expect(states(given)).toEqual({ dueDate: state });
});

test('a field carries its three values, its words and whether it moves money', () => {
  const lines = invoiceContent('internal', 'INV-1').lines.map((line) => ({
    ...line,
    quantity: '3',
  }));
  const [quantity] = compareThreeWays(compared({ internal: side('internal', { lines }) }), false);

  expect(quantity).toMatchObject({
    path: 'lines[key=A1].quantity',
    label: 'Line 1 · Quantity',
    state: 'CHANGED_INTERNALLY',
    affectsTotal: true,
    base: { kind: 'NUMBER', display: '2', json: '2' },
    internal: { display: '3' },
    quickbooks: { display: '2' },
  });
});

test('money shows with its currency', () => {
  const lines = invoiceContent('internal', 'INV-1').lines.map((line) => ({
    ...line,
    amount: '90.00',
  }));
  const diffs = compareThreeWays(compared({ internal: side('internal', { lines }) }), false);
  const amount = diffs.find((field) => field.path === 'lines[key=A1].amount');

  expect(amount?.internal).toEqual({
    kind: 'MONEY',
    display: '90.00 USD',
    money: { amount: '90.00', currency: 'USD' },
    json: '90.00',
  });
});

test('a line added on one side is one difference, not seven', () => {
  const [line] = invoiceContent('internal', 'INV-1').lines;
  const lines = [line, { ...line, sideId: 'internal-2', description: 'Cable' }];
  const given = compared({ internal: side('internal', { lines }) });

  expect(states(given)).toEqual({ 'lines[key=internal:internal-2]': 'CHANGED_INTERNALLY' });
  expect(compareThreeWays(given, false)[0]?.internal?.display).toBe('Cable');
});

test('a line removed on one side is one difference of that side', () => {
  const given = compared({ quickbooks: side('quickbooks', { lines: [] }) });

  expect(states(given)).toMatchObject({ 'lines[key=A1]': 'CHANGED_IN_QUICKBOOKS' });
});

test('an invoice on one side only differs in every field it has, on that side', () => {
  const given = compared({ quickbooks: null, baseInternal: null, baseQuickbooks: null });

  expect(new Set(Object.values(states(given)))).toEqual(new Set(['CHANGED_INTERNALLY']));
});

test('without a base, sides that show the same are equal and others diverge', () => {
  const given = compared({
    quickbooks: side('quickbooks', { ...edited, lines: [] }),
    internal: side('internal', { lines: [] }),
    baseInternal: null,
    baseQuickbooks: null,
  });

  expect(states(given)).toEqual({ dueDate: 'DIVERGED' });
});

test('asked for equal fields too, it lists every compared field once', () => {
  const all = compareThreeWays(compared(), true);

  expect(all.map((field) => field.path)).toContain('customer');
  expect(new Set(all.map((field) => field.path)).size).toBe(all.length);
  expect(all.every((field) => field.state === 'SAME')).toBe(true);
});
