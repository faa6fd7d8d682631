import { judgeUnlinkedInternal, judgeUnlinkedQuickbooks } from '#core/reconcile/judge-unlinked.ts';
import type { Verdict } from '#core/reconcile/drift.ts';
import type { Side } from '#core/side.ts';
import type { ReconcileRun, StoredUnlinked } from '#ports/reconciles.ts';
import type { Drain } from './crossing.ts';
import { workerLimits } from './limits.ts';
import type { SliceOutcome } from './reconcile.ts';
import { emptySlice, findingsIn, fingerprintOf, storeSlice } from './reconcile-slice.ts';

/** Documents of one side without a counterpart. What is judged is staged no more, so a slice takes the next ones. */
export async function judgeUnlinked(
  work: Drain,
  run: ReconcileRun,
  side: Side,
): Promise<SliceOutcome> {
  const found = await work.engine.reconciles.unlinked(run, side, workerLimits.unlinkedBatch);
  const judged = found.map((one) => ({ one, verdict: verdictOn(work, one) }));
  const isDone = found.length < workerLimits.unlinkedBatch;
  return storeSlice(
    work,
    run,
    {
      ...emptySlice(work, run),
      ...findingsIn(
        work,
        run,
        judged.map(({ verdict }) => verdict),
      ),
      judged: judged.map(({ one, verdict }) => ({
        linkId: one.linkId,
        internalId: side === 'internal' ? one.id : null,
        quickbooksId: side === 'quickbooks' ? one.id : null,
        reason: verdict.reason,
      })),
      compared: judged.length,
      matched: judged.filter(({ verdict }) => verdict.reason === 'matched').length,
    },
    isDone ? null : (found.at(-1)?.id ?? null),
  );
}

function verdictOn(work: Drain, one: StoredUnlinked): Verdict {
  const { company, facts, engine } = work;
  const terms = { settings: company.settings, facts, isShadow: company.mode === 'SHADOW' };

  const { invoice } = one;
  if (one.existence === 'deleted') return { reason: 'matched', drift: null, untold: null };
  const evidence = {
    internal: one.side === 'internal' ? invoice : null,
    quickbooks: one.side === 'quickbooks' ? invoice : null,
    baseInternal: null,
    baseQuickbooks: null,
  };
  const isAccepted =
    one.accepted.length > 0 && one.accepted.includes(fingerprintOf(engine, evidence));
  return one.side === 'internal'
    ? judgeUnlinkedInternal({ ...one, internalId: one.id, isAccepted }, terms)
    : judgeUnlinkedQuickbooks(
        { ...one, quickbooksId: one.id, hasTwin: one.twinId !== null, isAccepted },
        terms,
      );
}
