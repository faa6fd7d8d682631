import { expect, test } from 'vitest';
import { withBefore } from './before.ts';
import type { StreamEvent } from './stream-store.ts';

const event = (second: number): StreamEvent => ({
  id: `event ${second}`,
  at: new Date(second * 1_000).toISOString(),
  type: 'BULK_CHANGED',
  summary: `At ${second}`,
  company: { id: 'company', name: 'Acme' },
  invoice: null,
  detail: { __typename: 'Company' },
});
const seconds = (events: readonly StreamEvent[]) => events.map(({ at }) => Date.parse(at) / 1_000);

test('what was stored before the tail began stands below it, newest first, and nothing stands twice', () => {
  expect(seconds(withBefore([event(5), event(4)], [1, 2, 3, 4].map(event)))).toEqual([
    5, 4, 3, 2, 1,
  ]);
  expect(seconds(withBefore([], [1, 2].map(event)))).toEqual([2, 1]);
  expect(seconds(withBefore([event(5)], []))).toEqual([5]);
});

test('what a gap left out of the stream stands in its place', () => {
  expect(seconds(withBefore([event(9), event(2)], [5, 6, 9].map(event)))).toEqual([9, 6, 5, 2]);
});
