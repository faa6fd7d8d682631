import type { QuickBooksFacts } from '../company/company.ts';

/** A hold opened before any write; a person or a later change ends it. */
export type Stop = {
  readonly reason: 'PERIOD_CLOSED' | 'VALIDATION' | 'MAPPING' | 'DUPLICATE_NUMBER';
  readonly explanation: string;
  readonly fix: readonly string[];
};

/** What would have been done in the closed period; what can be done instead depends on it. */
export type InClosedBooks = 'create' | 'change' | 'move' | 'void' | 'payment';

/** Nothing dated on or before the closing date is ever sent (architecture.md §4, "Closed books"). */
export function closedStop(
  dates: readonly string[],
  facts: Pick<QuickBooksFacts, 'booksClosedThrough'>,
  what: InClosedBooks = 'change',
): Stop | null {
  const through = facts.booksClosedThrough;
  const [first] = dates.filter((date) => through !== null && date <= through).toSorted();
  if (through === null || first === undefined) return null;
  return {
    reason: 'PERIOD_CLOSED',
    explanation: `The books are closed through ${through}, and ${subjects[what](first)} Nothing was sent.`,
    fix: [...choices[what](through), reopen(first), 'It then goes on by itself, or replay.'],
  };
}

const subjects = {
  create: (date) => `this invoice is dated ${date}, inside that period.`,
  change: (date) =>
    `in QuickBooks this invoice is dated ${date}, inside that period, so it must not be changed.`,
  move: (date) => `internal invoicing moved this invoice to ${date}, inside that period.`,
  void: (date) =>
    `in QuickBooks this invoice is dated ${date}, inside that period, so it must not be voided.`,
  payment: (date) => `this payment is dated ${date}, inside that period.`,
} as const satisfies Record<InClosedBooks, (date: string) => string>;

/** Ways out that leave the period closed. */
const choices = {
  create: (through) => [
    `Give the invoice an issue date after ${through} in internal invoicing: it is then posted in the open period.`,
  ],
  change: (through) => [
    `Take the change back in internal invoicing, and bill or credit the difference with a document dated after ${through}.`,
  ],
  move: (through) => [
    `Give the invoice an issue date after ${through} again in internal invoicing.`,
  ],
  void: (through) => [
    `Leave the invoice as it is in QuickBooks, and credit its amount there with a credit memo dated after ${through}; then discard this.`,
  ],
  payment: (through) => [
    `Give the payment a date after ${through} in internal invoicing: it is then posted in the open period.`,
  ],
} as const satisfies Record<InClosedBooks, (through: string) => readonly string[]>;

const reopen = (date: string): string =>
  `Or reopen the period: in QuickBooks, under Account and settings, Advanced, Accounting, move the closing date to a day before ${date}.`;
