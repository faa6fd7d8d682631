import fs from 'node:fs';
import path from 'node:path';
import { z } from 'zod';
import type { FreshRecords } from './company.ts';
import { demoMasters } from './demo-masters.ts';
import { companyDataSchema, type CompanyData, type InvoiceRecord } from './wire.ts';
import { recordOfWhole } from './whole-invoice.ts';

/** A company from data in section 4's shape, taken as it is. A company cannot be without tax codes, terms and payment methods: what is left out is the demo's. */
export function recordsOf(data: CompanyData): FreshRecords {
  const demo = demoMasters();
  const taxCodes = byId(data.taxCodes ?? demo.taxCodes);
  const invoices = data.invoices.map((invoice): InvoiceRecord =>
    recordOfWhole(invoice, { records: { taxCodes } }),
  );
  return {
    customers: byId(data.customers),
    items: byId(data.items),
    taxCodes,
    terms: byId(data.terms ?? demo.terms),
    paymentMethods: byId(data.paymentMethods ?? demo.paymentMethods),
    invoices: new Map(invoices.map((record) => [record.invoice.id, record])),
  };
}

const files = {
  customers: 'Customer.json',
  items: 'Item.json',
  invoices: 'Invoice.json',
  taxCodes: 'TaxCode.json',
  terms: 'Term.json',
  paymentMethods: 'PaymentMethod.json',
};

/** Reads a folder of arrays (http.md §6 `SIMULATOR_INVOICING_SEED_DIR`); a file that is not there is an empty list or the demo's. */
export function readSeedDirectory(directory: string): FreshRecords {
  const found = Object.entries(files).filter(([, file]) =>
    fs.existsSync(path.join(directory, file)),
  );
  if (found.length === 0) throw new Error(`no ${Object.values(files).join(', ')} in ${directory}`);

  const data = found.map(([name, file]) => [name, readList(path.join(directory, file))] as const);
  const parsed = companyDataSchema.safeParse(Object.fromEntries(data));
  if (!parsed.success) throw new Error(`${directory}: ${z.prettifyError(parsed.error)}`);
  return recordsOf(parsed.data);
}

function readList(file: string): unknown {
  try {
    return JSON.parse(fs.readFileSync(file, 'utf8'));
  } catch (error) {
    throw new Error(`${file} is not JSON`, { cause: error });
  }
}

function byId<Value extends { readonly id: string }>(values: readonly Value[]): Map<string, Value> {
  return new Map(values.map((value) => [value.id, value]));
}
