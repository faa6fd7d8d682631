import { toInstant } from '#core/brand.ts';
import { sides } from '#core/side.ts';
import type { CallCounts } from '#ports/call-counts.ts';
import type { Watermarks } from '#ports/watermarks.ts';
import { ingestEvents } from './ingest.ts';
import type { MemoryRows } from './rows.ts';

/** The rows of the change poll, in memory. */
export function createMemoryWatermarks(rows: MemoryRows): Watermarks {
  return {
    due: async (lease) => {
      if (!rows.holds(lease) || rows.company.status !== 'ACTIVE' || rows.isResting) return [];
      return sides
        .filter((side) => rows.watermarks[side].dueAt <= rows.nowMs)
        .map((side) => {
          const { since, startsAt } = rows.watermarks[side];
          return { side, since: toInstant(since), startsAt: toInstant(startsAt) };
        });
    },
    store: async (lease, { side, events, staleIds }, move) => {
      if (!rows.holds(lease, true)) return { outcome: 'fenced', accepted: 0 };
      const accepted = ingestEvents(rows, events);
      for (const link of rows.links.values()) {
        if (link.quickbooksId === null || !staleIds.includes(link.quickbooksId)) continue;
        link.quickbooksFresh = false;
        link.quickbooksNews += 1;
      }
      if (move !== null) {
        rows.polledAt[side] = rows.nowMs;
        rows.watermarks[side].since = move.since;
        rows.watermarks[side].dueAt = rows.nowMs + move.dueInMs;
      }
      return { outcome: 'stored', accepted };
    },
    putOff: async (lease, side, ms) => {
      if (rows.holds(lease, true)) rows.watermarks[side].dueAt = rows.nowMs + ms;
    },
    observed: async (_companyId, side, ids) => {
      const found = [...rows.links.values()].flatMap((link) => {
        const id = side === 'internal' ? link.internalId : link.quickbooksId;
        const seen = link.observed[side];
        return id === null || seen === null || !ids.includes(id)
          ? []
          : [[id, seen.invoice] as const];
      });
      return new Map(found);
    },
    matchedNames: async (_companyId, kind, ids) => {
      const found = rows.references.flatMap((row) =>
        row.kind === kind &&
        row.status === 'MATCHED' &&
        row.quickbooksId !== null &&
        row.quickbooksName !== null &&
        ids.includes(row.quickbooksId)
          ? [[row.quickbooksId, row.quickbooksName] as const]
          : [],
      );
      return new Map(found);
    },
    payments: async (_companyId, ids) => {
      const found = [...rows.seenPayments].flatMap(([id, { seen, fresh }]) =>
        fresh && ids.includes(id) ? [[id, seen.raw] as const] : [],
      );
      return new Map(found);
    },
    linkedIds: async (_companyId, after, limit) =>
      [...rows.links.values()]
        .filter(({ observed }) => observed.quickbooks?.invoice.existence !== 'deleted')
        .flatMap(({ quickbooksId }) => quickbooksId ?? [])
        .filter((id) => id > after)
        .toSorted()
        .slice(0, limit),
  };
}

/** Calls to QuickBooks, counted in memory. */
export function createMemoryCounts(rows: MemoryRows): CallCounts {
  return {
    count: async (lease, kinds) => {
      if (!rows.holds(lease, true)) return false;
      for (const kind of kinds) rows.calls.push({ at: rows.nowMs, kind });
      return true;
    },
    lastMinute: async () => {
      const since = rows.nowMs - 62_000;
      rows.calls = rows.calls.filter(({ at }) => at > since);
      const bySecond = Map.groupBy(rows.calls, ({ at }) => Math.floor(at / 1_000) * 1_000);
      return [...bySecond]
        .toSorted(([one], [other]) => one - other)
        .map(([second, calls]) => ({
          agoMs: rows.nowMs - second,
          calls: calls.length,
          batches: calls.filter(({ kind }) => kind === 'batch').length,
        }));
    },
    thisMonth: async () => ({ used: 0, companies: 1, monthLeftMs: 86_400_000 }),
  };
}
