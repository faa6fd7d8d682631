import { describe, expect, test } from 'vitest';
import { brandAmount, brandDecimal, brandLocalDate, toCurrency } from '#core/brand.ts';
import { isJsonObject, type JsonObject } from '#core/json.ts';
import { difference, isZero, amountOf, sum } from '#core/money/money.ts';
import type { AccountingPayment } from '#core/payment/payment.ts';
import { decodePayment } from '../../../src/adapters/quickbooks/decode-payment.ts';
import { quickBooksSpelling } from '../../../src/adapters/quickbooks/spelling.ts';
import { parsePayment } from '../../../src/adapters/quickbooks/wire.ts';
import { recordedObjects } from '../../recorded.ts';

const usd = toCurrency('USD');

function decoded(raw: JsonObject, home = usd): AccountingPayment {
  const parsed = parsePayment(raw);
  if (!parsed.ok) throw new Error(parsed.problem);
  return decodePayment(parsed.wire, home);
}

const bodyOf = (body: string): JsonObject => {
  const sent: unknown = JSON.parse(body);
  if (!isJsonObject(sent)) throw new Error('a body is an object');
  return sent;
};

/** A payment over two invoices with a credit, on a card, with things the bridge knows nothing about. */
const raw: JsonObject = {
  Id: '31',
  SyncToken: '4',
  MetaData: {
    CreateTime: '2026-11-01T10:00:00-08:00',
    LastUpdatedTime: '2026-11-02T10:00:00-08:00',
  },
  domain: 'QBO',
  sparse: false,
  CustomerRef: { value: '58', name: 'Globex Corp' },
  CurrencyRef: { value: 'USD' },
  DepositToAccountRef: { value: '4' },
  PaymentMethodRef: { value: '2', name: 'Check' },
  PaymentRefNum: '1044',
  PrivateNote: 'Rang twice\nLedgerBridge pay_1',
  TxnDate: '2026-11-02',
  TotalAmt: 150.1,
  UnappliedAmt: 5.1,
  ProcessPayment: false,
  Mystery: { deep: [1.25, null] },
  Line: [
    {
      Amount: 100.0,
      LinkedTxn: [{ TxnId: '7', TxnType: 'Invoice' }],
      LineEx: { any: [{ name: 'x' }] },
    },
    { Amount: 20, LinkedTxn: [{ TxnId: '9', TxnType: 'CreditMemo' }] },
    { Amount: 65, LinkedTxn: [{ TxnId: '8', TxnType: 'Invoice' }] },
  ],
};

describe('reading a payment', () => {
  const recorded = recordedObjects('Payment');

  test('there are 15 recorded ones to prove it on', () => {
    expect(recorded).toHaveLength(15);
  });

  test.each(
    recorded.map((each) => [`${each.company}/${JSON.stringify(each.raw['Id'])}`, each] as const),
  )(
    '%s is understood: what came in and its credits are what went out and what is left',
    (_, each) => {
      const payment = decoded(each.raw, toCurrency(each.company.includes('-au-') ? 'AUD' : 'USD'));
      const { currency, total, credits, unapplied, applications } = payment;

      const given = sum([unapplied, ...applications.map(({ amount }) => amount)], currency);
      const had = sum([total, credits], currency);
      expect(isZero(amountOf(difference(amountOf(given), amountOf(had), currency)))).toBe(true);
      expect(payment.existence).toBe('present');
      expect(payment.isDeposited).toBe(each.raw['LinkedTxn'] !== undefined);
    },
  );

  test('what it pays, what it brings from elsewhere, what is left, and whose it is', () => {
    expect(decoded(raw)).toMatchObject({
      total: '150.10',
      unapplied: '5.10',
      credits: '20.00',
      marker: 'pay_1',
      method: { id: '2', name: 'Check' },
      reference: '1044',
      exchangeRate: null,
      applications: [
        { invoiceId: '7', amount: '100.00' },
        { invoiceId: '8', amount: '65.00' },
      ],
    });
  });

  test('an invoice on two lines gets what both say', () => {
    const line = { Amount: 10.05, LinkedTxn: [{ TxnId: '7', TxnType: 'Invoice' }] };

    expect(decoded({ ...raw, Line: [line, line] }).applications).toEqual([
      { invoiceId: '7', amount: '20.10' },
    ]);
  });

  test.each([
    [{ TotalAmt: 0, UnappliedAmt: 0, Line: [], PrivateNote: 'Voided' }, 'void'],
    [{ TotalAmt: 0, UnappliedAmt: 0, Line: [], PrivateNote: 'Voided - by hand' }, 'void'],
    [{ TotalAmt: 0, UnappliedAmt: 0, Line: [], PrivateNote: 'Voidedness' }, 'present'],
    [{ TotalAmt: 0, UnappliedAmt: 0, PrivateNote: 'Voided? Only a credit' }, 'present'],
    [{ PrivateNote: 'Voided once, then written anew' }, 'present'],
    [{ status: 'Deleted' }, 'deleted'],
  ])('%o is %s', (more, existence) => {
    expect(decoded({ ...raw, ...more }).existence).toBe(existence);
  });

  test('a rate is stated only for foreign money', () => {
    const foreign = { ...raw, CurrencyRef: { value: 'EUR' }, ExchangeRate: 1.0825 };

    expect(decoded(foreign)).toMatchObject({ currency: 'EUR', exchangeRate: '1.0825' });
    expect(decoded({ ...raw, ExchangeRate: 1 }).exchangeRate).toBeNull();
    expect(decoded({ ...raw, CurrencyRef: null }).currency).toBe('USD');
  });
});

describe('writing a payment', () => {
  const wanted = decoded(raw);
  const updated = (change: Partial<AccountingPayment>): JsonObject =>
    bodyOf(quickBooksSpelling.paymentUpdate({ ...wanted, ...change }, raw));

  test('a new one says all there is to say, its amounts digit by digit', () => {
    const body = quickBooksSpelling.paymentCreate({
      customerId: '58',
      invoiceId: '7',
      currency: toCurrency('EUR'),
      exchangeRate: brandDecimal('1.0825'),
      amount: brandAmount('1234567890.10'),
      date: brandLocalDate('2026-11-21'),
      method: { id: '2', name: 'Check' },
      reference: 'CHK-7',
      marker: 'pay_7',
    });

    expect(body).toBe(
      '{"TxnDate":"2026-11-21","CustomerRef":{"value":"58"},"CurrencyRef":{"value":"EUR"},"ExchangeRate":1.0825,' +
        '"TotalAmt":1234567890.10,"PaymentMethodRef":{"value":"2"},"PaymentRefNum":"CHK-7","PrivateNote":"LedgerBridge pay_7",' +
        '"Line":[{"Amount":1234567890.10,"LinkedTxn":[{"TxnId":"7","TxnType":"Invoice"}]}]}',
    );
  });

  test('what is not known of a new one is left out', () => {
    const body = quickBooksSpelling.paymentCreate({
      customerId: '58',
      invoiceId: '7',
      currency: usd,
      exchangeRate: null,
      amount: brandAmount('1.00'),
      date: brandLocalDate('2026-11-21'),
      method: null,
      reference: null,
      marker: null,
    });

    expect(Object.keys(bodyOf(body))).toEqual([
      'TxnDate',
      'CustomerRef',
      'CurrencyRef',
      'TotalAmt',
      'Line',
    ]);
  });

  test('a change of nothing is the whole payment as it stands, but for what QuickBooks computes', () => {
    const { MetaData: _m, domain: _d, UnappliedAmt: _u, ...rest } = raw;

    expect(updated({})).toEqual(rest);
  });

  test.each(
    recordedObjects('Payment').map((each) => [JSON.stringify(each.raw['Id']), each.raw] as const),
  )(
    'recorded payment %s sent back unchanged has the same lines and means the same',
    (_, recorded) => {
      const body = bodyOf(quickBooksSpelling.paymentUpdate(decoded(recorded), recorded));

      expect(body['Line']).toEqual(recorded['Line']);
      const { MetaData, UnappliedAmt } = recorded;
      const again = { ...body, MetaData: MetaData ?? null, UnappliedAmt: UnappliedAmt ?? null };
      expect(decoded(again)).toEqual(decoded(recorded));
    },
  );

  test('one amount changes, and every other line stays as it is', () => {
    const applications = [
      { invoiceId: '7', amount: brandAmount('90.00') },
      { invoiceId: '8', amount: brandAmount('65.00') },
    ];

    expect(updated({ applications })['Line']).toEqual([
      {
        Amount: 90,
        LinkedTxn: [{ TxnId: '7', TxnType: 'Invoice' }],
        LineEx: { any: [{ name: 'x' }] },
      },
      { Amount: 20, LinkedTxn: [{ TxnId: '9', TxnType: 'CreditMemo' }] },
      { Amount: 65, LinkedTxn: [{ TxnId: '8', TxnType: 'Invoice' }] },
    ]);
  });

  test('an invoice that is no longer paid goes, one that is paid now comes, credits stay', () => {
    const applications = [
      { invoiceId: '8', amount: brandAmount('65.00') },
      { invoiceId: '12', amount: brandAmount('3.00') },
    ];

    expect(updated({ applications })['Line']).toEqual([
      { Amount: 20, LinkedTxn: [{ TxnId: '9', TxnType: 'CreditMemo' }] },
      { Amount: 65, LinkedTxn: [{ TxnId: '8', TxnType: 'Invoice' }] },
      { Amount: 3, LinkedTxn: [{ TxnId: '12', TxnType: 'Invoice' }] },
    ]);
  });

  test('an invoice on two lines gets its new amount once', () => {
    const line = { Amount: 10, LinkedTxn: [{ TxnId: '7', TxnType: 'Invoice' }] };
    const twice = { ...raw, Line: [line, line] };
    const applications = [{ invoiceId: '7', amount: brandAmount('15.00') }];
    const change = { ...decoded(twice), applications };

    expect(bodyOf(quickBooksSpelling.paymentUpdate(change, twice))['Line']).toEqual([
      { ...line, Amount: 15 },
    ]);
  });

  test('method and reference are emptied by leaving them out of the whole', () => {
    const body = updated({ method: null, reference: null });

    expect(body).not.toHaveProperty('PaymentMethodRef');
    expect(body).not.toHaveProperty('PaymentRefNum');
    expect(body['sparse']).toBe(false);
    expect(updated({ method: { id: '5', name: 'Card' } })['PaymentMethodRef']).toEqual({
      value: '5',
    });
  });

  test('a removal names the version it rests on', () => {
    expect(quickBooksSpelling.paymentDelete('31', wanted.version)).toBe(
      '{"Id":"31","SyncToken":"4"}',
    );
  });
});
