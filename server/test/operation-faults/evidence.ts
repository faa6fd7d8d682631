import { expect } from 'vitest';
import { z } from 'zod';
import { conflictsOf, linkOf } from '../support/ledger.ts';
import type { Mutation } from '../support/simulators.ts';
import type { World } from '../support/world.ts';
import type { Deed } from './operations.ts';

/** Mutations of a side that the bridge made, oldest first. */
export const writesTo = async (
  world: World,
  side: Deed['target']['side'],
): Promise<readonly Mutation[]> => {
  const mutations = await (side === 'internal' ? world.invoicing : world.quickbooks).mutations();
  return mutations.filter(({ actor }) => actor === 'api');
};

const intent = z.object({
  id: z.string(),
  state: z.string(),
  sent: z.number(),
  evidence: z.string().nullable(),
});
export type ShownIntent = z.output<typeof intent>;

const objects: Readonly<Record<string, string>> = {
  invoice: 'Invoice',
  payment: 'Payment',
  customer: 'Customer',
  item: 'Item',
};

/** Intents for objects of the deed's kind on its side, oldest first. */
export const intentsTo = (world: World, { target }: Deed): Promise<readonly ShownIntent[]> =>
  world.rows(
    intent,
    `SELECT id, state, cardinality(sent_at) AS sent, evidence FROM intent
     WHERE side = $1 AND object_kind = $2 ORDER BY created_at`,
    [target.side.toUpperCase(), objects[target.entity.toLowerCase()]],
  );

const recorded = async (world: World): Promise<readonly string[]> =>
  (await world.rows(z.object({ id: z.string() }), 'SELECT id FROM intent')).map(({ id }) => id);

/** One mutation for each write that was meant, each written down as an intent; both sides agree and nobody is asked. */
export async function expectOnce(
  world: World,
  id: string,
  deed: Deed,
  made: readonly Mutation[],
): Promise<void> {
  expect(made.map(({ entity, operation }) => `${entity} ${operation}`)).toEqual(deed.writes);
  const requestIds = made.flatMap(({ requestId }) => requestId ?? []);
  expect(new Set(requestIds).size).toBe(requestIds.length);
  expect(await recorded(world)).toEqual(expect.arrayContaining(requestIds));
  expect(await linkOf(world, id)).toMatchObject({ status: 'IN_SYNC', crashMarks: 0 });
  expect(await conflictsOf(world, id)).toEqual([]);
}
