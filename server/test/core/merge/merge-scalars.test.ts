import { describe, expect, test } from 'vitest';
import { brandAmount, brandDecimal, brandLocalDate, toCurrency } from '#core/brand.ts';
import type { Address, Invoice, InvoiceContent, Line } from '#core/invoice/invoice.ts';
import type { Merge } from '#core/merge/merge-field.ts';
import { mergeInvoice } from '#core/merge/merge-invoice.ts';
import { quickbooksTwin, translated, unpaidInvoice } from '../documents.ts';

/** A document with one value of a field, and which values say the same as it. */
type Valued = { readonly invoice: Invoice; readonly says: string };

const header = (says: string, changes: Partial<InvoiceContent>): Valued => ({
  invoice: { ...unpaidInvoice, ...changes },
  says,
});

const plainLine = { ...unpaidInvoice.lines[0], quantity: null, unitPrice: null };
const onLine = (says: string, changes: Partial<Line>): Valued => ({
  invoice: {
    ...unpaidInvoice,
    lines: unpaidInvoice.lines.map((line) => ({ ...line, ...plainLine, ...changes })),
  },
  says,
});

const address = (city: string, country: string): Address => ({
  line1: '1 Main St',
  line2: null,
  city,
  region: 'OR',
  postalCode: '97000',
  country,
});
const record = (id: string, name = id) => ({ id, name });
const text = (field: string) =>
  [
    ['nothing', null],
    ['nothing', ''],
    ['one', 'One'],
    ['other', 'Other'],
  ].map(([says, value]) => [says, { [field]: value }] as const);

const texts = (field: 'number' | 'billEmail' | 'poNumber' | 'customerMemo' | 'privateNote') =>
  text(field).map(([says, changes]) => header(says ?? '', changes));

/**
 * Values of every scalar field: none where there may be none, one, the same said otherwise, another. On the QuickBooks side
 * each stands in QuickBooks' terms, under the ids of the twin records.
 */
const fields: readonly (readonly [field: string, group: string, values: readonly Valued[]])[] = [
  ['number', 'number', texts('number')],
  ['billEmail', 'billEmail', texts('billEmail')],
  ['poNumber', 'poNumber', texts('poNumber')],
  ['customerMemo', 'customerMemo', texts('customerMemo')],
  ['privateNote', 'privateNote', texts('privateNote')],
  [
    'customer',
    'customer',
    [
      header('one', { customer: record('cus_1') }),
      header('one', { customer: record('cus_1', 'Renamed') }),
      header('other', { customer: record('cus_2') }),
      header('third', { customer: record('cus_3') }),
    ],
  ],
  [
    'currency',
    'customer',
    ['USD', 'EUR', 'CAD'].map((code) => header(code, { currency: toCurrency(code) })),
  ],
  [
    'exchangeRate',
    'customer',
    [
      header('nothing', { exchangeRate: null }),
      header('one', { exchangeRate: brandDecimal('1.5') }),
      header('one', { exchangeRate: brandDecimal('1.50') }),
      header('other', { exchangeRate: brandDecimal('2') }),
    ],
  ],
  [
    'issueDate',
    'issueDate',
    ['2026-11-20', '2026-11-21', '2026-11-22'].map((day) =>
      header(day, { issueDate: brandLocalDate(day) }),
    ),
  ],
  [
    'dueDate',
    'issueDate',
    [
      header('nothing', { dueDate: null }),
      ...['2026-12-20', '2026-12-21'].map((day) => header(day, { dueDate: brandLocalDate(day) })),
    ],
  ],
  [
    'terms',
    'issueDate',
    [
      header('nothing', { terms: null }),
      header('one', { terms: record('net-30') }),
      header('one', { terms: record('net-30', 'Renamed') }),
      header('other', { terms: record('net-60') }),
    ],
  ],
  [
    'billTo',
    'billTo',
    [
      header('nothing', { billTo: null }),
      header('one', { billTo: address('Cypress Creek', 'US') }),
      header('one', { billTo: address(' Cypress Creek ', 'USA') }),
      header('other', { billTo: address('Springfield', 'US') }),
    ],
  ],
  [
    'taxInclusive',
    'taxInclusive',
    [header('no', { taxInclusive: false }), header('yes', { taxInclusive: true })],
  ],
  [
    'discount',
    'discount',
    [
      header('nothing', { discount: null }),
      header('one', { discount: { kind: 'percent', percent: brandDecimal('10') } }),
      header('one', { discount: { kind: 'percent', percent: brandDecimal('10.0') } }),
      header('other', { discount: { kind: 'amount', amount: brandAmount('10.00') } }),
    ],
  ],
  [
    'item',
    'amount',
    [
      onLine('nothing', { item: null }),
      onLine('one', { item: record('itm_1') }),
      onLine('one', { item: record('itm_1', 'Renamed') }),
      onLine('other', { item: record('itm_2') }),
    ],
  ],
  [
    'quantity',
    'amount',
    [
      onLine('nothing', { quantity: null }),
      onLine('one', { quantity: brandDecimal('2') }),
      onLine('one', { quantity: brandDecimal('2.0') }),
      onLine('other', { quantity: brandDecimal('3') }),
    ],
  ],
  [
    'unitPrice',
    'amount',
    [
      onLine('nothing', { unitPrice: null }),
      onLine('one', { unitPrice: brandDecimal('10') }),
      onLine('one', { unitPrice: brandDecimal('10.0') }),
      onLine('other', { unitPrice: brandDecimal('11') }),
    ],
  ],
  [
    'amount',
    'amount',
    ['11.00', '22.00', '33.00'].map((amount) => onLine(amount, { amount: brandAmount(amount) })),
  ],
  [
    'description',
    'description',
    text('description').map(([says, changes]) => onLine(says ?? '', changes)),
  ],
  [
    'taxCode',
    'taxCode',
    [
      onLine('nothing', { taxCode: null }),
      onLine('one', { taxCode: record('tax_1') }),
      onLine('one', { taxCode: record('tax_1', 'Renamed') }),
      onLine('other', { taxCode: record('tax_2') }),
    ],
  ],
  [
    'serviceDate',
    'serviceDate',
    [
      onLine('nothing', { serviceDate: null }),
      ...['2026-11-01', '2026-11-02'].map((day) =>
        onLine(day, { serviceDate: brandLocalDate(day) }),
      ),
    ],
  ],
];

type Pattern = {
  readonly wasHere: Valued;
  readonly wasThere: Valued;
  readonly here: Valued;
  readonly there: Valued;
};

/** Every pattern of a field: what each side showed when they last agreed, and what each shows now. */
const patternsOf = (values: readonly Valued[]): readonly Pattern[] =>
  values.flatMap((wasHere) =>
    values.flatMap((wasThere) =>
      values.flatMap((here) => values.map((there) => ({ wasHere, wasThere, here, there }))),
    ),
  );

/** Said again from the law (architecture.md §4), not from the code under test. */
function lawful({ wasHere, wasThere, here, there }: Pattern): Merge {
  const edited = { here: here.says !== wasHere.says, there: there.says !== wasThere.says };
  if (!edited.here && !edited.there) return 'unchanged';
  if (here.says === there.says) return 'agreed';
  if (edited.here && edited.there) return 'conflict';
  return edited.here ? 'take-internal' : 'take-quickbooks';
}

function merged({ wasHere, wasThere, here, there }: Pattern, group: string): string | undefined {
  const merges = mergeInvoice({
    base: { internal: wasHere.invoice, quickbooks: quickbooksTwin(wasThere.invoice) },
    internal: here.invoice,
    internalTranslated: translated(here.invoice),
    quickbooks: quickbooksTwin(there.invoice),
    defaultTaxCodeId: null,
  });
  const others = merges.filter((one) => one.group !== group && one.merge !== 'unchanged');
  if (others.length > 0) throw new Error(`${others[0]?.group} moved beside it`);
  return merges.find((one) => one.group === group)?.merge;
}

const shown = ({ wasHere, wasThere, here, there }: Pattern): string =>
  `agreed on ${wasHere.says} here and ${wasThere.says} there; now ${here.says} here and ${there.says} there`;

describe('merging one scalar field over every pattern of both halves of the base and both sides', () => {
  test('counts every scalar field of the field map that is compared', () => {
    expect(fields.map(([field]) => field).toSorted()).toEqual(
      'number customer currency exchangeRate issueDate dueDate terms billEmail billTo taxInclusive poNumber customerMemo privateNote discount item quantity unitPrice amount description taxCode serviceDate'
        .split(' ')
        .toSorted(),
    );
    const patterns = fields.reduce((sum, [, , values]) => sum + patternsOf(values).length, 0);
    expect(patterns).toBe(15 * 4 ** 4 + 5 * 3 ** 4 + 2 ** 4);
  });

  test.each(fields)('%s', (_field, group, values) => {
    const reached = new Set<string>();
    for (const pattern of patternsOf(values)) {
      const merge = merged(pattern, group);
      reached.add(merge ?? 'none');
      expect(merge, shown(pattern)).toBe(lawful(pattern));
    }
    expect(reached).toContain('unchanged');
    expect(reached).toContain('take-internal');
    expect(reached).toContain('take-quickbooks');
    expect(reached).toContain('agreed');
    // Two people who both change a yes to a no say the same; with apart halves even they can disagree.
    expect(reached).toContain('conflict');
  });
});
