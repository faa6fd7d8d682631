import { expect, test } from 'vitest';
import { choosable, groupsOf, inputOf, nextUndecided, separate } from './choices.ts';
import type { DisputedField } from './choices.ts';
import { sameFieldOf } from './bulk.ts';
import { startValues, typedAddress, typedNumber, withAmount } from './own-values.ts';
import { mayMakeInvoice, patternOfPath, pickWords, questionOf } from './plain-words.ts';
import { textChange } from './text-change.ts';

const value = (kind: 'TEXT' | 'NUMBER' | 'MONEY' | 'DATE', json: string) => ({
  kind,
  display: json,
  money: kind === 'MONEY' ? { amount: json, currency: 'USD' } : null,
  json,
});

const field = (path: string, more: Partial<DisputedField> = {}): DisputedField => ({
  path,
  label: path,
  base: null,
  internal: value('TEXT', 'ours'),
  quickbooks: value('TEXT', 'theirs'),
  internalActor: null,
  internalChangedAt: null,
  quickbooksActor: null,
  quickbooksChangedAt: null,
  suggestion: null,
  allowedChoices: ['KEEP_INTERNAL', 'KEEP_QUICKBOOKS', 'CUSTOM'],
  linkedPaths: [],
  choice: null,
  ...more,
});

const paths = ['lines[key=A7].quantity', 'lines[key=A7].amount'] as const;
const line = [
  field(paths[0], { linkedPaths: [paths[1]], internal: value('NUMBER', '2') }),
  field(paths[1], { linkedPaths: [paths[0]], internal: value('MONEY', '1298.00') }),
];
const price = [{ lineKey: 'A7', quantity: '2', unitPrice: { amount: '649.00', currency: 'USD' } }];

test('an amount follows the quantity that is typed, to the cent', () => {
  const [group] = groupsOf(line);
  if (group === undefined) throw new Error('no group');
  const started = startValues(group, 'USD');
  const typed = withAmount(
    new Map([...started, [paths[0], typedNumber('3.5', null)]]),
    price,
    'USD',
  );
  expect(typed.get(paths[1])?.json).toBe('2271.50');
  expect(inputOf([group], new Map([[paths[0], typed]]))).toEqual([
    { path: paths[0], choice: 'CUSTOM', customValue: '3.5' },
    { path: paths[1], choice: 'CUSTOM', customValue: '2271.50' },
  ]);
});

test('a value that is not whole is not a decision', () => {
  const groups = groupsOf([field('exchangeRate')]);
  const typed = new Map([['exchangeRate', new Map([['exchangeRate', typedNumber('1,0x', null)]])]]);
  expect(inputOf(groups, typed)).toEqual([]);
  expect(nextUndecided(groups, typed)?.lead.path).toBe('exchangeRate');
});

test('a number is read as people write it, and an address only by the parts that are there', () => {
  expect(typedNumber(' 1,250.50 ', 'USD').json).toBe('1250.50');
  expect(typedAddress({ line1: '1 Main St', line2: '', city: 'Salem' }).json).toEqual({
    line1: '1 Main St',
    city: 'Salem',
  });
});

test('payments that may be the same money are asked about as such, and can be told apart', () => {
  const groups = groupsOf([field('payments[key=i-1]')]);
  const [group] = groups;
  if (group === undefined) throw new Error('no group');
  expect(questionOf(group)).toContain('same money');
  expect(choosable(groups)).toHaveLength(1);
  expect(inputOf(groups, new Map([['payments[key=i-1]', separate(group)]]))).toEqual([
    { path: 'payments[key=i-1]', choice: 'CUSTOM', customValue: 'SEPARATE' },
  ]);
});

test('an invoice gone on one side is told in words', () => {
  const gone = field('existence', {
    internal: value('TEXT', 'present'),
    quickbooks: value('TEXT', 'void'),
    allowedChoices: ['KEEP_QUICKBOOKS'],
  });
  const [group] = groupsOf([gone]);
  if (group === undefined) throw new Error('no group');
  expect(questionOf(group)).toContain('void in QuickBooks');
  expect(questionOf(group)).toContain('would need a number that is free there');
  expect(pickWords(group, 'KEEP_INTERNAL')).toBeNull();
  expect(mayMakeInvoice(group)).toBe(false);
  expect(pickWords(group, 'KEEP_QUICKBOOKS')).toBe('Cancel it in internal invoicing too');
});

test('an edit can be kept against a void by a new invoice where its number is free', () => {
  const gone = field('existence', {
    internal: value('TEXT', 'deleted'),
    quickbooks: value('TEXT', 'present'),
    allowedChoices: ['KEEP_INTERNAL', 'KEEP_QUICKBOOKS'],
  });
  const [group] = groupsOf([gone]);
  if (group === undefined) throw new Error('no group');
  expect(questionOf(group)).toContain('keep it by a new invoice in internal invoicing');
  expect(pickWords(group, 'KEEP_QUICKBOOKS')).toBe(
    'Keep it: make a new invoice in internal invoicing',
  );
  expect(pickWords(group, 'KEEP_INTERNAL')).toBe('Cancel it in QuickBooks too');
  expect(mayMakeInvoice(group)).toBe(true);
});

test('a text shows word by word what changed since both agreed, and nothing where all of it did', () => {
  const memo = field('customerMemo', {
    base: value('TEXT', 'Thank you for your order'),
    internal: value('TEXT', 'Thank you for your big order'),
    quickbooks: value('TEXT', 'Paid'),
  });
  expect(textChange(memo, 'KEEP_INTERNAL')?.map(({ kind }) => kind)).toEqual([
    'kept',
    'added',
    'kept',
  ]);
  expect(textChange(memo, 'KEEP_QUICKBOOKS')).toBeNull();
});

test('only conflicts about one and the same field are settled together, whatever the line', () => {
  const conflict = (fields: DisputedField[]) => ({
    id: 'c',
    version: 1,
    status: 'OPEN' as const,
    detectedAt: '2026-11-20T10:00:00Z',
    amountAtStake: { amount: '1.00', currency: 'USD' },
    similarOpenCount: 0,
    invoice: {
      id: 'i',
      version: 1,
      number: 'INV-1',
      status: 'CONFLICT' as const,
      statusReason: '',
      company: { id: 'co', name: 'Acme' },
      internal: null,
      quickbooks: null,
    },
    fields,
  });
  const quantityOf = (key: string) => conflict([field(`lines[key=${key}].quantity`)]);
  expect(sameFieldOf([quantityOf('A'), quantityOf('B')])).toMatchObject({
    pattern: 'lines[*].quantity',
    choices: ['KEEP_INTERNAL', 'KEEP_QUICKBOOKS'],
  });
  expect(sameFieldOf([quantityOf('A'), conflict([field('dueDate')])])).toBeNull();
  expect(sameFieldOf([conflict([field('dueDate'), field('poNumber')])])).toBeNull();
  expect(patternOfPath('lines[key=A]')).toBe('lines[*]');
});
