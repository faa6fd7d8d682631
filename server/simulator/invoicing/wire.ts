import { z } from 'zod';

/**
 * The shapes of http.md §4. What is read here (seed files, `POST /_control/reset`, kept state) is taken as it is; what
 * clients may write is narrower and lives in `invoice-write.ts`.
 */

const text = z.string().nullable().default(null);
const decimal = z.string().regex(/^-?\d+(\.\d+)?$/, 'must be a decimal string');

export const addressSchema = z.object({
  line1: text,
  line2: text,
  city: text,
  region: text,
  postalCode: text,
  country: text,
});

const discountSchema = z.union([
  z.strictObject({ percent: decimal }),
  z.strictObject({ amount: decimal }),
]);
export type Discount = z.infer<typeof discountSchema>;

const lineSchema = z.object({
  id: z.string(),
  item: z.object({ id: z.string(), sku: text, name: z.string() }).nullable().default(null),
  description: text,
  quantity: decimal.nullable().default(null),
  unitPrice: decimal.nullable().default(null),
  amount: decimal,
  taxCode: text,
  serviceDate: text,
});
export type Line = z.infer<typeof lineSchema>;

const version = z.string().regex(/^\d+$/).default('1');

const paymentSchema = z.object({
  id: z.string(),
  date: z.string(),
  amount: decimal,
  method: text,
  reference: text,
  version,
});
export type Payment = z.infer<typeof paymentSchema>;

const longAgo = '2000-01-01T00:00:00.000Z';

export const invoiceSchema = z.object({
  id: z.string(),
  externalRef: text,
  version,
  updatedAt: z.string().default(longAgo),
  updatedBy: z.string().default('import'),
  number: text,
  status: z.enum(['open', 'paid', 'void']).default('open'),
  currency: z
    .string()
    .regex(/^[A-Z]{3}$/)
    .default('USD'),
  exchangeRate: decimal.nullable().default(null),
  customer: z.object({
    id: z.string(),
    displayName: z.string(),
    email: text,
    version,
  }),
  issueDate: z.string(),
  dueDate: text,
  terms: text,
  taxInclusive: z.boolean().default(false),
  poNumber: text,
  customerMemo: text,
  privateNote: text,
  billTo: addressSchema.nullable().default(null),
  lines: z.array(lineSchema),
  discount: discountSchema.nullable().default(null),
  subtotal: decimal,
  taxTotal: decimal.default('0.00'),
  total: decimal,
  amountPaid: decimal.default('0.00'),
  balanceDue: decimal,
  payments: z.array(paymentSchema).default([]),
});
export type Invoice = z.infer<typeof invoiceSchema>;

export const customerSchema = z.object({
  id: z.string(),
  displayName: z.string(),
  email: text,
  phone: text,
  billTo: addressSchema.nullable().default(null),
  terms: text,
  taxable: z.boolean().default(true),
  parentId: text,
  active: z.boolean().default(true),
  version,
  updatedAt: z.string().default(longAgo),
});
export type Customer = z.infer<typeof customerSchema>;

export const itemSchema = z.object({
  id: z.string(),
  sku: text,
  name: z.string(),
  description: text,
  unitPrice: decimal.nullable().default(null),
  taxCode: text,
  active: z.boolean().default(true),
  version,
  updatedAt: z.string().default(longAgo),
});
export type Item = z.infer<typeof itemSchema>;

export const taxCodeSchema = z.object({ id: z.string(), name: z.string(), percent: decimal });
export type TaxCode = z.infer<typeof taxCodeSchema>;

export const termSchema = z.object({
  id: z.string(),
  name: z.string(),
  dueDays: z.int().nonnegative(),
});
export type Term = z.infer<typeof termSchema>;

export const paymentMethodSchema = z.object({ id: z.string(), name: z.string() });
export type PaymentMethod = z.infer<typeof paymentMethodSchema>;

/** Everything a company is made of; lists left out are empty, or the demo company's where a company cannot be without. */
export const companyDataSchema = z.object({
  customers: z.array(customerSchema).default([]),
  items: z.array(itemSchema).default([]),
  invoices: z.array(invoiceSchema).default([]),
  taxCodes: z.array(taxCodeSchema).optional(),
  terms: z.array(termSchema).optional(),
  paymentMethods: z.array(paymentMethodSchema).optional(),
});
export type CompanyData = z.infer<typeof companyDataSchema>;

/** An invoice as it is kept: the shape shown, and what the shape does not show. */
export const invoiceRecordSchema = z.object({
  invoice: invoiceSchema,
  /** The tax total was stated by a writer; the system leaves it alone until null is written. */
  taxIsStated: z.boolean(),
  /** Ids of lines that are gone are not given again. */
  lineNumberLast: z.int(),
  deleted: z.boolean(),
});
export type InvoiceRecord = z.infer<typeof invoiceRecordSchema>;
