import type { QuickBooksFacts } from '../company/company.ts';

/** A hold opened before any write; a person or a later change ends it. */
export type Stop = {
  readonly reason: 'PERIOD_CLOSED' | 'VALIDATION' | 'MAPPING';
  readonly explanation: string;
  readonly fix: readonly string[];
};

/** Nothing dated on or before the closing date is ever sent (architecture.md §4, "Closed books"). */
export function closedStop(dates: readonly string[], facts: QuickBooksFacts): Stop | null {
  const through = facts.booksClosedThrough;
  if (through === null || dates.every((date) => date > through)) return null;
  return {
    reason: 'PERIOD_CLOSED',
    explanation: `The books are closed through ${through} and this invoice is dated inside that period, so nothing was sent.`,
    fix: [
      'Move the invoice to an open day internally, or reopen the period in QuickBooks.',
      'Then replay.',
    ],
  };
}
