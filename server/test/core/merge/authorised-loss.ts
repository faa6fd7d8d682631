import { isGone, type Invoice, type InvoiceContent, type Line } from '#core/invoice/invoice.ts';
import type { GroupMerge } from '#core/merge/merge-invoice.ts';
import { translated, translatedBack } from '../documents.ts';
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

/** One part of a document in all its versions, and whether a dispute about it was named. */
type Part = {
  readonly name: string;
  readonly baseInternal: string;
  readonly baseQuickbooks: string;
  readonly internal: string;
  readonly quickbooks: string;
  /** The internal value in QuickBooks' terms, before QuickBooks puts it its own way. */
  readonly meant: string;
  /** What the internal value is in QuickBooks once written. */
  readonly crossed: string;
  /** The QuickBooks value in internal terms. */
  readonly crossedBack: string;
  readonly finalInternal: string;
  readonly finalQuickbooks: string;
  readonly disputed: boolean;
};

/** Internal invoicing has no e-mail address on an invoice: QuickBooks' stays there, and internal invoicing's wins. */
const keptByCustomer = 'billEmail';

/**
 * What invariant I11 says of one part: a value of a side may go only where nobody there had touched it since both agreed
 * and an edit of the other side takes its place; an edit that finds the other side edited as well is a named dispute.
 */
function lossesIn(part: Part): readonly string[] {
  const internalEdited = part.internal !== part.baseInternal;
  const quickbooksEdited = part.quickbooks !== part.baseQuickbooks;
  const met = internalEdited && quickbooksEdited && part.meant !== part.quickbooks;
  const ruled = part.name === keptByCustomer;
  const wanted = {
    internal: quickbooksEdited && !internalEdited && !ruled ? part.crossedBack : part.internal,
    quickbooks:
      internalEdited && (!quickbooksEdited || (met && ruled)) ? part.crossed : part.quickbooks,
  };
  const wrong = [
    ...(part.finalInternal === wanted.internal ? [] : ['internally']),
    ...(part.finalQuickbooks === wanted.quickbooks ? [] : ['in QuickBooks']),
  ].map((where) => `${part.name}: not what it should be ${where}`);
  // Where QuickBooks' own way of putting it makes two values equal, nobody needs to be asked.
  const mustAsk = met && !ruled && part.crossed !== part.quickbooks;
  if (mustAsk && !part.disputed) return [...wrong, `${part.name}: two edits met, nobody was asked`];
  if (part.disputed && (!met || ruled)) return [...wrong, `${part.name}: a dispute nobody has`];
  return wrong;
}

/** How both sides ended. */
export type Ends = { readonly internal: Invoice; readonly quickbooks: Invoice };

/** Everything that the outcome lost, invented or failed to ask about; empty when all is in order. */
export function unauthorised(
  { base, internal, quickbooks }: Triple,
  ends: Ends,
  merges: readonly GroupMerge[],
): readonly string[] {
  const disputed = (group: string, key: Line['key']): boolean =>
    merges.some(
      ({ merge, group: name, lineKey }) =>
        merge === 'conflict' && name === group && lineKey === key,
    );
  if (isGone(internal) || isGone(quickbooks))
    return goneLosses({ base, internal, quickbooks }, ends, disputed('existence', null));
  const meant = translated(internal);
  const crossed = inQuickBooksWay(meant);
  const crossedBack = translatedBack(quickbooks);
  const partOf = (
    name: string,
    text: (content: InvoiceContent) => string,
    isDisputed: boolean,
  ): Part => ({
    name,
    baseInternal: text(base.internal),
    baseQuickbooks: text(base.quickbooks),
    internal: text(internal),
    quickbooks: text(quickbooks),
    meant: text(meant),
    crossed: text(crossed),
    crossedBack: text(crossedBack),
    finalInternal: text(ends.internal),
    finalQuickbooks: text(ends.quickbooks),
    disputed: isDisputed,
  });
  const header = Object.entries(headerParts).flatMap(([name, fields]) =>
    lossesIn(
      partOf(name, (content) => textOf<InvoiceContent>(content, fields), disputed(name, null)),
    ),
  );
  const contents = [internal, quickbooks, base.internal, ends.internal, ends.quickbooks];
  const lines = [...keysOf(...contents)].flatMap((key) => {
    const onBoth = lineAt(internal, key) !== undefined && lineAt(quickbooks, key) !== undefined;
    const parts: Readonly<Record<string, readonly (keyof Line)[]>> = onBoth
      ? lineParts
      : { line: wholeLine };
    return Object.entries(parts).flatMap(([name, fields]) =>
      lossesIn(
        partOf(
          `${key} ${name}`,
          (content) => textOf(lineAt(content, key), fields),
          disputed(name, key),
        ),
      ),
    );
  });
  return [...header, ...lines];
}

/** Gone against an edit is a dispute about the whole document; nothing is brought back on either side. */
function goneLosses(
  { base, internal, quickbooks }: Triple,
  ends: Ends,
  disputed: boolean,
): readonly string[] {
  const isApart = isGone(internal) !== isGone(quickbooks);
  const touched = (now: Invoice, was: Invoice): boolean =>
    isGone(now) !== isGone(was) || (isApart && !isGone(now) && isEdited(now, was));
  const internalTouched = touched(internal, base.internal);
  const quickbooksTouched = touched(quickbooks, base.quickbooks);
  const met = internalTouched && quickbooksTouched && isApart;
  if (met !== disputed)
    return [`existence: disputed is ${disputed}, gone against an edit is ${met}`];
  const voided = (mine: boolean, other: boolean, now: Invoice, over: Invoice): boolean =>
    isApart && isGone(over) && !isGone(now) && other && !mine;
  const outcome = (now: Invoice, end: Invoice, isVoided: boolean): readonly string[] => {
    const where = `existence ${now.side}`;
    if (isVoided) return isGone(end) ? [] : [`${where}: the void did not arrive`];
    const unchanged = end.existence === now.existence && !isEdited(end, now);
    return unchanged ? [] : [`${where}: changed beside a void`];
  };
  return [
    ...outcome(
      quickbooks,
      ends.quickbooks,
      voided(quickbooksTouched, internalTouched, quickbooks, internal),
    ),
    ...outcome(
      internal,
      ends.internal,
      voided(internalTouched, quickbooksTouched, internal, quickbooks),
    ),
  ];
}
