import { describe, expect, test } from 'vitest';
import { mergeField, type Merge, type Movement } from '#core/merge/merge-field.ts';

const values = ['a', 'b', 'c'] as const;

type Pattern = {
  readonly base: string;
  readonly internal: string;
  readonly quickbooks: string;
};

const patterns: readonly Pattern[] = values.flatMap((base) =>
  values.flatMap((internal) => values.map((quickbooks) => ({ base, internal, quickbooks }))),
);

const mergeOf = ({ base, internal, quickbooks }: Pattern): Merge =>
  mergeField({
    internalMoved: internal !== base,
    quickbooksMoved: quickbooks !== base,
    equal: internal === quickbooks,
  });

const those = (merge: Merge): readonly Pattern[] =>
  patterns.filter((pattern) => mergeOf(pattern) === merge);

describe('merging one field over all 27 patterns of three values', () => {
  test('comes to 3 unchanged, 6 agreed, 12 taken and 6 conflicts', () => {
    const counts = Object.fromEntries(
      [...Map.groupBy(patterns, mergeOf)].map(([merge, found]) => [merge, found.length]),
    );

    expect(counts).toEqual({
      unchanged: 3,
      agreed: 6,
      'take-internal': 6,
      'take-quickbooks': 6,
      conflict: 6,
    });
  });

  test('calls only three equal values unchanged', () => {
    expect(
      those('unchanged').every(
        ({ base, internal, quickbooks }) => base === internal && base === quickbooks,
      ),
    ).toBe(true);
  });

  test('agrees where both moved to one value', () => {
    expect(
      those('agreed').every(
        ({ base, internal, quickbooks }) => internal === quickbooks && internal !== base,
      ),
    ).toBe(true);
  });

  test('takes a value only over one that nobody moved', () => {
    expect(those('take-internal').every(({ base, quickbooks }) => quickbooks === base)).toBe(true);
    expect(those('take-quickbooks').every(({ base, internal }) => internal === base)).toBe(true);
  });

  test('leaves to a person only what both moved to different values', () => {
    expect(those('conflict').every((pattern) => new Set(Object.values(pattern)).size === 3)).toBe(
      true,
    );
  });
});

describe('merging one field whose base has two halves', () => {
  const outcomes: readonly (readonly [Movement, Merge])[] = [
    [{ internalMoved: false, quickbooksMoved: false, equal: true }, 'unchanged'],
    // Both accepted a difference once: it stays until a later move.
    [{ internalMoved: false, quickbooksMoved: false, equal: false }, 'unchanged'],
    [{ internalMoved: true, quickbooksMoved: false, equal: false }, 'take-internal'],
    // One side moved onto what the other shows already.
    [{ internalMoved: true, quickbooksMoved: false, equal: true }, 'agreed'],
    [{ internalMoved: false, quickbooksMoved: true, equal: false }, 'take-quickbooks'],
    [{ internalMoved: false, quickbooksMoved: true, equal: true }, 'agreed'],
    [{ internalMoved: true, quickbooksMoved: true, equal: true }, 'agreed'],
    [{ internalMoved: true, quickbooksMoved: true, equal: false }, 'conflict'],
  ];

  test('knows all eight movements', () => {
    expect(new Set(outcomes.map(([movement]) => JSON.stringify(movement))).size).toBe(8);
  });

  test.each(outcomes)('%o is %s', (movement, merge) => {
    expect(mergeField(movement)).toBe(merge);
  });

  test('says the same with the sides exchanged', () => {
    const mirrored = {
      unchanged: 'unchanged',
      agreed: 'agreed',
      conflict: 'conflict',
      'take-internal': 'take-quickbooks',
      'take-quickbooks': 'take-internal',
    } as const satisfies Record<Merge, Merge>;
    for (const [{ internalMoved, quickbooksMoved, equal }, merge] of outcomes) {
      const exchanged = mergeField({
        internalMoved: quickbooksMoved,
        quickbooksMoved: internalMoved,
        equal,
      });
      expect(exchanged).toBe(mirrored[merge]);
    }
  });
});
