import { z } from 'zod';
import { fieldErrorsOf, misplacedFields } from './field-errors.ts';
import { isJsonObject, mergePatch, type JsonObject } from './merge-patch.ts';
import { granted, refusedFields, type FieldError, type Judged } from './problem.ts';
import type { Invoice, InvoiceRecord, Line } from './wire.ts';

/** What a client may write of an invoice (http.md §4), and how a patch and the state held become one whole document. */

/** Fields the system derives or keeps. */
export const readOnly: ReadonlySet<string> = new Set([
  'id',
  'url',
  'version',
  'updatedAt',
  'updatedBy',
  'status',
  'subtotal',
  'total',
  'amountPaid',
  'balanceDue',
  'payments',
  'deleted',
]);

const text = (lengthMax: number) => z.string().max(lengthMax).nullable().default(null);

/** Decimal text with a limited number of digits before and after the point. */
function decimal(digitsBefore: number, digitsAfter: number) {
  const pattern = new RegExp(`^-?\\d{1,${digitsBefore}}(\\.\\d{1,${digitsAfter}})?$`);
  const shape = `must be a decimal string with at most ${digitsAfter} digits after the point`;
  return z.string(shape).regex(pattern, shape);
}
const amount = decimal(12, 4); // the currency narrows it further, see `invoice-draft.ts`
const percent = decimal(3, 6).refine((value) => Number(value) >= 0 && Number(value) <= 100, {
  error: 'must be between 0 and 100',
});

const dateOnly = z.iso.date({ error: 'must be a date as YYYY-MM-DD' });

/** A reference is an id; what else it was read with may be sent back unchanged. */
const reference = z.object({ id: z.string() }).loose();

const lineWrite = z.strictObject({
  id: z.string().optional(),
  item: reference.nullable().default(null),
  description: text(4_000),
  quantity: decimal(9, 6).nullable().default(null),
  unitPrice: decimal(12, 7).nullable().default(null),
  amount: amount.nullable().default(null),
  taxCode: text(64),
  serviceDate: dateOnly.nullable().default(null),
});

const invoiceWrite = z.strictObject({
  externalRef: z.string().min(1).max(255).nullable().default(null),
  number: text(64),
  currency: z
    .string()
    .refine(
      (code) => Intl.supportedValuesOf('currency').includes(code),
      'must be an ISO 4217 code',
    ),
  exchangeRate: decimal(9, 9).nullable().default(null),
  customer: reference,
  issueDate: dateOnly,
  dueDate: dateOnly.nullable().default(null),
  terms: text(64),
  taxInclusive: z.boolean().default(false),
  poNumber: text(255),
  customerMemo: text(4_000),
  privateNote: text(4_000),
  billTo: z
    .strictObject({
      line1: text(500),
      line2: text(500),
      city: text(255),
      region: text(255),
      postalCode: text(64),
      country: text(64),
    })
    .nullable()
    .default(null),
  lines: z.array(lineWrite).min(1, 'must hold at least one line').max(1_000),
  discount: z
    .union(
      [z.strictObject({ percent }), z.strictObject({ amount: decimal(12, 4) })],
      'must be {"percent"} or {"amount"}, or null',
    )
    .nullable()
    .default(null),
  taxTotal: amount.nullable().default(null),
});
export type InvoiceWrite = z.infer<typeof invoiceWrite>;
export type LineWrite = InvoiceWrite['lines'][number];

/** The document a patch leads to, with every field named that it may not hold. */
export function mergeInvoicePatch(held: JsonObject, patch: unknown): Judged<InvoiceWrite> {
  if (!isJsonObject(patch)) return refusedFields([{ path: '', message: 'must be a JSON object' }]);

  const misplaced = misplacedFields(patch, invoiceWrite.shape, readOnly);
  const merged = invoiceWrite.safeParse(mergePatch(held, inOneKind(patch)));
  if (merged.success && misplaced.length === 0) return granted(merged.data);

  const invalid = merged.success ? [] : fieldErrorsOf(merged.error);
  const isNews = ({ path }: FieldError) => misplaced.every((other) => other.path !== path);
  return refusedFields([...misplaced, ...invalid.filter(isNews)]);
}

/** A discount of one kind takes the place of the other: `{percent}` on `{amount}` would else merge into both. */
function inOneKind(patch: JsonObject): JsonObject {
  const discount = patch['discount'];
  if (!isJsonObject(discount)) return patch;
  return { ...patch, discount: { percent: null, amount: null, ...discount } };
}

/** What a patch merges onto: the fields a client may write, as they are now. */
export function writableView({ invoice, taxIsStated }: InvoiceRecord): JsonObject {
  const fields = Object.entries(invoice).filter(([key]) => key in invoiceWrite.shape);
  return {
    ...Object.fromEntries(fields),
    customer: { id: invoice.customer.id },
    lines: invoice.lines.map(writableLine),
    taxTotal: taxIsStated ? invoice.taxTotal : null,
  };
}

function writableLine(line: Line): LineWrite {
  const isPriced = line.quantity !== null && line.unitPrice !== null;
  return { ...line, amount: isPriced ? null : line.amount };
}

/** Fields that may still change on a void invoice: words, no numbers. */
export const wordFields: readonly (keyof Invoice)[] = [
  'externalRef',
  'customerMemo',
  'privateNote',
  'poNumber',
];
