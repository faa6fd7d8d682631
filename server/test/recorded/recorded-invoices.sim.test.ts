import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import { startWorld, type World } from '../support/world.ts';
import { compareInvoices, type Compared, type Crossed } from './compare.ts';
import { internalBooks } from './internal-books.ts';
import { internalForm, internalId } from './internal-form.ts';
import { homeCurrencyOf } from './made-masters.ts';
import {
  loadCompany,
  recordedCompanies,
  seedQuickBooks,
  type RecordedCompany,
} from './recorded-company.ts';
import { isVoided, readInvoice, type ShownInvoice } from './wire.ts';

/** How many invoices were recorded from each company. */
const counts: Readonly<Record<string, number>> = {
  'nango-craigs-2026': 26,
  'airbyte-craigs-2023': 4,
  'bitframe-au-2021': 31,
  'intuit-docs': 1,
  'invoiceninja-craigs-2024': 1,
  'javasdk-2015': 1,
  'minimul-craigs-2020': 2,
  'nytely-craigs-2025': 21,
  'ruckus-us-2014': 1,
};

const companies = recordedCompanies().map(loadCompany);

test('all 88 recorded invoices of nine companies are there to cross', () => {
  const found = companies.map(({ name, invoices }) => [name, invoices.length] as const);

  expect(Object.fromEntries(found)).toEqual(counts);
  expect(found.reduce((sum, [, count]) => sum + count, 0)).toBe(88);
});

describe.each(companies.map((company) => [company.name, company] as const))('%s', (_, company) => {
  test('every recorded invoice crosses by webhook and is the recorded one, field by field', async () => {
    const world = await startWorld({ books: internalBooks(company) });
    await seedQuickBooks(world.quickbooks.url, company);

    await cross(world, company);

    const invoices = await crossedInvoices(world);
    const compared = company.invoices.flatMap(({ shown }) => compareOne(shown, invoices, company));
    expect(invoices.size).toBe(company.invoices.length);
    expect(compared.filter(({ recorded, crossed }) => recorded !== crossed)).toEqual([]);
    expect(await writes(world)).toEqual(expectedWrites(company));
  });
});

/** Writes every invoice in internal invoicing and lets it cross; then those that were recorded void are voided there. */
async function cross(world: World, company: RecordedCompany): Promise<void> {
  for (const { open } of company.invoices) {
    const invoice = internalForm(open, company);
    await world.invoicing.human({ action: 'create', invoice, by: 'maria@example.com' });
  }
  await world.drainUntilSettled();

  for (const { shown } of voidedOf(company))
    await world.invoicing.human({ action: 'void', id: internalId(shown) });
  await world.drainUntilSettled();
}

const voidedOf = ({ invoices }: RecordedCompany): RecordedCompany['invoices'] =>
  invoices.filter(({ shown }) => isVoided(shown));

const linkRow = z.object({
  internal_id: z.string(),
  quickbooks_id: z.string().nullable(),
  status: z.string(),
  status_reason: z.string().nullable(),
  tax_variance: z.unknown(),
});

/** What QuickBooks holds now, by the internal invoice it was made from; every crossing must have ended well, to the cent. */
async function crossedInvoices(world: World): Promise<ReadonlyMap<string, ShownInvoice>> {
  const links = await world.rows(
    linkRow,
    'SELECT internal_id, quickbooks_id, status, status_reason, tax_variance FROM link',
  );
  const troubled = links.filter(
    ({ status, tax_variance }) => status !== 'IN_SYNC' || tax_variance !== null,
  );
  expect(troubled).toEqual([]);
  const held = (await world.quickbooks.all('Invoice')).map(readInvoice);
  expect(held).toHaveLength(links.length);
  return new Map(
    links.flatMap(({ internal_id, quickbooks_id }) => {
      const invoice = held.find(({ Id }) => Id === quickbooks_id);
      return invoice === undefined ? [] : [[internal_id, invoice] as const];
    }),
  );
}

function compareOne(
  recorded: ShownInvoice,
  invoices: ReadonlyMap<string, ShownInvoice>,
  company: RecordedCompany,
): readonly (Compared & { readonly invoice: string })[] {
  const id = internalId(recorded);
  const held = invoices.get(id);
  if (held === undefined) throw new Error(`${company.name}: invoice ${recorded.Id} did not cross`);
  const crossed: Crossed = {
    internalId: id,
    homeCurrency: homeCurrencyOf(company.invoices.map(({ open }) => open)),
    defaultTaxCode: defaultTaxCodeOf(company),
  };
  return compareInvoices(recorded, held, crossed).map((compared) => ({
    invoice: recorded.Id,
    ...compared,
  }));
}

const preferences = z.looseObject({
  TaxPrefs: z.looseObject({ TaxGroupCodeRef: z.object({ value: z.string() }).optional() }),
});

const defaultTaxCodeOf = ({ masters }: RecordedCompany): string | null =>
  preferences.parse(masters['Preferences']?.[0]).TaxPrefs.TaxGroupCodeRef?.value ?? null;

/** How often the bridge wrote what: customers, items and terms were all found, so only invoices were. */
async function writes(world: World): Promise<Readonly<Record<string, number>>> {
  const mutations = await world.quickbooks.mutations();
  const kinds = Map.groupBy(mutations, ({ entity, operation }) => `${operation} ${entity}`);
  return Object.fromEntries([...kinds].map(([kind, each]) => [kind, each.length]));
}

function expectedWrites(company: RecordedCompany): Readonly<Record<string, number>> {
  const voided = voidedOf(company).length;
  const created = { 'create Invoice': company.invoices.length };
  return voided === 0 ? created : { ...created, 'void Invoice': voided };
}
