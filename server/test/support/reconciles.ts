import { z } from 'zod';
import type { World } from './world.ts';

const runShape = z.object({
  id: z.string(),
  scope: z.string(),
  status: z.string(),
  compared: z.number(),
  matched: z.number(),
  driftCount: z.number(),
  progress: z.number(),
  controlTotals: z.array(
    z.object({
      currency: z.string(),
      internalCount: z.number(),
      internalTotal: z.string(),
      quickbooksCount: z.number(),
      quickbooksTotal: z.string(),
    }),
  ),
  residual: z.array(
    z.object({ reason: z.string(), amount: z.string(), invoiceCount: z.number() }).loose(),
  ),
});

/** The newest run that compared, as stored. */
export async function newestRun(world: World): Promise<z.output<typeof runShape>> {
  const [run] = await world.rows(
    runShape,
    `SELECT id, scope, status, compared, matched, drift_count AS "driftCount", progress, control_totals AS "controlTotals", residual
     FROM reconcile_run WHERE trigger <> 'POLL' ORDER BY started_at DESC LIMIT 1`,
  );
  if (run === undefined) throw new Error('no reconcile was ever run');
  return run;
}

/** As if the day of the full sweep had come. */
export const startDay = (world: World) =>
  world.pool.query(`UPDATE company SET reconcile_due_at = clock_timestamp()`);

/** As if the day of the full sweep had come; works until the run is over and nothing else is left to do. */
export async function reconcileUntilSettled(
  world: World,
  deadlineMs?: number,
): Promise<z.output<typeof runShape>> {
  await startDay(world);
  await goOn(world);
  await world.drainUntilSettled(deadlineMs);
  // What the main path repaired is noted by the next turn.
  await world.drain();
  return newestRun(world);
}

/** Drains until no run is under way. */
export async function goOn(world: World): Promise<void> {
  for (let turn = 1; ; turn += 1) {
    await world.drain();
    const { rowCount } = await world.pool.query(
      `SELECT 1 FROM reconcile_run WHERE status IN ('QUEUED', 'RUNNING')`,
    );
    if (rowCount === 0) return;
    if (turn > 40)
      throw new Error(`the reconcile never ends: ${JSON.stringify(world.logged.slice(-3))}`);
  }
}

const driftShape = z.object({
  id: z.string(),
  kind: z.string(),
  status: z.string(),
  version: z.number(),
  internalId: z.string().nullable(),
  quickbooksId: z.string().nullable(),
  amount: z.string(),
  words: z.string(),
});

/** Drifts by kind and invoice. */
export const driftsOf = (world: World) =>
  world.rows(
    driftShape,
    `SELECT id, kind, status, version, internal_id AS "internalId", quickbooks_id AS "quickbooksId", amount::text, proposed_repair AS words
     FROM drift ORDER BY kind::text, internal_id, quickbooks_id`,
  );
