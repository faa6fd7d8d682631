import { expect, test } from 'vitest';
import { overviewSentence } from './overview-sentence.ts';

test.each([
  [[], 'No invoice has been seen yet.', ''],
  [[{ status: 'IN_SYNC', count: 12_480 }], 'All 12,480 invoices agree on both sides.', ''],
  [
    [
      { status: 'IN_SYNC', count: 12_473 },
      { status: 'IN_FLIGHT', count: 3 },
      { status: 'UNCERTAIN', count: 1 },
      { status: 'CONFLICT', count: 2 },
      { status: 'DEAD_LETTERED', count: 1 },
      { status: 'UNLINKED', count: 40 },
    ],
    'All but 7 of 12,480 invoices agree on both sides.',
    '4 are crossing now, 3 need you, 40 are left alone by choice.',
  ],
  [
    [{ status: 'PENDING', count: 12 }],
    'None of 12 invoices agrees on both sides yet.',
    '12 are crossing now.',
  ],
  [
    [
      { status: 'IN_SYNC', count: 40 },
      { status: 'PENDING', count: 80 },
      { status: 'IN_FLIGHT', count: 4 },
      { status: 'CONFLICT', count: 1 },
    ],
    '40 of 125 invoices agree so far.',
    '84 are crossing now, 1 needs you.',
  ],
  [[{ status: 'IN_SYNC', count: 1 }], 'The one invoice agrees on both sides.', ''],
] as const)('%o is told in a sentence', (counts, answer, detail) => {
  expect(overviewSentence(counts)).toEqual({ answer, detail });
});
