import type pg from 'pg';
import { toCompanyId, type CompanyId } from '#core/brand.ts';
import type { Feed } from '#ports/feed.ts';
import type { Ids } from '#ports/ids.ts';
import type { Store } from '#ports/store.ts';
import { findAwaitingRead } from './awaiting-read.ts';
import { noteReachability, resting } from './breaker.ts';
import { claimLinks } from './claim.ts';
import { claimable } from './claimable.ts';
import { findCompany, markNeedsReconnect, saveFacts, throttle } from './company.ts';
import { ingestEvents } from './ingest.ts';
import { isUnavailable } from './unavailable.ts';
import { acquireLease, releaseLease, renewLease } from './leases.ts';
import { internalIdNumbered, internalIdOf, isInDoubt, joinLinks, linkOfInternal } from './links.ts';
import { findPayments, findWaitingPayments, passPaymentsOn } from './payments.ts';
import { recordStep } from './record-step.ts';
import { findReferences, findReferencesTo } from './references.ts';
import { findPairedTo, findToldRecords, findWaitedFor, recordRematch } from './rematch.ts';
import { resumeWaiting } from './resume-waiting.ts';
import { resolveSubjects } from './subjects.ts';

/** Nothing is due before throttling and the breaker end, nor while a person has stopped it: a bell rung then would ring on and on. */
const nextDue = `
SELECT ceil(extract(epoch FROM greatest(min(w.at), c.throttled_until, c.breaker_open_until) - clock_timestamp()) * 1000)::double precision AS ms
FROM company c CROSS JOIN LATERAL (
  SELECT min(l.due_at) AS at FROM link l
    WHERE l.company_id = c.id AND l.due_at IS NOT NULL AND l.claim_epoch IS NULL AND ${claimable}
  UNION ALL SELECT min(available_at) FROM outbox_event WHERE company_id = c.id AND link_id IS NULL AND ended_at IS NULL
) w
WHERE c.id = $1 AND c.status = 'ACTIVE' AND c.writes_held_until IS NULL AND w.at IS NOT NULL GROUP BY c.id`;

/** Also companies whose links a dead worker left claimed: nothing else would wake them. */
const dueCompanies = `
SELECT c.id, (h.holder IS NULL OR h.expires_at < clock_timestamp()) AND coalesce(w.since, '-infinity') < clock_timestamp() - interval '2 seconds' AS overdue
FROM company c LEFT JOIN company_lease h ON h.company_id = c.id
CROSS JOIN LATERAL (
  -- After a restore nothing is worked before both sides were compared.
  SELECT CASE WHEN c.writes_held_until IS NOT NULL THEN sweep.at ELSE least(
    (SELECT min(l.due_at) FROM link l WHERE l.company_id = c.id AND l.due_at IS NOT NULL AND l.claim_epoch IS NULL AND ${claimable}),
    (SELECT min(available_at) FROM outbox_event e WHERE e.company_id = c.id AND e.link_id IS NULL AND e.ended_at IS NULL),
    (SELECT min(due_at) FROM watermark m WHERE m.company_id = c.id),
    (SELECT p.due_at FROM planning_pass p WHERE p.company_id = c.id AND c.mode = 'SHADOW' AND p.status IN ('QUEUED', 'RUNNING')),
    sweep.at) END AS since
  FROM (SELECT coalesce((SELECT r.due_at FROM reconcile_run r WHERE r.company_id = c.id AND r.status IN ('QUEUED', 'RUNNING')), c.reconcile_due_at) AS at) day
  LEFT JOIN LATERAL (SELECT day.at WHERE day.at <= clock_timestamp()) sweep ON true
) w
WHERE c.status = 'ACTIVE' AND NOT ${resting}
  AND (w.since <= clock_timestamp() OR ((h.holder IS NULL OR h.expires_at < clock_timestamp())
    AND EXISTS (SELECT 1 FROM link k WHERE k.company_id = c.id AND k.claim_epoch IS NOT NULL)))
ORDER BY w.since NULLS FIRST LIMIT $1`;

/** The store on PostgreSQL; every step that tells the stream something lets the publisher know. */
export function createStore(pool: pg.Pool, feed: Feed, ids: Ids): Store {
  const announced = async <Value>(work: Promise<Value>): Promise<Value> => {
    const value = await work;
    feed.announce();
    return value;
  };
  return {
    ingest: (events) => announced(ingestEvents(pool, events)),
    company: (id) => findCompany(pool, id),
    saveFacts: (lease, facts) => announced(saveFacts(pool, lease, facts, ids.next())),
    markNeedsReconnect: (lease, cause) =>
      announced(markNeedsReconnect(pool, lease, cause, ids.next())),
    throttle: (lease, ms) => throttle(pool, lease, ms),
    noteReachability: (lease, reachable) =>
      announced(noteReachability(pool, lease, reachable, ids.next())),
    isUnavailable,
    isResting: (companyId) => isResting(pool, companyId),
    acquireLease: (companyId, holder, ttlMs) => acquireLease(pool, companyId, holder, ttlMs),
    renewLease: (lease, ttlMs) => renewLease(pool, lease, ttlMs),
    releaseLease: (lease) => releaseLease(pool, lease),
    resolveSubjects: (lease, limit) => announced(resolveSubjects(pool, lease, limit)),
    waitingPayments: (lease, limit) => findWaitingPayments(pool, lease, limit),
    passOn: (lease, news) => announced(passPaymentsOn(pool, lease, news)),
    payments: (companyId, linkId, ids) => findPayments(pool, companyId, linkId, ids),
    claimLinks: (lease, limit, marked) => announced(claimLinks(pool, lease, limit, marked)),
    linkOfInternal: (companyId, internalId) => linkOfInternal(pool, companyId, internalId),
    internalIdOf: (companyId, quickbooksId) => internalIdOf(pool, companyId, quickbooksId),
    isInDoubt: (companyId, quickbooksId) => isInDoubt(pool, companyId, quickbooksId),
    internalIdNumbered: (companyId, number, except) =>
      internalIdNumbered(pool, companyId, number, except),
    joinLinks: (lease, join) => announced(joinLinks(pool, lease, join)),
    toldRecords: (lease, limit) => findToldRecords(pool, lease, limit),
    waitedFor: (companyId, limit) => findWaitedFor(pool, companyId, limit),
    pairedTo: (companyId, kind, quickbooksIds) =>
      findPairedTo(pool, companyId, kind, quickbooksIds),
    recordRematch: (lease, rematch) => announced(recordRematch(pool, lease, rematch, ids.next())),
    resumeWaiting: (lease, limit) => announced(resumeWaiting(pool, lease, limit)),
    awaitingRead: (lease, limit) => findAwaitingRead(pool, lease, limit),
    recordStep: (lease, step) => announced(recordStep(pool, lease, step)),
    references: (companyId, needed) => findReferences(pool, companyId, needed),
    referencesTo: (companyId, records) => findReferencesTo(pool, companyId, records),
    nextDueInMs: (companyId) => nextDueInMs(pool, companyId),
    dueCompanies: (limit) => findDueCompanies(pool, limit),
  };
}

async function isResting(pool: pg.Pool, companyId: CompanyId): Promise<boolean> {
  const { rows } = await pool.query<{ resting: boolean }>(
    `SELECT ${resting} AS resting FROM company c WHERE c.id = $1`,
    [companyId],
  );
  return rows[0]?.resting === true;
}

async function nextDueInMs(pool: pg.Pool, companyId: CompanyId): Promise<number | null> {
  const { rows } = await pool.query<{ ms: number | null }>(nextDue, [companyId]);
  const ms = rows[0]?.ms ?? null;
  return ms === null ? null : Math.max(0, ms);
}

async function findDueCompanies(pool: pg.Pool, limit: number) {
  const { rows } = await pool.query<{ id: string; overdue: boolean }>(dueCompanies, [limit]);
  return rows.map((row) => ({ companyId: toCompanyId(row.id), overdue: row.overdue }));
}
