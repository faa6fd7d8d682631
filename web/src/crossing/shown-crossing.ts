import type { Direction, SyncStage } from '../graphql/generated/graphql.ts';
import { isPier, pierIndexOf } from './stages.ts';

/** A change as the list of an invoice's crossings has it. */
export type ListedChange = {
  readonly id: string;
  readonly direction: Direction;
  readonly stage: SyncStage;
  readonly receivedAt: string;
  readonly endedAt: string | null;
};

/** QuickBooks tells us of our own write within about this long; until it is compared, such news looks like a change. */
const echoMs = 60_000;

/**
 * The crossing to watch out of the newest ones: what is really crossing, else what crossed last. Our own echo,
 * which ends with nothing to do, must not push a settled crossing off the screen a second after it settled.
 */
export function shownCrossing<Change extends ListedChange>(
  newestFirst: readonly Change[],
): Change | undefined {
  const real = newestFirst.find(
    (change, index) =>
      change.stage !== 'SKIPPED' && !isMaybeEcho(change, newestFirst.slice(index + 1)),
  );
  return real ?? newestFirst[0];
}

function isMaybeEcho(change: ListedChange, older: readonly ListedChange[]): boolean {
  const isUndecided = isPier(change.stage) && pierIndexOf(change.stage) <= pierIndexOf('COMPARED');
  if (!isUndecided) return false;
  return older.some(
    ({ stage, direction, endedAt }) =>
      direction !== change.direction &&
      stage === 'SETTLED' &&
      endedAt !== null &&
      Date.parse(change.receivedAt) - Date.parse(endedAt) < echoMs,
  );
}
