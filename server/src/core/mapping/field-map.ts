import type { LineKey } from '../brand.ts';
import type { Invoice, InvoiceContent, Line } from '../invoice/invoice.ts';
import type { Json } from '../json.ts';
import { comparators, type CompareContext } from './comparators.ts';
import type { FieldEntry } from './field-entry.ts';
import { headerFields, lineFields } from './field-list.ts';

/** Every field of http.md §4 in the order a bookkeeper reads the document; docs/field-map.md is printed from it. */
export const fieldMap: readonly FieldEntry[] = [...headerFields, ...lineFields];

/** Stable path of a field of one line. */
export const lineFieldPath = (key: LineKey, field: string): string => `lines[key=${key}].${field}`;

const linePathForm = /^lines\[key=([^\]]*)\](?:\.(.+))?$/;

type LinePath = { readonly key: string; readonly field: string | null };

/** The line key and field of a line path; null for a path of the header. */
export function parseLinePath(path: string): LinePath | null {
  const match = linePathForm.exec(path);
  if (match === null) return null;
  return { key: match[1] ?? '', field: match[2] ?? null };
}

/** The entry that covers a stable path; null for a whole line and for what is not mapped. */
export function fieldFor(path: string): FieldEntry | null {
  const line = parseLinePath(path);
  if (line === null) return headerFields.find((entry) => entry.path === path) ?? null;
  return lineFields.find((entry) => entry.path === `lines[*].${line.field}`) ?? null;
}

/** Words for a path, 'Due date' or 'Line 2 · Quantity'; the line's place is taken from the content given. */
export function labelFor(path: string, content: Pick<InvoiceContent, 'lines'>): string {
  const line = parseLinePath(path);
  const label = fieldFor(path)?.label ?? null;
  if (line === null) return label ?? path;
  const at = content.lines.findIndex(({ key }) => key === line.key);
  const place = at === -1 ? 'Line' : `Line ${at + 1}`;
  return label === null ? place : `${place} · ${label}`;
}

/** The value at a path; null where there is none. A path of a whole line reads the line. */
export function readField(invoice: Invoice, path: string): Json {
  const line = parseLinePath(path);
  if (line === null)
    return headerFields.find((entry) => entry.path === path)?.read(invoice) ?? null;
  const found = invoice.lines.find(({ key }) => key === line.key);
  if (found === undefined || line.field === null) return found ?? null;
  return (
    lineFields.find((entry) => entry.path === `lines[*].${line.field}`)?.readLine(found) ?? null
  );
}

/**
 * `into` with the value that `from` holds at the path, which must be a field that can be written. A path of a whole line
 * takes the line as it is in `from`, adds it at the end or removes it. What is computed stays as it is.
 */
export function writeField<Content extends InvoiceContent>(
  into: Content,
  path: string,
  from: InvoiceContent,
): Content {
  const line = parseLinePath(path);
  if (line !== null) return { ...into, lines: writeLine(into.lines, line, from.lines) };
  return isContentField(path) ? { ...into, [path]: from[path] } : into;
}

const contentFields = {
  existence: true,
  number: true,
  currency: true,
  exchangeRate: true,
  customer: true,
  billEmail: true,
  billTo: true,
  issueDate: true,
  dueDate: true,
  terms: true,
  taxInclusive: true,
  poNumber: true,
  customerMemo: true,
  privateNote: true,
  discount: true,
} as const satisfies Record<Exclude<keyof InvoiceContent, 'lines'>, true>;

const isContentField = (path: string): path is keyof typeof contentFields => path in contentFields;

const writableLineFields = {
  item: true,
  description: true,
  quantity: true,
  unitPrice: true,
  amount: true,
  taxCode: true,
  serviceDate: true,
} as const satisfies Record<Exclude<keyof Line, 'key' | 'sideId'>, true>;

const isLineField = (field: string): field is keyof typeof writableLineFields =>
  field in writableLineFields;

function writeLine(
  lines: readonly Line[],
  { key, field }: LinePath,
  from: readonly Line[],
): readonly Line[] {
  const source = from.find((line) => line.key === key);
  if (source === undefined)
    return field === null ? lines.filter((line) => line.key !== key) : lines;
  if (field === null && !lines.some((line) => line.key === key)) return [...lines, source];
  return lines.map((line) => {
    if (line.key !== key) return line;
    if (field === null) return source;
    return isLineField(field) ? { ...line, [field]: source[field] } : line;
  });
}

/** Whether two values of a field say the same, both in one side's terms; unmapped paths compare as text. */
export function isSameField(
  path: string,
  left: Json,
  right: Json,
  context: CompareContext,
): boolean {
  return comparators[fieldFor(path)?.comparator ?? 'exact text'](left, right, context);
}
