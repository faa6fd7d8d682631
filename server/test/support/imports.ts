import { expect } from 'vitest';
import { z } from 'zod';
import { idOf } from './pair.ts';
import { startWorld, type World, type WorldOptions } from './world.ts';

const link = z.object({
  id: z.string(),
  status: z.string(),
  reason: z.string(),
  internalId: z.string().nullable(),
  quickbooksId: z.string().nullable(),
});

/** Every link of the company, by what QuickBooks calls its invoice. */
export const linksOf = (world: World) =>
  world.rows(
    link,
    `SELECT id, status, status_reason AS reason, internal_id AS "internalId", quickbooks_id AS "quickbooksId"
     FROM link ORDER BY quickbooks_id, internal_id`,
  );

/** The one link there is. */
export async function onlyLink(world: World): Promise<z.output<typeof link>> {
  const links = await linksOf(world);
  expect(links).toHaveLength(1);
  const [first] = links;
  if (first === undefined) throw new Error('there is no link');
  return first;
}

const internalInvoice = z.looseObject({
  id: z.string(),
  number: z.string().nullable(),
  externalRef: z.string().nullable(),
  total: z.string(),
  status: z.string(),
});

/** Every invoice of internal invoicing, as it shows them. */
export const internalInvoices = async (world: World) =>
  z.object({ invoices: z.array(internalInvoice) }).parse(await world.invoicing.state()).invoices;

/** What the bridge did in internal invoicing: 'invoice create' and the like, in order. */
export const booksWritten = async (world: World) =>
  (await world.invoicing.mutations())
    .filter(({ actor }) => actor === 'api')
    .map(({ entity, operation }) => `${entity} ${operation}`);

/** A company that imports; both sides tell. */
export async function importing(options: WorldOptions = {}): Promise<World> {
  const world = await startWorld({ quickbooksTells: true, ...options });
  await world.pool.query('UPDATE company SET import_from_quickbooks = true');
  return world;
}

/** A person makes an invoice in QuickBooks. */
export async function makeThere(world: World, more: object = {}): Promise<string> {
  const customer = await idOf(world, 'Customer', 'Bluebird Bakery');
  const item = await idOf(world, 'Item', 'Desk Lamp');
  const { id } = await world.quickbooks.human({
    action: 'create',
    entity: 'Invoice',
    body: {
      CustomerRef: { value: customer },
      DocNumber: 'QB-77',
      TxnDate: '2026-11-20',
      CustomerMemo: { value: 'Made there' },
      Line: [
        {
          Amount: 100,
          Description: 'LED desk lamp',
          DetailType: 'SalesItemLineDetail',
          SalesItemLineDetail: {
            ItemRef: { value: item },
            Qty: 2,
            UnitPrice: 50,
            TaxCodeRef: { value: 'NON' },
          },
        },
      ],
      ...more,
    },
  });
  return id;
}
