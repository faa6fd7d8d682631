import { describe, expect, test } from 'vitest';
import { brandAmount, brandDecimal, toLineKey, type LineKey } from '#core/brand.ts';
import type { Line } from '#core/invoice/invoice.ts';
import { keyLines, pairAdded } from '#core/merge/pair-lines.ts';
import { aLine } from '../mapping/invoices.ts';

const seen = (sideId: string | null, changes: Partial<Line> = {}): Line => ({
  ...aLine,
  key: null,
  sideId,
  ...changes,
});
const known = (key: string, sideId: string | null, changes: Partial<Line> = {}): Line => ({
  ...aLine,
  key: toLineKey(key),
  sideId,
  ...changes,
});
const newKey = (line: Line, position: number): LineKey =>
  toLineKey(`new-${line.sideId ?? `at-${position}`}`);

const keysOf = (observed: readonly Line[], before: readonly Line[]): readonly string[] =>
  keyLines(observed, before, newKey).map((line) => line.key);

const dearer = { amount: brandAmount('90000.00'), unitPrice: brandDecimal('7500') };
const other = { description: 'Cables', item: { id: 'itm_9', name: 'Cables' } };

describe('giving observed lines the keys of the lines they are', () => {
  test('goes by the side’s own id first, whatever else changed', () => {
    const before = [known('A', '1'), known('B', '2', other)];

    expect(keysOf([seen('1', other), seen('2')], before)).toEqual(['A', 'B']);
  });

  test('goes by equal content in order where ids changed', () => {
    const before = [known('A', '1'), known('B', '2'), known('C', '3', other)];

    expect(keysOf([seen('7', other), seen('8'), seen('9')], before)).toEqual(['C', 'A', 'B']);
  });

  test('does not give a line away by content that its id already claimed', () => {
    const before = [known('A', '1'), known('B', '2', other)];

    expect(keysOf([seen('5', other), seen('2', dearer)], before)).toEqual(['new-5', 'B']);
  });

  test('goes by item and description at last, where exactly one is left on each side', () => {
    const before = [known('A', '1'), known('B', '2', other)];

    expect(keysOf([seen('8', dearer), seen('9', other)], before)).toEqual(['A', 'B']);
  });

  test('calls lines removed and added where item and description leave a choice', () => {
    const before = [known('A', '1'), known('B', '2')];

    expect(keysOf([seen('8', dearer)], before)).toEqual(['new-8']);
    expect(keysOf([seen('8', dearer), seen('9', dearer)], [known('A', '1')])).toEqual([
      'new-8',
      'new-9',
    ]);
  });

  test('keeps keys when lines are reordered', () => {
    const before = [known('A', '1'), known('B', '2', other), known('C', '3', dearer)];

    expect(keysOf([seen('3', dearer), seen('1'), seen('2', other)], before)).toEqual([
      'C',
      'A',
      'B',
    ]);
  });

  test('gives a line met for the first time a key of its own', () => {
    expect(keysOf([seen('1'), seen(null)], [])).toEqual(['new-1', 'new-at-1']);
  });

  test('ignores known lines without a key', () => {
    expect(keysOf([seen('1')], [{ ...aLine, key: null, sideId: '1' }])).toEqual(['new-1']);
  });

  test('never gives two lines one key, also when a side hands out an old id again', () => {
    // The line under this key was made when it had the id 1; that side renumbered it to 2 since.
    const before = [known('new-1', '2')];

    expect(keysOf([seen('2'), seen('1', other)], before)).toEqual(['new-1', 'new-1-2']);
    expect(keysOf([seen('1', other), seen('1', dearer)], [])).toEqual(['new-1', 'new-1-2']);
  });

  test('changes nothing of a line but its key', () => {
    const observed = seen('1', dearer);

    expect(keyLines([observed], [known('A', '1')], newKey)).toEqual([
      { ...observed, key: toLineKey('A') },
    ]);
  });
});

describe('pairing lines that both sides added', () => {
  const pairs = (left: readonly Line[], right: readonly Line[], agreed: readonly Line[] = []) =>
    Object.fromEntries(pairAdded(left, right, agreed));

  test('goes by equal content in order, each line once', () => {
    const added = [known('i-1', '1'), known('i-2', '2'), known('i-3', '3', other)];

    expect(pairs(added, [known('q-9', '9', other), known('q-7', '7')])).toEqual({
      'q-9': 'i-3',
      'q-7': 'i-1',
    });
  });

  test('goes by item and description at last, where exactly one is left on each side', () => {
    expect(pairs([known('i-1', '1')], [known('q-7', '7', dearer)])).toEqual({ 'q-7': 'i-1' });
    expect(pairs([known('i-1', '1'), known('i-2', '2')], [known('q-7', '7', dearer)])).toEqual({});
  });

  test('leaves lines alone that were agreed before, or that both sides have', () => {
    const before = [known('A', '1'), known('B', '2')];

    expect(pairs([known('A', '1')], [known('q-7', '7')], before)).toEqual({});
    expect(pairs([known('A', '1')], [known('A', '1'), known('q-7', '7')])).toEqual({});
  });
});
