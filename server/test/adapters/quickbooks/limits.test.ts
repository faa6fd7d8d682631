import { describe, expect, test } from 'vitest';
import { brandDecimal, toCurrency } from '#core/brand.ts';
import type { QuickBooksFacts } from '#core/company/company.ts';
import type { Invoice } from '#core/invoice/invoice.ts';
import type { NeededReference } from '#core/mapping/reference.ts';
import { quickBooksSpelling as spelling } from '../../../src/adapters/quickbooks/spelling.ts';
import { auFacts, invoiceThere as invoice, usFacts, withLines } from './examples.ts';

const problems = (content: Invoice, facts: QuickBooksFacts) => spelling.problems(content, facts);
const parsed = (body: string): unknown => JSON.parse(body);

describe('new records', () => {
  const needed: NeededReference = {
    kind: 'CUSTOMER',
    side: 'internal',
    id: 'cus_9',
    name: ' Globex Corp ',
    email: 'ap@globex.example',
    sku: 'HW-1',
  };

  test('a customer, an item and terms are spelled', () => {
    expect(parsed(spelling.customer(needed, 'USD'))).toEqual({
      DisplayName: 'Globex Corp',
      PrimaryEmailAddr: { Address: 'ap@globex.example' },
      CurrencyRef: { value: 'USD' },
    });
    expect(parsed(spelling.item(needed, '45'))).toEqual({
      Name: 'Globex Corp',
      Sku: 'HW-1',
      Type: 'Service',
      IncomeAccountRef: { value: '45' },
    });
    expect(parsed(spelling.term({ ...needed, name: 'net-45' }))).toEqual({
      Name: 'net-45',
      DueDays: 45,
    });
  });

  test.each([
    ['Parent:Child', 'colon'],
    ['', 'no name'],
    ['x'.repeat(101), '101 characters'],
  ])('%j cannot be made', (name, word) => {
    expect(spelling.referenceProblems({ ...needed, name }).join()).toContain(word);
  });

  test('terms must say their days', () => {
    const terms = (name: string) => spelling.referenceProblems({ ...needed, kind: 'TERMS', name });

    expect(terms('net-30')).toEqual([]);
    expect(terms('Due on receipt')).toEqual([]);
    expect(terms('whenever')).toHaveLength(1);
  });
});

describe('limits', () => {
  const of = (more: Partial<Invoice>, facts: QuickBooksFacts = usFacts) =>
    problems({ ...invoice, ...more }, facts);

  test('an ordinary invoice has no problem', () => {
    expect(of({})).toEqual([]);
  });

  test.each([
    ['number', 21],
    ['poNumber', 15],
    ['customerMemo', 1_000],
    ['billEmail', 100],
  ] as const)('%s holds %i characters and not one more', (field, max) => {
    expect(of({ [field]: 'x'.repeat(max) })).toEqual([]);
    expect(of({ [field]: 'x'.repeat(max + 1) })).toHaveLength(1);
  });

  test('a private note leaves room for its marker', () => {
    expect(of({ privateNote: 'x'.repeat(3_880) })).toEqual([]);
    expect(of({ privateNote: 'x'.repeat(3_881) })).toHaveLength(1);
  });

  test('lines hold so much text and so many digits', () => {
    const long = withLines({ description: 'x'.repeat(4_001) });
    const fine = withLines({ quantity: brandDecimal('1234567890.123456') });

    expect(problems(long, usFacts)[0]).toContain('Line 1');
    expect(problems(fine, usFacts)[0]).toContain('15 digits');
  });

  test('an address has five lines at most', () => {
    const billTo = {
      line1: '1',
      line2: '2\n3\n4\n5',
      city: null,
      region: null,
      postalCode: null,
      country: null,
    };

    expect(of({ billTo })).toEqual([]);
    expect(of({ billTo: { ...billTo, line2: `${billTo.line2}\n6` } })).toHaveLength(1);
  });

  test('a US invoice has one tax code and amounts before tax', () => {
    const two = withLines({ taxCode: { id: '2', name: '' } }, { taxCode: { id: '3', name: '' } });

    expect(problems(two, usFacts)).toHaveLength(1);
    expect(of({ taxInclusive: true })).toHaveLength(1);
    expect(problems({ ...two, taxInclusive: false }, auFacts)).toEqual([]);
  });

  test('elsewhere every line needs a tax code, and amounts with tax one code for all', () => {
    const none = withLines({ taxCode: null });
    const two = withLines({ taxCode: { id: '2', name: '' } }, { taxCode: { id: '3', name: '' } });

    expect(problems({ ...none, currency: auFacts.homeCurrency }, auFacts)).toHaveLength(1);
    expect(problems({ ...two, taxInclusive: true }, auFacts)).toHaveLength(1);
  });

  test('another currency needs a company that keeps several', () => {
    expect(of({ currency: toCurrency('EUR') })).toHaveLength(1);
    expect(of({ currency: toCurrency('EUR') }, { ...usFacts, multiCurrency: true })).toEqual([]);
  });
});
