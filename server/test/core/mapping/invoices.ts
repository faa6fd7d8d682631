import {
  brandAmount,
  brandDecimal,
  brandLocalDate,
  toCurrency,
  toInstant,
  toLineKey,
  toVersion,
} from '#core/brand.ts';
import type { Invoice, Line } from '#core/invoice/invoice.ts';

/** A line of 12 racks at 6 500.00 under the key A. */
export const aLine: Line = {
  key: toLineKey('A'),
  sideId: 'l1',
  item: { id: 'itm_4', name: 'Hardware', detail: 'HW-1' },
  description: 'Rack unit',
  quantity: brandDecimal('12'),
  unitPrice: brandDecimal('6500'),
  amount: brandAmount('78000.00'),
  taxCode: { id: 'TAX', name: 'TAX' },
  serviceDate: null,
};

/** The internal invoice of http.md §4. */
export const anInvoice: Invoice = {
  side: 'internal',
  id: 'inv_123',
  version: toVersion('7'),
  modifiedAt: toInstant(1_763_803_258_120),
  modifiedBy: 'maria@example.com',
  url: 'https://invoicing.example/invoices/inv_123',
  counterpartId: null,
  existence: 'present',
  number: 'INV-20296',
  currency: toCurrency('USD'),
  exchangeRate: null,
  customer: { id: 'cus_9', name: 'Globex Corp', detail: 'ap@globex.example' },
  billEmail: 'ap@globex.example',
  billTo: {
    line1: '1 Main St',
    line2: null,
    city: 'Cypress Creek',
    region: 'OR',
    postalCode: '97000',
    country: 'US',
  },
  issueDate: brandLocalDate('2026-11-20'),
  dueDate: brandLocalDate('2026-12-20'),
  terms: { id: 'net-30', name: 'net-30' },
  taxInclusive: false,
  poNumber: null,
  customerMemo: 'Thank you',
  privateNote: null,
  lines: [aLine],
  discount: null,
  derived: {
    subtotal: brandAmount('78000.00'),
    taxTotal: brandAmount('6205.18'),
    total: brandAmount('84205.18'),
    amountPaid: brandAmount('4205.18'),
    balanceDue: brandAmount('80000.00'),
  },
  payments: [],
  carriedLines: [],
};
