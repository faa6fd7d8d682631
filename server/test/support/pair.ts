import { z } from 'zod';
import { plainInvoice } from './companies.ts';
import { counterpartOf } from './ledger.ts';
import { startWorld, type World, type WorldOptions } from './world.ts';

/** An invoice that both sides have and agree on. */
export type Pair = { readonly world: World; readonly id: string; readonly quickbooksId: string };

/** A settled pair in a world where both sides tell what happens to them. */
export async function pair(more: object = {}, options: WorldOptions = {}): Promise<Pair> {
  const world = await startWorld({ quickbooksTells: true, ...options });
  const { id } = await world.invoicing.human({ action: 'create', invoice: plainInvoice(more) });
  await world.drainUntilSettled();
  return { world, id, quickbooksId: (await counterpartOf(world, id)).Id };
}

/** A person in QuickBooks edits the invoice. */
export const editThere = ({ world, quickbooksId }: Pair, set: object) =>
  world.quickbooks.human({ action: 'edit', entity: 'Invoice', id: quickbooksId, set });

/** A person edits the internal invoice. */
export const editHere = ({ world, id }: Pair, set: object) =>
  world.invoicing.human({ action: 'edit', id, set });

/** The internal invoice as it is now. */
export const internally = ({ world, id }: Pair) => world.invoicing.invoice(id);

/** What the bridge did in internal invoicing: 'update' and the like, in order. */
export async function internalWrites({ world }: Pair): Promise<readonly string[]> {
  const mutations = await world.invoicing.mutations();
  return mutations.filter(({ actor }) => actor === 'api').map(({ operation }) => operation);
}

const intent = z.object({
  id: z.string(),
  operation: z.string(),
  state: z.string(),
  sent: z.number(),
  evidence: z.string().nullable(),
  restsOn: z.string().nullable(),
  hash: z.string(),
  body: z.string(),
});

/** Writes meant for internal invoicing, oldest first; `sent` is how often the bytes left. */
export const internalIntents = ({ world }: Pair) =>
  world.rows(
    intent,
    `SELECT id, operation, state, cardinality(sent_at) AS sent, evidence, rests_on_version AS "restsOn", body_hash AS hash, body
     FROM intent WHERE side = 'INTERNAL' ORDER BY created_at`,
  );

const told = z.object({
  stage: z.string(),
  paths: z.array(z.string()),
  sentences: z.array(z.string()),
});

/** Events that QuickBooks' webhooks brought, in the order of their arrival, with what the live page read out. */
export const eventsFromQuickbooks = ({ world }: Pair) =>
  world.rows(
    told,
    `SELECT stage, changed_paths AS paths,
       ARRAY(SELECT summary FROM stream_event s WHERE s.detail->>'eventId' = e.id::text ORDER BY s.seq) AS sentences
     FROM outbox_event e WHERE source = 'QUICKBOOKS_WEBHOOK' ORDER BY received_at, sequence`,
  );

const named = z.looseObject({
  Id: z.string(),
  Name: z.string().optional(),
  DisplayName: z.string().optional(),
});

/** The id of the QuickBooks record of that name. */
export async function idOf(world: World, entity: string, name: string): Promise<string> {
  const all = z.array(named).parse(await world.quickbooks.all(entity));
  const found = all.find((one) => one.Name === name || one.DisplayName === name);
  if (found === undefined) throw new Error(`QuickBooks has no ${entity} ${name}`);
  return found.Id;
}
