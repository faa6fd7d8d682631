import { Decimal } from 'decimal.js';
import { z } from 'zod';
import type { RecordedCompany } from './recorded-company.ts';
import { soldLines } from './wire.ts';

/** 'Net 30' is 'net-30' here: the two sides need not spell the names of terms and tax codes alike. */
const slug = (name: string): string => name.toLowerCase().replaceAll(/[^a-z0-9]+/g, '-');

const id = z.string();
const term = z.looseObject({ Id: id, Name: z.string(), DueDays: z.number().default(0) });
const taxRate = z.looseObject({ Id: id, RateValue: z.number().optional() });
const rateDetail = z.looseObject({ TaxRateRef: z.object({ value: id }) });
const taxCode = z.looseObject({
  Id: id,
  Name: z.string(),
  SalesTaxRateList: z.looseObject({ TaxRateDetail: z.array(rateDetail) }).optional(),
});

/** What the internal system knew before the first of the recorded invoices was written in it (http.md §4). */
export function internalBooks(company: RecordedCompany) {
  const invoices = company.invoices.map(({ open }) => open);
  const items = invoices
    .flatMap(soldLines)
    .flatMap(({ SalesItemLineDetail }) => SalesItemLineDetail?.ItemRef ?? []);
  const customers = once(invoices.map(({ CustomerRef }) => CustomerRef));
  return {
    customers: customers.map(([id, name]) => ({ id: `cus_${id}`, displayName: name })),
    items: once(items).map(([id, name]) => ({ id: `itm_${id}`, name })),
    taxCodes: [
      { id: 'TAX', name: 'Taxable', percent: '0' },
      { id: 'NON', name: 'Not taxable', percent: '0' },
      ...taxCodesOf(company),
    ],
    terms: termsOf(company).map(({ Name, DueDays }) => ({
      id: slug(Name),
      name: Name,
      dueDays: DueDays,
    })),
    invoices: [],
  };
}

type Named = { readonly value: string; readonly name?: string | undefined };

const once = (references: readonly Named[]): readonly (readonly [string, string])[] => [
  ...new Map(references.map(({ value, name }) => [value, name ?? value])),
];

const termsOf = ({ masters }: RecordedCompany) => z.array(term).parse(masters['Term'] ?? []);

/** The percentage of a code is that of its rates together. */
function taxCodesOf({ masters }: RecordedCompany) {
  const rates = z.array(taxRate).parse(masters['TaxRate'] ?? []);
  return z
    .array(taxCode)
    .parse(masters['TaxCode'] ?? [])
    .map(({ Name, SalesTaxRateList }) => {
      const ids = SalesTaxRateList?.TaxRateDetail.map(({ TaxRateRef }) => TaxRateRef.value) ?? [];
      const percent = rates
        .filter(({ Id }) => ids.includes(Id))
        .reduce((sum, { RateValue }) => sum.plus(RateValue ?? 0), new Decimal(0));
      return { id: slug(Name), name: Name, percent: percent.toFixed() };
    });
}

/** How the internal system calls the term or tax code that has this id in QuickBooks. */
export function namedInternally(
  { name, masters }: RecordedCompany,
  entity: 'Term' | 'TaxCode',
  quickbooksId: string,
): string {
  const found = (masters[entity] ?? []).find(({ Id }) => Id === quickbooksId)?.['Name'];
  if (typeof found !== 'string') throw new Error(`${name} has no ${entity} ${quickbooksId}`);
  return slug(found);
}
