import type { InvoiceContent, Line } from '../invoice/invoice.ts';
import { laidOver, pick } from '../merge/group-value.ts';
import { headerGroups } from '../merge/groups.ts';
import type { GroupMerge } from '../merge/merge-invoice.ts';
import type { Side } from '../side.ts';
import { isCarried } from './carried.ts';

/**
 * What a side should hold: its own present content with only the moves of the other side, `from`, laid over it. Both
 * contents are in the terms of the side that is written to, with keyed lines.
 */
export function wantedContent(
  held: InvoiceContent,
  translated: InvoiceContent,
  merges: readonly GroupMerge[],
  from: Side,
): InvoiceContent {
  const taken = merges.filter((merge) => isCarried(merge, from));
  const header = headerGroups
    .filter((group) => taken.some((merge) => merge.lineKey === null && merge.group === group.name))
    .map((group) => pick(translated, group.fields));
  const wanted: InvoiceContent = Object.assign(contentOf(held), ...header);
  return { ...wanted, lines: wantedLines(held, translated, taken) };
}

/** Content alone: what the whole invoice derives or is known by is of the moment it was read, and must not be written. */
function contentOf(invoice: InvoiceContent): InvoiceContent {
  return {
    existence: invoice.existence,
    number: invoice.number,
    currency: invoice.currency,
    exchangeRate: invoice.exchangeRate,
    customer: invoice.customer,
    billEmail: invoice.billEmail,
    billTo: invoice.billTo,
    issueDate: invoice.issueDate,
    dueDate: invoice.dueDate,
    terms: invoice.terms,
    taxInclusive: invoice.taxInclusive,
    poNumber: invoice.poNumber,
    customerMemo: invoice.customerMemo,
    privateNote: invoice.privateNote,
    lines: invoice.lines,
    discount: invoice.discount,
  };
}

function wantedLines(
  held: InvoiceContent,
  translated: InvoiceContent,
  taken: readonly GroupMerge[],
): readonly Line[] {
  const takenOf = (line: Line): readonly GroupMerge[] =>
    taken.filter((merge) => merge.lineKey === line.key);
  const wholeTaken = (line: Line): boolean => takenOf(line).some((merge) => merge.group === 'line');
  const kept = held.lines
    .filter(
      (line) => !(wholeTaken(line) && !translated.lines.some((other) => other.key === line.key)),
    )
    .map((line) =>
      overlaid(
        line,
        translated.lines.find((other) => other.key === line.key),
        takenOf(line),
      ),
    );
  const added = translated.lines.filter(
    (line) => wholeTaken(line) && !held.lines.some((other) => other.key === line.key),
  );
  return insertInOrder(kept, added, translated.lines);
}

function overlaid(line: Line, translated: Line | undefined, taken: readonly GroupMerge[]): Line {
  if (translated === undefined) return line;
  return taken.reduce((laid, { group }) => laidOver(laid, translated, group), line);
}

/** New lines stand where the side they come from has them: after the line they follow there. */
function insertInOrder(
  kept: readonly Line[],
  added: readonly Line[],
  order: readonly Line[],
): readonly Line[] {
  const lines = [...kept];
  for (const line of added) {
    const before = order.slice(
      0,
      order.findIndex((other) => other.key === line.key),
    );
    const anchor = before.findLast((other) => lines.some((present) => present.key === other.key));
    const at =
      anchor === undefined ? 0 : lines.findIndex((present) => present.key === anchor.key) + 1;
    lines.splice(at, 0, { ...line, sideId: null });
  }
  return lines;
}
