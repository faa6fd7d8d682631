import type { QuickBooksFacts } from '../company/company.ts';
import { isGone, type Invoice } from '../invoice/invoice.ts';
import type { GroupMerge } from '../merge/merge-invoice.ts';
import { isZero } from '../money/money.ts';
import type { Plan } from './plan.ts';
import { closedStop, type Stop } from './stop.ts';

/**
 * One side alone cancelled the document, or brought it back. A delete crosses as a void, and what money was applied to is
 * never voided by the bridge (architecture.md §4).
 */
export function planGone(
  internal: Invoice,
  quickbooks: Invoice,
  merges: readonly GroupMerge[],
  taken: 'take-internal' | 'take-quickbooks',
  facts: QuickBooksFacts,
): Plan {
  const stop =
    taken === 'take-internal'
      ? stopInQuickbooks(internal, quickbooks, facts)
      : stopInternally(internal, quickbooks);
  if (stop !== null) return { explanation: stop.explanation, merges, next: { kind: 'stop', stop } };
  const written = { operation: 'VOIDED' } as const;
  return taken === 'take-internal'
    ? {
        explanation:
          'Internal invoicing cancelled it; it is voided in QuickBooks, which keeps its number.',
        merges,
        next: { kind: 'write', quickbooks: written, internal: null, held: null },
      }
    : {
        explanation: `QuickBooks ${quickbooks.existence === 'deleted' ? 'deleted' : 'voided'} it; it is voided in internal invoicing, which keeps its number.`,
        merges,
        next: { kind: 'write', quickbooks: null, internal: written, held: null },
      };
}

function stopInQuickbooks(
  internal: Invoice,
  quickbooks: Invoice,
  facts: QuickBooksFacts,
): Stop | null {
  if (isGone(internal) && [internal, quickbooks].some(hasMoney))
    return {
      reason: 'VALIDATION',
      explanation:
        'Internal invoicing cancelled it, but money is applied to it. A paid invoice is not voided without a person.',
      fix: [
        'Remove the payment from the invoice, or restore the invoice internally.',
        'Then replay.',
      ],
    };
  const closed = closedStop([quickbooks.issueDate], facts, isGone(internal) ? 'void' : 'change');
  if (closed !== null || isGone(internal)) return closed;
  return {
    reason: 'VALIDATION',
    explanation: 'Internal invoicing brought it back, but QuickBooks cannot undo a void.',
    fix: ['Void it internally again, or make a new invoice with a new number.', 'Then replay.'],
  };
}

/** A document that is gone in QuickBooks holds no money there any more: only what internal invoicing shows counts. */
function stopInternally(internal: Invoice, quickbooks: Invoice): Stop | null {
  if (!isGone(quickbooks))
    return {
      reason: 'VALIDATION',
      explanation: 'QuickBooks brought it back, but internal invoicing cannot undo a void.',
      fix: ['Void it in QuickBooks again, or make a new invoice internally.', 'Then replay.'],
    };
  return hasMoney(internal) ? paidInternally : null;
}

/** Said before the void is sent, and when internal invoicing refuses it for the same reason. */
export const paidInternally: Stop = {
  reason: 'VALIDATION',
  explanation:
    'QuickBooks cancelled it, but money is applied to it in internal invoicing. A paid invoice is not voided without a person.',
  fix: [
    'Remove the payment from the invoice in internal invoicing, or make the invoice again in QuickBooks.',
    'Then replay.',
  ],
};

/** Money may be applied without a payment that names itself, for example a deposit on the invoice. */
export const hasMoney = ({ payments, derived }: Invoice): boolean =>
  payments.length > 0 || !isZero(derived.amountPaid);
