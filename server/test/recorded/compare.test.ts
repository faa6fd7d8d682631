import { expect, test } from 'vitest';
import { isJsonObject, type JsonObject } from '#core/json.ts';
import { recordedInvoices } from '../recorded.ts';
import {
  compareInvoices,
  computedReads,
  headerReads,
  lineReads,
  type Compared,
  type Crossed,
} from './compare.ts';
import { readInvoice } from './wire.ts';

const crossed: Crossed = { internalId: 'inv_1', homeCurrency: 'USD', defaultTaxCode: null };

/** A recorded invoice with two taxed lines, terms, memo, address and e-mail. */
const found = recordedInvoices().find(
  ({ company, raw }) => company === 'nango-craigs-2026' && raw['Id'] === '119',
);
if (found === undefined) throw new Error('invoice 119 is not among the recordings');
const raw = found.raw;

const different = (other: JsonObject): readonly string[] =>
  compareInvoices(readInvoice(raw), readInvoice(other), crossed)
    .filter(({ recorded, crossed }: Compared) => recorded !== crossed)
    .map(({ path }) => path);

const linesOf = (invoice: JsonObject): readonly JsonObject[] =>
  Array.isArray(invoice['Line']) ? invoice['Line'].filter(isJsonObject) : [];

/** The invoice with its first line changed. */
function withLine(change: JsonObject): JsonObject {
  const [first, ...others] = linesOf(raw);
  return { ...raw, Line: [{ ...first, ...change }, ...others] };
}

/** The invoice with the sale of its first line changed. */
function withSale(change: JsonObject): JsonObject {
  const sale = linesOf(raw)[0]?.['SalesItemLineDetail'];
  return withLine({ SalesItemLineDetail: { ...(isJsonObject(sale) ? sale : {}), ...change } });
}

const discount = {
  Amount: 1,
  DetailType: 'DiscountLineDetail',
  DiscountLineDetail: { PercentBased: false },
};
const taxLine = {
  Amount: 23.28,
  TaxLineDetail: { TaxRateRef: { value: '1' }, TaxPercent: 8, NetAmountTaxable: 291 },
};

/** One change for each field that is compared. */
const changes: Readonly<Record<string, JsonObject>> = {
  existence: { ...raw, PrivateNote: 'Voided', TotalAmt: 0 },
  number: { ...raw, DocNumber: '9' },
  customer: { ...raw, CustomerRef: { value: '9' } },
  currency: { ...raw, CurrencyRef: { value: 'CAD' } },
  exchangeRate: { ...raw, ExchangeRate: 1.25 },
  issueDate: { ...raw, TxnDate: '2026-01-01' },
  dueDate: { ...raw, DueDate: '2026-01-01' },
  terms: { ...raw, SalesTermRef: { value: '9' } },
  billEmail: { ...raw, BillEmail: { Address: 'other@example.com' } },
  billTo: { ...raw, BillAddr: { Line1: '9 Elsewhere' } },
  taxInclusive: { ...raw, GlobalTaxCalculation: 'TaxInclusive' },
  poNumber: { ...raw, PONumber: '9' },
  customerMemo: { ...raw, CustomerMemo: { value: 'Other' } },
  privateNote: { ...raw, PrivateNote: 'Other\nLedgerBridge inv_1' },
  discount: { ...raw, Line: [...linesOf(raw), discount] },
  subtotal: { ...raw, Line: linesOf(raw).slice(0, 2) },
  taxTotal: { ...raw, TxnTaxDetail: { TxnTaxCodeRef: { value: '2' }, TotalTax: 23.29 } },
  total: { ...raw, TotalAmt: 314.29 },
  'lines[*].item': withSale({ ItemRef: { value: '9' } }),
  'lines[*].description': withLine({ Description: 'Other' }),
  'lines[*].quantity': withSale({ Qty: 1.5 }),
  'lines[*].unitPrice': withSale({ UnitPrice: 275.01 }),
  'lines[*].amount': withLine({ Amount: 275.01 }),
  'lines[*].taxCode': withSale({ TaxCodeRef: { value: 'NON' } }),
  'lines[*].serviceDate': withSale({ ServiceDate: '2026-01-01' }),
  HomeTotalAmt: { ...raw, HomeTotalAmt: 1 },
  'TxnTaxDetail.TaxLine': { ...raw, TxnTaxDetail: { TaxLine: [taxLine] } },
};

test('an invoice is equal to itself under the marker of the bridge', () => {
  expect(different(raw)).toEqual([]);
  expect(different({ ...raw, PrivateNote: 'LedgerBridge inv_1' })).toEqual([]);
});

test.each(Object.entries(changes))('a difference in %s is told', (path, changed) => {
  expect(different(changed)).toContain(path.replace('*', '0'));
});

test('a line too many or too few is told', () => {
  expect(different({ ...raw, Line: linesOf(raw).slice(1) })).toContain('lines');
});

test('a change is planted for every field that is compared', () => {
  const compared = Object.keys({ ...headerReads, ...lineReads, ...computedReads });

  expect(Object.keys(changes).toSorted()).toEqual(compared.toSorted());
});
