import type { QuickBooksFacts, CompanySettings } from '../company/company.ts';
import { isGone, type Invoice, type InvoiceContent } from '../invoice/invoice.ts';
import { isZero } from '../money/money.ts';
import { mergeInvoice, type Base, type GroupMerge } from '../merge/merge-invoice.ts';
import { wantedContent } from './wanted.ts';
import { wordsFor } from './words.ts';

/** Everything a decision rests on; stored with the attempt, so that deciding again gives the same outcome. */
export type PlanInputs = {
  readonly base: Base | null;
  /** Internal side with keyed lines. */
  readonly internal: Invoice;
  /** The internal side in QuickBooks' terms, lines under the same keys. */
  readonly translated: InvoiceContent;
  /** QuickBooks side with keyed lines; null while there is no counterpart. */
  readonly quickbooks: Invoice | null;
  readonly settings: CompanySettings;
  readonly facts: QuickBooksFacts;
};

/** A write to QuickBooks; the spelling turns it into bytes. */
export type PlannedWrite =
  | { readonly operation: 'CREATED'; readonly wanted: InvoiceContent }
  | {
      readonly operation: 'UPDATED';
      readonly wanted: InvoiceContent;
      readonly paths: readonly string[];
    }
  | { readonly operation: 'VOIDED' };

/** A hold opened before any write; a person or a later change ends it. */
export type Stop = {
  readonly reason: 'PERIOD_CLOSED' | 'VALIDATION' | 'MAPPING';
  readonly explanation: string;
  readonly fix: readonly string[];
};

export type Plan = {
  /** One or two sentences a bookkeeper can read. */
  readonly explanation: string;
  readonly merges: readonly GroupMerge[];
  readonly next:
    | { readonly kind: 'write'; readonly write: PlannedWrite }
    | { readonly kind: 'stop'; readonly stop: Stop }
    | { readonly kind: 'nothing' };
};

/** Decides what to write to QuickBooks; pure. */
export function planInvoice(inputs: PlanInputs): Plan {
  const { quickbooks, base } = inputs;
  if (quickbooks === null) return planUnlinked(inputs);
  const merges = mergeInvoice({
    internal: inputs.internal,
    internalTranslated: inputs.translated,
    quickbooks,
    base: base ?? agreedSoFar(inputs.internal, quickbooks),
    defaultTaxCodeId: inputs.facts.defaultTaxCodeId,
  });
  const taken = merges.filter((merge) => merge.merge === 'take-internal');
  if (taken.length === 0)
    return { explanation: whyNothing(inputs.internal, merges), merges, next: { kind: 'nothing' } };
  if (taken.some((merge) => merge.group === 'existence'))
    return planGone(inputs.internal, quickbooks, merges, inputs.facts);
  const wanted = wantedContent(quickbooks, inputs.translated, merges);
  const stop = closedStop([quickbooks.issueDate, wanted.issueDate], inputs.facts);
  if (stop !== null) return { explanation: stop.explanation, merges, next: { kind: 'stop', stop } };
  const paths = taken.flatMap((merge) => merge.paths);
  const disputed = merges.filter((merge) => merge.merge === 'conflict');
  return {
    explanation: [
      `Internal invoicing changed ${wordsFor(taken)}; QuickBooks has not touched that since both agreed. It is written to QuickBooks.`,
      ...(disputed.length === 0 ? [] : [bothChanged(disputed)]),
    ].join(' '),
    merges,
    next: { kind: 'write', write: { operation: 'UPDATED', wanted, paths } },
  };
}

function planUnlinked({ internal, translated, settings, facts }: PlanInputs): Plan {
  const nothing = (explanation: string): Plan => ({
    explanation,
    merges: [],
    next: { kind: 'nothing' },
  });
  if (isGone(internal))
    return nothing('It was cancelled before it ever reached QuickBooks; nothing is written.');
  if (settings.goLiveDate !== null && internal.issueDate < settings.goLiveDate) {
    return nothing(
      `It is dated ${internal.issueDate}, before go-live on ${settings.goLiveDate}; it is left alone.`,
    );
  }
  const stop = closedStop([internal.issueDate], facts);
  if (stop !== null)
    return { explanation: stop.explanation, merges: [], next: { kind: 'stop', stop } };
  return {
    explanation: 'It is new in internal invoicing and not in QuickBooks yet; it is created there.',
    merges: [],
    next: { kind: 'write', write: { operation: 'CREATED', wanted: translated } },
  };
}

/** A delete crosses as a void; what money was applied to is never voided by the bridge (architecture.md §4). */
function planGone(
  internal: Invoice,
  quickbooks: Invoice,
  merges: readonly GroupMerge[],
  facts: QuickBooksFacts,
): Plan {
  const paid = [internal, quickbooks].some(hasMoney);
  if (isGone(internal) && paid) {
    const stop: Stop = {
      reason: 'VALIDATION',
      explanation:
        'Internal invoicing cancelled it, but money is applied to it. A paid invoice is not voided without a person.',
      fix: [
        'Remove the payment from the invoice, or restore the invoice internally.',
        'Then replay.',
      ],
    };
    return { explanation: stop.explanation, merges, next: { kind: 'stop', stop } };
  }
  const closed = closedStop([quickbooks.issueDate], facts);
  if (closed !== null)
    return { explanation: closed.explanation, merges, next: { kind: 'stop', stop: closed } };
  if (!isGone(internal)) {
    const stop: Stop = {
      reason: 'VALIDATION',
      explanation: 'Internal invoicing brought it back, but QuickBooks cannot undo a void.',
      fix: ['Void it internally again, or make a new invoice with a new number.', 'Then replay.'],
    };
    return { explanation: stop.explanation, merges, next: { kind: 'stop', stop } };
  }
  return {
    explanation:
      'Internal invoicing cancelled it; it is voided in QuickBooks, which keeps its number.',
    merges,
    next: { kind: 'write', write: { operation: 'VOIDED' } },
  };
}

/** Money may be applied without a payment that names itself, for example a deposit on the invoice. */
const hasMoney = ({ payments, derived }: Invoice): boolean =>
  payments.length > 0 || !isZero(derived.amountPaid);

/** Nothing dated on or before the closing date is ever sent (architecture.md §4, "Closed books"). */
function closedStop(dates: readonly string[], facts: QuickBooksFacts): Stop | null {
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

const bothChanged = (disputed: readonly GroupMerge[]): string =>
  `Both sides changed ${wordsFor(disputed)} to different values; a person has to choose.`;

function whyNothing(internal: Invoice, merges: readonly GroupMerge[]): string {
  const waiting = merges.filter((merge) => merge.merge === 'conflict');
  if (waiting.some((merge) => merge.group === 'existence'))
    return isGone(internal)
      ? 'Internal invoicing cancelled it, but QuickBooks changed it since both agreed; a person has to choose.'
      : 'QuickBooks voided or deleted it, but internal invoicing changed it since both agreed; a person has to choose.';
  if (waiting.length > 0) return bothChanged(waiting);
  const theirs = merges.filter((merge) => merge.merge === 'take-quickbooks');
  if (theirs.length > 0)
    return `Only QuickBooks changed ${wordsFor(theirs)}; there is nothing to write to QuickBooks.`;
  return 'Both sides already agree; there is nothing to write.';
}

/** Without a base nothing was ever agreed: what both show now is the start, and no side has moved from it. */
const agreedSoFar = (internal: Invoice, quickbooks: Invoice): Base => ({ internal, quickbooks });
