import { expect, test } from 'vitest';
import { isEditable, sayRehearsal } from './rule-words.ts';

test.each([
  [
    41,
    38,
    3,
    'In the last 41 cases this rule would have settled 38 and disagreed with a person 3 times.',
  ],
  [1, 1, 0, 'In the last 1 case this rule would have settled 1 and never disagreed with a person.'],
  [5, 4, 1, 'In the last 5 cases this rule would have settled 4 and disagreed with a person once.'],
])(
  'a rehearsal over %i cases reads as a sentence',
  (considered, wouldAutoResolve, wouldDisagree, sentence) => {
    expect(sayRehearsal({ considered, wouldAutoResolve, wouldDisagree }, 'INTERNAL_WINS')).toBe(
      sentence,
    );
  },
);

test('without a past there is nothing to try a rule on', () => {
  expect(sayRehearsal({ considered: 0, wouldAutoResolve: 0, wouldDisagree: 0 }, 'ASK')).toMatch(
    /^No conflict/,
  );
});

test('what is computed, and whether an invoice stands, have no rule to change', () => {
  expect(isEditable({ pattern: 'total', rule: 'READ_ONLY', builtIn: true })).toBe(false);
  expect(isEditable({ pattern: 'existence', rule: 'ASK', builtIn: true })).toBe(false);
  expect(isEditable({ pattern: 'poNumber', rule: 'READ_ONLY', builtIn: false })).toBe(true);
});

test('asking a person settles nothing by itself, and is said so', () => {
  expect(sayRehearsal({ considered: 4, wouldAutoResolve: 0, wouldDisagree: 0 }, 'ASK')).toBe(
    'A person would have been asked in all of the last 4 cases.',
  );
});
