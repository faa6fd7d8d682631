import { describe, expect, test } from 'vitest';
import { brandAmount, brandDecimal, brandLocalDate, toCurrency, toVersion } from '#core/brand.ts';
import type { QuickBooksFacts } from '#core/company/company.ts';
import type { Invoice } from '#core/invoice/invoice.ts';
import { quickBooksSpelling as spelling } from '../../../src/adapters/quickbooks/spelling.ts';
import { auFacts, invoiceThere as invoice, usFacts, withLines } from './examples.ts';

const parsed = (body: string): unknown => JSON.parse(body);
const created = (
  content: Invoice,
  facts: QuickBooksFacts = usFacts,
  marker: string | null = null,
): unknown => parsed(spelling.create(content, facts, marker));

describe('a new invoice', () => {
  test('is spelled whole, with the marker as the last line of its note', () => {
    const body = created(
      { ...invoice, privateNote: 'Back door' },
      { ...usFacts, defaultTaxCodeId: '2' },
      'LedgerBridge inv_123',
    );

    expect(body).toEqual({
      DocNumber: 'INV-20296',
      TxnDate: '2026-11-20',
      DueDate: '2026-12-20',
      CustomerRef: { value: '58', name: 'Globex Corp' },
      CurrencyRef: { value: 'USD' },
      SalesTermRef: { value: '3', name: 'Net 30' },
      BillEmail: { Address: 'ap@globex.example' },
      BillAddr: {
        Line1: '1 Main St',
        City: 'Cypress Creek',
        CountrySubDivisionCode: 'OR',
        PostalCode: '97000',
        Country: 'US',
      },
      CustomerMemo: { value: 'Thank you' },
      PrivateNote: 'Back door\nLedgerBridge inv_123',
      Line: [
        {
          LineNum: 1,
          Description: 'Rack unit',
          Amount: 78_000,
          DetailType: 'SalesItemLineDetail',
          SalesItemLineDetail: {
            ItemRef: { value: '11', name: 'Hardware' },
            Qty: 12,
            UnitPrice: 6_500,
            TaxCodeRef: { value: 'TAX' },
          },
        },
      ],
      TxnTaxDetail: { TxnTaxCodeRef: { value: '2' }, TotalTax: 6_205.18 },
    });
  });

  test('is the same bytes each time, its digits as they are', () => {
    const fine = withLines({
      quantity: brandDecimal('0.0000001'),
      unitPrice: brandDecimal('1234567.8901234'),
      amount: brandAmount('12345678901234.56'),
    });
    const body = spelling.create(fine, usFacts, null);

    expect(body).toBe(spelling.create(structuredClone(fine), usFacts, null));
    expect(body).toContain('"Amount":12345678901234.56');
    expect(body).toContain('"Qty":0.0000001');
    expect(body).toContain('"UnitPrice":1234567.8901234');
  });

  test('puts the discount last, in percent of the lines to the cent', () => {
    const body = created({
      ...withLines({ amount: brandAmount('0.05') }, { amount: brandAmount('10.00') }),
      discount: { kind: 'percent', percent: brandDecimal('10') },
    });

    expect(body).toHaveProperty('Line.2', {
      Amount: 1.01,
      DetailType: 'DiscountLineDetail',
      DiscountLineDetail: { PercentBased: true, DiscountPercent: 10 },
    });
  });

  test('of words alone sells nothing', () => {
    const body = created(
      withLines({
        item: null,
        quantity: null,
        unitPrice: null,
        taxCode: null,
        amount: brandAmount('0.00'),
        description: 'As agreed',
      }),
    );

    expect(body).toHaveProperty('Line', [
      {
        LineNum: 1,
        Description: 'As agreed',
        DetailType: 'DescriptionOnly',
        DescriptionLineDetail: {},
      },
    ]);
  });

  test('in another currency states it with its rate', () => {
    const body = created(
      { ...invoice, currency: toCurrency('EUR'), exchangeRate: brandDecimal('1.0837') },
      auFacts,
    );

    expect(body).toMatchObject({ CurrencyRef: { value: 'EUR' }, ExchangeRate: 1.0837 });
  });
});

describe('tax', () => {
  test('US lines say TAX or NON, the code stands once with its total', () => {
    const body = created(
      withLines({ taxCode: { id: '3', name: 'Oakland' } }, { taxCode: { id: 'NON', name: 'NON' } }),
    );

    expect(body).toMatchObject({
      Line: [
        { SalesItemLineDetail: { TaxCodeRef: { value: 'TAX' } } },
        { SalesItemLineDetail: { TaxCodeRef: { value: 'NON' } } },
      ],
      TxnTaxDetail: { TxnTaxCodeRef: { value: '3' }, TotalTax: 6_205.18 },
    });
    expect(body).not.toHaveProperty('GlobalTaxCalculation');
  });

  test('US lines without tax state none', () => {
    const body = created({
      ...withLines({ taxCode: { id: 'NON', name: 'NON' } }),
      derived: { ...invoice.derived, taxTotal: brandAmount('0.00') },
    });

    expect(body).toHaveProperty('TxnTaxDetail', { TotalTax: 0 });
  });

  test('elsewhere every line has its code and QuickBooks computes', () => {
    const body = created(
      withLines({ taxCode: { id: '10', name: 'GST' } }, { taxCode: { id: '26', name: 'Free' } }),
      auFacts,
    );

    expect(body).toMatchObject({
      GlobalTaxCalculation: 'TaxExcluded',
      Line: [
        { SalesItemLineDetail: { TaxCodeRef: { value: '10' } } },
        { SalesItemLineDetail: { TaxCodeRef: { value: '26' } } },
      ],
    });
    expect(body).not.toHaveProperty('TxnTaxDetail');
  });

  test('amounts that contain tax are split to the cent', () => {
    const line = { taxCode: { id: '10', name: 'GST' }, quantity: null, unitPrice: null };
    const body = created(
      {
        ...withLines(
          { ...line, amount: brandAmount('110.00') },
          { ...line, amount: brandAmount('0.05') },
          { ...line, amount: brandAmount('33.33') },
        ),
        taxInclusive: true,
        derived: { ...invoice.derived, taxTotal: brandAmount('13.03') },
      },
      auFacts,
    );

    expect(body).toMatchObject({
      GlobalTaxCalculation: 'TaxInclusive',
      Line: [
        { Amount: 100, SalesItemLineDetail: { TaxInclusiveAmt: 110 } },
        { Amount: 0.05, SalesItemLineDetail: { TaxInclusiveAmt: 0.05 } },
        { Amount: 30.3, SalesItemLineDetail: { TaxInclusiveAmt: 33.33 } },
      ],
    });
  });

  test('a change of lines states it on documents the bridge made, and leaves it to QuickBooks on others', () => {
    const raw = { Id: '1', SyncToken: '0', Line: [] };
    const changed = (held: object, marker: string | null) =>
      parsed(spelling.update(invoice, { ...raw, ...held }, ['lines'], usFacts, marker));

    const stated = { TxnTaxDetail: { TotalTax: 6_205.18 } };
    expect(changed({}, 'LedgerBridge inv_123')).toMatchObject(stated);
    expect(changed({ PrivateNote: 'LedgerBridge inv_123' }, null)).toMatchObject(stated);
    expect(changed({ PrivateNote: 'Something' }, null)).not.toHaveProperty('TxnTaxDetail');
  });
});

describe('a change', () => {
  const raw = {
    Id: '145',
    SyncToken: '7',
    TxnDate: '2026-11-20',
    DueDate: '2026-12-20',
    SalesTermRef: { value: '3' },
    TotalAmt: 84_205.18,
    Balance: 0,
    MetaData: {},
    ProjectRef: { value: '9' },
    Line: [],
  };

  test('is sparse, on the version it was read at, with its fields alone', () => {
    const body = spelling.update(
      { ...invoice, id: 'other' },
      raw,
      ['customerMemo', 'number'],
      usFacts,
      null,
    );

    expect(parsed(body)).toEqual({
      sparse: true,
      Id: '145',
      SyncToken: '7',
      CustomerMemo: { value: 'Thank you' },
      DocNumber: 'INV-20296',
    });
  });

  test('empties a text sparsely', () => {
    const body = spelling.update(
      { ...invoice, customerMemo: null, poNumber: null },
      raw,
      ['customerMemo', 'poNumber'],
      usFacts,
      null,
    );

    expect(parsed(body)).toMatchObject({
      sparse: true,
      CustomerMemo: { value: '' },
      PONumber: '',
    });
  });

  test('empties a reference or date with the whole document, computed values left to QuickBooks', () => {
    const body = parsed(
      spelling.update({ ...invoice, terms: null, lines: [] }, raw, ['terms'], usFacts, null),
    );

    expect(body).toEqual({
      sparse: false,
      Id: '145',
      SyncToken: '7',
      TxnDate: '2026-11-20',
      DueDate: '2026-12-20',
      ProjectRef: { value: '9' },
      Line: [],
    });
  });

  test('of a path nobody knows moves nothing', () => {
    const body = spelling.update(invoice, raw, ['derived.total', 'constructor'], usFacts, null);

    expect(parsed(body)).toEqual({ sparse: true, Id: '145', SyncToken: '7' });
  });
});

test('a void is id and version alone', () => {
  expect(spelling.void('145', toVersion('7'))).toBe('{"Id":"145","SyncToken":"7"}');
});

test('dates are spelled as they are, whatever the machine’s zone', () => {
  const body = created({ ...invoice, issueDate: brandLocalDate('2026-01-01') });

  expect(body).toHaveProperty('TxnDate', '2026-01-01');
});
