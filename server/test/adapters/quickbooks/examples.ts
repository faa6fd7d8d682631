import { toCurrency, toInstant } from '#core/brand.ts';
import type { QuickBooksFacts } from '#core/company/company.ts';
import type { Invoice } from '#core/invoice/invoice.ts';
import type { JsonObject } from '#core/json.ts';
import { decodeInvoice } from '../../../src/adapters/quickbooks/decode-invoice.ts';
import { parseInvoice } from '../../../src/adapters/quickbooks/wire.ts';

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
