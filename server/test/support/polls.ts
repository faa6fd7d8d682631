import { z } from 'zod';
import { plainInvoice } from './companies.ts';
import { counterpartOf } from './ledger.ts';
import { startWorld, type World, type WorldOptions } from './world.ts';

const event = z.object({
  side: z.string(),
  about: z.string(),
  id: z.string(),
  kind: z.string(),
  stage: z.string(),
  note: z.string().nullable(),
  duplicates: z.number(),
  linked: z.boolean(),
});

/** Events that polls brought in, oldest first. */
export const polledEvents = (world: World) =>
  world.rows(
    event,
    `SELECT subject_side AS side, subject_kind AS about, subject_id AS id, kind, stage, stage_history->-1->>'note' AS note,
       duplicate_count AS duplicates, link_id IS NOT NULL AS linked
     FROM outbox_event WHERE source = 'POLL' ORDER BY received_at, subject_id`,
  );

const mark = z.object({
  since: z.date(),
  polled: z.boolean(),
  dueInMs: z.number(),
});
type Mark = z.output<typeof mark>;

/** The watermark of a side, and how long until it is due again. */
export async function markOf(world: World, side: 'INTERNAL' | 'QUICKBOOKS'): Promise<Mark> {
  const [found] = await world.rows(
    mark,
    `SELECT since, polled_at IS NOT NULL AS polled, extract(epoch FROM due_at - clock_timestamp())::float * 1000 AS "dueInMs"
     FROM watermark WHERE side = $1::side`,
    [side],
  );
  if (found === undefined) throw new Error(`the company has no watermark of ${side}`);
  return found;
}

/** Puts the watermarks back, as if the bridge had been away so long. */
export async function wasAway(world: World, days: number): Promise<void> {
  await world.pool.query(
    `UPDATE watermark SET since = clock_timestamp() - $1 * interval '1 day', starts_at = clock_timestamp() - interval '1 year'`,
    [days],
  );
}

/** Calls QuickBooks received while something was done: method and last part of the path. */
export async function callsDuring(
  world: World,
  work: () => Promise<unknown>,
): Promise<readonly string[]> {
  const before = (await world.quickbooks.requests()).at(-1)?.seq ?? 0;
  await work();
  return (await world.quickbooks.requests())
    .filter(({ seq }) => seq > before)
    .map(({ path }) => path.split('/').slice(4).join('/'));
}

/** A world without webhooks: those of internal invoicing are all lost, QuickBooks has no address to send its to. */
export async function startSilentWorld(options: WorldOptions = {}): Promise<World> {
  const world = await startWorld(options);
  await world.invoicing.webhooks({ drop: 1 });
  return world;
}

/** Polls once, then works until nothing is left to do. */
export async function pollUntilSettled(world: World): Promise<void> {
  await world.poll();
  await world.drainUntilSettled();
}

/** A settled pair that no webhook told of; its internal and its QuickBooks id. */
export async function pairByPoll(
  world: World,
): Promise<{ readonly id: string; readonly quickbooksId: string }> {
  const { id } = await world.invoicing.human({ action: 'create', invoice: plainInvoice() });
  await pollUntilSettled(world);
  return { id, quickbooksId: (await counterpartOf(world, id)).Id };
}

/** A bookkeeper's edit of an invoice in QuickBooks. */
export const memo = (id: string, value: string) => ({
  action: 'edit',
  entity: 'Invoice',
  id,
  set: { CustomerMemo: { value } },
});
