import { expect, test } from 'vitest';
import { z } from 'zod';
import { isJsonObject, type JsonObject } from '#core/json.ts';
import { startWorld, type World } from '../support/world.ts';
import { carriedOn, keptOf, lineIdsOf } from './carried.ts';
import { internalBooks } from './internal-books.ts';
import { internalForm, internalId } from './internal-form.ts';
import { bundleItem, personsEdit } from './person-in-quickbooks.ts';
import {
  loadCompany,
  recordedCompanies,
  seedQuickBooks,
  type RecordedCompany,
} from './recorded-company.ts';

/** Recorded companies with the invoices that carry what the bridge cannot map, and the records a person needs besides. */
const companies = recordedCompanies()
  .map(loadCompany)
  .map((company): RecordedCompany => ({
    ...company,
    invoices: company.invoices.filter(({ raw }) => carriedOn(raw).length > 0),
    masters: { ...company.masters, Item: [...(company.masters['Item'] ?? []), bundleItem] },
  }))
  .filter(({ invoices }) => invoices.length > 0);

test('nine recorded invoices carry reimbursed charges, projects or classes', () => {
  expect(companies.map(({ name, invoices }) => [name, invoices.length])).toEqual([
    ['nango-craigs-2026', 1],
    ['bitframe-au-2021', 6],
    ['intuit-docs', 1],
    ['nytely-craigs-2025', 1],
  ]);
});

test.each(companies.map((company) => [company.name, company] as const))(
  '%s: what a person in QuickBooks put on an invoice survives every write unchanged',
  async (_, company) => {
    const world = await startWorld({ books: internalBooks(company) });
    await seedQuickBooks(world.quickbooks.url, company);
    for (const { open } of company.invoices)
      await world.invoicing.human({ action: 'create', invoice: internalForm(open, company) });
    await world.drainUntilSettled();
    for (const { shown, raw } of company.invoices) {
      const held = await heldBy(world, internalId(shown));
      const set = personsEdit(raw, held);
      await world.quickbooks.human({ action: 'edit', entity: 'Invoice', id: held['Id'], set });
    }
    const ids = company.invoices.map(({ shown }) => internalId(shown));
    const before = await Promise.all(ids.map((id) => heldBy(world, id)));
    for (const [index, { raw }] of company.invoices.entries()) {
      const carried = carriedOn(before[index] ?? {});
      expect(carried).toEqual(expect.arrayContaining([...carriedOn(raw)]));
      expect(carried).toContain('Line[GroupLineDetail].GroupLineDetail.Quantity = 2');
    }

    for (const { name, change, arrived } of edits) {
      for (const id of ids) {
        const set = change(await world.invoicing.invoice(id));
        await world.invoicing.human({ action: 'edit', id, set });
      }
      await world.drainUntilSettled();

      for (const [index, id] of ids.entries()) {
        const was = before[index] ?? {};
        const held = await heldBy(world, id);
        expect(keptOf(held, lineIdsOf(was)), `${id} after ${name}`).toEqual(
          keptOf(was, lineIdsOf(was)),
        );
        expect({ SalesTermRef: null, ...held }, `${id} after ${name}`).toMatchObject(arrived);
      }
    }
  },
);

const lineWith = (shown: object) => expect.objectContaining(shown);

const line = z.looseObject({ id: z.string(), quantity: z.string().nullable() });
type Line = z.infer<typeof line>;

const linesOf = (invoice: object): readonly Line[] =>
  z.object({ lines: z.array(line) }).parse(invoice).lines;

type Edit = {
  readonly name: string;
  /** What a person in internal invoicing changes. */
  readonly change: (invoice: object) => object;
  /** What QuickBooks must show then: the write took place. */
  readonly arrived: object;
};

/** Edits of every kind of write: few properties, the whole set of lines, and the whole document where one is emptied. */
const edits: readonly Edit[] = [
  {
    name: 'new header fields',
    change: () => ({ poNumber: 'PO-77', customerMemo: 'With thanks', privateNote: 'Checked' }),
    arrived: { PONumber: 'PO-77', CustomerMemo: { value: 'With thanks' } },
  },
  {
    name: 'other words on the first line',
    change: (invoice) => ({ lines: withFirst(invoice, { description: 'Reworded' }) }),
    arrived: {
      Line: expect.arrayContaining([lineWith({ Description: 'Reworded' })]),
    },
  },
  {
    name: 'another amount on the first line',
    change: (invoice) => ({
      lines: withFirst(invoice, { quantity: '3', unitPrice: '41.50', amount: null }),
    }),
    arrived: { Line: expect.arrayContaining([lineWith({ Amount: 124.5 })]) },
  },
  {
    name: 'a line more',
    change: (invoice) => ({ lines: [...linesOf(invoice), travelLine(invoice)] }),
    arrived: { Line: expect.arrayContaining([lineWith({ Description: 'Travel' })]) },
  },
  {
    name: 'a discount',
    change: () => ({ discount: { percent: '5' } }),
    arrived: {
      Line: expect.arrayContaining([lineWith({ DetailType: 'DiscountLineDetail' })]),
    },
  },
  {
    name: 'emptied terms and address',
    change: () => ({ terms: null, billTo: null, dueDate: '2027-01-31', poNumber: null }),
    arrived: { DueDate: '2027-01-31', SalesTermRef: null },
  },
  {
    name: 'a line less',
    change: (invoice) => ({ lines: linesOf(invoice).slice(0, -1) }),
    arrived: { Line: expect.not.arrayContaining([lineWith({ Description: 'Travel' })]) },
  },
];

const withFirst = (invoice: object, change: object): readonly object[] =>
  linesOf(invoice).map((each, index) => (index === 0 ? { ...each, ...change } : each));

function travelLine(invoice: object): object {
  const { id: _, ...first } = linesOf(invoice)[0] ?? { id: '' };
  return { ...first, description: 'Travel', quantity: '1', unitPrice: '10.00', amount: null };
}

const linkRow = z.object({
  quickbooks_id: z.string(),
  status: z.string(),
  status_reason: z.string(),
});

/** The QuickBooks invoice an internal one is linked to, in sync with it. */
async function heldBy(world: World, id: string): Promise<JsonObject> {
  const [link] = await world.rows(
    linkRow,
    'SELECT quickbooks_id, status, status_reason FROM link WHERE internal_id = $1',
    [id],
  );
  expect(link).toMatchObject({ status: 'IN_SYNC' });
  const held = (await world.quickbooks.all('Invoice')).find(({ Id }) => Id === link?.quickbooks_id);
  if (!isJsonObject(held)) throw new Error(`${id} is not in QuickBooks`);
  return held;
}
