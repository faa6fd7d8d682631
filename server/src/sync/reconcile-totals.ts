import type { ReconcileRun } from '#ports/reconciles.ts';
import type { Drain } from './crossing.ts';
import type { SliceOutcome } from './reconcile.ts';

/**
 * Ends the run with its control totals and what explains their difference. Every invoice counts under the reason it was judged by,
 * so the residual adds up to the difference; what nothing explains has raised its own drift.
 */
export async function settleTotals(work: Drain, run: ReconcileRun): Promise<SliceOutcome> {
  const { reconciles } = work.engine;
  await reconciles.finish(work.lease, run, await reconciles.totals(run));
  return { kind: 'over' };
}
