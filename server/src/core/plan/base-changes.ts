import type { AuditChange } from '../audit/entry.ts';
import type { Invoice, InvoiceContent, Line } from '../invoice/invoice.ts';
import { headerGroups, linePath } from '../merge/groups.ts';
import type { Base } from '../merge/merge-invoice.ts';
import type { NeverAgreed } from '../merge/never-agreed.ts';
import type { Side } from '../side.ts';
import type { BaseHalves } from './advance-base.ts';

/** Every part of the base that moved, before and after, so that folding the audit trail gives the base again. */
export const baseChanges = (before: Base | null, after: BaseHalves): readonly AuditChange[] =>
  (['internal', 'quickbooks'] as const).flatMap((side) =>
    halfChanges(side, before?.[side] ?? null, after[side]),
  );

function halfChanges(
  side: Side,
  before: (InvoiceContent & NeverAgreed) | null,
  after: Invoice & NeverAgreed,
): readonly AuditChange[] {
  const fields = [
    ...headerGroups.flatMap((group) => group.fields),
    'existence',
    'neverAgreed',
  ] as const;
  const header = fields
    .filter((field) => JSON.stringify(before?.[field]) !== JSON.stringify(after[field]))
    .map((field) => ({
      path: field,
      side,
      before: before?.[field] ?? null,
      after: after[field] ?? null,
    }));
  const keys = new Set([...(before?.lines ?? []), ...after.lines].map((line) => line.key));
  const lineOf = (invoice: InvoiceContent | null, key: Line['key']) =>
    invoice?.lines.find((line) => line.key === key) ?? null;
  const lines = [...keys]
    .filter((key) => key !== null)
    .map((key) => ({
      path: linePath(key),
      side,
      before: lineOf(before, key),
      after: lineOf(after, key),
    }))
    .filter((change) => JSON.stringify(change.before) !== JSON.stringify(change.after));
  return [...header, ...lines];
}
