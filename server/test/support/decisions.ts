import { z } from 'zod';
import type { PathChoice } from '#core/resolution/decided-values.ts';
import { operatorOf } from './operator.ts';
import type { Pair } from './pair.ts';

const conflict = z.object({
  id: z.string(),
  version: z.number(),
  status: z.string(),
  paths: z.array(z.string()),
  resolution: z.object({ eventIds: z.array(z.string()), undoToken: z.string() }).nullable(),
  kept: z
    .object({
      because: z.string(),
      decisions: z.array(z.object({ group: z.string(), choice: z.string() })),
    })
    .nullable(),
});

/** The newest conflict of the pair's invoice. */
export async function conflictOf({ world, id }: Pair): Promise<z.output<typeof conflict>> {
  const [newest] = await world.rows(
    conflict,
    `SELECT c.id, c.version, c.status, c.paths, c.resolution, c.kept FROM conflict c JOIN link k ON k.id = c.link_id
     WHERE k.internal_id = $1 ORDER BY c.detected_at DESC LIMIT 1`,
    [id],
  );
  if (newest === undefined) throw new Error(`${id} has no conflict`);
  return newest;
}

/** A choice for one path; `customValue` for a value of one's own. */
export const choose = (
  path: string,
  choice: PathChoice['choice'],
  customValue: PathChoice['customValue'] = null,
): PathChoice => ({ path, choice, customValue });

/** A person decides the pair's conflict. */
export async function decide(both: Pair, choices: readonly PathChoice[]) {
  const { id, version } = await conflictOf(both);
  return operatorOf(both.world).resolveConflict({
    conflictId: id,
    expectedVersion: version,
    choices,
    note: null,
  });
}

/** How long a person may take a decision back; 0 lets it cross at once. */
export const setUndoWindow = ({ world }: Pair, seconds: number) =>
  world.pool.query('UPDATE company SET undo_window_seconds = $1', [seconds]);

/** As if the undo window were over. */
export async function windowEnds({ world }: Pair): Promise<void> {
  await world.pool.query(
    `UPDATE undo SET expires_at = clock_timestamp() WHERE used_at IS NULL AND expires_at > clock_timestamp()`,
  );
  await world.pool.query(
    `UPDATE conflict SET apply_after = clock_timestamp() WHERE status = 'UNDO_WINDOW'`,
  );
  await world.pool.query(
    `UPDATE link SET due_at = clock_timestamp() WHERE id IN (SELECT link_id FROM conflict WHERE status = 'UNDO_WINDOW') AND due_at IS NOT NULL`,
  );
}
