import type { BulkOperations } from '#ports/bulk.ts';
import type { Clock } from '#ports/clock.ts';
import type { Doorbell } from '#ports/doorbell.ts';
import type { Ids } from '#ports/ids.ts';
import type { Log } from '#ports/log.ts';
import { workItem } from './bulk-items.ts';

/** What taking bulk operations forward needs. */
export type BulkRunner = {
  readonly bulk: BulkOperations;
  readonly doorbell: Doorbell;
  readonly ids: Ids;
  readonly clock: Clock;
  readonly log: Log;
};

/** How often operations are looked for while none is known to wait; one indexed read of an empty set. */
const lookEveryMs = 1_000;

/** Takes at most one item forward; answers after how many ms to look again. */
export async function takeBulkForward({ bulk, doorbell, ids }: BulkRunner): Promise<number> {
  const turn = await bulk.takeNext((rows, item) => workItem({ ids }, rows, item));
  if (turn.kind === 'idle') return Math.min(Math.max(turn.dueInMs ?? lookEveryMs, 0), lookEveryMs);
  doorbell.ring(turn.companyId);
  return 0;
}

/**
 * Takes bulk operations forward until told to stop. Items only change rows, so no lease is needed: the operation's row
 * keeps two workers apart, and what a dead one left undone is simply still waiting.
 */
export async function keepBulkMoving(runner: BulkRunner, signal: AbortSignal): Promise<void> {
  while (!signal.aborted) {
    let waitMs = lookEveryMs;
    try {
      waitMs = await takeBulkForward(runner);
    } catch (error) {
      runner.log.warn('a bulk operation could not go on; it is tried again', {
        cause: String(error),
      });
    }
    if (waitMs > 0) await runner.clock.wait(waitMs, signal);
  }
}
