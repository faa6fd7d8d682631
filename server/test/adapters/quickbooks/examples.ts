import { toCurrency, toInstant } from '#core/brand.ts';
import type { QuickBooksFacts } from '#core/company/company.ts';
import type { Invoice, Line } from '#core/invoice/invoice.ts';
import type { JsonObject } from '#core/json.ts';
import { decodeInvoice } from '../../../src/adapters/quickbooks/decode-invoice.ts';
import { parseInvoice } from '../../../src/adapters/quickbooks/wire.ts';
import { aLine, anInvoice } from '../../core/mapping/invoices.ts';

/** A US company with hand-kept sales tax. */
export const usFacts: QuickBooksFacts = {
  companyName: 'Example',
  country: 'US',
  homeCurrency: toCurrency('USD'),
  multiCurrency: false,
  customNumbers: true,
  usTax: true,
  automatedSalesTax: false,
  defaultTaxCodeId: null,
  booksClosedThrough: null,
  incomeAccountIds: ['1'],
  readAt: toInstant(0),
};

/** An Australian company with several currencies. */
export const auFacts: QuickBooksFacts = {
  ...usFacts,
  country: 'AU',
  homeCurrency: toCurrency('AUD'),
  multiCurrency: true,
  usTax: false,
};

/** Decodes or fails the test, saying where. */
export function decoded(raw: JsonObject, facts: QuickBooksFacts): Invoice {
  const parsed = parseInvoice(raw);
  if (!parsed.ok) throw new Error(parsed.problem);
  return decodeInvoice(parsed.wire, { homeCurrency: facts.homeCurrency, invoicePage: null });
}

/** The example invoice in QuickBooks' terms. */
export const invoiceThere: Invoice = {
  ...anInvoice,
  customer: { id: '58', name: 'Globex Corp' },
  terms: { id: '3', name: 'Net 30' },
  lines: [{ ...aLine, item: { id: '11', name: 'Hardware' } }],
};

/** The example invoice with these lines, each the example line but for what is said. */
export const withLines = (...lines: readonly Partial<Line>[]): Invoice => ({
  ...invoiceThere,
  lines: lines.map((line) => ({ ...aLine, item: { id: '11', name: 'Hardware' }, ...line })),
});
