import { expect, test } from 'vitest';
import { isJsonObject, type Json, type JsonObject } from '#core/json.ts';
import { recordedInvoices } from '../../recorded.ts';
import { auFacts, decoded, usFacts } from './examples.ts';

const list = (value: Json | undefined): readonly JsonObject[] =>
  Array.isArray(value) ? value.filter(isJsonObject) : [];

const recorded = recordedInvoices();

/** Shapes of recorded invoices that stay in QuickBooks: name, why, and which invoices have it. */
const shapes: readonly {
  readonly name: string;
  readonly reason: string;
  readonly has: (raw: JsonObject) => boolean;
  readonly invoices: readonly string[];
}[] = [
  {
    name: 'link of a reimbursed charge',
    reason: 'the line crosses; its link belongs to an expense only QuickBooks knows',
    has: (raw) => list(raw['LinkedTxn']).some(({ TxnType }) => TxnType === 'ReimburseCharge'),
    invoices: [
      'bitframe-au-2021/115',
      'bitframe-au-2021/123',
      'bitframe-au-2021/125',
      'nango-craigs-2026/27',
      'nytely-craigs-2025/27',
    ],
  },
  {
    name: 'class of a line',
    reason: 'internal invoicing has no classes',
    has: (raw) =>
      list(raw['Line']).some((line) => {
        const detail = line['SalesItemLineDetail'];
        return isJsonObject(detail) && 'ClassRef' in detail;
      }),
    invoices: ['bitframe-au-2021/160', 'bitframe-au-2021/161', 'bitframe-au-2021/162'],
  },
  {
    name: 'project',
    reason: 'internal invoicing has no projects',
    has: (raw) => 'ProjectRef' in raw,
    invoices: ['intuit-docs/5'],
  },
  {
    name: 'bundle',
    reason: 'a bundle prices its inner lines itself',
    has: (raw) => list(raw['Line']).some(({ DetailType }) => DetailType === 'GroupLineDetail'),
    invoices: [],
  },
];

test.each(shapes)('$name is not mapped, for $reason: exactly the named invoices', (shape) => {
  const having = recorded
    .filter(({ raw }) => shape.has(raw))
    .map(({ company, raw }) => `${company}/${typeof raw['Id'] === 'string' ? raw['Id'] : '?'}`);

  expect(having.toSorted()).toEqual(shape.invoices);
});

test('no line of any recorded invoice is left out: every one is mapped or QuickBooks’ own', () => {
  for (const { company, raw } of recorded) {
    const invoice = decoded(raw, company.includes('-au-') ? auFacts : usFacts);
    const own = list(raw['Line']).filter(({ DetailType }) => DetailType === 'SubTotalLineDetail');
    const discounts = invoice.discount === null ? 0 : 1;

    expect(invoice.carriedLines).toEqual([]);
    expect(invoice.lines.length + own.length + discounts).toBe(list(raw['Line']).length);
  }
});

test('every property of every recorded invoice is mapped or known to be QuickBooks’ own', () => {
  const mapped =
    'Id SyncToken MetaData DocNumber TxnDate CurrencyRef ExchangeRate PrivateNote LinkedTxn Line TxnTaxDetail CustomerRef CustomerMemo BillAddr BillEmail SalesTermRef DueDate GlobalTaxCalculation TotalAmt Balance';
  const own =
    'AllowIPNPayment AllowOnlineACHPayment AllowOnlineCreditCardPayment AllowOnlinePayment ApplyTaxAfterDiscount CustomField DeliveryInfo Deposit EmailStatus FreeFormAddress HomeBalance HomeTotalAmt PrintStatus ProjectRef RecurDataRef ShipAddr ShipFromAddr domain sparse';
  const known = new Set(`${mapped} ${own}`.split(' '));
  const strange = recorded.flatMap(({ raw }) =>
    Object.keys(raw).filter((name) => !known.has(name)),
  );

  expect(new Set(strange)).toEqual(new Set());
});
