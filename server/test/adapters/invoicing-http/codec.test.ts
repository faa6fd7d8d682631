import { describe, expect, test } from 'vitest';
import { brandAmount, brandDecimal } from '#core/brand.ts';
import {
  decodeInvoice,
  encodeNewInvoice,
  encodePatch,
} from '../../../src/adapters/invoicing-http/codec.ts';
import { parseInvoice } from '../../../src/adapters/invoicing-http/wire.ts';
import { aLine, anInvoice } from '../../core/mapping/invoices.ts';

/** The invoice of http.md §4. */
const wire = {
  id: 'inv_123',
  url: 'https://invoicing.example/invoices/inv_123',
  externalRef: null,
  version: '7',
  updatedAt: '2025-11-22T09:20:58.120Z',
  updatedBy: 'maria@example.com',
  number: 'INV-20296',
  status: 'open',
  currency: 'USD',
  exchangeRate: null,
  customer: { id: 'cus_9', displayName: 'Globex Corp', email: 'ap@globex.example', version: '2' },
  issueDate: '2026-11-20',
  dueDate: '2026-12-20',
  terms: 'net-30',
  taxInclusive: false,
  poNumber: null,
  customerMemo: 'Thank you',
  privateNote: null,
  billTo: {
    line1: '1 Main St',
    line2: null,
    city: 'Cypress Creek',
    region: 'OR',
    postalCode: '97000',
    country: 'US',
  },
  lines: [
    {
      id: 'l1',
      item: { id: 'itm_4', sku: 'HW-1', name: 'Hardware' },
      description: 'Rack unit',
      quantity: '12',
      unitPrice: '6500.00',
      amount: '78000.00',
      taxCode: 'TAX',
      serviceDate: null,
    },
  ],
  discount: null,
  subtotal: '78000.00',
  taxTotal: '6205.18',
  total: '84205.18',
  amountPaid: '4205.18',
  balanceDue: '80000.00',
  payments: [
    {
      id: 'pay_1',
      date: '2026-11-21',
      amount: '4205.18',
      method: 'ach',
      reference: null,
      version: '1',
    },
  ],
};

const decoded = (more: object = {}) => {
  const parsed = parseInvoice({ ...wire, ...more });
  if (!parsed.ok) throw new Error(parsed.problem);
  return decodeInvoice(parsed.wire);
};

describe('reading', () => {
  test('the invoice of the contract means what it says', () => {
    expect(decoded()).toEqual({
      ...anInvoice,
      lines: [{ ...aLine, key: null }],
      payments: [
        {
          id: 'pay_1',
          version: '1',
          date: '2026-11-21',
          amount: '4205.18',
          method: 'ach',
          reference: null,
          by: 'payment',
        },
      ],
    });
  });

  test('fields of later versions pass', () => {
    expect(decoded({ projectId: 'p1' })).toEqual(decoded());
  });

  test('empty text and an address without a word are nothing', () => {
    const billTo = {
      line1: '',
      line2: null,
      city: '',
      region: null,
      postalCode: null,
      country: null,
    };

    expect(decoded({ poNumber: '', billTo })).toMatchObject({ poNumber: null, billTo: null });
  });

  test('a void invoice is void, a paid one is present', () => {
    expect(decoded({ status: 'void' }).existence).toBe('void');
    expect(decoded({ status: 'paid' }).existence).toBe('present');
  });

  test('discounts are read by their kind', () => {
    expect(decoded({ discount: { percent: '10.0' } }).discount).toEqual({
      kind: 'percent',
      percent: '10',
    });
    expect(decoded({ discount: { amount: '5' } }).discount).toEqual({
      kind: 'amount',
      amount: '5.00',
    });
  });

  test('amounts take the decimals of their currency', () => {
    expect(decoded({ currency: 'JPY', total: '84205' }).derived.total).toBe('84205');
  });

  test.each([
    ['total', { total: 84_205.18 }],
    ['total', { total: '84,205.18' }],
    ['issueDate', { issueDate: '2026-02-30' }],
    ['status', { status: 'draft' }],
    ['lines[0].amount', { lines: [{ id: 'l1', amount: null }] }],
    ['currency', { currency: 'dollars' }],
    ['updatedAt', { updatedAt: 'today' }],
  ])('a wrong %s is named', (path, more) => {
    const parsed = parseInvoice({ ...wire, ...more });

    expect(parsed.ok ? '' : parsed.problem).toContain(`${path}: `);
  });
});

describe('writing', () => {
  test('a new invoice states what may be stated, and its reference', () => {
    expect(encodeNewInvoice(anInvoice, 'quickbooks:42:7')).toEqual({
      externalRef: 'quickbooks:42:7',
      number: 'INV-20296',
      currency: 'USD',
      exchangeRate: null,
      customer: { id: 'cus_9' },
      issueDate: '2026-11-20',
      dueDate: '2026-12-20',
      terms: 'net-30',
      taxInclusive: false,
      poNumber: null,
      customerMemo: 'Thank you',
      privateNote: null,
      billTo: wire.billTo,
      lines: [
        {
          item: { id: 'itm_4' },
          description: 'Rack unit',
          quantity: '12',
          unitPrice: '6500',
          taxCode: 'TAX',
          serviceDate: null,
        },
      ],
      discount: null,
    });
  });

  test('a patch holds the named fields and no other; null clears', () => {
    const content = { ...anInvoice, terms: null };

    expect(encodePatch(content, ['terms', 'customerMemo'])).toEqual({
      terms: null,
      customerMemo: 'Thank you',
    });
    expect(encodePatch(content, ['billEmail', 'derived.total'])).toEqual({});
  });

  test('one field of one line sends the whole set, each line under its id', () => {
    const lump = {
      ...aLine,
      sideId: null,
      quantity: null,
      unitPrice: null,
      amount: brandAmount('5.00'),
      item: null,
    };
    const patch = encodePatch({ ...anInvoice, lines: [aLine, lump] }, ['lines[key=A].quantity']);

    expect(patch).toMatchObject({ lines: [{ id: 'l1', quantity: '12' }, { amount: '5.00' }] });
    expect(patch).not.toHaveProperty('lines.0.amount');
    expect(patch).not.toHaveProperty('lines.1.id');
  });

  test('what was read and written is read again as the same', () => {
    const content = decoded({ discount: { percent: '10' } });
    const written = encodeNewInvoice(content, 'ref');
    const lines = content.lines.map((line) => ({
      ...line,
      id: line.sideId,
      item: wire.lines[0]?.item,
      taxCode: 'TAX',
    }));

    const again = decoded({ ...written, externalRef: null, lines, customer: wire.customer });
    expect(again).toEqual(content);
  });

  test('a discount is stated by its kind', () => {
    const percent = { kind: 'percent', percent: brandDecimal('10') } as const;
    const amount = { kind: 'amount', amount: brandAmount('5.00') } as const;

    expect(encodePatch({ ...anInvoice, discount: percent }, ['discount'])).toEqual({
      discount: { percent: '10' },
    });
    expect(encodePatch({ ...anInvoice, discount: amount }, ['discount'])).toEqual({
      discount: { amount: '5.00' },
    });
  });
});
