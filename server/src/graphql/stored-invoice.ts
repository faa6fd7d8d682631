import { z } from 'zod';
import {
  brandAmount,
  brandDecimal,
  brandLocalDate,
  toCurrency,
  toInstant,
  toLineKey,
  toVersion,
} from '#core/brand.ts';
import type { Invoice } from '#core/invoice/invoice.ts';

const text = z.string();
const amount = text.transform(brandAmount);
const decimal = text.transform(brandDecimal);
const localDate = text.transform(brandLocalDate);
const version = text.transform(toVersion);
const party = z.object({ id: text, name: text });

const address = z.object({
  line1: text.nullable(),
  line2: text.nullable(),
  city: text.nullable(),
  region: text.nullable(),
  postalCode: text.nullable(),
  country: text.nullable(),
});

const line = z.object({
  key: text.transform(toLineKey).nullable(),
  sideId: text.nullable(),
  item: party.nullable(),
  description: text.nullable(),
  quantity: decimal.nullable(),
  unitPrice: decimal.nullable(),
  amount,
  taxCode: party.nullable(),
  serviceDate: localDate.nullable(),
});

const discount = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('percent'), percent: decimal }),
  z.object({ kind: z.literal('amount'), amount }),
]);

const payment = z.object({
  id: text,
  by: z.enum(['payment', 'credit']),
  version: version.nullable(),
  date: localDate.nullable(),
  amount: amount.nullable(),
  method: text.nullable(),
  reference: text.nullable(),
});

const derived = z.object({
  subtotal: amount,
  taxTotal: amount,
  total: amount,
  amountPaid: amount,
  balanceDue: amount,
});

const storedInvoice = z.object({
  existence: z.enum(['present', 'void', 'deleted']),
  number: text.nullable(),
  currency: text.transform(toCurrency),
  exchangeRate: decimal.nullable(),
  customer: party,
  billEmail: text.nullable(),
  billTo: address.nullable(),
  issueDate: localDate,
  dueDate: localDate.nullable(),
  terms: party.nullable(),
  taxInclusive: z.boolean(),
  poNumber: text.nullable(),
  customerMemo: text.nullable(),
  privateNote: text.nullable(),
  lines: z.array(line),
  discount: discount.nullable(),
  side: z.enum(['internal', 'quickbooks']),
  id: text,
  version,
  modifiedAt: z.number().transform(toInstant),
  modifiedBy: text.nullable(),
  url: text.nullable(),
  counterpartId: text.nullable(),
  derived,
  payments: z.array(payment),
  carriedLines: z.array(
    z.object({ sideId: text.nullable(), reason: text, amount: amount.nullable() }),
  ),
}) satisfies z.ZodType<Invoice>;

/** Reads an invoice from a column of type jsonb; it was written by us, so another form is a bug. */
export const readStoredInvoice = (stored: unknown): Invoice => storedInvoice.parse(stored);
