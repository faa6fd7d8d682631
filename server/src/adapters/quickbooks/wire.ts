import { Decimal as BigNumber } from 'decimal.js';
import { z } from 'zod';
import { toInstant, toVersion, type Decimal, type Instant } from '#core/brand.ts';
import { isJsonObject, jsonPath, type JsonObject } from '#core/json.ts';
import { parseDecimal } from '#core/money/decimal.ts';
import { parseLocalDate } from '#core/time/local-date.ts';

/**
 * Shapes of what QuickBooks sends, no narrower than the bridge needs: fields come and go without notice
 * (quickbooks.md §2.2), so what is not named here passes and stays in the raw object.
 */

/** Amounts arrive as JSON numbers or as text; both become exact decimals. */
const decimal = z.union([z.number(), z.string()]).transform((value, context): Decimal => {
  const text = typeof value === 'number' ? new BigNumber(value).toFixed() : value.trim();
  const parsed = parseDecimal(text);
  if (parsed !== null) return parsed;
  context.addIssue({ code: 'custom', message: 'expected a decimal' });
  return z.NEVER;
});

const localDate = z.string().transform((text, context) => {
  const parsed = parseLocalDate(text.slice(0, 10));
  if (parsed !== null) return parsed;
  context.addIssue({ code: 'custom', message: 'expected a date' });
  return z.NEVER;
});

const instant = z.string().transform((text, context) => {
  const parsed = Date.parse(text);
  if (!Number.isNaN(parsed)) return toInstant(parsed);
  context.addIssue({ code: 'custom', message: 'expected a time' });
  return z.NEVER;
});

const id = z.union([z.string(), z.number()]).transform(String);
const text = z.string().nullish();
const reference = z.looseObject({ value: id, name: text });

const address = z.looseObject({
  Line1: text,
  Line2: text,
  Line3: text,
  Line4: text,
  Line5: text,
  City: text,
  CountrySubDivisionCode: text,
  PostalCode: text,
  Country: text,
});
export type WireAddress = z.infer<typeof address>;

const line = z.looseObject({
  Id: id.nullish(),
  Description: text,
  Amount: decimal.nullish(),
  DetailType: z.string(),
  SalesItemLineDetail: z
    .looseObject({
      ItemRef: reference.nullish(),
      Qty: decimal.nullish(),
      UnitPrice: decimal.nullish(),
      TaxCodeRef: reference.nullish(),
      ServiceDate: localDate.nullish(),
      TaxInclusiveAmt: decimal.nullish(),
    })
    .nullish(),
  DiscountLineDetail: z
    .looseObject({ PercentBased: z.boolean().nullish(), DiscountPercent: decimal.nullish() })
    .nullish(),
});
export type WireLine = z.infer<typeof line>;

const invoice = z.looseObject({
  Id: id,
  SyncToken: id.transform(toVersion),
  MetaData: z.looseObject({
    LastUpdatedTime: instant,
    LastModifiedByRef: reference.nullish(),
  }),
  status: text,
  invoiceStatus: text,
  DocNumber: text,
  CurrencyRef: reference.nullish(),
  ExchangeRate: decimal.nullish(),
  CustomerRef: reference,
  BillEmail: z.looseObject({ Address: text }).nullish(),
  BillAddr: address.nullish(),
  TxnDate: localDate,
  DueDate: localDate.nullish(),
  SalesTermRef: reference.nullish(),
  GlobalTaxCalculation: text,
  PONumber: text,
  CustomerMemo: z.looseObject({ value: text }).nullish(),
  PrivateNote: text,
  Line: z.array(line),
  TxnTaxDetail: z
    .looseObject({ TxnTaxCodeRef: reference.nullish(), TotalTax: decimal.nullish() })
    .nullish(),
  TotalAmt: decimal,
  Balance: decimal.nullish(),
  LinkedTxn: z.array(z.looseObject({ TxnId: id, TxnType: z.string() })).nullish(),
});
export type WireInvoice = z.infer<typeof invoice>;

const links = z.array(z.looseObject({ TxnId: id, TxnType: z.string() }));

const payment = z.looseObject({
  Id: id,
  SyncToken: id.transform(toVersion),
  MetaData: z.looseObject({ LastUpdatedTime: instant }),
  status: text,
  CurrencyRef: reference.nullish(),
  ExchangeRate: decimal.nullish(),
  CustomerRef: reference,
  TxnDate: localDate,
  TotalAmt: decimal,
  UnappliedAmt: decimal.nullish(),
  PaymentMethodRef: reference.nullish(),
  PaymentRefNum: text,
  PrivateNote: text,
  LinkedTxn: links.nullish(),
  Line: z.array(z.looseObject({ Amount: decimal.nullish(), LinkedTxn: links.nullish() })).nullish(),
});
export type WirePayment = z.infer<typeof payment>;

/** A record of a name list; which name it goes by differs by kind. */
const named = z.looseObject({
  Id: id,
  SyncToken: id.transform(toVersion).nullish(),
  Name: text,
  DisplayName: text,
  FullyQualifiedName: text,
  Active: z.boolean().nullish(),
  Sku: text,
  PrimaryEmailAddr: z.looseObject({ Address: text }).nullish(),
});
export type WireNamed = z.infer<typeof named>;

const companyInfo = z.looseObject({ CompanyName: text, LegalName: text, Country: text });
export type WireCompanyInfo = z.infer<typeof companyInfo>;

const preferences = z.looseObject({
  AccountingInfoPrefs: z.looseObject({ BookCloseDate: localDate.nullish() }).nullish(),
  SalesFormsPrefs: z.looseObject({ CustomTxnNumbers: z.boolean().nullish() }).nullish(),
  CurrencyPrefs: z
    .looseObject({ MultiCurrencyEnabled: z.boolean().nullish(), HomeCurrency: reference.nullish() })
    .nullish(),
  TaxPrefs: z
    .looseObject({
      PartnerTaxEnabled: z.boolean().nullish(),
      TaxGroupCodeRef: reference.nullish(),
    })
    .nullish(),
});
export type WirePreferences = z.infer<typeof preferences>;

const changed = z.looseObject({
  Id: id,
  status: text,
  MetaData: z
    .looseObject({
      CreateTime: instant.nullish().catch(null),
      LastUpdatedTime: instant.nullish().catch(null),
    })
    .nullish(),
});
/** As much of a changed object as every kind of it has, a deleted one included. */
export type WireChanged = z.infer<typeof changed>;

export type Parsed<Shape> =
  | { readonly ok: true; readonly wire: Shape; readonly raw: JsonObject }
  | { readonly ok: false; readonly problem: string };

function parsed<Shape>(schema: z.ZodType<Shape>, value: unknown): Parsed<Shape> {
  const result = schema.safeParse(value);
  if (result.success && isJsonObject(value)) return { ok: true, wire: result.data, raw: value };
  const issue = result.error?.issues[0];
  const path = jsonPath(issue?.path ?? []);
  return { ok: false, problem: `${path}: ${issue?.message ?? 'expected an object'}` };
}

export const parseInvoice = (value: unknown): Parsed<WireInvoice> => parsed(invoice, value);
export const parsePayment = (value: unknown): Parsed<WirePayment> => parsed(payment, value);
export const parseNamed = (value: unknown): Parsed<WireNamed> => parsed(named, value);
export const parseCompanyInfo = (value: unknown): Parsed<WireCompanyInfo> =>
  parsed(companyInfo, value);
export const parsePreferences = (value: unknown): Parsed<WirePreferences> =>
  parsed(preferences, value);

export const parseChanged = (value: unknown): Parsed<WireChanged> => parsed(changed, value);

const queryEnvelope = z.looseObject({ QueryResponse: z.record(z.string(), z.unknown()) });

/** Rows of a query; the entity's key is absent when there are none (quickbooks.md §2.3). Null: not a query's answer. */
export function rowsOf(body: unknown, entity: string): readonly JsonObject[] | null {
  const result = queryEnvelope.safeParse(body);
  if (!result.success) return null;
  const rows = result.data.QueryResponse[entity] ?? [];
  return Array.isArray(rows) ? rows.filter(isJsonObject) : null;
}

/** A part that holds a fault instead of rows is no answer, whatever its HTTP status. */
const changesEnvelope = z.looseObject({
  CDCResponse: z.array(
    z.looseObject({
      Fault: z.never().optional(),
      QueryResponse: z.array(z.looseObject({ Fault: z.never().optional() })).nullish(),
    }),
  ),
});

/** Rows of a change data capture by entity; a kind without changes is an empty object or absent (quickbooks.md §2.8). */
export function changedRowsOf(
  body: unknown,
  entities: readonly string[],
): readonly { readonly entity: string; readonly raw: JsonObject }[] | null {
  const result = changesEnvelope.safeParse(body);
  if (!result.success) return null;
  const parts = result.data.CDCResponse.flatMap(({ QueryResponse }) => QueryResponse ?? []);
  return entities.flatMap((entity) =>
    parts.flatMap((part): readonly { entity: string; raw: JsonObject }[] => {
      const rows = part[entity];
      return Array.isArray(rows) ? rows.filter(isJsonObject).map((raw) => ({ entity, raw })) : [];
    }),
  );
}

/** When QuickBooks answered, by the time it writes into every body; null when it did not. */
export function answeredAt(body: unknown): Instant | null {
  const time = isJsonObject(body) ? body['time'] : undefined;
  const ms = typeof time === 'string' ? Date.parse(time) : Number.NaN;
  return Number.isNaN(ms) ? null : toInstant(ms);
}

/** The object inside `{"Invoice": {...}}`; null when it is not there. */
export function entityOf(body: unknown, entity: string): JsonObject | null {
  if (!isJsonObject(body)) return null;
  const inner = body[entity];
  return isJsonObject(inner) ? inner : null;
}

/** Whether the object is the trace of a deletion (quickbooks.md §2.3). */
export const isDeletedStub = (raw: JsonObject): boolean => raw['status'] === 'Deleted';
