import type { Invoice, InvoiceContent, Line } from '../invoice/invoice.ts';
import { headerGroups, lineGroups, type LineGroup } from '../merge/groups.ts';
import type { Base, GroupMerge } from '../merge/merge-invoice.ts';
import { nothingAgreed, stillNeverAgreed, type NeverAgreed } from '../merge/never-agreed.ts';
import type { Side } from '../side.ts';
import { isOpen } from './carried.ts';

/** The two halves as stored: whole invoices, so that the base can be shown as a document. */
export type BaseHalves = {
  readonly internal: Invoice & NeverAgreed;
  readonly quickbooks: Invoice;
};

/** Gives the lines a side returned the keys of the lines that were sent; both keep the order they were sent (quickbooks.md §2.5). */
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
 * disputed, held or of unknown outcome keeps its base, whatever else the answer holds. `arrived` are the sides that hold
 * what was meant for them.
 */
export function advanceBase(
  base: Base | null,
  internal: Invoice,
  quickbooks: Invoice,
  merges: readonly GroupMerge[],
  arrived: readonly Side[],
): BaseHalves {
  if (merges.length === 0) return { internal, quickbooks };
  const was = base ?? nothingAgreed(internal, quickbooks);
  const stays = merges.filter((merge) => isOpen(merge, arrived));
  if (stays.some((merge) => merge.group === 'existence')) {
    return {
      internal: { ...internal, ...was.internal },
      quickbooks: { ...quickbooks, ...was.quickbooks },
    };
  }
  const never = stillNeverAgreed(stays.filter((merge) => merge.neverAgreed === true));
  return {
    internal: { ...half(internal, was.internal, stays), ...never },
    quickbooks: half(quickbooks, was.quickbooks, stays),
  };
}

function half(now: Invoice, was: InvoiceContent, stays: readonly GroupMerge[]): Invoice {
  const kept = headerGroups
    .filter((group) => stays.some((merge) => merge.lineKey === null && merge.group === group.name))
    .flatMap((group) => group.fields.map((field) => [field, was[field]] as const));
  return { ...now, ...Object.fromEntries(kept), lines: halfLines(now.lines, was.lines, stays) };
}

/**
 * Group by group, as the header: a line keeps its base only where it is still open, so that what crossed beside a dispute
 * is agreed. A line that is open as a whole stays as the base has it, absent where the base lacks it.
 */
function halfLines(
  now: readonly Line[],
  was: readonly Line[],
  stays: readonly GroupMerge[],
): readonly Line[] {
  const openOf = (line: Line): readonly GroupMerge[] =>
    stays.filter((merge) => merge.lineKey !== null && merge.lineKey === line.key);
  const isWhole = (line: Line): boolean => openOf(line).some((merge) => merge.group === 'line');
  const agreed = now
    .filter((line) => !isWhole(line))
    .flatMap((line) => {
      const open = openOf(line);
      const before = was.find((other) => other.key === line.key);
      if (open.length === 0) return [line];
      return before === undefined ? [] : [withOpenGroups(line, before, open)];
    });
  return [...agreed, ...was.filter(isWhole)];
}

function withOpenGroups(line: Line, before: Line, open: readonly GroupMerge[]): Line {
  const groups: readonly LineGroup[] = lineGroups;
  const kept = groups
    .filter((group) => open.some((merge) => merge.group === group.name))
    .flatMap((group) => group.fields.map((field) => [field, before[field]] as const));
  return { ...line, ...Object.fromEntries(kept) };
}
