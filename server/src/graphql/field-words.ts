import type { Json } from '#core/json.ts';
import type { FieldValueShape } from './field-value.ts';

type FieldWords = {
  readonly label: string;
  readonly kind: FieldValueShape['kind'];
  readonly affectsTotal: boolean;
};

const words = (label: string, kind: FieldValueShape['kind'], affectsTotal = false): FieldWords => ({
  label,
  kind,
  affectsTotal,
});

/** Words and kind of each field of an invoice, in the order a bookkeeper reads the document. */
export const headerWords = {
  existence: words('Existence', 'TEXT', true),
  number: words('Number', 'TEXT'),
  customer: words('Customer', 'REFERENCE'),
  currency: words('Currency', 'TEXT', true),
  exchangeRate: words('Exchange rate', 'NUMBER', true),
  issueDate: words('Issue date', 'DATE'),
  dueDate: words('Due date', 'DATE'),
  terms: words('Terms', 'REFERENCE'),
  billEmail: words('E-mail', 'TEXT'),
  billTo: words('Billing address', 'TEXT'),
  taxInclusive: words('Amounts contain tax', 'BOOLEAN', true),
  poNumber: words('Purchase order', 'TEXT'),
  customerMemo: words('Note to the customer', 'TEXT'),
  privateNote: words('Private note', 'TEXT'),
  discount: words('Discount', 'TEXT', true),
} as const satisfies Record<string, FieldWords>;

export const lineWords = {
  item: words('Item', 'REFERENCE'),
  description: words('Description', 'TEXT'),
  quantity: words('Quantity', 'NUMBER', true),
  unitPrice: words('Unit price', 'MONEY', true),
  amount: words('Amount', 'MONEY', true),
  taxCode: words('Tax code', 'REFERENCE', true),
  serviceDate: words('Service date', 'DATE'),
} as const satisfies Record<string, FieldWords>;

const wholeLine = words('Line', 'LINE', true);
const other = words('Value', 'TEXT');
const byName: Readonly<Record<string, FieldWords>> = { ...headerWords, ...lineWords };

/** Words for a stable path; 'lines[key=A7].quantity' speaks as 'quantity'. */
export function wordsOfPath(path: string): FieldWords {
  const leaf = path.slice(path.lastIndexOf('.') + 1);
  if (/^lines\[[^\]]*\]$/.test(path)) return wholeLine;
  return byName[leaf] ?? { ...other, label: leaf };
}

const isObject = (json: Json): json is { readonly [key: string]: Json } =>
  typeof json === 'object' && json !== null && !Array.isArray(json);

const addressKeys = ['line1', 'line2', 'city', 'region', 'postalCode', 'country'];

function objectText(json: { readonly [key: string]: Json }): string {
  const { name, kind, percent, amount, description } = json;
  if (typeof name === 'string') return name;
  if (kind === 'percent' && typeof percent === 'string') return `${percent} %`;
  if (typeof amount === 'string' && description === undefined) return amount;
  if (typeof description === 'string') return description;
  const parts = addressKeys.map((key) => json[key]).filter((part) => typeof part === 'string');
  return parts.length > 0 ? parts.join(', ') : JSON.stringify(json);
}

function textOf(json: Json): string {
  if (typeof json === 'boolean') return json ? 'Yes' : 'No';
  if (isObject(json)) return objectText(json);
  return typeof json === 'string' ? json : JSON.stringify(json);
}

/** A value as the contract shows it; null where there is none. */
export function valueOf(
  path: string,
  json: Json | undefined,
  currency: string | null,
): FieldValueShape | null {
  if (json === undefined || json === null) return null;
  const { kind } = wordsOfPath(path);
  const isMoney = kind === 'MONEY' && typeof json === 'string' && currency !== null;
  const money = isMoney ? { amount: json, currency } : null;
  const display = money === null ? textOf(json) : `${money.amount} ${money.currency}`;
  return { kind, display, money, json };
}
