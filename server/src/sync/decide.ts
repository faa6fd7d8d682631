import { isGone } from '#core/invoice/invoice.ts';
import { planInvoice, type Plan, type PlanInputs } from '#core/plan/plan.ts';
import type { Reference } from '#core/mapping/reference.ts';
import type { StoredDecision, StoredSeen } from '#ports/store.ts';
import type { Crossing } from './crossing.ts';
import { decisionOf } from './decision.ts';
import type { Observed } from './observe.ts';
import { inInternalTerms, inQuickbooksTerms, type Obstacle } from './translate-sides.ts';

/** What looking and planning came to. */
export type Decided =
  | Obstacle
  | {
      readonly kind: 'planned';
      readonly plan: Plan;
      readonly decision: StoredDecision;
      readonly references: readonly Reference[];
    };

/** Puts each side in the other's terms as far as it has to go there, and plans. */
export async function decide(
  crossing: Crossing,
  observed: Observed,
  internal: StoredSeen,
): Promise<Decided> {
  const seen = inputsOf(crossing, observed, internal);
  const first = planInvoice(seen);
  if (needsNoTranslation(crossing, seen, first)) return planned(observed, seen, []);
  const there = await inQuickbooksTerms(crossing, internal.invoice);
  if (there.kind !== 'translated') return there;
  const forward = { ...seen, translated: there.content };
  if (seen.quickbooks === null) return planned(observed, forward, there.references);
  const { merges } = planInvoice(forward);
  const back = await inInternalTerms(crossing, seen.quickbooks, merges);
  const references = [...there.references, ...back.references];
  if (back.kind !== 'translated') return { ...back, references };
  return planned(observed, { ...forward, translatedBack: back.content }, references);
}

/** What is gone, too old or in closed books, or only planned, needs no counterparts of its customer and items. */
function needsNoTranslation({ company }: Crossing, inputs: PlanInputs, first: Plan): boolean {
  const { internal, quickbooks } = inputs;
  if (isGone(internal) || company.mode === 'SHADOW') return true;
  return quickbooks === null ? first.next.kind !== 'write' : isGone(quickbooks);
}

/** Both sides as seen; as long as nothing is translated, each stands for itself in the other's terms. */
const inputsOf = (
  { link, company, facts }: Crossing,
  { quickbooks }: Observed,
  { invoice }: StoredSeen,
): PlanInputs => ({
  base: link.base,
  internal: invoice,
  translated: invoice,
  quickbooks: quickbooks?.invoice ?? null,
  translatedBack: quickbooks?.invoice ?? null,
  settings: company.settings,
  facts,
});

function planned(
  observed: Observed,
  inputs: PlanInputs,
  references: readonly Reference[],
): Decided {
  const plan = planInvoice(inputs);
  return { kind: 'planned', plan, decision: decisionOf(observed, inputs, plan), references };
}
