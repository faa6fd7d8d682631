import { expect, test } from 'vitest';
import { readable } from './sentence.ts';

test.each([
  [
    'The books are closed through 2026-10-31, and this invoice is dated 2026-10-02, inside that period.',
    'The books are closed through Oct 31, 2026, and this invoice is dated Oct 2, 2026, inside that period.',
  ],
  [
    'Acme has a payment of 1250.00 USD on 2026-11-30 that QuickBooks lacks.',
    'Acme has a payment of $1,250.00 on Nov 30, 2026 that QuickBooks lacks.',
  ],
  ['INV-2026-11-30-7 was sent at 2026-11-30T10:00:00Z.', null],
  ['It is off by 3 USD and has 1,250.00 USD.', null],
])(
  'dates and amounts of “%s” read as this reader writes them, and nothing else changes',
  (said, read) => {
    expect(readable(said, 'en-US')).toBe(read ?? said);
  },
);
