import { canonicalText } from '#core/canonical-text.ts';
import type { CompanySettings } from '#core/company/company.ts';
import type { RuleBook } from '#core/merge/policy.ts';
import { unreachable } from '#core/unreachable.ts';
import type { Digest } from '#ports/digest.ts';
import type { PlanningPass } from '#ports/planning.ts';
import type { Drain } from './crossing.ts';
import { noteFailedSlice, ourMistake, type FailedSlice } from './failed-slice.ts';
import { workerLimits } from './limits.ts';
import { handOver, keepSnapshot } from './planning-hand-over.ts';
import { matchCustomers, matchDocuments, suggestMatches } from './planning-matching.ts';
import { stageInternalPage, stageQuickbooksPage } from './planning-pages.ts';
import type { PlanningOutcome } from './planning-place.ts';
import { pollPaceOf } from './read-budget.ts';

/**
 * Works on the company's planning pass, slice by slice, while nothing else is due (architecture.md §5, "Shadow mode"). Each slice
 * is stored with its place, so that a pass goes on wherever another worker stopped; it writes to neither side. Answers whether it
 * wants another turn.
 */
export async function planPass(work: Drain): Promise<boolean> {
  const { engine, lease, company, signal } = work;
  if (company.mode !== 'SHADOW') return false;
  const endsAt = engine.clock.monotonicMs() + workerLimits.reconcileMs;
  for (;;) {
    const found = await engine.planning.next(lease);
    if (found === null || signal.aborted) return false;
    const pace = await pollPaceOf(engine, 'quickbooks');
    if (!pace.isAllowed) {
      engine.log.warn('the reads left this month are kept for writes', { companyId: company.id });
      await engine.planning.rest(lease, found, pace.everyMs);
      return false;
    }
    const outcome = await sliceOf(work, await begun(work, found));
    if (signal.aborted) return false;
    if (outcome.kind === 'failed') {
      await putOff(work, found, outcome);
      return false;
    }
    const dueInMs = await engine.store.nextDueInMs(company.id);
    if (dueInMs !== null && dueInMs <= 0) return true;
    if (outcome.kind === 'waits') return false;
    if (engine.clock.monotonicMs() >= endsAt) return true;
  }
}

/** A pass plans under one set of settings and rules; when they change, what it planned is out of date. */
async function begun({ engine, lease, company }: Drain, pass: PlanningPass): Promise<PlanningPass> {
  if (pass.terms !== null) return pass;
  // The company at hand has its income account filled in; a person's own settings are what counts.
  const stored = await engine.store.company(company.id);
  const rules = await engine.planning.rulesInForce(company.id);
  const terms = termsOf(engine.digest, (stored ?? company).settings, rules);
  await engine.planning.begin(lease, pass, terms);
  return { ...pass, terms };
}

/** One text for all that a person may change and plans rest on. */
export const termsOf = (digest: Digest, settings: CompanySettings, rules: RuleBook): string => {
  // Found in QuickBooks, not chosen: it fills itself in while the pass goes on.
  const { incomeAccountId: _account, undoWindowSeconds: _window, ...chosen } = settings;
  return digest.sha256(canonicalText({ settings: chosen, rules: rules.policies }));
};

async function sliceOf(work: Drain, pass: PlanningPass): Promise<PlanningOutcome> {
  try {
    return await slice(work, pass);
  } catch (error) {
    // Rows out of reach are nobody's mistake, and cost the run nothing.
    if (work.engine.store.isUnavailable(error)) throw error;
    work.engine.log.error('a planning pass failed by our own fault', {
      companyId: work.company.id,
      passId: pass.id,
      phase: pass.phase,
      cause: String(error),
    });
    return ourMistake;
  }
}

function slice(work: Drain, pass: PlanningPass): Promise<PlanningOutcome> {
  switch (pass.phase) {
    case 'internal':
      return stageInternalPage(work, pass);
    case 'quickbooks':
      return stageQuickbooksPage(work, pass);
    case 'customers':
      return matchCustomers(work, pass);
    case 'matching':
      return matchDocuments(work, pass);
    case 'suggestions':
      return suggestMatches(work, pass);
    case 'planning':
      return handOver(work, pass);
    case 'snapshot':
      return keepSnapshot(work, pass);
    default:
      return unreachable(pass.phase);
  }
}

/** The pass keeps its place; what the failure says of the company is noted. */
async function putOff(work: Drain, pass: PlanningPass, failed: FailedSlice): Promise<void> {
  const { engine, lease, company } = work;
  const cause = await noteFailedSlice(work, failed);
  engine.log.warn('a slice of a planning pass failed', {
    companyId: company.id,
    passId: pass.id,
    cause,
  });
  const isLast = pass.failures + 1 >= workerLimits.planningFailuresMax;
  await engine.planning.putOff(lease, pass, workerLimits.planningAgainMs, isLast ? cause : null);
}
