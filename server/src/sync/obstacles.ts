import type { NeededReference } from '#core/mapping/reference.ts';
import type { ObservationRecord } from '#ports/store.ts';
import type { Crossing } from './crossing.ts';
import { fileFailure } from './failures.ts';
import { makeReference } from './make-reference.ts';
import { stop, unacceptable } from './stop.ts';
import type { Obstacle } from './translate-sides.ts';

type Made = Extract<Obstacle, { kind: 'make' }>;

/** Ends a crossing whose invoice cannot be put in the other side's terms now; `observations` are kept all the same. */
export function stopAt(
  crossing: Crossing,
  observations: readonly ObservationRecord[],
  obstacle: Exclude<Obstacle, Made>,
): Promise<void> {
  const { references } = obstacle;
  if (obstacle.kind === 'failed')
    return fileFailure(crossing, obstacle.failure, { observations, references }, obstacle.side);
  const { explanation, suggestedFix, cause, waitsFor } = obstacle;
  const letter = {
    reason: 'MISSING_REFERENCE',
    explanation,
    suggestedFix,
    cause,
    waitsFor,
  } as const;
  return stop(crossing, letter, { observations, references });
}

/** Makes the missing records one by one, unless `known` or something about them forbids it; true when the crossing may go on. */
export async function makeMissing(
  crossing: Crossing,
  observations: readonly ObservationRecord[],
  { toMake, references }: Pick<Made, 'toMake' | 'references'>,
  known: readonly string[] = [],
): Promise<boolean> {
  const { spelling } = crossing.engine.sides;
  const own = toMake.flatMap((needed) =>
    needed.side === 'internal' ? spelling.referenceProblems(needed) : [],
  );
  const problems = [...own, ...known];
  if (problems.length > 0) {
    await stop(crossing, unacceptable(problems), { observations, references });
    return false;
  }
  for (const needed of toMake) {
    if (!(await makeReference(crossing, needed, references))) return false;
  }
  return true;
}

/** What was just made and is missing again would be made without end. */
export function refuseCircle(
  made: readonly NeededReference[],
  again: readonly NeededReference[],
): void {
  const isAgain = again.some(({ kind, side, id }) =>
    made.some((one) => one.kind === kind && one.side === side && one.id === id),
  );
  if (isAgain) throw new Error('a record that was made is still missing');
}
