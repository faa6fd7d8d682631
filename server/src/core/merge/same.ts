import type { Decimal } from '../brand.ts';
import type { InvoiceContent, Line } from '../invoice/invoice.ts';
import { comparators, type Comparator } from '../mapping/comparators.ts';
import { headerFields, lineFields } from '../mapping/field-list.ts';
import { isSameField, parseLinePath } from '../mapping/field-map.ts';
import { valueAt } from '../invoice/value-at.ts';
import {
  headerGroups,
  lineGroups,
  linePath,
  type HeaderGroup,
  type LineField,
  type LineGroup,
} from './groups.ts';

/** What comparing needs beside the values; null on the internal side, whose codes are its own. */
export type Terms = {
  readonly defaultTaxCodeId: string | null;
  /** How far two values may differ at a path and still be equal; nowhere unless said. */
  readonly toleranceOf?: ToleranceOf;
};
export type ToleranceOf = (path: string) => Decimal | null;

/** The field map says how each field compares; what it does not list compares as text. */
const comparatorOf: ReadonlyMap<string, Comparator> = new Map(
  [...headerFields, ...lineFields].map((entry) => [entry.path, comparators[entry.comparator]]),
);
const compared = (path: string): Comparator => comparatorOf.get(path) ?? comparators['exact text'];

/** Path and comparator of each field of a line, looked up once: a merge compares every field of every line. */
const lineComparisonOf: ReadonlyMap<LineField, { path: string; comparator: Comparator }> = new Map(
  lineGroups
    .flatMap((group): readonly LineField[] => group.fields)
    .map((field) => {
      const path = `lines[*].${field}`;
      return [field, { path, comparator: compared(path) }];
    }),
);

/** Whether a group says the same on two headers, both in the same side's terms. */
export function isSameHeader(
  group: HeaderGroup,
  left: InvoiceContent,
  right: InvoiceContent,
  { defaultTaxCodeId, toleranceOf }: Terms,
): boolean {
  const context = { currency: left.currency, defaultTaxCodeId, lines: null };
  return group.fields.every(
    (field) =>
      left[field] === right[field] ||
      compared(field)(left[field], right[field], {
        ...context,
        tolerance: toleranceOf?.(field) ?? null,
      }),
  );
}

/** A line as it stands in a document, or its absence, with the currency its amounts are in. */
export type PlacedLine = { readonly line: Line | undefined; readonly content: InvoiceContent };

/** Whether a group says the same on two lines; a line and its absence never do. */
export function isSameLine(
  group: LineGroup,
  left: PlacedLine,
  right: PlacedLine,
  { defaultTaxCodeId, toleranceOf }: Terms,
): boolean {
  if (left.line === undefined || right.line === undefined) return left.line === right.line;
  const lines = { left: left.line, right: right.line };
  const context = { currency: left.content.currency, defaultTaxCodeId, lines };
  const isSame = (field: LineField): boolean => {
    const [one, other] = [lines.left[field], lines.right[field]];
    if (one === other) return true;
    const comparison = lineComparisonOf.get(field);
    if (comparison === undefined) throw new Error(`no comparator for a line's ${field}`);
    const tolerance = toleranceOf?.(comparison.path) ?? null;
    return comparison.comparator(one, other, { ...context, tolerance });
  };
  return group.fields.every(isSame);
}

/** Whether two lines say the same in every field that crosses, or are both absent. */
export const isSameWholeLine = (left: PlacedLine, right: PlacedLine, terms: Terms): boolean =>
  lineGroups.every((group) => isSameLine(group, left, right, terms));

/** Whether two documents of one side say the same, whatever the order of their lines; existence is apart. */
export function isSameContent(left: InvoiceContent, right: InvoiceContent, terms: Terms): boolean {
  const keys = new Set([...left.lines, ...right.lines].map((line) => line.key));
  const placed = (content: InvoiceContent, key: Line['key']): PlacedLine => ({
    line: content.lines.find((line) => line.key === key),
    content,
  });
  return (
    headerGroups.every((group) => isSameHeader(group, left, right, terms)) &&
    [...keys].every((key) => isSameWholeLine(placed(left, key), placed(right, key), terms))
  );
}

/**
 * Whether a document holds at a path what was meant to be written there. Of a line that was new only what was said counts:
 * its side gives it an id and fills in the rest.
 */
export function isAsMeantAt(
  path: string,
  meant: InvoiceContent,
  found: InvoiceContent,
  terms: Terms,
): boolean {
  const context = { currency: meant.currency, defaultTaxCodeId: terms.defaultTaxCodeId };
  const place = parseLinePath(path);
  if (place === null)
    return isSameField(path, valueAt(meant, path), valueAt(found, path), {
      ...context,
      lines: null,
    });
  const [left, right] = [meant, found].map((content) =>
    content.lines.find((line) => line.key === place.key),
  );
  const { key } = left ?? { key: null };
  if (left === undefined || right === undefined || key === null) return left === right;
  const fields = lineGroups
    .flatMap((group): readonly LineField[] => group.fields)
    .filter((field) => (place.field === null ? left[field] !== null : field === place.field));
  return fields.every((field) =>
    isSameField(linePath(key, field), left[field], right[field], {
      ...context,
      lines: { left, right },
    }),
  );
}
