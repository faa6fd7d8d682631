import { isGone, type Invoice, type InvoiceContent, type Line } from '#core/invoice/invoice.ts';
import type { GroupMerge } from '#core/merge/merge-invoice.ts';
import { translated } from '../documents.ts';
import { inQuickBooksWay, type Triple } from './triples.ts';

/** Said again here, from the law and not from the code under test: what is judged as one. */
const headerParts = {
  number: ['number'],
  customer: ['customer', 'currency', 'exchangeRate'],
  issueDate: ['issueDate', 'terms', 'dueDate'],
  billEmail: ['billEmail'],
  billTo: ['billTo'],
  taxInclusive: ['taxInclusive'],
  poNumber: ['poNumber'],
  customerMemo: ['customerMemo'],
  privateNote: ['privateNote'],
  discount: ['discount'],
} as const satisfies Readonly<Record<string, readonly (keyof InvoiceContent)[]>>;

const lineParts = {
  amount: ['item', 'quantity', 'unitPrice', 'amount'],
  description: ['description'],
  taxCode: ['taxCode'],
  serviceDate: ['serviceDate'],
} as const satisfies Readonly<Record<string, readonly (keyof Line)[]>>;

/** Text of some fields of a header or line, references by id; 'absent' without one. */
function textOf<Holder extends object>(
  holder: Holder | undefined,
  fields: readonly (keyof Holder)[],
): string {
  if (holder === undefined) return 'absent';
  const own = (value: unknown): unknown =>
    typeof value === 'object' && value !== null && 'id' in value ? value.id : value;
  return JSON.stringify(fields.map((field) => own(holder[field])));
}

const wholeLine: readonly (keyof Line)[] = Object.values(lineParts).flat();
const lineAt = (content: InvoiceContent, key: Line['key']): Line | undefined =>
  content.lines.find((line) => line.key === key);
const keysOf = (...contents: readonly InvoiceContent[]): ReadonlySet<Line['key']> =>
  new Set(contents.flatMap((content) => content.lines.map((line) => line.key)));

/** Whether anybody changed the document since both agreed, other than cancelling it. */
function isEdited(now: InvoiceContent, was: InvoiceContent): boolean {
  const header = Object.values(headerParts).some(
    (fields) => textOf<InvoiceContent>(now, fields) !== textOf<InvoiceContent>(was, fields),
  );
  const lines = [...keysOf(now, was)].some(
    (key) => textOf(lineAt(now, key), wholeLine) !== textOf(lineAt(was, key), wholeLine),
  );
  return header || lines;
}

/** One part of a document in its five versions, and whether a dispute about it was named. */
type Part = {
  readonly name: string;
  readonly baseInternal: string;
  readonly baseQuickbooks: string;
  readonly internal: string;
  /** The internal value in QuickBooks' terms, before QuickBooks puts it its own way. */
  readonly meant: string;
  /** What the internal value is in QuickBooks once written. */
  readonly crossed: string;
  readonly quickbooks: string;
  readonly final: string;
  readonly disputed: boolean;
};

/**
 * What invariant I11 says of one part: a value of QuickBooks may go only where nobody there had touched it since both
 * agreed and an internal edit takes its place; an edit that finds the other side edited as well is a named dispute.
 */
function lossesIn(part: Part): readonly string[] {
  const internalEdited = part.internal !== part.baseInternal;
  const quickbooksEdited = part.quickbooks !== part.baseQuickbooks;
  if (quickbooksEdited && part.final !== part.quickbooks)
    return [`${part.name}: an edit in QuickBooks was lost`];
  if (quickbooksEdited && internalEdited && part.crossed !== part.quickbooks && !part.disputed)
    return [`${part.name}: two edits met and nobody was asked`];
  if (!quickbooksEdited && internalEdited && part.final !== part.crossed)
    return [`${part.name}: an internal edit did not arrive`];
  if (!quickbooksEdited && !internalEdited && part.final !== part.quickbooks)
    return [`${part.name}: QuickBooks was changed though nobody asked for it`];
  const met = internalEdited && quickbooksEdited && part.meant !== part.quickbooks;
  return part.disputed && !met ? [`${part.name}: a dispute that nobody has`] : [];
}

/** Everything that the outcome lost, invented or failed to ask about; empty when all is in order. */
export function unauthorised(
  { base, internal, quickbooks }: Triple,
  final: Invoice,
  merges: readonly GroupMerge[],
): readonly string[] {
  const disputed = (group: string, key: Line['key']): boolean =>
    merges.some(
      ({ merge, group: name, lineKey }) =>
        merge === 'conflict' && name === group && lineKey === key,
    );
  if (isGone(internal) || isGone(quickbooks))
    return goneLosses({ base, internal, quickbooks }, final, disputed('existence', null));
  const meant = translated(internal);
  const crossed = inQuickBooksWay(meant);
  const header = Object.entries(headerParts).flatMap(([name, fields]) => {
    const text = (content: InvoiceContent): string => textOf<InvoiceContent>(content, fields);
    return lossesIn({
      name,
      baseInternal: text(base.internal),
      baseQuickbooks: text(base.quickbooks),
      internal: text(internal),
      meant: text(meant),
      crossed: text(crossed),
      quickbooks: text(quickbooks),
      final: text(final),
      disputed: disputed(name, null),
    });
  });
  const lines = [...keysOf(internal, quickbooks, base.internal, final)].flatMap((key) => {
    const onBoth = lineAt(internal, key) !== undefined && lineAt(quickbooks, key) !== undefined;
    const parts: Readonly<Record<string, readonly (keyof Line)[]>> = onBoth
      ? lineParts
      : { line: wholeLine };
    return Object.entries(parts).flatMap(([name, fields]) => {
      const text = (content: InvoiceContent): string => textOf(lineAt(content, key), fields);
      return lossesIn({
        name: `${key} ${name}`,
        baseInternal: text(base.internal),
        baseQuickbooks: text(base.quickbooks),
        internal: text(internal),
        meant: text(meant),
        crossed: text(crossed),
        quickbooks: text(quickbooks),
        final: text(final),
        disputed: disputed(name, key),
      });
    });
  });
  return [...header, ...lines];
}

/** Gone against an edit is a dispute about the whole document; nothing is brought back in QuickBooks. */
function goneLosses(
  { base, internal, quickbooks }: Triple,
  final: Invoice,
  disputed: boolean,
): readonly string[] {
  const touched = (now: Invoice, was: Invoice): boolean =>
    isGone(now) !== isGone(was) ||
    (isGone(internal) !== isGone(quickbooks) && !isGone(now) && isEdited(now, was));
  const internalTouched = touched(internal, base.internal);
  const quickbooksTouched = touched(quickbooks, base.quickbooks);
  const met = internalTouched && quickbooksTouched && isGone(internal) !== isGone(quickbooks);
  const mayVoid = isGone(internal) && !isGone(quickbooks) && internalTouched && !quickbooksTouched;
  const unchanged = final.existence === quickbooks.existence && !isEdited(final, quickbooks);
  if (met !== disputed)
    return [`existence: disputed is ${disputed}, gone against an edit is ${met}`];
  if (mayVoid) return isGone(final) ? [] : ['existence: the void did not arrive'];
  return unchanged ? [] : ['existence: QuickBooks was changed beside a void'];
}
