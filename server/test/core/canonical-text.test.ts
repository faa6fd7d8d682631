import { expect, test } from 'vitest';
import { canonicalText } from '#core/canonical-text.ts';

test('equal values have equal text, in whatever order their members came', () => {
  const one = { b: [1, { d: null, c: 'x' }], a: true };
  const other = { a: true, b: [1, { c: 'x', d: null }] };

  expect(canonicalText(one)).toBe('{"a":true,"b":[1,{"c":"x","d":null}]}');
  expect(canonicalText(other)).toBe(canonicalText(one));
});

test('different values have different texts', () => {
  const values = [null, 0, '0', false, [], {}, [1, 2], [2, 1], { a: 1 }, { a: '1' }, { a: null }];

  expect(new Set(values.map(canonicalText)).size).toBe(values.length);
});
