import { z } from 'zod';
import { parseDecimal } from '#core/money/decimal.ts';
import { toCurrency, toInstant, toVersion, type Decimal, type Version } from '#core/brand.ts';
import { isJsonObject, jsonPath, type JsonObject } from '#core/json.ts';
import type { ReferenceRecord } from '#core/mapping/reference.ts';
import { parseLocalDate } from '#core/time/local-date.ts';

/** Shapes of http.md §4. What a system sends beyond them passes and stays in the raw object. */

const decimal = z.string().transform((text, context): Decimal => {
  const parsed = parseDecimal(text);
  if (parsed !== null) return parsed;
  context.addIssue({ code: 'custom', message: 'expected a decimal string' });
  return z.NEVER;
});

const localDate = z.string().transform((text, context) => {
  const parsed = parseLocalDate(text);
  if (parsed !== null) return parsed;
  context.addIssue({ code: 'custom', message: 'expected a date as YYYY-MM-DD' });
  return z.NEVER;
});

const instant = z.string().transform((text, context) => {
  const parsed = Date.parse(text);
  if (!Number.isNaN(parsed)) return toInstant(parsed);
  context.addIssue({ code: 'custom', message: 'expected a time as ISO 8601' });
  return z.NEVER;
});

const text = z.string().nullish();

const address = z.looseObject({
  line1: text,
  line2: text,
  city: text,
  region: text,
  postalCode: text,
  country: text,
});
export type WireAddress = z.infer<typeof address>;

const line = z.looseObject({
  id: z.string(),
  item: z.looseObject({ id: z.string(), sku: text, name: z.string() }).nullish(),
  description: text,
  quantity: decimal.nullish(),
  unitPrice: decimal.nullish(),
  amount: decimal,
  taxCode: text,
  serviceDate: localDate.nullish(),
});
export type WireLine = z.infer<typeof line>;

const payment = z.looseObject({
  id: z.string(),
  date: localDate.nullish(),
  amount: decimal,
  method: text,
  reference: text,
  version: z.string().transform(toVersion).nullish(),
});
export type WirePayment = z.infer<typeof payment>;

const invoice = z.looseObject({
  id: z.string().min(1),
  url: text,
  externalRef: text,
  version: z.string().min(1).transform(toVersion),
  updatedAt: instant,
  updatedBy: text,
  number: text,
  status: z.enum(['open', 'paid', 'void']),
  currency: z
    .string()
    .regex(/^[A-Z]{3}$/, 'expected an ISO 4217 code')
    .transform(toCurrency),
  exchangeRate: decimal.nullish(),
  customer: z.looseObject({ id: z.string(), displayName: z.string(), email: text }),
  issueDate: localDate,
  dueDate: localDate.nullish(),
  terms: text,
  taxInclusive: z.boolean().default(false),
  poNumber: text,
  customerMemo: text,
  privateNote: text,
  billTo: address.nullish(),
  lines: z.array(line),
  discount: z.union([z.object({ percent: decimal }), z.object({ amount: decimal })]).nullish(),
  subtotal: decimal,
  taxTotal: decimal.nullish(),
  total: decimal,
  amountPaid: decimal.nullish(),
  balanceDue: decimal,
  payments: z.array(payment).default([]),
});
export type WireInvoice = z.infer<typeof invoice>;

export type ParsedInvoice =
  | { readonly ok: true; readonly wire: WireInvoice; readonly raw: JsonObject }
  | { readonly ok: false; readonly problem: string };

/** Checks one invoice; a problem names the JSON path. */
export function parseInvoice(value: unknown): ParsedInvoice {
  const result = invoice.safeParse(value);
  if (result.success && isJsonObject(value)) return { ok: true, wire: result.data, raw: value };
  const issue = result.error?.issues[0];
  const path = jsonPath(issue?.path ?? []);
  return { ok: false, problem: `${path}: ${issue?.message ?? 'expected an object'}` };
}

const invoiceList = z.looseObject({ invoices: z.array(z.unknown()) });

/** The entries of a list; null when it is not one. */
export function parseList(value: unknown): readonly unknown[] | null {
  const result = invoiceList.safeParse(value);
  return result.success ? result.data.invoices : null;
}

const changesList = invoiceList.extend({ nextCursor: z.string().min(1).nullish() });

/** A page of changed invoices; null when the value is no list. */
export function parseChanges(
  value: unknown,
): { readonly entries: readonly unknown[]; readonly nextCursor: string | null } | null {
  const result = changesList.safeParse(value);
  if (!result.success) return null;
  return { entries: result.data.invoices, nextCursor: result.data.nextCursor ?? null };
}

const changed = z.looseObject({
  id: z.string().min(1),
  deleted: z.boolean().nullish().catch(null),
  updatedAt: instant.nullish().catch(null),
});

/** As much of a listed invoice as a deleted one has too; null when it has no id. */
export function parseChanged(value: unknown): z.infer<typeof changed> | null {
  const result = changed.safeParse(value);
  return result.success ? result.data : null;
}

const problem = z.looseObject({
  type: text,
  title: text,
  detail: text,
  invoiceId: text,
  errors: z.array(z.looseObject({ path: text, message: text })).nullish(),
});
export type WireProblem = z.infer<typeof problem>;

/** RFC 9457 problem details; null when the body is something else. */
export function parseProblem(value: unknown): WireProblem | null {
  const result = problem.safeParse(value);
  return result.success ? result.data : null;
}

const master = z.looseObject({
  id: z.string().min(1),
  name: text,
  displayName: text,
  email: text,
  sku: text,
  active: z.boolean().nullish(),
  version: z.string().transform(toVersion).nullish(),
});
const masterLists = z.looseObject({
  customers: z.array(master).nullish(),
  items: z.array(master).nullish(),
  taxCodes: z.array(master).nullish(),
  terms: z.array(master).nullish(),
  paymentMethods: z.array(master).nullish(),
  nextCursor: text,
});
export type MasterList = 'customers' | 'items' | 'taxCodes' | 'terms' | 'paymentMethods';

export type ParsedMasters =
  | {
      readonly ok: true;
      readonly records: readonly ReferenceRecord[];
      readonly nextCursor: string | null;
    }
  | { readonly ok: false; readonly problem: string };

/** One page of a list of records that invoices refer to. */
export function parseMasters(value: unknown, name: MasterList): ParsedMasters {
  const result = masterLists.safeParse(value);
  const page = result.data?.[name];
  if (!result.success || page === null || page === undefined) {
    const issue = result.error?.issues[0];
    return { ok: false, problem: `${jsonPath(issue?.path ?? [name])}: expected a list` };
  }
  const records = page.map((record) => ({
    id: record.id,
    name: nameOf(record),
    active: record.active !== false,
    detail: record.email ?? record.sku ?? null,
  }));
  return { ok: true, records, nextCursor: result.data.nextCursor ?? null };
}

/** The name a record of a list goes by. */
const nameOf = ({ id, displayName, name }: z.infer<typeof master>): string =>
  displayName ?? name ?? id;

/** One record as a create answers it; null when it has no id. */
export function parseMaster(
  value: unknown,
): { readonly id: string; readonly name: string; readonly version: Version | null } | null {
  const result = master.safeParse(value);
  if (!result.success) return null;
  return { id: result.data.id, name: nameOf(result.data), version: result.data.version ?? null };
}

const paymentAnswer = z.looseObject({
  payment: z.looseObject({ id: z.string().min(1), version: z.string().transform(toVersion) }),
  invoice: z.unknown(),
});

/** The answer to a write of a payment: it, and the invoice it belongs to, still to be read; null when it is neither. */
export function parsePaymentAnswer(value: unknown): z.infer<typeof paymentAnswer> | null {
  const result = paymentAnswer.safeParse(value);
  return result.success ? result.data : null;
}
