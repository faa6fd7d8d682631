import { expect, test } from 'vitest';
import type { FaultRule } from './lab.ts';
import { habitsOf, levers, ownRules, withLever } from './levers.ts';

const own: readonly FaultRule[] = [
  { match: { operation: 'create', entity: 'Invoice', probability: 0.03 }, effect: 'drop-after' },
  { match: { operation: 'create' }, effect: 'latency', params: { ms: 700 } },
  { match: { operation: 'read' }, effect: 'latency', params: { ms: 250 } },
];
const knobs = { drop: 0, duplicate: 0, shuffle: 0, counts: { acknowledged: 0 } };
const onOf = (faults: readonly FaultRule[], webhooks = { quickbooks: knobs, invoicing: knobs }) =>
  levers.filter(({ isOn }) => isOn({ faults, webhooks })).map(({ id }) => id);

test('a lever stands before what the demo does of itself, and taking it back leaves that as it was', () => {
  const slow = withLever(own, 'slow', true);

  expect(slow.slice(1)).toEqual(own);
  expect(onOf(slow)).toEqual(['slow']);
  expect(withLever(slow, 'slow', false)).toEqual(own);
});

test('of the levers that spoil answers one holds at a time', () => {
  const fails = withLever(withLever(own, 'lost', true), 'fails', true);

  expect(onOf(fails)).toEqual(['fails']);
  expect(ownRules(fails)).toEqual(own);
});

test('a lever is on where the simulators say so, whoever put it', () => {
  const twice = { ...knobs, duplicate: 2, shuffle: 1 };

  expect(onOf(own)).toEqual([]);
  expect(onOf(own, { quickbooks: twice, invoicing: twice })).toEqual(['duplicate', 'shuffle']);
  expect(onOf(own, { quickbooks: twice, invoicing: knobs })).toEqual([]);
});

test('what QuickBooks does of itself is told in words', () => {
  expect(habitsOf(withLever(own, 'slow', true), 'en-US')).toEqual([
    'takes 250 ms to 700 ms',
    'loses an answer after writing (3%)',
  ]);
  expect(habitsOf([], 'en-US')).toEqual([]);
});
