import type { Invoice, InvoiceContent, Line } from '../invoice/invoice.ts';
import { headerGroups } from '../merge/groups.ts';
import type { Base, GroupMerge } from '../merge/merge-invoice.ts';

/** The two halves as stored: whole invoices, so that the base can be shown as a document. */
export type BaseHalves = { readonly internal: Invoice; readonly quickbooks: Invoice };

/** Gives the lines QuickBooks returned the keys of the lines that were sent; it keeps the order it was sent (quickbooks.md §2.5). */
export function keyReturned(
  sent: InvoiceContent,
  returned: Invoice,
  keyed: (invoice: Invoice, known: readonly Line[]) => Invoice,
): Invoice {
  if (sent.lines.length !== returned.lines.length) return keyed(returned, sent.lines);
  return {
    ...returned,
    lines: returned.lines.map((line, position) => ({
      ...line,
      key: sent.lines[position]?.key ?? null,
    })),
  };
}

/**
 * Moves the base field by field: what was written and acknowledged, and what both sides show equal. A field that is
 * disputed, not ours to write yet or of unknown outcome keeps its base, whatever else the answer holds.
 */
export function advanceBase(
  base: Base | null,
  internal: Invoice,
  quickbooks: Invoice,
  merges: readonly GroupMerge[],
): BaseHalves {
  if (base === null || merges.length === 0) return { internal, quickbooks };
  const stays = merges.filter(
    (merge) => merge.merge === 'conflict' || merge.merge === 'take-quickbooks',
  );
  if (stays.some((merge) => merge.group === 'existence')) {
    return {
      internal: { ...internal, ...base.internal },
      quickbooks: { ...quickbooks, ...base.quickbooks },
    };
  }
  return {
    internal: half(internal, base.internal, stays),
    quickbooks: half(quickbooks, base.quickbooks, stays),
  };
}

function half(now: Invoice, was: InvoiceContent, stays: readonly GroupMerge[]): Invoice {
  const kept = headerGroups
    .filter((group) => stays.some((merge) => merge.lineKey === null && merge.group === group.name))
    .flatMap((group) => group.fields.map((field) => [field, was[field]] as const));
  return { ...now, ...Object.fromEntries(kept), lines: halfLines(now.lines, was.lines, stays) };
}

/** A line with anything still open keeps its whole base line; a line new on one side only is not agreed yet. */
function halfLines(
  now: readonly Line[],
  was: readonly Line[],
  stays: readonly GroupMerge[],
): readonly Line[] {
  const open = new Set(stays.flatMap((merge) => (merge.lineKey === null ? [] : [merge.lineKey])));
  const isOpen = (line: Line): boolean => line.key !== null && open.has(line.key);
  return [...now.filter((line) => !isOpen(line)), ...was.filter(isOpen)];
}
