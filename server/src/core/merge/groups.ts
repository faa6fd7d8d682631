import type { LineKey } from '../brand.ts';
import type { InvoiceContent, Line } from '../invoice/invoice.ts';

/**
 * Fields that are judged and chosen as one (architecture.md §4): a change of one with a change of another on the other
 * side is a divergence of the whole group.
 */
export type HeaderGroup = { readonly name: string; readonly fields: readonly HeaderField[] };
export type HeaderField = Exclude<keyof InvoiceContent, 'lines' | 'existence'>;

export const headerGroups = [
  { name: 'number', fields: ['number'] },
  { name: 'customer', fields: ['customer', 'currency', 'exchangeRate'] },
  { name: 'issueDate', fields: ['issueDate', 'terms', 'dueDate'] },
  { name: 'billEmail', fields: ['billEmail'] },
  { name: 'billTo', fields: ['billTo'] },
  { name: 'taxInclusive', fields: ['taxInclusive'] },
  { name: 'poNumber', fields: ['poNumber'] },
  { name: 'customerMemo', fields: ['customerMemo'] },
  { name: 'privateNote', fields: ['privateNote'] },
  { name: 'discount', fields: ['discount'] },
] as const satisfies readonly HeaderGroup[];

export type LineField = Exclude<keyof Line, 'key' | 'sideId'>;
export type LineGroup = { readonly name: string; readonly fields: readonly LineField[] };

export const lineGroups = [
  { name: 'amount', fields: ['item', 'quantity', 'unitPrice', 'amount'] },
  { name: 'description', fields: ['description'] },
  { name: 'taxCode', fields: ['taxCode'] },
  { name: 'serviceDate', fields: ['serviceDate'] },
] as const satisfies readonly LineGroup[];

/** Stable path of a line, or of one of its fields. */
export const linePath = (key: LineKey, field?: LineField): string =>
  field === undefined ? `lines[key=${key}]` : `lines[key=${key}].${field}`;

/** A reference is the record it names: the id decides, the name only shows. */
const comparable = (value: unknown): unknown =>
  typeof value === 'object' && value !== null && 'id' in value ? value.id : value;

/** Canonical text of a group's values on a header; equal texts are equal values. */
export const headerText = (content: InvoiceContent, group: HeaderGroup): string =>
  JSON.stringify(group.fields.map((field) => comparable(content[field])));

/** Canonical text of a group's values on a line. */
export const lineText = (line: Line, group: LineGroup): string =>
  JSON.stringify(group.fields.map((field) => comparable(line[field])));
