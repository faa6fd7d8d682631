import { expect, test } from 'vitest';
import { findLost, type Alike } from '#core/link/made-before-restore.ts';

const mine = 'inv_1';
const every: readonly Alike[] = [mine, 'inv_2', null].flatMap((counterpartId) =>
  [true, false].flatMap((isGone) =>
    [true, false].flatMap((isLinked) =>
      [true, false].map((isSame, index) => ({
        id: `${counterpartId} ${isGone} ${isLinked} ${index}`,
        counterpartId,
        isGone,
        isLinked,
        isSame,
      })),
    ),
  ),
);

const isOurs = (one: Alike): boolean => !one.isLinked && one.counterpartId === mine;

test('every pair of documents: only a free one with the mark is taken for ours, a living one first', () => {
  for (const one of every)
    for (const other of every.filter(({ id }) => id !== one.id)) {
      const found = findLost([one, other], mine);
      const ours = [one, other].filter(isOurs);
      const living = ours.filter(({ isGone }) => !isGone);
      if (living.length === 2) expect(found).toMatchObject({ kind: 'several' });
      else if (ours.length > 0)
        expect(found).toEqual({ kind: 'ours', id: (living[0] ?? ours[0])?.id });
      else expect(['none', 'doubtful']).toContain(found.kind);
    }
});

test('one that only may be it holds the create: alive, free, unmarked and the same', () => {
  const doubtful = every.filter((one) => findLost([one], mine).kind === 'doubtful');

  expect(doubtful).toEqual([
    expect.objectContaining({ counterpartId: null, isGone: false, isLinked: false, isSame: true }),
  ]);
  expect(findLost([], mine)).toEqual({ kind: 'none' });
});
