import { isCertainSecond } from '#core/reconcile/second-document.ts';
import { maySee } from '#ports/access.ts';
import type { RequestOutcome } from '#ports/change-requests.ts';
import type { SelectedDrift } from '#ports/reconcile-requests.ts';
import { acceptBulk, bulkLimits, whyNotThese } from './accept-bulk.ts';
import { answerOnce, notFound, type Ask, type Desk } from './change-request.ts';

export type RepairDrifts = {
  readonly reconcileRunId: string;
  /** Null takes every open one of the run. */
  readonly driftIds: readonly string[] | null;
  readonly expectedCount: number;
};

/** Repairs a minute; each may cost a write, and a realm takes 500 calls a minute (quickbooks.md §5). */
const ratePerMinute = 120;

/** Repairs many drifts of a run, one by one and at a limited rate, as a bulk operation. */
export const repairDrifts = (desk: Desk, ask: Ask<RepairDrifts>): Promise<RequestOutcome> =>
  answerOnce(desk, 'repairDrifts', ask, async (rows) => {
    const { reconcileRunId, driftIds, expectedCount } = ask.input;
    const run = await rows.reconciles.run(reconcileRunId);
    if (run === null || !maySee(ask.caller, run.companyId)) return notFound;
    const limit = bulkLimits.itemsMax + 1;
    const chosen = await rows.reconciles.openDrifts(run.id, driftIds, limit);
    const refusal = whyNotThese(chosen, expectedCount, 'open drifts');
    if (refusal !== null) return refusal;
    const isAskedAlone = driftIds?.length === 1;
    const id = desk.ids.next();
    const { caller, idempotencyKey, correlationId } = ask;
    const label = `Repair ${chosen.length} ${chosen.length === 1 ? 'drift' : 'drifts'}`;
    const bulk = {
      id,
      kind: 'REPAIR_DRIFTS',
      label,
      parameters: { reconcileRunId },
      ratePerMinute,
      caller: { kind: caller.kind, id: caller.id, name: caller.name },
      idempotencyKey,
      correlationId,
      items: chosen.map((drift) => ({
        companyId: drift.companyId,
        subjectId: drift.id,
        version: drift.version,
        leftOut: isAskedAlone ? null : whyLeftOut(drift),
      })),
    } as const;
    await acceptBulk(rows, ask, bulk, null);
    return { companyId: run.companyId, subjectId: id, eventId: null, undoToken: null };
  });

/** Among many, a document is voided only where our own marker says that it is the second one. */
const whyLeftOut = ({ kind, internalId, quickbooks }: SelectedDrift): string | null =>
  kind !== 'SUSPECTED_DUPLICATE' || isCertainSecond(quickbooks, internalId)
    ? null
    : 'It is not certain which of the two documents is to go; look at both, then repair this one by itself.';
