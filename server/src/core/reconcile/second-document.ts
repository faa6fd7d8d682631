import type { QuickBooksFacts } from '../company/company.ts';
import { isGone, type Invoice } from '../invoice/invoice.ts';
import { hasMoney } from '../plan/plan-gone.ts';
import { closedStop, type Stop } from '../plan/stop.ts';

/**
 * Why the second document of an invoice stays, though a person asked for its void; null where it goes. The one that the
 * invoice is linked to has to stand, or none would be left, and what money is applied to is never voided.
 */
export function whyNotVoided(
  second: Invoice,
  linked: Invoice | null,
  facts: Pick<QuickBooksFacts, 'booksClosedThrough'>,
): Stop | null {
  if (linked === null || isGone(linked))
    return {
      reason: 'VALIDATION',
      explanation: `The document this invoice is linked to is gone in QuickBooks, so document ${second.id} is the only one left and was not voided.`,
      fix: [
        `Cut the link and link the invoice to document ${second.id}, or void that one in QuickBooks.`,
      ],
    };
  if (hasMoney(second)) return paidStop(second);
  return closedStop([second.issueDate], facts, 'void');
}

const paidStop = ({ id }: Invoice): Stop => ({
  reason: 'VALIDATION',
  explanation: `Money is applied to document ${id}, the second one of this invoice, so it was not voided.`,
  fix: [
    'Move the payment in QuickBooks to the document that the invoice is linked to.',
    'Then repair the drift again, once the next reconcile has seen it.',
  ],
});

/** What a repair would do about a second document, in words; `rival` is the linked one. */
export function wordsForSecond(
  second: Invoice,
  rival: { readonly quickbooksId: string; readonly number: string | null },
  facts: Pick<QuickBooksFacts, 'booksClosedThrough'>,
): string {
  const { quickbooksId, number } = rival;
  const other = `document ${quickbooksId}${number === null ? '' : ` (${number})`}`;
  const seems = `It looks like a second document of the invoice that ${other} is linked to`;
  if (hasMoney(second))
    return `${seems}, and money is applied to it. Both are held. Move the payment to ${other}, then repair.`;
  const closed = closedStop([second.issueDate], facts, 'void');
  return closed === null
    ? `${seems}. Both are held. A repair voids document ${second.id} in QuickBooks, which is linked to nothing and unpaid; ${other} stays.`
    : `${seems}. Both are held. ${closed.explanation} Credit it with a credit memo dated later, then accept the difference.`;
}

/** Whether nothing but our own marker says that it is a second document, and nothing speaks against its void. */
export const isCertainSecond = (second: Invoice | null, internalId: string | null): boolean =>
  second !== null &&
  internalId !== null &&
  second.counterpartId === internalId &&
  !hasMoney(second);
