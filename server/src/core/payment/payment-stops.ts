import type { Amount, LocalDate } from '../brand.ts';
import type { Stop } from '../plan/stop.ts';
import type { HeldApplication } from './pairing.ts';
import type { PaymentContent } from './payment.ts';

/** What QuickBooks keeps of a payment's reference (Intuit's reference of Payment, PaymentRefNum). */
const referenceLengthMax = 21;

/** Nothing dated on or before the closing date is ever sent (architecture.md §4, "Closed books"). */
export function closedStop(dates: readonly LocalDate[], through: LocalDate | null): Stop | null {
  if (through === null || dates.every((date) => date > through)) return null;
  return {
    reason: 'PERIOD_CLOSED',
    explanation: `The books are closed through ${through} and a payment of this invoice is dated inside that period, so nothing was sent; the invoice itself stands.`,
    fix: [
      'Move the payment to an open day internally, or reopen the period in QuickBooks.',
      'Then replay.',
    ],
  };
}

/** Money in the bank keeps its total: the deposit has to go first (6540, quickbooks.md §2.6). */
export function depositedStop({ payment }: HeldApplication, total: Amount | null): Stop | null {
  if (!payment.isDeposited || total === payment.total) return null;
  return {
    reason: 'VALIDATION',
    explanation: `Payment ${payment.id} of this invoice is in a bank deposit in QuickBooks, which lets nobody change or remove it there; nothing was sent.`,
    fix: [
      'Take the payment out of its deposit in QuickBooks, or put it back as it was internally.',
      'Then replay.',
    ],
  };
}

/** A longer reference would be refused, or cut without a word. */
export function longReferenceStop({ reference }: PaymentContent): Stop | null {
  if (reference === null || reference.length <= referenceLengthMax) return null;
  return {
    reason: 'VALIDATION',
    explanation: `The reference “${reference}” of a payment has ${reference.length} characters and QuickBooks holds ${referenceLengthMax}, so nothing was sent.`,
    fix: ['Shorten the reference internally.', 'Then replay.'],
  };
}
