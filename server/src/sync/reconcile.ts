import { toCorrelationId } from '#core/brand.ts';
import { unreachable } from '#core/unreachable.ts';
import type { ReconcileRun } from '#ports/reconciles.ts';
import type { Drain } from './crossing.ts';
import { noteFailedSlice, ourMistake, type FailedSlice } from './failed-slice.ts';
import { workerLimits } from './limits.ts';
import { pollPaceOf } from './read-budget.ts';
import { readInternalPage, readQuickbooksPage } from './reconcile-pages.ts';
import { judgeUnlinked } from './reconcile-unlinked.ts';
import { judgeUnseen } from './reconcile-unseen.ts';
import { settleTotals } from './reconcile-totals.ts';

/** What a slice came to: more to do, the run is over or no longer ours, or a side could not be read. */
export type SliceOutcome = { readonly kind: 'more' } | { readonly kind: 'over' } | FailedSlice;

/**
 * Works on the company's reconcile run, slice by slice, while nothing else is due (architecture.md §3, §5). Each slice is stored
 * with its place, so that a run goes on wherever another worker stopped. Answers whether the run wants another turn.
 */
export async function reconcile(work: Drain): Promise<boolean> {
  const { engine, lease, company, signal } = work;
  await engine.reconciles.settleDrifts(lease);
  const endsAt = engine.clock.monotonicMs() + workerLimits.reconcileMs;
  for (;;) {
    const run = await engine.reconciles.next(lease, {
      runId: engine.ids.next(),
      correlationId: toCorrelationId(engine.ids.next()),
    });
    if (run === null || signal.aborted) return false;
    const pace = await pollPaceOf(engine, 'quickbooks');
    if (!pace.isAllowed) {
      engine.log.warn('the reads left this month are kept for writes', { companyId: company.id });
      await engine.reconciles.rest(lease, run, pace.everyMs);
      return false;
    }
    const before = work.accounting.readsSent();
    const outcome = await sliceOf(work, run);
    const reads = work.accounting.readsSent() - before;
    if (reads > 0) await engine.reconciles.noteReads(lease, run, reads);
    if (signal.aborted) return false;
    if (outcome.kind === 'failed') {
      await putOff(work, run, outcome);
      return false;
    }
    const dueInMs = await engine.store.nextDueInMs(company.id);
    if (dueInMs !== null && dueInMs <= 0) return true;
    if (engine.clock.monotonicMs() >= endsAt) return true;
  }
}

async function sliceOf(work: Drain, run: ReconcileRun): Promise<SliceOutcome> {
  try {
    return await slice(work, run);
  } catch (error) {
    // Rows out of reach are nobody's mistake, and cost the run nothing.
    if (work.engine.store.isUnavailable(error)) throw error;
    work.engine.log.error('a reconcile failed by our own fault', {
      companyId: work.company.id,
      runId: run.id,
      phase: run.phase,
      cause: String(error),
    });
    return ourMistake;
  }
}

function slice(work: Drain, run: ReconcileRun): Promise<SliceOutcome> {
  switch (run.phase) {
    case 'internal':
      return readInternalPage(work, run);
    case 'quickbooks':
      return readQuickbooksPage(work, run);
    case 'links':
      return judgeUnseen(work, run);
    case 'unlinked-internal':
      return judgeUnlinked(work, run, 'internal');
    case 'unlinked-quickbooks':
      return judgeUnlinked(work, run, 'quickbooks');
    case 'totals':
      return settleTotals(work, run);
    default:
      return unreachable(run.phase);
  }
}

/** The run keeps its place; what the failure says of the company is noted. */
async function putOff(work: Drain, run: ReconcileRun, failed: FailedSlice): Promise<void> {
  const { engine, lease, company } = work;
  const cause = await noteFailedSlice(work, failed);
  engine.log.warn('a slice of a reconcile failed', { companyId: company.id, runId: run.id, cause });
  const isLast = run.failures + 1 >= workerLimits.reconcileFailuresMax;
  await engine.reconciles.putOff(lease, run, workerLimits.reconcileAgainMs, isLast ? cause : null);
}
