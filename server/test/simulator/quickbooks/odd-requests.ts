import * as fc from 'fast-check';
import type { Json } from '../../../simulator/quickbooks/json.ts';
import { demoRealm, saleLine } from './running-simulator.ts';

/** One request of the hail. */
export type Shot = {
  readonly method: string;
  readonly path: string;
  readonly body: string | undefined;
  readonly headers: Readonly<Record<string, string>>;
};

const entity = fc.constantFrom(
  'invoice',
  'Invoice',
  'payment',
  'creditmemo',
  'customer',
  'item',
  'term',
  'deposit',
  'bill',
  'estimate',
  'salesreceipt',
  'account',
  'preferences',
  'companyinfo',
  'taxcode',
  'exchangerate',
  'vendor',
  'nothing',
);
const id = fc.oneof(
  fc.integer({ min: -1, max: 60 }).map(String),
  fc.constantFrom('', 'x', '1.5', '99999999999999999999', '__proto__', 'null'),
);
const amount: fc.Arbitrary<Json> = fc.oneof(
  fc.integer({ min: -5, max: 500 }),
  fc.double({ min: 0, max: 1_000, noNaN: true }).map((value) => Math.round(value * 1_000) / 1_000),
  fc.constantFrom<Json>('12.50', '', 'abc', null, 1e308, -0.001, {}, []),
);
const reference = fc.oneof(
  id.map((value): Json => ({ value })),
  fc.constantFrom<Json>(null, 'x', { value: 1 }, { name: 'only' }),
);
const detailType = fc.constantFrom(
  'SalesItemLineDetail',
  'DiscountLineDetail',
  'SubTotalLineDetail',
  'DescriptionOnly',
  'GroupLineDetail',
  'Odd',
);

const line: fc.Arbitrary<Json> = fc.record(
  {
    Id: id,
    Amount: amount,
    Description: fc.string(),
    DetailType: detailType,
    SalesItemLineDetail: fc.record(
      {
        ItemRef: reference,
        Qty: amount,
        UnitPrice: amount,
        TaxCodeRef: fc.constantFrom<Json>({ value: 'TAX' }, { value: 'NON' }, { value: '1' }),
      },
      { requiredKeys: [] },
    ),
    DiscountLineDetail: fc.record(
      { PercentBased: fc.boolean(), DiscountPercent: amount },
      { requiredKeys: [] },
    ),
    GroupLineDetail: fc.constantFrom<Json>({ Line: [saleLine(3)] }, { Line: 'x' }),
    LinkedTxn: fc.array(
      fc.record({
        TxnId: id,
        TxnType: fc.constantFrom('Invoice', 'CreditMemo', 'Payment', 'Estimate'),
      }),
      { maxLength: 2 },
    ),
  },
  { requiredKeys: [] },
);

const body: fc.Arbitrary<Json> = fc.record(
  {
    Id: id,
    SyncToken: fc.constantFrom<Json>('0', '1', '2', '3', 0, '', null, 'x'),
    sparse: fc.constantFrom<Json>(true, false, 'true'),
    CustomerRef: reference,
    Line: fc.array(line, { maxLength: 4 }),
    TotalAmt: amount,
    TxnTaxDetail: fc.constantFrom<Json>(
      { TxnTaxCodeRef: { value: '2' } },
      { TxnTaxCodeRef: { value: '1' }, TotalTax: 1.11 },
      { TotalTax: -3 },
      'x',
    ),
    TxnDate: fc.constantFrom<Json>('2026-01-31', '2026-02-30', 'soon', 5, '2026-05-05T00:00:00Z'),
    DocNumber: fc.constantFrom<Json>('A-1', 'A-2', '', 'AUTO_GENERATE', 7, 'x'.repeat(30)),
    DisplayName: fc.oneof(fc.string(), fc.constantFrom('Globex Corp', 'a:b')),
    Name: fc.string(),
    Active: fc.constantFrom<Json>(true, false, 'no'),
    ParentRef: reference,
    IncomeAccountRef: reference,
    DepositToAccountRef: reference,
    PrivateNote: fc.string(),
    BillAddr: fc.constantFrom<Json>({ Line1: 'x' }, 'x', [], { Id: '2' }),
    ApplyTaxAfterDiscount: fc.boolean(),
  },
  { requiredKeys: [] },
);

/** Often something that could work, so that the books fill; often nonsense. */
const sensible: fc.Arbitrary<Json> = fc.record({
  CustomerRef: fc.integer({ min: 1, max: 24 }).map((value): Json => ({ value: String(value) })),
  Line: fc.array(
    fc
      .integer({ min: 1, max: 50_000 })
      .map((value): Json => saleLine(value / 100, { TaxCodeRef: { value: 'TAX' } })),
    { minLength: 1, maxLength: 3 },
  ),
  TxnTaxDetail: fc.constantFrom<Json>(null, { TxnTaxCodeRef: { value: '2' } }),
});
const update: fc.Arbitrary<Json> = fc.record({
  Id: fc.integer({ min: 1, max: 40 }).map(String),
  SyncToken: fc.constantFrom('0', '1', '2'),
  sparse: fc.constant(true),
  Line: fc.array(line, { minLength: 1, maxLength: 2 }),
});
const settling: fc.Arbitrary<Json> = fc
  .tuple(
    fc.integer({ min: 1, max: 24 }),
    fc.integer({ min: 1, max: 40 }),
    fc.integer({ min: 1, max: 300 }),
  )
  .map(([customer, invoice, paid]) => ({
    CustomerRef: { value: String(customer) },
    TotalAmt: paid,
    Line: [{ Amount: paid, LinkedTxn: [{ TxnId: String(invoice), TxnType: 'Invoice' }] }],
  }));

const operation = fc.constantFrom(
  '',
  '?operation=update',
  '?operation=void',
  '?operation=delete',
  '?operation=update&include=void',
  '?operation=zzz',
  '?requestid=r1',
  `?requestid=${'r'.repeat(60)}`,
  '?include=allowduplicatedocnum',
);
const statement = fc.oneof(
  fc.string(),
  fc
    .tuple(
      entity,
      fc.constantFrom(
        '',
        "where Id = '1'",
        "where TotalAmt > '3' and Balance < 5",
        "where DocNumber like '%1%'",
        "where MetaData.LastUpdatedTime > 'x'",
        "where Id in ('1', '2')",
        'or',
        'where Line = 1',
        'where Active in (true,false)',
      ),
      fc.constantFrom(
        '',
        'orderby Id desc',
        'maxresults 3',
        'startposition 0',
        'maxresults -1',
        'startposition 5 maxresults 2000',
      ),
    )
    .map((parts) => `select * from ${parts.join(' ')}`),
);

const besideEntities = fc.constantFrom(
  'taxservice/taxcode',
  'taxservice',
  'invoice/3/send',
  'invoice/3/send?sendTo=a@example.com',
  'payment/3/send?sendTo=%zz',
  'query',
  'batch?requestid=b1',
);

const json = (value: fc.Arbitrary<Json>) => value.map((content) => JSON.stringify(content));
const anyBody = fc.oneof(
  json(body),
  json(sensible),
  json(update),
  json(settling),
  fc.string(),
  fc.constantFrom('', '{', '[]', 'null', '"x"', '{"__proto__":{"a":1}}', '<Invoice/>'),
);
const realmPath = (rest: fc.Arbitrary<string>) =>
  rest.map((tail) => `/v3/company/${demoRealm}/${tail}`);
const odd = fc.webPath().map((tail) => `/v3/company/${demoRealm}${tail}`);
const headers = fc.constantFrom(
  {},
  { accept: 'application/xml' },
  { accept: 'text/html' },
  { 'content-type': 'application/x-www-form-urlencoded' },
  { authorization: 'Bearer x' },
  { authorization: 'Basic eDp5' },
);

/** Requests of all sorts: sound, nearly sound, and nonsense. */
export const shot: fc.Arbitrary<Shot> = fc.oneof(
  {
    weight: 5,
    arbitrary: fc.record({
      method: fc.constant('POST'),
      path: realmPath(
        fc.oneof(
          fc.tuple(entity, operation).map((parts) => parts.join('')),
          besideEntities,
        ),
      ),
      body: anyBody,
      headers,
    }),
  },
  {
    weight: 4,
    arbitrary: fc.record({
      method: fc.constant('POST'),
      path: realmPath(
        fc.constantFrom(
          'invoice',
          'invoice?operation=void',
          'invoice?operation=delete',
          'creditmemo',
          'payment',
          'payment?operation=delete',
        ),
      ),
      body: fc.oneof(json(sensible), json(update), json(settling)),
      headers: fc.constant({}),
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      method: fc.constant('GET'),
      path: realmPath(
        fc
          .tuple(entity, id, fc.constantFrom('', '', '/pdf', '/send'))
          .map(([name, key, tail]) => `${name}/${encodeURIComponent(key)}${tail}`),
      ),
      body: fc.constant(undefined),
      headers,
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      method: fc.constant('GET'),
      path: realmPath(
        statement.map((text) => `query?query=${encodeURIComponent(text.toWellFormed())}`),
      ),
      body: fc.constant(undefined),
      headers,
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      method: fc.constant('POST'),
      path: realmPath(fc.constant('batch')),
      body: fc.array(fc.tuple(entity, body), { maxLength: 3 }).map((items) =>
        JSON.stringify({
          BatchItemRequest: items.map(([name, content], index) => ({
            bId: String(index),
            operation: 'create',
            [name]: content,
          })),
        }),
      ),
      headers,
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      method: fc.constant('GET'),
      path: realmPath(
        fc
          .tuple(
            fc.constantFrom('Invoice', 'x', '', 'Invoice,Payment'),
            fc.constantFrom('2026-11-20', 'x', '', '2020-01-01T00:00:00Z', '%zz'),
          )
          .map(([names, since]) => `cdc?entities=${names}&changedSince=${since}`),
      ),
      body: fc.constant(undefined),
      headers,
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      method: fc.constantFrom('GET', 'POST', 'PUT', 'DELETE', 'PATCH', 'OPTIONS'),
      path: fc.oneof(
        odd,
        fc.constantFrom(
          '/v3/company/',
          '/v3/company/1/invoice',
          '/oauth2/v1/tokens/bearer',
          '/v2/oauth2/tokens/revoke',
          '/connect/oauth2?client_id=%',
          '/nowhere',
          '/v3/company/%zz/invoice',
        ),
      ),
      body: fc.constantFrom(undefined, '{}', 'x'),
      headers,
    }),
  },
);
