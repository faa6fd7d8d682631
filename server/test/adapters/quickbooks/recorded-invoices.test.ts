import { expect, test } from 'vitest';
import { isJsonObject, type JsonObject } from '#core/json.ts';
import type { Invoice, InvoiceContent } from '#core/invoice/invoice.ts';
import { quickBooksSpelling } from '../../../src/adapters/quickbooks/spelling.ts';
import { recordedInvoices, type RecordedInvoice } from '../../recorded.ts';
import { auFacts, decoded, usFacts } from './examples.ts';

const recorded = recordedInvoices();
const factsOf = ({ company }: RecordedInvoice) => (company.includes('-au-') ? auFacts : usFacts);
const titleOf = ({ company, raw }: RecordedInvoice): string =>
  `${company}/${JSON.stringify(raw['Id'])}`;

/** What the bridge maps: everything but line ids and keys, which the other side gives anew. */
const mapped = (invoice: Invoice): InvoiceContent => ({
  existence: invoice.existence,
  number: invoice.number,
  currency: invoice.currency,
  exchangeRate: invoice.exchangeRate,
  customer: invoice.customer,
  billEmail: invoice.billEmail,
  billTo: invoice.billTo,
  issueDate: invoice.issueDate,
  dueDate: invoice.dueDate,
  terms: invoice.terms,
  taxInclusive: invoice.taxInclusive,
  poNumber: invoice.poNumber,
  customerMemo: invoice.customerMemo,
  privateNote: invoice.privateNote,
  lines: invoice.lines.map((line) => ({ ...line, sideId: null, key: null })),
  discount: invoice.discount,
});

/** What QuickBooks adds by itself to a body it accepts (quickbooks.md §2.4), with the totals as recorded. */
function answered(body: string, raw: JsonObject): JsonObject {
  const sent: unknown = JSON.parse(body);
  if (!isJsonObject(sent)) throw new Error('a body is an object');
  const own = ['Id', 'SyncToken', 'MetaData', 'TotalAmt', 'Balance'].flatMap((name) => {
    const value = raw[name];
    return value === undefined ? [] : [[name, value] as const];
  });
  return { ...Object.fromEntries(own), ...sent };
}

test('there are 88 recorded invoices to prove it on', () => {
  expect(recorded).toHaveLength(88);
});

test.each(recorded.map((each) => [titleOf(each), each] as const))(
  '%s is understood, and made anew it is the same invoice',
  (_, each) => {
    const facts = factsOf(each);
    const invoice = decoded(each.raw, facts);

    const body = quickBooksSpelling.create(invoice, facts, null);
    const again = decoded(answered(body, each.raw), facts);

    const { existence } = invoice; // a new invoice cannot be born void
    expect(mapped({ ...again, existence })).toEqual(mapped(invoice));
  },
);
