import type { CompanyId } from '#core/brand.ts';
import type { Lease } from '#ports/store.ts';
import type { Engine } from './crossing.ts';
import { leaseSpans } from './limits.ts';

/** A lease that is kept alive; the signal aborts as soon as it can no longer be trusted, or when work must stop. */
export type HeldLease = {
  readonly lease: Lease;
  readonly signal: AbortSignal;
  release(): Promise<void>;
};

/**
 * Takes the lease and renews it until released. The local deadline counts from before the query was sent, on a clock that
 * never goes back, so it always lies inside what the database granted.
 */
export async function holdLease(
  engine: Engine,
  companyId: CompanyId,
  holder: string,
  stopping: AbortSignal,
): Promise<HeldLease | null> {
  const askedAt = engine.clock.monotonicMs();
  const lease = await engine.store.acquireLease(companyId, holder, engine.leaseMs);
  if (lease === null) return null;
  const over = new AbortController();
  const released = new AbortController();
  const renewing = keepAlive(engine, lease, askedAt, over, released.signal);
  return {
    lease,
    signal: AbortSignal.any([over.signal, stopping]),
    release: async () => {
      released.abort('released');
      await renewing;
      await engine.store.releaseLease(lease);
    },
  };
}

async function keepAlive(
  engine: Engine,
  lease: Lease,
  askedAt: number,
  over: AbortController,
  released: AbortSignal,
): Promise<void> {
  const { renewMs, marginMs } = leaseSpans(engine.leaseMs);
  let trustedUntil = askedAt + engine.leaseMs - marginMs;
  while (!released.aborted && !over.signal.aborted) {
    await engine.clock.wait(
      Math.min(renewMs, Math.max(0, trustedUntil - engine.clock.monotonicMs())),
      released,
    );
    if (released.aborted) return;
    const sentAt = engine.clock.monotonicMs();
    const renewed = await renew(engine, lease);
    if (renewed === true) trustedUntil = sentAt + engine.leaseMs - marginMs;
    if (renewed === false || engine.clock.monotonicMs() >= trustedUntil)
      over.abort(new Error('the lease was lost'));
  }
}

/** `null` when the database did not answer: the lease may still be ours until its deadline. */
async function renew(engine: Engine, lease: Lease): Promise<boolean | null> {
  try {
    return await engine.store.renewLease(lease, engine.leaseMs);
  } catch (error) {
    engine.log.warn('the lease could not be renewed', {
      companyId: lease.companyId,
      cause: String(error),
    });
    return null;
  }
}
