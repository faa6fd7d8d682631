import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { mergePatch } from '../../../simulator/invoicing/merge-patch.ts';

// The fifteen examples of RFC 7396, appendix A.
test.each([
  [{ a: 'b' }, { a: 'c' }, { a: 'c' }],
  [{ a: 'b' }, { b: 'c' }, { a: 'b', b: 'c' }],
  [{ a: 'b' }, { a: null }, {}],
  [{ a: 'b', b: 'c' }, { a: null }, { b: 'c' }],
  [{ a: ['b'] }, { a: 'c' }, { a: 'c' }],
  [{ a: 'c' }, { a: ['b'] }, { a: ['b'] }],
  [{ a: { b: 'c' } }, { a: { b: 'd', c: null } }, { a: { b: 'd' } }],
  [{ a: [{ b: 'c' }] }, { a: [1] }, { a: [1] }],
  [
    ['a', 'b'],
    ['c', 'd'],
    ['c', 'd'],
  ],
  [{ a: 'b' }, ['c'], ['c']],
  [{ a: 'foo' }, null, null],
  [{ a: 'foo' }, 'bar', 'bar'],
  [{ e: null }, { a: 1 }, { e: null, a: 1 }],
  [[1, 2], { a: 'b', c: null }, { a: 'b' }],
  [{}, { a: { bb: { ccc: null } } }, { a: { bb: {} } }],
])('RFC 7396: %j patched with %j is %j', (target, patch, merged) => {
  expect(mergePatch(target, patch)).toEqual(merged);
});

const key = fc.constantFrom('a', 'b', 'c', '__proto__', 'constructor');
const { value: json } = fc.letrec((tie) => ({
  value: fc.oneof(
    { depthSize: 'small' },
    fc.constantFrom(null, true, 'x', 1),
    fc.array(tie('value'), { maxLength: 3 }),
    fc.dictionary(key, tie('value'), { maxKeys: 4 }),
  ),
}));
const object = fc.dictionary(key, json, { maxKeys: 4 });

test('property: an empty patch changes nothing', () => {
  fc.assert(
    fc.property(object, (target) => {
      expect(mergePatch(target, {})).toEqual(target);
    }),
  );
});

test('property: patching twice is patching once', () => {
  fc.assert(
    fc.property(json, json, (target, patch) => {
      const once = mergePatch(target, patch);
      expect(mergePatch(once, patch)).toEqual(once);
    }),
  );
});

test('property: a key the patch does not name stays, a key it nulls goes', () => {
  fc.assert(
    fc.property(object, object, (target, patch) => {
      const merged = new Map(Object.entries(Object(mergePatch(target, patch))));
      for (const [name, value] of Object.entries(target)) {
        if (!Object.hasOwn(patch, name)) expect(merged.get(name)).toEqual(value);
      }
      for (const [name, value] of Object.entries(patch)) {
        if (value === null) expect(merged.has(name)).toBe(false);
      }
    }),
  );
});
