import type { CompanyId } from '#core/brand.ts';
import type { ClaimedLink } from '#ports/store.ts';
import { factsOf } from './company-facts.ts';
import { crossLink } from './cross-link.ts';
import type { Drain, Engine } from './crossing.ts';
import { createGatheredReads } from './gathered-reads.ts';
import { holdLease } from './hold-lease.ts';
import { workerLimits } from './limits.ts';
import { passPaymentsOn } from './pass-payments-on.ts';
import { planPass } from './planning-pass.ts';
import { nothingPolled, pollChanges } from './poll-changes.ts';
import { reconcile } from './reconcile.ts';
import { rematch } from './rematch.ts';

/** What a drain came to: nothing to do now, work left for another turn, or not ours to do. */
export type Drained = 'empty' | 'work-left' | 'not-ours';

/** Drains a company under its lease: due subjects become links, due links cross, oldest due first (architecture.md §3). */
export async function drainCompany(
  engine: Engine,
  companyId: CompanyId,
  holder: string,
  stopping: AbortSignal,
): Promise<Drained> {
  const company = await engine.store.company(companyId);
  if (company === null || company.status !== 'ACTIVE') return 'not-ours';
  const held = await holdLease(engine, companyId, holder, stopping);
  if (held === null) return 'not-ours';
  try {
    const accounting = engine.sides.accounting(company, held.lease);
    const facts = await factsOf(engine, held.lease, company, accounting, held.signal);
    // Rung at once, it would ask again and again; what is due rings when the throttle or the breaker ends.
    if (facts === null) return 'empty';
    const invoicing = await engine.sides.invoicing(company);
    const settings = {
      ...company.settings,
      incomeAccountId: company.settings.incomeAccountId ?? facts.incomeAccountIds[0] ?? null,
    };
    const { lease, signal } = held;
    const work: Drain = {
      engine,
      reads: createGatheredReads({ engine, lease, accounting, signal }),
      lease,
      company: { ...company, settings },
      facts,
      accounting,
      invoicing,
      signal,
    };
    return await turn(work);
  } finally {
    await held.release();
  }
}

/** Operators' and webhooks' work goes first; a company that is never idle is polled once a turn (architecture.md §3). */
async function turn(work: Drain): Promise<Drained> {
  const { engine, lease, signal } = work;
  // What the backup does not know was done is matched first; only then is anything planned or written.
  if (work.company.holdsWrites) return (await reconcile(work)) ? 'work-left' : 'empty';
  const endsAt = engine.clock.monotonicMs() + workerLimits.drainMs;
  const drained = await drain(work, endsAt);
  const polled = signal.aborted ? nothingPolled : await pollChanges(work);
  if (!signal.aborted) await rematch(work, polled);
  const resumed = signal.aborted
    ? 0
    : await engine.store.resumeWaiting(lease, workerLimits.resumeBatch);
  const isNew = polled.isNews || resumed > 0;
  // What the poll brought is worked while its rows are at hand.
  const left = isNew ? await drain(work, endsAt) : drained;
  if (isNew && left === 'work-left') return left;
  // A planning pass and a reconcile take their slices while nothing else is due.
  const isMore = !signal.aborted && ((await planPass(work)) || (await reconcile(work)));
  return isMore ? 'work-left' : left;
}

async function drain(work: Drain, endsAt: number): Promise<Drained> {
  const { engine, lease, signal, reads } = work;
  const inFlight = new Set<Promise<void>>();
  const lost: unknown[] = [];
  const start = (link: ClaimedLink): void => {
    const crossing = crossLink(work, link)
      .catch((error: unknown) => void lost.push(error))
      .finally(() => {
        reads.forget(link);
        inFlight.delete(crossing);
      });
    inFlight.add(crossing);
  };
  try {
    while (!signal.aborted && engine.clock.monotonicMs() < endsAt) {
      if (lost.length > 0) throw lost[0];
      const passedOn = await passPaymentsOn(work);
      const resolved = await engine.store.resolveSubjects(lease, workerLimits.resolveBatch);
      const claimed = await claim(work, inFlight.size);
      reads.gather(claimed);
      claimed.forEach(start);
      if (claimed.length === 0 && inFlight.size === 0 && resolved + passedOn + lost.length === 0)
        return 'empty';
      if (inFlight.size > 0) await freed(work, inFlight);
    }
    return 'work-left';
  } finally {
    // What is in the air ends by its own deadline or the signal; its outcome is recorded or left to evidence.
    await Promise.allSettled(inFlight);
  }
}

/** Waits for a place to become free; while one is, news is looked for too, so that it need not wait for a slow answer. */
async function freed(
  { engine, signal }: Drain,
  inFlight: ReadonlySet<Promise<void>>,
): Promise<void> {
  if (inFlight.size >= workerLimits.parallelLinks) return Promise.race(inFlight);
  const looked = new AbortController();
  const news = engine.clock.wait(workerLimits.newsMs, AbortSignal.any([looked.signal, signal]));
  await Promise.race([...inFlight, news]);
  // A reason of one's own: the one that is made otherwise takes a picture of the stack, each time.
  looked.abort('looked');
}

/** Fills the free places; a link that a dead worker left runs alone, so that it can take no other with it. */
async function claim({ engine, lease }: Drain, running: number): Promise<readonly ClaimedLink[]> {
  const free = workerLimits.parallelLinks - running;
  if (free <= 0) return [];
  const claimed = await engine.store.claimLinks(lease, free, false);
  if (claimed.length > 0 || running > 0) return claimed;
  return engine.store.claimLinks(lease, 1, true);
}
