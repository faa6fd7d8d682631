import { z } from 'zod';
import { operatorOf } from './operator.ts';
import type { World } from './world.ts';

const passRow = z.object({
  id: z.string(),
  status: z.string(),
  phase: z.string(),
  count: z.number(),
  leftOut: z.array(z.object({ reason: z.string(), count: z.number() })),
});

/** A planning pass as it stands. */
export async function passOf(world: World, id: string): Promise<z.output<typeof passRow>> {
  const [found] = await world.rows(
    passRow,
    `SELECT id, status, phase, write_count AS count, left_out AS "leftOut" FROM planning_pass WHERE id = $1`,
    [id],
  );
  if (found === undefined) throw new Error(`there is no planning pass ${id}`);
  return found;
}

/** Asks for a planning pass and drains until it is whole; fails with where it stands. */
export async function planWhole(world: World): Promise<z.output<typeof passRow>> {
  const { subjectId } = await operatorOf(world).refreshPlan({ companyId: world.companyId });
  return drainUntilWhole(world, subjectId);
}

const turnsMax = 300;

/** Drains until a pass is whole, a turn at a time. */
export async function drainUntilWhole(world: World, id: string): Promise<z.output<typeof passRow>> {
  for (let turn = 0; turn < turnsMax; turn += 1) {
    const pass = await passOf(world, id);
    if (pass.status === 'WHOLE') return pass;
    if (pass.status === 'FAILED') break;
    await world.pool.query(
      `UPDATE planning_pass SET due_at = clock_timestamp() WHERE status IN ('QUEUED', 'RUNNING')`,
    );
    await world.drain();
  }
  const logged = world.logged.filter(({ level }) => level !== 'info').slice(-5);
  throw new Error(
    `the pass is not whole: ${JSON.stringify(await passOf(world, id))} ${JSON.stringify(logged)}`,
  );
}

const plannedRow = z.object({
  side: z.enum(['INTERNAL', 'QUICKBOOKS']),
  kind: z.string(),
  number: z.string().nullable(),
  internalId: z.string().nullable(),
  quickbooksId: z.string().nullable(),
  record: z.string().nullable(),
  recordKind: z.string().nullable(),
  reason: z.string(),
  problem: z.string().nullable(),
  amount: z.string().nullable(),
  fields: z.array(
    z.object({ path: z.string(), label: z.string(), before: z.unknown(), after: z.unknown() }),
  ),
});
export type Planned = z.output<typeof plannedRow>;

/** Writes of a pass, in the order they are shown. */
export const plannedOf = (world: World, passId: string): Promise<readonly Planned[]> =>
  world.rows(
    plannedRow,
    `SELECT w.side, w.kind, k.number, k.internal_id AS "internalId", k.quickbooks_id AS "quickbooksId",
       coalesce(r.internal_name, r.quickbooks_name) AS record, r.kind AS "recordKind", w.reason, w.problem, w.amount::text AS amount, w.changes AS fields
     FROM planned_write w LEFT JOIN link k ON k.id = w.link_id LEFT JOIN reference r ON r.id = w.reference_id
     WHERE w.pass_id = $1 ORDER BY w.position`,
    [passId],
  );

/** What a planned write is called among the mutations of the side it is made on. */
export const mutationOf = ({ side, kind, recordKind }: Planned): string => {
  const where = side.toLowerCase();
  if (recordKind !== null) return `${where} ${recordKind.toLowerCase()} create`;
  if (kind.startsWith('PAYMENT')) return `${where} payment create`;
  return `${where} invoice ${kind === 'CREATED' ? 'create' : 'update'}`;
};

/** What the bridge wrote to either side, in order. */
export async function writtenBy(world: World): Promise<readonly string[]> {
  const [there, here] = await Promise.all([
    world.quickbooks.mutations(),
    world.invoicing.mutations(),
  ]);
  const by = (side: string, list: typeof there) =>
    list
      .filter(({ actor }) => actor === 'api')
      .map(({ entity, operation }) => `${side} ${entity.toLowerCase()} ${operation}`);
  return [...by('quickbooks', there), ...by('internal', here)];
}

/** Lets the company go live with what a pass shows. */
export async function approve(
  world: World,
  pass: { readonly id: string; readonly count: number },
): Promise<void> {
  const [company] = await world.rows(
    z.object({ version: z.number() }),
    'SELECT version FROM company WHERE id = $1',
    [world.companyId],
  );
  await operatorOf(world).goLive({
    companyId: world.companyId,
    expectedVersion: company?.version ?? 0,
    planPassId: pass.id,
    expectedWriteCount: pass.count,
  });
}

const suggestionRow = z.object({
  internalId: z.string(),
  quickbooksId: z.string(),
  score: z.number(),
  reason: z.string(),
});

/** Suggestions of a pass, best first. */
export const suggestionsOf = (world: World, passId: string) =>
  world.rows(
    suggestionRow,
    `SELECT internal_id AS "internalId", quickbooks_id AS "quickbooksId", score, reason FROM match_suggestion
     WHERE pass_id = $1 ORDER BY score DESC, id`,
    [passId],
  );
