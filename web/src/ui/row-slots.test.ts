import { expect, test } from 'vitest';
import { takeSlots } from './row-slots.ts';
import type { RowSlots } from './row-slots.ts';

const from = (first: number, count: number) => Array.from({ length: count }, (_, at) => first + at);
const none: RowSlots = new Map();

test('a row keeps its element for as long as it is drawn', () => {
  const before = takeSlots(none, from(0, 5));
  const after = takeSlots(before, from(3, 5));

  expect([after.get(3), after.get(4)]).toEqual([before.get(3), before.get(4)]);
});

test.each([1, 4, 40, 400])('scrolling by %d rows a frame makes no element', (step) => {
  let slots = takeSlots(none, from(0, 30));
  for (let frame = 1; frame <= 50; frame += 1) {
    slots = takeSlots(slots, from(frame * step, 30));

    expect(new Set(slots.values())).toEqual(new Set(from(0, 30)));
  }
});

test('no element shows two rows, also where more are drawn than before', () => {
  const slots = takeSlots(takeSlots(none, from(0, 3)), from(1, 9));

  expect(new Set(slots.values()).size).toBe(9);
});
