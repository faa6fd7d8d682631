import { describe, expect, test } from 'vitest';
import { brandAmount, brandDecimal, toCurrency } from '#core/brand.ts';
import type { Invoice } from '#core/invoice/invoice.ts';
import { taxTruth, type TaxTruth, type TaxVariance } from '#core/plan/tax-truth.ts';
import { unpaidInvoice } from '../documents.ts';
import { agreed, gone, taxed } from './cases.ts';

const cents = brandDecimal('0.05');

const truthOf = (
  quickbooks: Partial<Invoice>,
  more: {
    readonly internal?: Partial<Invoice>;
    readonly open?: readonly string[];
    readonly tolerance?: string;
    readonly before?: TaxVariance | null;
  } = {},
): TaxTruth =>
  taxTruth(
    { ...unpaidInvoice, ...more.internal },
    { ...agreed.quickbooks, ...quickbooks },
    (more.open ?? []).map((group) => ({ group, paths: [], merge: 'conflict', lineKey: null })),
    more.tolerance === undefined ? cents : brandDecimal(more.tolerance),
    more.before ?? null,
  );

const varianceIn = (truth: TaxTruth): TaxVariance => {
  if (!('variance' in truth)) throw new Error(`no variance but ${truth.kind}`);
  return truth.variance;
};

describe('the totals of two documents whose lines agree', () => {
  // The internal tax is 6205.18.
  test.each([
    ['6205.18', 'equal'],
    ['6205.19', 'variance'],
    ['6205.13', 'variance'],
    ['6205.23', 'variance'],
    ['6205.12', 'dispute'],
    ['6205.24', 'dispute'],
    ['0.00', 'dispute'],
  ])('with %s tax in QuickBooks are %s', (taxTotal, kind) => {
    expect(truthOf(taxed(taxTotal)).kind).toBe(kind);
  });

  test('name the gap, both amounts of tax, the one taxed line and where it comes from', () => {
    const { lines } = unpaidInvoice;

    expect(varianceIn(truthOf(taxed('6205.20')))).toEqual({
      amount: '0.02',
      currency: 'USD',
      internalTax: '6205.18',
      quickbooksTax: '6205.20',
      lineKey: lines[0]?.key ?? null,
      reason: 'QuickBooks has 6205.20 USD tax on Rack unit where internal invoicing has 6205.18.',
      accepted: false,
    });
  });

  test('name no line where several are taxed', () => {
    const twice = (invoice: Invoice) => ({ lines: [...invoice.lines, ...invoice.lines] });

    const variance = varianceIn(
      truthOf(
        { ...taxed('6205.20'), ...twice(agreed.quickbooks) },
        { internal: twice(unpaidInvoice) },
      ),
    );

    expect(variance.lineKey).toBeNull();
  });

  test('with a tolerance of nothing let nothing pass', () => {
    expect(truthOf(taxed('6205.19'), { tolerance: '0' }).kind).toBe('dispute');
  });
});

describe('a difference in tax that a person accepted', () => {
  const before = { ...varianceIn(truthOf(taxed('6300.00'))), accepted: true };

  test('stands for as long as both sides show the same tax', () => {
    expect(truthOf(taxed('6300.00'), { before })).toMatchObject({
      kind: 'variance',
      variance: { accepted: true },
    });
  });

  test('is asked about again once either side shows another', () => {
    expect(truthOf(taxed('6300.01'), { before }).kind).toBe('dispute');
    expect(truthOf(taxed('6300.00'), { before, internal: taxed('6205.17') }).kind).toBe('dispute');
  });
});

describe('totals that say nothing about tax', () => {
  test.each(['amount', 'line', 'taxCode', 'discount', 'customer', 'taxInclusive', 'existence'])(
    'while %s is disputed they stay open',
    (group) => {
      expect(truthOf(taxed('6300.00'), { open: [group] }).kind).toBe('open');
    },
  );

  test.each(['number', 'customerMemo', 'issueDate', 'description'])(
    'a dispute about %s does not keep them open',
    (group) => {
      expect(truthOf(taxed('6300.00'), { open: [group] }).kind).toBe('dispute');
    },
  );

  test('where one side is void they are not compared', () => {
    expect(truthOf({ ...taxed('0.00'), ...gone }).kind).toBe('equal');
  });

  test('where one side has more than the other in its lines, tax does not explain it', () => {
    const more = taxed('6300.00');
    const derived = { ...unpaidInvoice.derived, ...more.derived, subtotal: brandAmount('1.00') };

    expect(truthOf({ derived }).kind).toBe('unexplained');
  });

  test('where the totals differ by more than tax, tax does not explain it', () => {
    const derived = { ...unpaidInvoice.derived, total: brandAmount('1.00') };

    expect(truthOf({ derived }).kind).toBe('unexplained');
  });
});

describe('where amounts contain their tax', () => {
  const inclusive = (taxTotal: string): Partial<Invoice> => ({
    taxInclusive: true,
    derived: { ...unpaidInvoice.derived, taxTotal: brandAmount(taxTotal) },
  });

  test('the totals agree and the tax in them is compared all the same', () => {
    const internal = inclusive('6205.18');

    expect(truthOf(inclusive('6205.18'), { internal }).kind).toBe('equal');
    expect(truthOf(inclusive('6205.19'), { internal }).kind).toBe('variance');
    expect(truthOf(inclusive('6300.00'), { internal }).kind).toBe('dispute');
  });
});

describe('in a currency with other places', () => {
  const inCurrency = (code: string, taxTotal: string, total: string): Partial<Invoice> => ({
    currency: toCurrency(code),
    derived: {
      ...unpaidInvoice.derived,
      subtotal: brandAmount('100'),
      taxTotal: brandAmount(taxTotal),
      total: brandAmount(total),
    },
  });

  test('a tolerance smaller than a yen lets one yen pass, not two', () => {
    const internal = inCurrency('JPY', '10', '110');

    expect(truthOf(inCurrency('JPY', '11', '111'), { internal }).kind).toBe('variance');
    expect(truthOf(inCurrency('JPY', '12', '112'), { internal }).kind).toBe('dispute');
  });

  test('a tolerance of five hundredths of a dinar lets fifty fils pass', () => {
    const internal = inCurrency('KWD', '10.000', '110.000');

    expect(truthOf(inCurrency('KWD', '10.050', '110.050'), { internal }).kind).toBe('variance');
    expect(truthOf(inCurrency('KWD', '10.051', '110.051'), { internal }).kind).toBe('dispute');
  });
});
