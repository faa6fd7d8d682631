import { demoCustomers } from '../demo/customers.ts';
import { demoItems, demoPaymentMethods, demoTaxCodes, demoTerms } from '../demo/small-business.ts';
import { addDecimals } from './money.ts';
import type { Customer, Item, PaymentMethod, TaxCode, Term } from './wire.ts';

export type Masters = {
  readonly customers: readonly Customer[];
  readonly items: readonly Item[];
  readonly taxCodes: readonly TaxCode[];
  readonly terms: readonly Term[];
  readonly paymentMethods: readonly PaymentMethod[];
};

const updatedAt = '2026-01-05T09:00:00.000Z';

/** The demo company's master data as this system keeps it: ids in the order of the lists. */
export function demoMasters(): Masters {
  return {
    customers: demoCustomers.map(customerOf),
    items: demoItems.map(itemOf),
    taxCodes: taxCodes(),
    terms: demoTerms.map(({ slug, name, dueDays }) => ({ id: slug, name, dueDays })),
    paymentMethods: demoPaymentMethods.map(({ slug, name }) => ({ id: slug, name })),
  };
}

function customerOf(demo: (typeof demoCustomers)[number], index: number): Customer {
  const parentIndex = demoCustomers.findIndex((other) => other.key === demo.parentKey);
  return {
    id: `cus_${index + 1}`,
    displayName: demo.displayName,
    email: demo.email,
    phone: demo.phone,
    billTo: { ...demo.address, line2: null, country: 'US' },
    terms: demoTerms.find((term) => term.name === demo.terms)?.slug ?? null,
    taxable: demo.taxable,
    parentId: parentIndex === -1 ? null : `cus_${parentIndex + 1}`,
    active: true,
    version: '1',
    updatedAt,
  };
}

function itemOf(demo: (typeof demoItems)[number], index: number): Item {
  return {
    id: `itm_${index + 1}`,
    sku: demo.sku,
    name: demo.name,
    description: demo.description,
    unitPrice: demo.unitPrice,
    taxCode: demo.taxable ? 'TAX' : 'NON',
    active: true,
    version: '1',
    updatedAt,
  };
}

/** The company's first code is what TAX on a line means; NON is the code without tax. */
function taxCodes(): TaxCode[] {
  const rated = demoTaxCodes.map(({ name, rates }, index) => ({
    id: index === 0 ? 'TAX' : name.toUpperCase(),
    name,
    percent: addDecimals(rates.map((rate) => rate.percent)),
  }));
  return [...rated, { id: 'NON', name: 'Non-taxable', percent: '0' }];
}
