import type { Amount } from '../brand.ts';
import type { Existence, Invoice, InvoiceContent, Line } from '../invoice/invoice.ts';
import { headerGroups, lineGroups, type HeaderField, type LineGroup } from './groups.ts';
import { unreachable } from '../unreachable.ts';
import type { GroupMerge } from './merge-invoice.ts';
import { isSameContent, isSameHeader, isSameLine, isSameWholeLine, type Terms } from './same.ts';

/** Which group of which document part: a group of the header, of one line, a whole line, or existence. */
export type GroupPlace = Pick<GroupMerge, 'group' | 'lineKey'>;

/** What a group says on one document, in that document's terms. */
export type GroupValue =
  /** Existence is coupled with everything, so all that stands with it belongs to the value. */
  | { readonly kind: 'existence'; readonly existence: Existence; readonly content: InvoiceContent }
  | { readonly kind: 'header'; readonly fields: HeaderValues }
  /** The whole line the group is of; null where the document has no such line. */
  | { readonly kind: 'line'; readonly line: Line | null }
  /** Computed, not merged: it is chosen, and never laid over a document. */
  | { readonly kind: 'tax'; readonly taxTotal: Amount };

export type HeaderValues = Partial<Pick<InvoiceContent, HeaderField>>;

export const isSamePlace = (one: GroupPlace, other: GroupPlace): boolean =>
  one.group === other.group && one.lineKey === other.lineKey;

/** Picks the named fields out of an object, keeping their types. */
export function pick<Value>(value: Value, fields: readonly (keyof Value)[]): Partial<Value> {
  const picked: Partial<Value> = {};
  for (const field of fields) picked[field] = value[field];
  return picked;
}

const headerGroupOf = (name: string) => headerGroups.find((group) => group.name === name);
const lineGroupOf = (name: string): LineGroup | undefined =>
  lineGroups.find((group) => group.name === name);

/** What a document says in a group. */
export function valueOfGroup(content: Invoice, { group, lineKey }: GroupPlace): GroupValue {
  if (group === 'taxTotal') return { kind: 'tax', taxTotal: content.derived.taxTotal };
  if (lineKey !== null)
    return { kind: 'line', line: content.lines.find(({ key }) => key === lineKey) ?? null };
  const header = headerGroupOf(group);
  return header === undefined
    ? { kind: 'existence', existence: content.existence, content }
    : { kind: 'header', fields: pick(content, header.fields) };
}

/** The document with a group's value laid over it; what is gone cannot be made to stand by laying it over. */
export function withGroupValue(
  content: InvoiceContent,
  { group, lineKey }: GroupPlace,
  value: GroupValue,
): InvoiceContent {
  switch (value.kind) {
    case 'existence':
    case 'tax':
      return content;
    case 'header':
      return Object.assign({}, content, value.fields);
    case 'line': {
      const others = content.lines.filter(({ key }) => key !== lineKey);
      const own = content.lines.find(({ key }) => key === lineKey);
      if (value.line === null) return { ...content, lines: others };
      if (own === undefined) return { ...content, lines: [...others, value.line] };
      const laid = laidOver(own, value.line, group);
      return { ...content, lines: content.lines.map((line) => (line === own ? laid : line)) };
    }
    default:
      return unreachable(value);
  }
}

/** A line with another line's value of one group, or of all of them for a whole line. */
export function laidOver(line: Line, from: Line, group: string): Line {
  const groups: readonly LineGroup[] = lineGroups.filter(
    ({ name }) => group === 'line' || name === group,
  );
  return Object.assign({}, line, ...groups.map(({ fields }) => pick(from, fields)));
}

/** Whether a document still says in a group what it said then; both in the terms of one side. */
export function isSameValue(
  now: Invoice,
  place: GroupPlace,
  then: GroupValue,
  terms: Terms,
): boolean {
  switch (then.kind) {
    case 'tax':
      return now.derived.taxTotal === then.taxTotal;
    case 'existence':
      return (
        (now.existence === 'present') === (then.existence === 'present') &&
        (now.existence !== 'present' || isSameContent(now, then.content, terms))
      );
    case 'header': {
      const group = headerGroupOf(place.group);
      if (group === undefined) throw new Error(`no group of the header is called ${place.group}`);
      return isSameHeader(group, Object.assign({}, now, then.fields), now, terms);
    }
    case 'line': {
      const placed = { line: now.lines.find(({ key }) => key === place.lineKey), content: now };
      const was = { line: then.line ?? undefined, content: now };
      const group = lineGroupOf(place.group);
      return group === undefined
        ? isSameWholeLine(was, placed, terms)
        : isSameLine(group, was, placed, terms);
    }
    default:
      return unreachable(then);
  }
}
