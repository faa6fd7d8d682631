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

test('writes of the machine in a row are told as one; a person or a conflict stands alone', () => {
  const told = recentSentences([
    entry('7', 'WRITE'),
    entry('6', 'WRITE'),
    entry('5', 'CONFLICT_RESOLVED', true),
    entry('4', 'CONFLICT_OPENED'),
    entry('3', 'WRITE'),
    entry('2', 'WRITE', true),
    entry('1', 'WRITE', true),
  ]);
  expect(told.map(({ entry, moreCount }) => [entry.id, moreCount])).toEqual([
    ['7', 1],
    ['5', 0],
    ['4', 0],
    ['3', 0],
    ['2', 0],
    ['1', 0],
  ]);
});
