import type { BulkStatus } from '#core/bulk/progress.ts';
import { maySee } from '#ports/access.ts';
import type { RequestOutcome } from '#ports/change-requests.ts';
import { tellingOf } from './accept-bulk.ts';
import { answerOnce, illegal, notFound, type Ask, type Desk } from './change-request.ts';

export type CancelBulkOperation = { readonly bulkOperationId: string };

/** Stops a bulk operation between two items; finished items stay finished, the others stay as they were. */
export const cancelBulkOperation = (
  desk: Desk,
  ask: Ask<CancelBulkOperation>,
): Promise<RequestOutcome> =>
  answerOnce(desk, 'cancelBulkOperation', ask, async (rows) => {
    const bulk = await rows.bulkOperation(ask.input.bulkOperationId);
    if (bulk === null || !bulk.companyIds.every((id) => maySee(ask.caller, id))) return notFound;
    const over = whyOver[bulk.status];
    if (over !== null) return illegal(over, false);
    const stopped = { ...bulk, status: 'CANCELLED' } as const;
    const companyIds = bulk.companyIds.toSorted();
    for (const [index, companyId] of companyIds.entries()) {
      const change = tellingOf(ask, stopped, companyId);
      await rows.record(index === 0 ? { ...change, bulkCancelled: bulk.id } : change);
    }
    const [companyId] = companyIds;
    if (companyId === undefined) throw new Error('a bulk operation concerns no company');
    return { companyId, subjectId: bulk.id, eventId: null, undoToken: null };
  });

const whyOver = {
  QUEUED: null,
  RUNNING: null,
  SUCCEEDED: 'It has ended already.',
  PARTIAL: 'It has ended already.',
  CANCELLED: 'It was stopped already.',
} as const satisfies Record<BulkStatus, string | null>;
