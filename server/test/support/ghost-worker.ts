import { toCorrelationId } from '#core/brand.ts';
import type { ClaimedLink, Lease, Step } from '#ports/store.ts';
import { drainCompany } from '#sync/drain-company.ts';
import { until } from '../simulator/control/until.ts';
import type { World } from './world.ts';

/** Drains under a name of its own, as one of several workers. */
export const drainAs = (world: World, holder: string) =>
  drainCompany(world.engine, world.companyId, holder, new AbortController().signal);

/** Waits until the lease granted so far has run out by database time; a renewal of it does not count. */
export async function ranOut(world: World): Promise<void> {
  const { rows } = await world.pool.query('SELECT expires_at AS at FROM company_lease');
  await until('the lease to run out', async () => {
    const over = 'SELECT clock_timestamp() > $1::timestamptz AS over';
    return (await world.pool.query(over, [rows[0].at])).rows[0].over === true;
  });
}

/** A worker that takes the lease, claims what is due and is never heard of again. */
export async function diesClaiming(world: World): Promise<{ lease: Lease; link: ClaimedLink }> {
  const { store } = world.engine;
  const lease = await store.acquireLease(world.companyId, 'ghost', 10_000);
  if (lease === null) throw new Error('the lease is held');
  await store.resolveSubjects(lease, 100);
  const [fresh] = await store.claimLinks(lease, 1, false);
  const [marked] = fresh === undefined ? await store.claimLinks(lease, 1, true) : [fresh];
  if (marked === undefined) throw new Error('nothing was due');
  // Its time is over from here on, however long the claiming took.
  await world.pool.query('UPDATE company_lease SET expires_at = clock_timestamp()');
  await ranOut(world);
  return { lease, link: marked };
}

/** What a worker would record to end the crossing. */
export const ending = (link: ClaimedLink): Step => ({
  linkId: link.id,
  quickbooksNews: link.quickbooksNews,
  eventIds: link.events.map(({ id }) => id),
  correlationId: link.events[0]?.correlationId ?? toCorrelationId('none'),
  observations: [],
  attempt: null,
  newIntents: [],
  intentChanges: [],
  events: { marks: [], changedPaths: [], end: true },
  link: { statusReason: 'written by a ghost', release: { dueInMs: null } },
  deadLetter: null,
  healsDeadLetter: false,
  conflictFields: null,
  references: [],
  audit: [],
  stream: [],
});
