import { isUnreached, type CallFailure } from '#core/attempt/failure.ts';
import type { Side } from '#core/side.ts';
import type { Drain } from './crossing.ts';
import { causeOf } from './stop.ts';

/** A slice of a reconcile or a planning pass that could not be worked; its run keeps its place and tries again. */
export type FailedSlice = {
  readonly kind: 'failed';
  readonly failure: CallFailure;
  readonly side: Side;
};

/** A bug of ours must not stop the invoices; the run is tried again, and fails in the end (architecture.md §3, "our bug"). */
export const ourMistake: FailedSlice = {
  kind: 'failed',
  side: 'internal',
  failure: { kind: 'not-sent', cause: 'The bridge made a mistake of its own.' },
};

/** Notes what the failure says of the company; answers its cause in words. */
export async function noteFailedSlice(
  { engine, lease }: Pick<Drain, 'engine' | 'lease'>,
  { failure, side }: FailedSlice,
): Promise<string> {
  const cause = causeOf(failure);
  if (failure.kind === 'throttled') await engine.store.throttle(lease, failure.retryAfterMs);
  else if (failure.kind === 'access-lapsed') await engine.store.markNeedsReconnect(lease, cause);
  else if (side === 'quickbooks' && isUnreached(failure))
    await engine.store.noteReachability(lease, false);
  return cause;
}
