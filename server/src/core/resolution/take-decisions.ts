import type { Invoice } from '../invoice/invoice.ts';
import { isSamePlace, isSameValue, type GroupPlace } from '../merge/group-value.ts';
import type { GroupMerge } from '../merge/merge-invoice.ts';
import type { Terms } from '../merge/same.ts';
import { isAboutTax, taxDispute } from '../plan/tax-truth.ts';
import { wordsFor } from '../plan/words.ts';
import { sideNamesFirst, sides, type Side } from '../side.ts';
import type { GroupDecision, SideValues, StandingConflict } from './decision.ts';

/** Both sides as they are now, each in its own terms. */
export type PresentSides = {
  readonly internal: Invoice;
  readonly quickbooks: Invoice;
  readonly defaultTaxCodeId: string | null;
};

/** How a decision fits what both sides show now. */
type Fit =
  | { readonly kind: 'holds'; readonly merge: GroupMerge }
  | { readonly kind: 'moved'; readonly because: string };

/** Decisions laid over the merges they decide, or why they do not fit any more. */
export type TakenDecisions =
  | { readonly kind: 'holds'; readonly merges: readonly GroupMerge[] }
  | {
      readonly kind: 'moved';
      readonly kept: readonly GroupDecision[];
      readonly because: string;
    };

/**
 * Lays a person's decisions over the merges. They hold only together: each group must still show what it was decided on,
 * or already what was decided, and no other group may be in dispute (architecture.md §4, "Resolutions").
 */
export function takeDecisions(
  merges: readonly GroupMerge[],
  { decisions, isPartial = false }: Pick<StandingConflict, 'decisions' | 'isPartial'>,
  present: PresentSides,
): TakenDecisions {
  const fits = decisions.map((decision) => ({ decision, fit: fitOf(merges, decision, present) }));
  const reasons = fits.flatMap(({ fit }) => (fit.kind === 'moved' ? [fit.because] : []));
  const undecided = merges.filter(
    (merge) => merge.merge === 'conflict' && !decisions.some((one) => isSamePlace(one, merge)),
  );
  if (undecided.length > 0 && !isPartial)
    reasons.push(`Both sides have changed ${wordsFor(undecided)} to different values too.`);
  if (reasons.length > 0)
    return { kind: 'moved', kept: fits.flatMap(keptOf), because: reasons.join(' ') };
  const decided = fits.flatMap(({ fit }) => (fit.kind === 'holds' ? [fit.merge] : []));
  return {
    kind: 'holds',
    merges: merges.map((merge) => decided.find((one) => isSamePlace(one, merge)) ?? merge),
  };
}

const keptOf = ({ decision, fit }: { decision: GroupDecision; fit: Fit }) =>
  fit.kind === 'holds' ? [decision] : [];

function fitOf(merges: readonly GroupMerge[], decision: GroupDecision, present: PresentSides): Fit {
  const merge = merges.find((one) => isSamePlace(one, decision));
  if (merge === undefined)
    return isAboutTax(decision) ? { kind: 'holds', merge: taxAgreed } : gone(decision);
  const { choice, decided } = decision;
  if (decided !== null) return fitOfDecided(merge, decision, decided, present);
  const keeper = choice === 'KEEP_INTERNAL' ? 'internal' : 'quickbooks';
  if (!shows(present, decision, decision.madeOn, keeper)) return moved(decision, [keeper]);
  if (merge.merge === 'agreed' || merge.merge === 'unchanged')
    return { kind: 'holds', merge: { ...merge, choice } };
  const other = keeper === 'internal' ? 'quickbooks' : 'internal';
  if (!shows(present, decision, decision.madeOn, other)) return moved(decision, [other]);
  const taken = keeper === 'internal' ? 'take-internal' : 'take-quickbooks';
  return { kind: 'holds', merge: { ...merge, merge: taken, choice } };
}

/** Tax that is disputed no longer: the write that stated it has arrived. */
const taxAgreed: GroupMerge = { ...taxDispute, merge: 'agreed' };

/** A side may show the decided value already: the write to it arrived and the one to the other side did not. */
function fitOfDecided(
  merge: GroupMerge,
  decision: GroupDecision,
  decided: SideValues,
  present: PresentSides,
): Fit {
  const to = sides.filter((side) => !shows(present, decision, decided, side));
  const strayed = to.filter((side) => !shows(present, decision, decision.madeOn, side));
  if (strayed.length > 0) return moved(decision, strayed);
  const { choice } = decision;
  return to.length === 0
    ? { kind: 'holds', merge: { ...merge, merge: 'agreed', choice } }
    : { kind: 'holds', merge: { ...merge, merge: 'take-decided', choice, to } };
}

const termsOf = ({ defaultTaxCodeId }: PresentSides, side: Side): Terms => ({
  defaultTaxCodeId: side === 'internal' ? null : defaultTaxCodeId,
});

/** Whether a side shows in a group the value it is given. */
const shows = (present: PresentSides, place: GroupPlace, values: SideValues, side: Side): boolean =>
  isSameValue(present[side], place, values[side], termsOf(present, side));

const moved = (decision: GroupDecision, by: readonly Side[]): Fit => ({
  kind: 'moved',
  because: by
    .map((side) => `${sideNamesFirst[side]} has changed ${wordsFor([decision])} since.`)
    .join(' '),
});

const gone = (decision: GroupDecision): Fit => ({
  kind: 'moved',
  because: `Since then it is no longer about ${wordsFor([decision])}.`,
});

/**
 * A group that was opened again waits for a person though both sides agree, until one of them moves it: then that newer
 * edit is what counts.
 */
export const heldOpen = (
  merges: readonly GroupMerge[],
  reopened: StandingConflict['reopened'],
): readonly GroupMerge[] =>
  merges.map((merge) =>
    merge.merge === 'unchanged' && reopened.some((one) => isSamePlace(one, merge))
      ? { ...merge, merge: 'conflict' }
      : merge,
  );
