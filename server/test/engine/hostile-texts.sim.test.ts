import { expect, test } from 'vitest';
import { lineOf, plainInvoice, smallBooks } from '../support/companies.ts';
import { counterpartOf, linkOf, quickBooksInvoices, soldLines } from '../support/ledger.ts';
import { startWorld } from '../support/world.ts';

/** Ends a string in SQL and in QuickBooks' query language, and goes on with a statement. */
const texts = {
  number: `N'1\\'--`,
  customer: `Robert'); DROP TABLE link;--`,
  item: `Lamp' OR Active = true --`,
  poNumber: `'; DELETE --`,
  memo: `"quoted" 'and' \\ \${link} %s \u0027 <script>alert(1)</script>`,
  description: `'||(SELECT token)||' \\' -- /* */`,
};

test('texts made to end a statement cross as they are, and what carries them is found again by them', async () => {
  const books = {
    ...smallBooks,
    customers: [{ id: 'cus_evil', displayName: texts.customer }],
    items: [{ id: 'itm_evil', sku: `S'1`, name: texts.item, taxCode: 'NON' }],
  };
  const world = await startWorld({ books });
  // The answer is lost, so that the invoice is looked for by its number.
  await world.quickbooks.faults([
    { match: { operation: 'create', entity: 'Invoice' }, effect: 'drop-after', times: 1 },
    { match: { operation: 'create', entity: 'Customer' }, effect: 'drop-after', times: 1 },
    { match: { operation: 'create', entity: 'Item' }, effect: 'drop-after', times: 1 },
  ]);
  const line = lineOf('2', '50', {
    item: { id: 'itm_evil' },
    description: texts.description,
    taxCode: 'NON',
  });
  const invoice = plainInvoice({
    number: texts.number,
    customer: { id: 'cus_evil' },
    poNumber: texts.poNumber,
    customerMemo: texts.memo,
    lines: [line],
  });
  const { id } = await world.invoicing.human({ action: 'create', invoice });
  await world.drainUntilSettled();

  expect(await linkOf(world, id)).toMatchObject({ status: 'IN_SYNC' });
  expect(await quickBooksInvoices(world)).toHaveLength(1);
  const there = await counterpartOf(world, id);
  expect(there).toMatchObject({
    DocNumber: texts.number,
    PONumber: texts.poNumber,
    CustomerMemo: { value: texts.memo },
    CustomerRef: { name: texts.customer },
  });
  expect(soldLines(there)).toMatchObject([{ Description: texts.description }]);
  const said = 'It\u0027s back; DROP TABLE link;--';
  const set = { CustomerMemo: { value: said } };
  await world.quickbooks.human({ action: 'edit', entity: 'Invoice', id: there.Id, set });
  await world.poll();
  await world.drainUntilSettled();
  expect(await world.invoicing.invoice(id)).toMatchObject({ customerMemo: said });
  expect(await world.brokenAudit()).toEqual([]);
});
