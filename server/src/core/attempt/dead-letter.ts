import type { Side } from '../side.ts';
import type { CallFailure, RefusalReason } from './failure.ts';

/** Why a link stops until a person acts. */
export type DeadLetterReason =
  | RefusalReason
  | 'RETRIES_EXHAUSTED'
  | 'AUTHORIZATION'
  | 'AMBIGUOUS_WRITE';

/** A dead letter as it is opened: plain words and the fix. */
export type DeadLetter = {
  readonly reason: DeadLetterReason;
  readonly explanation: string;
  readonly suggestedFix: readonly string[];
  /** Equal for dead letters with the same cause. */
  readonly cause: string;
  /** Records without a counterpart that it waits for (`referenceKey`); it goes on when all of them have one. */
  readonly waitsFor?: readonly string[];
};

const fixes = {
  VALIDATION: [
    'Correct the invoice in internal invoicing so that QuickBooks accepts it.',
    'The change then crosses by itself, or replay.',
  ],
  PERIOD_CLOSED: [
    'Give the invoice a date in the open period in internal invoicing, or move the closing date in QuickBooks to a day before it.',
    'It then goes on by itself, or replay.',
  ],
  MISSING_REFERENCE: [
    'Map the missing record, or make it in QuickBooks under the same name.',
    'Then replay.',
  ],
  DUPLICATE_NUMBER: [
    'Give the invoice another number internally, or change the number of the other document in QuickBooks.',
    'Then replay.',
  ],
  MAPPING: [
    'Tell the operator of LedgerBridge: this is most likely our mistake.',
    'The invoice stays as it is on both sides meanwhile.',
  ],
  RETRIES_EXHAUSTED: ['See whether QuickBooks can be reached.', 'Then replay.'],
  AUTHORIZATION: ['Reconnect the company to QuickBooks.', 'Then replay.'],
  AMBIGUOUS_WRITE: [
    'Look at the candidates in QuickBooks and void the ones that should not be there.',
    'Then replay with the invoice number as confirmation.',
  ],
} as const satisfies Record<DeadLetterReason, readonly string[]>;

export const fixFor = (reason: DeadLetterReason): readonly string[] => fixes[reason];

/** What a refusal means, in words a bookkeeper reads; the side's own text stands beside it in the fault. */
const refusals = {
  VALIDATION: 'QuickBooks refused the invoice as it is, so nothing was written.',
  PERIOD_CLOSED:
    'QuickBooks refused because the books are closed for that date, so nothing was written.',
  MISSING_REFERENCE:
    'QuickBooks does not know a customer, item or tax code the invoice names, or it is inactive. Nothing was written.',
  DUPLICATE_NUMBER:
    'Another document in QuickBooks already has this number, so nothing was written.',
  MAPPING: 'QuickBooks did not understand what the bridge sent, so nothing was written.',
} as const satisfies Record<RefusalReason, string>;

export function deadLetterOf(
  failure: Extract<CallFailure, { kind: 'refused' }>,
  side: Side,
): DeadLetter {
  const { reason, fault } = failure;
  return {
    reason,
    ...(side === 'quickbooks'
      ? { explanation: refusals[reason], suggestedFix: fixes[reason] }
      : refusedInternally(failure)),
    cause: `${side === 'quickbooks' ? '' : 'internal:'}${reason}:${fault.code}:${fault.element ?? ''}`,
  };
}

/** Internal invoicing names the field and what is wrong with it (http.md §4). */
function refusedInternally({ reason, fault }: Extract<CallFailure, { kind: 'refused' }>) {
  const said = fault.detail ?? fault.message;
  const place =
    fault.element === null || said.startsWith(fault.element) ? '' : `${fault.element}: `;
  return {
    explanation: `Internal invoicing refused the change made in QuickBooks, so nothing was written there: ${place}${said}`,
    suggestedFix:
      reason === 'MAPPING'
        ? fixes.MAPPING
        : [
            'Correct the invoice in QuickBooks so that internal invoicing accepts it, or change it internally to match.',
            'The change then crosses by itself, or replay.',
          ],
  };
}
