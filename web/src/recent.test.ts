import { expect, test } from 'vitest';
import { recentSentences } from './recent.ts';
import type { RecentEntry } from './recent.ts';

const entry = (id: string, action: RecentEntry['action'], isPerson = false): RecentEntry => ({
  id,
  at: '2026-11-30T09:00:00Z',
  action,
  summary: `Entry ${id}.`,
  actor: {
    __typename: isPerson ? 'ApiClient' : 'SystemActor',
    displayName: isPerson ? 'Dana' : 'worker',
  },
  subject: null,
});

const told = (shownMax: number) =>
  recentSentences(
    [
      entry('7', 'WRITE'),
      entry('6', 'WRITE'),
      entry('5', 'CONFLICT_RESOLVED', true),
      entry('4', 'CONFLICT_OPENED'),
      entry('3', 'WRITE'),
      entry('2', 'WRITE', true),
      entry('1', 'WRITE', true),
    ],
    shownMax,
  ).map(({ entry: { id }, moreCount }) => [id, moreCount] as const);

test('writes of the machine in a row are told as one; a person or a conflict stands alone', () => {
  expect(told(6)).toEqual([
    ['7', 1],
    ['5', 0],
    ['4', 0],
    ['3', 0],
    ['2', 0],
    ['1', 0],
  ]);
});

test('where there is room, the newest of a row of writes stand alone', () => {
  expect(told(7).map(([id]) => id)).toEqual(['7', '6', '5', '4', '3', '2', '1']);
  const row = ['9', '8', '7', '6', '5'].map((id) => entry(id, 'WRITE'));
  expect(recentSentences(row, 3).map(({ moreCount }) => moreCount)).toEqual([0, 0, 2]);
});
