import { Decimal } from 'decimal.js';
import { z } from 'zod';
import { isJsonObject, type JsonObject } from '#core/json.ts';

/** A recorded number as plain text: 100, 100.0 and 100.00 are one, and nothing is computed with it as it came. */
const decimal = z
  .union([z.number(), z.string()])
  .transform((value) => new Decimal(value).toFixed());

const reference = z.looseObject({ value: z.string(), name: z.string().optional() });
export type RecordedReference = z.infer<typeof reference>;

const address = z.looseObject({
  Line1: z.string().optional(),
  Line2: z.string().optional(),
  Line3: z.string().optional(),
  Line4: z.string().optional(),
  Line5: z.string().optional(),
  City: z.string().optional(),
  CountrySubDivisionCode: z.string().optional(),
  PostalCode: z.string().optional(),
  Country: z.string().optional(),
});
export type RecordedAddress = z.infer<typeof address>;

const sale = z.looseObject({
  ItemRef: reference.optional(),
  ItemAccountRef: reference.optional(),
  MarkupInfo: z.looseObject({}).optional(),
  Qty: decimal.optional(),
  UnitPrice: decimal.optional(),
  TaxCodeRef: reference.optional(),
  ServiceDate: z.string().optional(),
  TaxInclusiveAmt: decimal.optional(),
});
export type RecordedSale = z.infer<typeof sale>;

const line = z.looseObject({
  DetailType: z.string(),
  Description: z.string().optional(),
  Amount: decimal.optional(),
  SalesItemLineDetail: sale.optional(),
  DiscountLineDetail: z
    .looseObject({
      PercentBased: z.boolean().optional(),
      DiscountPercent: decimal.optional(),
      DiscountAccountRef: reference.optional(),
    })
    .optional(),
});
export type RecordedLine = z.infer<typeof line>;

const taxLine = z.looseObject({
  Amount: decimal,
  TaxLineDetail: z.looseObject({
    TaxRateRef: reference,
    TaxPercent: decimal,
    NetAmountTaxable: decimal,
  }),
});

const invoice = z.looseObject({
  Id: z.string(),
  DocNumber: z.string().optional(),
  TxnDate: z.string(),
  DueDate: z.string().optional(),
  CustomerRef: reference,
  CurrencyRef: reference.optional(),
  ExchangeRate: decimal.optional(),
  SalesTermRef: reference.optional(),
  BillEmail: z.looseObject({ Address: z.string().optional() }).optional(),
  BillAddr: address.optional(),
  GlobalTaxCalculation: z.string().optional(),
  PONumber: z.string().optional(),
  CustomerMemo: z.looseObject({ value: z.string().optional() }).optional(),
  PrivateNote: z.string().optional(),
  Line: z.array(line),
  TxnTaxDetail: z
    .looseObject({
      TxnTaxCodeRef: reference.optional(),
      TotalTax: decimal.optional(),
      TaxLine: z.array(taxLine).optional(),
    })
    .optional(),
  TotalAmt: decimal,
  HomeTotalAmt: decimal.optional(),
});

/** An invoice as QuickBooks shows it, read for these tests alone: the bridge's own reading of it is what they judge. */
export type ShownInvoice = z.infer<typeof invoice>;

/** Reads a recorded invoice, or one of the simulator's. */
export const readInvoice = (raw: unknown): ShownInvoice => invoice.parse(raw);

/** The lines that sell something; sub-totals are QuickBooks' own (quickbooks.md §2.4). */
export const soldLines = ({ Line }: ShownInvoice): readonly RecordedLine[] =>
  Line.filter(({ DetailType }) => DetailType === 'SalesItemLineDetail');

/** Nothing but the note and the zeros tells a void (quickbooks.md §2.6). */
export const isVoided = ({ PrivateNote, TotalAmt }: ShownInvoice): boolean =>
  TotalAmt === '0' && PrivateNote?.startsWith('Voided') === true;

/** Objects of a recorded list. */
export function objectsOf(list: unknown, place: string): readonly JsonObject[] {
  if (!Array.isArray(list)) throw new Error(`${place} is not a list`);
  return list.filter(isJsonObject);
}
