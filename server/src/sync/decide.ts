import { isGone, type InvoiceContent } from '#core/invoice/invoice.ts';
import { recordsUsed } from '#core/mapping/translate.ts';
import { pairAdded } from '#core/merge/pair-lines.ts';
import { planInvoice, type Plan, type PlanInputs } from '#core/plan/plan.ts';
import { unreachable } from '#core/unreachable.ts';
import type { NeededReference, Reference } from '#core/mapping/reference.ts';
import { otherSide, sideNames, sides, type Side } from '#core/side.ts';
import type { StoredDecision, StoredSeen } from '#ports/store.ts';
import type { Crossing } from './crossing.ts';
import { decisionOf } from './decision.ts';
import { contextOf, sharedInputs } from './decision-context.ts';
import { editsOf } from './edits.ts';
import { withNumberThere } from './number-there.ts';
import { observationOf, type Observed } from './observe.ts';
import { standingOf } from './standing-conflict.ts';
import {
  inInternalTerms,
  inQuickbooksTerms,
  internallyNamed,
  type Obstacle,
  type Translated,
} from './translate-sides.ts';

/** What looking and planning came to. */
export type Decided =
  | Obstacle
  | {
      readonly kind: 'planned';
      readonly plan: Plan;
      readonly decision: StoredDecision;
      readonly references: readonly Reference[];
      /** As it was planned on: lines that both sides added alike are under one key. */
      readonly observed: Observed;
      /** What would have to be made or mapped before this could be written; only ever in shadow mode. */
      readonly wanting: readonly Wanting[];
    };

/** Records without a counterpart: made before the invoice where that is allowed, else a person has to see to them. */
export type Wanting = {
  readonly words: string;
  readonly toMake: readonly NeededReference[];
  /** Whether it waits for a person. */
  readonly isHeld: boolean;
};

/** Puts each side in the other's terms as far as it has to go there, and plans. */
export async function decide(
  crossing: Crossing,
  observed: Observed,
  internal: StoredSeen,
): Promise<Decided> {
  const unnumbered = inputsOf(crossing, observed, internal);
  const numbered = await withNumberThere(crossing, unnumbered, planInvoice(unnumbered));
  if (numbered.kind === 'failed') return { ...numbered, references: [] };
  const { inputs: seen } = numbered;
  const first = planInvoice(seen);
  if (isMadeHereAgain(first)) return decideAgainHere(crossing, observed, seen);
  if (needsNoTranslation(seen, first)) return planned(crossing, observed, seen, []);
  const there = await inQuickbooksTerms(crossing, internal.invoice);
  if (there.kind === 'failed' || (there.kind !== 'translated' && isWritten(crossing))) return there;
  const paired = withAddedLinesPaired(crossing, observed, there.content);
  const forward = {
    ...inputsOf(crossing, paired, internal),
    numberThere: seen.numberThere,
    translated: there.content,
  };
  const wanting = wantingIn(there);
  if (forward.quickbooks === null)
    return planned(crossing, paired, forward, there.references, wanting);
  const { merges } = planInvoice(forward);
  const back = await inInternalTerms(crossing, forward.quickbooks, merges);
  const references = [...there.references, ...back.references];
  if (back.kind === 'failed' || (back.kind !== 'translated' && isWritten(crossing)))
    return { ...back, references };
  const both = { ...forward, translatedBack: back.content };
  return planned(crossing, paired, both, references, [...wanting, ...wantingIn(back)]);
}

/** In shadow mode everything is compared in the same terms as later, and nothing is made for it (architecture.md §5). */
const isWritten = ({ company }: Crossing): boolean => company.mode !== 'SHADOW';

export function wantingIn(
  found: Exclude<Translated | Obstacle, { kind: 'failed' }>,
): readonly Wanting[] {
  switch (found.kind) {
    case 'translated':
      return [];
    case 'waiting':
      return [{ words: found.explanation, toMake: [], isHeld: true }];
    case 'make': {
      const words = `Before it ${found.toMake.map(wouldBeMade).join(' and ')}.`;
      return [{ words, toMake: found.toMake, isHeld: false }];
    }
    default:
      return unreachable(found);
  }
}

const wouldBeMade = ({ name, side }: NeededReference): string =>
  `${name} would be made in ${sideNames[otherSide(side)]}`;

/** What is gone, too old or in closed books needs no counterparts of its customer and items. */
function needsNoTranslation(inputs: PlanInputs, first: Plan): boolean {
  const { internal, quickbooks } = inputs;
  if (isGone(internal)) return true;
  if (quickbooks === null) return first.next.kind !== 'write';
  return isGone(quickbooks) && !isMade(first, 'quickbooks');
}

const isMade = ({ next }: Plan, side: Side): boolean =>
  next.kind === 'write' && next[side]?.operation === 'CREATED';

const isMadeHereAgain = (plan: Plan): boolean => isMade(plan, 'internal');

/** What QuickBooks still has is put in internal terms as a whole: it is made anew in internal invoicing. */
async function decideAgainHere(
  crossing: Crossing,
  observed: Observed,
  seen: PlanInputs,
): Promise<Decided> {
  const { quickbooks } = seen;
  if (quickbooks === null) throw new Error('an invoice was to be made again that nobody has');
  const back = await internallyNamed(crossing, quickbooks, recordsUsed(quickbooks));
  if (back.kind !== 'translated') return back;
  const inputs = { ...seen, translatedBack: back.content };
  return planned(crossing, observed, inputs, back.references);
}

/** A line that was added on both sides is one: QuickBooks' takes the key of internal's, and is stored so. */
function withAddedLinesPaired(
  crossing: Crossing,
  observed: Observed,
  { lines }: InvoiceContent,
): Observed {
  const { quickbooks, fresh } = observed;
  if (quickbooks === null || isGone(quickbooks.invoice)) return observed;
  const agreed = sides.flatMap((side) => crossing.link.base?.[side].lines ?? []);
  const pairs = pairAdded(lines, quickbooks.invoice.lines, agreed);
  if (pairs.size === 0) return observed;
  const invoice = {
    ...quickbooks.invoice,
    lines: quickbooks.invoice.lines.map((line) => ({
      ...line,
      key: line.key === null ? null : (pairs.get(line.key) ?? line.key),
    })),
  };
  const seen = { raw: quickbooks.raw, invoice };
  const record = observationOf(crossing, seen, 'quickbooks');
  return {
    ...observed,
    quickbooks: { ...seen, observationId: record.id },
    fresh: [...fresh.filter(({ side }) => side !== 'quickbooks'), record],
  };
}

/** Both sides as seen; as long as nothing is translated, each stands for itself in the other's terms. */
const inputsOf = (
  crossing: Crossing,
  { quickbooks }: Observed,
  { invoice }: StoredSeen,
): PlanInputs => ({
  base: crossing.link.base,
  internal: invoice,
  translated: invoice,
  quickbooks: quickbooks?.invoice ?? null,
  translatedBack: quickbooks?.invoice ?? null,
  taxVariance: crossing.link.taxVariance,
  ...sharedInputs(crossing),
  edits: editsOf(crossing, invoice, quickbooks?.invoice ?? null),
  standing: standingOf(crossing),
});

function planned(
  crossing: Crossing,
  observed: Observed,
  inputs: PlanInputs,
  references: readonly Reference[],
  wanting: readonly Wanting[] = [],
): Decided {
  const plan = planInvoice(inputs);
  const decision = decisionOf(observed, inputs, plan, contextOf(crossing).hash);
  return { kind: 'planned', plan, decision, references, observed, wanting };
}
