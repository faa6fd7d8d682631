import { describeBulk, statusByCounts, type BulkProgress } from '#core/bulk/progress.ts';
import type { CompanyId } from '#core/brand.ts';
import type { NewBulkOperation } from '#ports/bulk.ts';
import type { LockedRows, Refusal } from '#ports/change-requests.ts';
import { actorOf, entryOf, illegal, type Ask } from './change-request.ts';

/** Limits of bulk operations. */
export const bulkLimits = {
  /** Items one operation may hold: what a person can still oversee, and one statement stores. */
  itemsMax: 10_000,
  /** A realm takes 500 calls a minute (quickbooks.md §5); an item may cost more than one. */
  ratePerMinuteMax: 500,
} as const;

/** Why a selection is not taken as it is; null when it is. */
export function whyNotThese(
  chosen: readonly unknown[],
  expectedCount: number,
  what: string,
): Refusal | null {
  const { itemsMax } = bulkLimits;
  if (chosen.length > itemsMax)
    return illegal(
      `More than ${itemsMax} ${what} match; narrow the selection and take them in parts.`,
      false,
      'LIMIT_EXCEEDED',
    );
  if (chosen.length !== expectedCount)
    return {
      ...illegal(
        `${chosen.length} ${what} match now, not ${expectedCount}; nothing was done. Look at them again first.`,
        false,
        'COUNT_MISMATCH',
      ),
      currentCount: chosen.length,
    };
  if (chosen.length > 0) return null;
  return { kind: 'invalid', issues: [{ path: ['selection'], message: `No ${what} match.` }] };
}

/** Accepts an operation: its rows, an audit entry and a stream event in every company it concerns. Returns those companies. */
export async function acceptBulk(
  rows: LockedRows,
  ask: Ask<unknown>,
  bulk: NewBulkOperation,
  note: string | null,
): Promise<readonly CompanyId[]> {
  const companyIds = [...new Set(bulk.items.map(({ companyId }) => companyId))].toSorted();
  const skipped = bulk.items.filter(({ leftOut }) => leftOut !== null).length;
  const counts = { total: bulk.items.length, succeeded: 0, failed: 0, skipped };
  const status = statusByCounts(counts, false);
  const progress = { id: bulk.id, label: bulk.label, status, companyIds, ...counts };
  for (const [index, companyId] of companyIds.entries()) {
    const change = tellingOf(ask, progress, companyId, note);
    await rows.record(index === 0 ? { ...change, bulk } : change);
  }
  return companyIds;
}

/** What is told of an operation in one of its companies. */
export function tellingOf(
  ask: Ask<unknown>,
  progress: BulkProgress,
  companyId: CompanyId,
  note: string | null = null,
) {
  const summary = describeBulk(progress);
  const subject = { type: 'BulkOperation', id: progress.id } as const;
  const changes = [{ path: 'status', side: null, before: null, after: progress.status }];
  return {
    companyId,
    linkId: null,
    correlationId: ask.correlationId,
    actor: actorOf(ask.caller),
    audit: [entryOf(ask, 'BULK', summary, subject, { changes, note })],
    stream: [{ type: 'BULK_CHANGED', summary, detail: { bulkOperationId: progress.id } }],
  } as const;
}
