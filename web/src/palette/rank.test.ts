import { expect, test } from 'vitest';
import { rank } from './rank.ts';

const commandOf = (label: string, words = '') => ({
  id: label,
  label,
  words,
  run: () => undefined,
});

const commands = [
  commandOf('Overview'),
  commandOf('Live'),
  commandOf('Dead letters', 'stopped failed'),
  commandOf('Reconcile', 'drift totals'),
  commandOf('Settle the conflict'),
];

const found = (typed: string) => rank(commands, typed).map(({ label }) => label);

test('everything is offered, in its own order, before anything is typed', () => {
  expect(found(' ')).toEqual(commands.map(({ label }) => label));
});

test('a beginning comes before a word within, and a word before mere letters', () => {
  expect(found('l')).toEqual(['Live', 'Dead letters', 'Reconcile', 'Settle the conflict']);
  expect(found('conf')).toEqual(['Settle the conflict']);
});

test('letters in order and other words for it find a page too', () => {
  expect(found('dlt')).toEqual(['Dead letters']);
  expect(found('drift')).toEqual(['Reconcile']);
});

test('what fits nothing finds nothing', () => {
  expect(found('zebra')).toEqual([]);
});
