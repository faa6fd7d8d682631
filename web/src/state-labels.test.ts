import { expect, test } from 'vitest';
import * as labels from './state-labels.ts';

const words = Object.entries(labels).flatMap(([record, entries]) =>
  Object.entries(entries).map(([state, entry]) => {
    const text = typeof entry === 'string' ? entry : entry.label;
    return [record, state, text] as const;
  }),
);

test.each(words)('%s says %s in words', (_record, state, text) => {
  expect(text).toMatch(/^[A-Z]/);
  expect(text).not.toContain('_');
  expect(text).not.toBe(state);
});

test('red is kept for what waits on a person', () => {
  const red = Object.entries(labels.invoiceStatusLabels)
    .filter(([, { tone }]) => tone === 'waiting-on-you')
    .map(([status]) => status);
  expect(red).toEqual(['CONFLICT', 'DEAD_LETTERED']);
});

test('every help text is a sentence', () => {
  const helps = [labels.invoiceStatusLabels, labels.stageLabels, labels.attemptOutcomeLabels]
    .flatMap((record) => Object.values(record))
    .map(({ help }) => help);
  expect(helps.filter((help) => !help.endsWith('.'))).toEqual([]);
});
