import type { CompanyId } from '#core/brand.ts';
import type { Store } from '#ports/store.ts';
import { noteReachability } from './breaker.ts';
import { claimLinks } from './claim.ts';
import {
  markNeedsReconnect,
  recordRematch,
  resumeWaiting,
  saveFacts,
  throttle,
  toldRecords,
} from './company-rows.ts';
import { ingestEvents } from './ingest.ts';
import { joinLinks } from './joins.ts';
import { acquireLease, releaseLease, renewLease } from './leases.ts';
import { findPayments, passOn, waitingPayments } from './payments.ts';
import { recordStep } from './record-step.ts';
import { findPairedTo, findReferences, findReferencesTo, findWaitedFor } from './references.ts';
import { resolveSubjects } from './resolve-subjects.ts';
import type { MemoryRows } from './rows.ts';

/** The connection to the rows is lost for now; whether the last statement was carried out is not known. */
export class RowsAway extends Error {}

/** The store in memory. Each method does its work between two awaits, as a statement does it in one transaction. */
export function createMemoryStore(rows: MemoryRows): Store {
  return {
    ingest: async (events) => {
      const accepted = ingestEvents(rows, events);
      return { accepted, duplicates: events.length - accepted };
    },
    company: async (id) => (id === rows.companyId ? rows.company : null),
    saveFacts: async (lease, facts) => saveFacts(rows, lease, facts),
    markNeedsReconnect: async (lease) => markNeedsReconnect(rows, lease),
    throttle: async (lease, ms) => throttle(rows, lease, ms),
    noteReachability: async (lease, reachable) => noteReachability(rows, lease, reachable),
    isResting: async () => rows.isResting,
    isUnavailable: (error) => error instanceof RowsAway,
    acquireLease: async (_companyId, holder, ttlMs) => acquireLease(rows, holder, ttlMs),
    renewLease: async (lease, ttlMs) => renewLease(rows, lease, ttlMs),
    releaseLease: async (lease) => releaseLease(rows, lease),
    resolveSubjects: async (lease, limit) => resolveSubjects(rows, lease, limit),
    waitingPayments: async (lease, limit) => waitingPayments(rows, lease, limit),
    passOn: async (lease, news) => passOn(rows, lease, news),
    payments: async (_companyId, linkId, ids) => findPayments(rows, linkId, ids),
    claimLinks: async (lease, limit, marked) => claimLinks(rows, lease, limit, marked),
    awaitingRead: async (_lease, limit) => awaitingRead(rows, limit),
    recordStep: async (lease, step) => recordStep(rows, lease, step),
    linkOfInternal: async (_companyId, internalId) => {
      const link = rows.linkOn('internal', internalId);
      return link === null
        ? null
        : { id: link.id, quickbooksId: link.quickbooksId ?? link.unlinkedFrom };
    },
    internalIdOf: async (_companyId, quickbooksId) =>
      rows.linkOn('quickbooks', quickbooksId)?.internalId ?? null,
    isInDoubt: async () => false,
    internalIdNumbered: async (_companyId, number, except) =>
      [...rows.links.values()].find(
        (link) => link.number === number && link.id !== except && link.internalId !== null,
      )?.internalId ?? null,
    joinLinks: async (lease, join) => joinLinks(rows, lease, join),
    references: async (_companyId, needed) => findReferences(rows, needed),
    referencesTo: async (_companyId, records) => findReferencesTo(rows, records),
    toldRecords: async (lease, limit) => toldRecords(rows, lease, limit),
    waitedFor: async (_companyId, limit) => findWaitedFor(rows, limit),
    pairedTo: async (_companyId, kind, ids) => findPairedTo(rows, kind, ids),
    recordRematch: async (lease, rematch) => recordRematch(rows, lease, rematch),
    resumeWaiting: async (lease, limit) => resumeWaiting(rows, lease, limit),
    nextDueInMs: async () => nextDueInMs(rows),
    dueCompanies: async () => dueCompanies(rows),
  };
}

function awaitingRead(rows: MemoryRows, limit: number) {
  return [...rows.links.values()]
    .filter((link) => link.claimEpoch === null && link.dueAt !== null && link.dueAt <= rows.nowMs)
    .filter((link) => link.crashMarks === 0 && !link.uncertain && !link.quickbooksFresh)
    .toSorted((one, other) => (one.dueAt ?? 0) - (other.dueAt ?? 0) || one.place - other.place)
    .flatMap(({ quickbooksId, quickbooksNews }) =>
      quickbooksId === null ? [] : [{ quickbooksId, quickbooksNews }],
    )
    .slice(0, limit);
}

/** The earliest moment at which something of a company is due; null when nothing waits. */
function dueAt(rows: MemoryRows): number | null {
  const times = [
    ...[...rows.links.values()].flatMap((link) =>
      link.dueAt === null || link.claimEpoch !== null ? [] : [link.dueAt],
    ),
    ...[...rows.events.values()].flatMap((event) =>
      event.linkId === null && event.endedAt === null ? [event.availableAt] : [],
    ),
  ];
  return times.length === 0 ? null : Math.min(...times);
}

function nextDueInMs(rows: MemoryRows): number | null {
  const at = dueAt(rows);
  if (at === null || rows.company.status !== 'ACTIVE') return null;
  return Math.max(
    0,
    Math.ceil(Math.max(at, rows.throttledUntil, rows.breaker.openUntil ?? 0) - rows.nowMs),
  );
}

const noEarlier = Number.POSITIVE_INFINITY;

function dueCompanies(rows: MemoryRows): { companyId: CompanyId; overdue: boolean }[] {
  if (rows.company.status !== 'ACTIVE' || rows.isResting) return [];
  const { lease, nowMs, watermarks } = rows;
  const isFree = lease === null || lease.holder === null || lease.expiresAt < nowMs;
  const polls = Math.min(watermarks.internal.dueAt, watermarks.quickbooks.dueAt);
  const since = Math.min(dueAt(rows) ?? noEarlier, polls);
  const isLeft = isFree && [...rows.links.values()].some(({ claimEpoch }) => claimEpoch !== null);
  if (since > nowMs && !isLeft) return [];
  return [{ companyId: rows.companyId, overdue: isFree && since < nowMs - 2_000 }];
}
