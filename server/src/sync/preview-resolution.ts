import type { Invoice, InvoiceContent } from '#core/invoice/invoice.ts';
import { amountOf, moneyOf, sum, type Money } from '#core/money/money.ts';
import { divideHalfUp } from '#core/money/decimal.ts';
import { isSameContent } from '#core/merge/same.ts';
import type { PathChoice } from '#core/resolution/decided-values.ts';
import { rehearse, type Rehearsal, type Rehearsed } from '#core/resolution/rehearse.ts';
import type { Side } from '#core/side.ts';
import { maySee, type Caller } from '#ports/access.ts';
import type { ReadRows } from '#ports/change-requests.ts';
import type { FieldWrite } from '#ports/store.ts';
import { writesOf } from './decision.ts';
import { rehearsalOf } from './rehearsal.ts';
import { writeOf } from './write-payment.ts';

/** What a set of choices would do. */
export type ResolutionPreview = {
  readonly companyId: string;
  /** As internal invoicing would show it. */
  readonly result: Invoice;
  readonly internalWrites: readonly FieldWrite[];
  readonly quickbooksWrites: readonly FieldWrite[];
  readonly problems: readonly string[];
};

export type PreviewResolution = {
  readonly conflictId: string;
  readonly choices: readonly PathChoice[];
};

/** Plans choices on what is stored, by the engine's own function; null where there is no such conflict. */
export async function previewResolution(
  reads: ReadRows,
  caller: Caller,
  { conflictId, choices }: PreviewResolution,
): Promise<ResolutionPreview | null> {
  const conflict = await reads.conflict(conflictId);
  if (conflict === null || !maySee(caller, conflict.companyId)) return null;
  const rehearsal = await rehearsalOf(reads, conflict, choices);
  if (rehearsal === null) return null;
  const rehearsed = rehearse(rehearsal, choices, true);
  const { present } = rehearsal;
  const { next } = rehearsed.plan;
  const writes =
    next.kind === 'write'
      ? { internal: next.internal, quickbooks: next.quickbooks ?? next.follows ?? null }
      : { internal: null, quickbooks: null };
  return {
    companyId: conflict.companyId,
    result: resultOf(rehearsal, rehearsed),
    internalWrites: [
      ...writesOf(present.internal, writes.internal, present.internal),
      ...paymentWritesOf(rehearsed, 'internal'),
    ],
    quickbooksWrites: [
      ...writesOf(present.quickbooks, writes.quickbooks, present.internal),
      ...paymentWritesOf(rehearsed, 'quickbooks'),
    ],
    problems: problemsOf(rehearsed),
  };
}

const paymentWritesOf = ({ payments }: Rehearsed, side: Side): readonly FieldWrite[] =>
  payments.flatMap(({ steps }) => steps.filter((step) => step.side === side).map(writeOf));

function problemsOf({ issues, plan }: Rehearsed): readonly string[] {
  const { decision } = plan;
  return [
    ...issues.map(({ message }) => message),
    ...(decision?.kind === 'fell-back' ? [decision.because] : []),
    ...(plan.next.kind === 'stop' ? [plan.next.stop.explanation] : []),
  ];
}

/** The internal invoice as it would stand after the writes. */
function resultOf({ present }: Rehearsal, { plan }: Rehearsed): Invoice {
  const { internal, quickbooks } = present;
  if (plan.next.kind !== 'write' || plan.next.internal === null) return internal;
  const write = plan.next.internal;
  if (write.operation === 'VOIDED') return { ...internal, existence: 'void' };
  return { ...internal, ...write.wanted, derived: derivedOf(internal, quickbooks, write.wanted) };
}

/**
 * Sums where the money moves: the lines exactly; the tax at the invoice\'s own rate, since each side computes it anew
 * (architecture.md §4, "Tax").
 */
function derivedOf(internal: Invoice, quickbooks: Invoice, wanted: InvoiceContent) {
  const isSame = (other: Invoice): boolean =>
    isSameContent({ ...other, lines: wanted.lines, discount: wanted.discount }, other, {
      defaultTaxCodeId: null,
    });
  if (isSame(internal)) return internal.derived;
  if (isSame(quickbooks)) return { ...quickbooks.derived, amountPaid: internal.derived.amountPaid };
  const { currency } = internal;
  const was = moneyOf(internal.derived.subtotal, currency).minor;
  const lines = sum(
    wanted.lines.map(({ amount }) => amount),
    currency,
  ).minor;
  const linesBefore = sum(
    internal.lines.map(({ amount }) => amount),
    currency,
  ).minor;
  const subtotal = was + (lines - linesBefore);
  const tax = moneyOf(internal.derived.taxTotal, currency).minor;
  const taxTotal = was === 0n ? tax : divideHalfUp(tax * subtotal, was);
  const paid = moneyOf(internal.derived.amountPaid, currency).minor;
  const total = wanted.taxInclusive ? subtotal : subtotal + taxTotal;
  const shown = (minor: Money['minor']) => amountOf({ minor, currency });
  return {
    subtotal: shown(subtotal),
    taxTotal: shown(taxTotal),
    total: shown(total),
    amountPaid: internal.derived.amountPaid,
    balanceDue: shown(total - paid),
  };
}
