import { expect, test } from 'vitest';
import { shownCrossing } from './shown-crossing.ts';
import type { ListedChange } from './shown-crossing.ts';

const at = (second: number) => new Date(Date.UTC(2026, 10, 22, 9, 0, second)).toISOString();

const change = (part: Partial<ListedChange> & { id: string }): ListedChange => ({
  direction: 'TO_QUICKBOOKS',
  stage: 'SETTLED',
  receivedAt: at(0),
  endedAt: at(1),
  ...part,
});

const settled = change({ id: 'settled' });

test('a change on its way is watched from its first stage on', () => {
  const first = change({ id: 'first', stage: 'DETECTED', endedAt: null });
  expect(shownCrossing([first])).toBe(first);
  const next = change({ id: 'next', stage: 'QUEUED', receivedAt: at(5), endedAt: null });
  expect(shownCrossing([next, settled])).toBe(next);
});

test.each(['DETECTED', 'QUEUED', 'CLAIMED', 'MAPPED', 'COMPARED', 'SKIPPED'] as const)(
  'our own echo at %s leaves the settled crossing on screen',
  (stage) => {
    const echo = change({ id: 'echo', direction: 'TO_INTERNAL', stage, receivedAt: at(2) });
    expect(shownCrossing([echo, settled])).toBe(settled);
  },
);

test('what looked like an echo and writes after all is watched', () => {
  const real = change({
    id: 'real',
    direction: 'TO_INTERNAL',
    stage: 'SENDING',
    receivedAt: at(2),
  });
  expect(shownCrossing([real, settled])).toBe(real);
});

test('news from the other side long after a crossing is no echo', () => {
  const late = change({
    id: 'late',
    direction: 'TO_INTERNAL',
    stage: 'QUEUED',
    receivedAt: '2026-11-22T10:00:00Z',
    endedAt: null,
  });
  expect(shownCrossing([late, settled])).toBe(late);
});

test('when nothing but echoes came, the newest of them is shown', () => {
  const [a, b] = [change({ id: 'a', stage: 'SKIPPED' }), change({ id: 'b', stage: 'SKIPPED' })];
  expect(shownCrossing([a, b])).toBe(a);
  expect(shownCrossing([])).toBeUndefined();
});
