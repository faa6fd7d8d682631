import { brandAmount, brandLocalDate } from '#core/brand.ts';
import type { Invoice } from '#core/invoice/invoice.ts';
import { amountOf, sum } from '#core/money/money.ts';
import { planInvoice, type Plan, type PlanInputs } from '#core/plan/plan.ts';
import { quickbooksTwin, translated, translatedBack, unpaidInvoice } from '../documents.ts';
import { facts, settings } from '../merge/settling.ts';

/** What both sides showed when they last agreed. */
export const agreed = { internal: unpaidInvoice, quickbooks: quickbooksTwin(unpaidInvoice) };

/** How a case differs from two sides that agree. */
export type Case = {
  readonly internal?: Partial<Invoice>;
  /** Null while there is no counterpart. */
  readonly quickbooks?: Partial<Invoice> | null;
  readonly base?: PlanInputs['base'];
  readonly goLiveDate?: string;
  readonly closedThrough?: string;
};

function inputsOf({ internal, quickbooks, base, goLiveDate, closedThrough }: Case): PlanInputs {
  const now = { ...unpaidInvoice, ...internal };
  const there = quickbooks === null ? null : { ...agreed.quickbooks, ...quickbooks };
  return {
    base: base === undefined ? (quickbooks === null ? null : agreed) : base,
    internal: now,
    translated: translated(now),
    quickbooks: there,
    translatedBack: there === null ? null : translatedBack(there),
    taxVariance: null,
    settings: {
      ...settings,
      goLiveDate: goLiveDate === undefined ? null : brandLocalDate(goLiveDate),
    },
    facts: {
      ...facts,
      booksClosedThrough: closedThrough === undefined ? null : brandLocalDate(closedThrough),
    },
  };
}

export const planned = (one: Case): Plan => planInvoice(inputsOf(one));

export const gone = { existence: 'void' } as const;
export const later = { dueDate: brandLocalDate('2027-01-31') };
export const paid: Partial<Invoice> = {
  payments: [
    {
      id: 'pay_1',
      by: 'payment',
      version: null,
      date: null,
      amount: null,
      method: null,
      reference: null,
    },
  ],
};
export const deposited: Partial<Invoice> = {
  derived: { ...unpaidInvoice.derived, amountPaid: brandAmount('5.00') },
};

/** The invoice as a side shows it that computes another tax. */
export const taxed = (taxTotal: string): Partial<Invoice> => {
  const { currency, derived } = unpaidInvoice;
  const total = amountOf(sum([derived.subtotal, brandAmount(taxTotal)], currency));
  return { derived: { ...derived, taxTotal: brandAmount(taxTotal), total, balanceDue: total } };
};

/** What is decided, in a word or two; stops with their reason. */
export function decision({ next }: Plan): string {
  if (next.kind === 'write')
    return [
      ...(next.quickbooks === null ? [] : [next.quickbooks.operation]),
      ...(next.internal === null ? [] : [`${next.internal.operation} internally`]),
    ].join(', ');
  return next.kind === 'stop' ? next.stop.reason : next.kind;
}
