import type { ApiBudgets } from '#ports/api-budgets.ts';
import type { CallerBudget } from './context.ts';
import { costLimits } from './cost.ts';

export type Bucket = CallerBudget & {
  /** Takes the points, or says after how many seconds they would be there. */
  readonly take: (points: number) => Promise<{ readonly waitSeconds: number } | null>;
  /** Points left by what this process knows, without asking. */
  readonly known: () => number;
};

/** Points taken ahead at once, so that not every request costs a statement. */
const chunkPoints = 1_000;

/** What was taken ahead and not used is given back after this long: others may need it. */
const holdMs = 5_000;

/** What one process holds of a caller's budget. */
type Purse = {
  held: number;
  heldSinceMs: number;
  /** What was left for everybody when it was last looked at. */
  left: number;
  /** Ends when whoever asks now has been served: one at a time, so that nobody takes ahead twice. */
  turn: Promise<unknown>;
};

/** Cost budgets of callers, one each for all processes (api-and-web.md §1.1): points are taken ahead in chunks. */
export function createBudgets(
  budgets: ApiBudgets,
  monotonicMs: () => number,
): (callerId: string) => Bucket {
  const purses = new Map<string, Purse>();
  const { bucket, refillPerSecond } = costLimits;

  const lease = async (callerId: string, purse: Purse, points: number, ahead: number) => {
    const isStale = monotonicMs() - purse.heldSinceMs > holdMs;
    const returned = isStale ? purse.held : 0;
    if (isStale) purse.held = 0;
    const needed = Math.max(0, points - purse.held);
    const { granted, left } = await budgets.lease(callerId, costLimits, {
      needed,
      wanted: Math.max(needed, ahead),
      returned,
    });
    purse.held += granted;
    purse.left = left;
    purse.heldSinceMs = monotonicMs();
    return { waitSeconds: Math.max(1, Math.ceil((needed - left) / refillPerSecond)) };
  };

  const take = async (callerId: string, purse: Purse, points: number) => {
    const isFresh = monotonicMs() - purse.heldSinceMs <= holdMs;
    const refusal =
      isFresh && purse.held >= points ? null : await lease(callerId, purse, points, chunkPoints);
    if (refusal !== null && purse.held < points) return refusal;
    purse.held -= points;
    return null;
  };

  return (callerId) => {
    const purse = purses.get(callerId) ?? emptyPurse();
    purses.set(callerId, purse);
    const inTurn = <Value>(work: () => Promise<Value>): Promise<Value> => {
      const served = purse.turn.then(work);
      purse.turn = served.catch(() => undefined);
      return served;
    };
    const known = (): number => Math.floor(purse.held + purse.left);
    return {
      limit: bucket,
      refillPerSecond,
      known,
      remaining: () => inTurn(() => lease(callerId, purse, 0, 0)).then(known),
      take: (points) => inTurn(() => take(callerId, purse, points)),
    };
  };
}

const emptyPurse = (): Purse => ({
  held: 0,
  heldSinceMs: Number.NEGATIVE_INFINITY,
  left: costLimits.bucket,
  turn: Promise.resolve(),
});
