import { expect, test } from 'vitest';
import { chooseAll, groupsOf, inputOf, nextUndecided } from './choices.ts';
import type { DisputedField } from './choices.ts';
import { cellOf, movedSince, stillValid } from './moved.ts';

const text = (display: string) => ({
  kind: 'TEXT' as const,
  display,
  money: null,
  json: display,
});

const field = (path: string, more: Partial<DisputedField> = {}): DisputedField => ({
  path,
  label: path,
  base: text('was'),
  internal: text('ours'),
  quickbooks: text('theirs'),
  internalActor: null,
  internalChangedAt: null,
  quickbooksActor: null,
  quickbooksChangedAt: null,
  suggestion: null,
  allowedChoices: ['KEEP_INTERNAL', 'KEEP_BASE', 'KEEP_QUICKBOOKS'],
  linkedPaths: [],
  choice: null,
  ...more,
});

const quantity = field('quantity', { linkedPaths: ['amount'] });
const amount = field('amount', { linkedPaths: ['quantity'] });
const memo = field('memo');

test('fields that belong together carry one choice between them', () => {
  const groups = groupsOf([quantity, memo, amount]);
  expect(groups.map(({ lead }) => lead.path)).toEqual(['quantity', 'memo']);
  expect(inputOf(groups, new Map([['quantity', 'KEEP_QUICKBOOKS']]))).toEqual([
    { path: 'quantity', choice: 'KEEP_QUICKBOOKS' },
    { path: 'amount', choice: 'KEEP_QUICKBOOKS' },
  ]);
});

test('one column for everything leaves out what that column may not give', () => {
  const groups = groupsOf([memo, field('dueDate', { allowedChoices: ['KEEP_QUICKBOOKS'] })]);
  const choices = chooseAll(groups, new Map(), 'KEEP_INTERNAL');
  expect([...choices]).toEqual([['memo', 'KEEP_INTERNAL']]);
  expect(nextUndecided(groups, choices)?.lead.path).toBe('dueDate');
});

test('a field that nobody can choose does not wait for a choice', () => {
  const groups = groupsOf([field('payment', { allowedChoices: [] })]);
  expect(nextUndecided(groups, new Map())).toBeUndefined();
});

test('a choice survives a move of another field, and of another column of its own', () => {
  const now = [field('memo', { quickbooks: text('newer') }), quantity];
  const moved = movedSince([memo, quantity], now);
  expect(moved?.cells).toEqual(new Set([cellOf('memo', 'KEEP_QUICKBOOKS')]));
  expect(moved?.sentence).toBe('memo changed while you were looking.');
  const ours = new Map([['memo', 'KEEP_INTERNAL' as const]]);
  expect(stillValid(ours, now, moved)).toEqual(ours);
});

test('a choice of the very value that moved, or of a field that is gone, is asked again', () => {
  const now = [field('memo', { quickbooks: text('newer') })];
  const moved = movedSince([memo, quantity], now);
  const theirs = new Map([
    ['memo', 'KEEP_QUICKBOOKS' as const],
    ['quantity', 'KEEP_INTERNAL' as const],
  ]);
  expect(stillValid(theirs, now, moved).size).toBe(0);
  expect(moved?.sentence).toContain('quantity is no longer in dispute');
});

test('a new version with the same values moved nothing', () => {
  expect(movedSince([memo], [memo])).toBeNull();
});
