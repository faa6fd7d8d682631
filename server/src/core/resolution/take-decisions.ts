import type { Invoice } from '../invoice/invoice.ts';
import { isSamePlace, isSameValue, type GroupPlace } from '../merge/group-value.ts';
import type { GroupMerge } from '../merge/merge-invoice.ts';
import type { Terms } from '../merge/same.ts';
import { isAboutTax } from '../plan/tax-truth.ts';
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
    (merge) => merge.merge === 'conflict' && !decisions.some((one) => covers(one, merge)),
  );
  if (undecided.length > 0 && !isPartial)
    reasons.push(`Both sides have changed ${wordsFor(undecided)} to different values too.`);
  if (reasons.length > 0)
    return { kind: 'moved', kept: fits.flatMap(keptOf), because: reasons.join(' ') };
  const decided = fits.flatMap(({ fit }) => (fit.kind === 'holds' ? [fit.merge] : []));
  return { kind: 'holds', merges: inPlaceOf(merges, decided) };
}

/** Every merge in the order of the document, what is decided in place of the first it covers. */
function inPlaceOf(
  merges: readonly GroupMerge[],
  decided: readonly GroupMerge[],
): readonly GroupMerge[] {
  const placed = new Set<GroupMerge>();
  const kept = merges.flatMap((merge) => {
    const over = decided.find((one) => covers(one, merge));
    if (over === undefined) return [merge];
    if (placed.has(over)) return [];
    placed.add(over);
    return [over];
  });
  return [...kept, ...decided.filter((one) => !placed.has(one))];
}

/** Whether a decision is about what a merge is about: one about a whole line is about every group of it. */
export const covers = (decision: GroupPlace, merge: GroupPlace): boolean =>
  decision.group === 'line' ? decision.lineKey === merge.lineKey : isSamePlace(decision, merge);

const keptOf = ({ decision, fit }: { decision: GroupDecision; fit: Fit }) =>
  fit.kind === 'holds' ? [decision] : [];

function fitOf(merges: readonly GroupMerge[], decision: GroupDecision, present: PresentSides): Fit {
  const own = merges.filter((merge) => covers(decision, merge));
  // A line that both sides lack, and tax that they state alike, are not merged any more.
  const mayBeGone = decision.group === 'line' || isAboutTax(decision);
  if (own.length === 0 && !mayBeGone) return gone(decision);
  const { choice, decided } = decision;
  if (decided !== null) return fitOfDecided(decision, decided, present);
  const keeper = choice === 'KEEP_INTERNAL' ? 'internal' : 'quickbooks';
  const isOver = own.every(({ merge }) => merge === 'agreed' || merge === 'unchanged');
  if (isOver && isAboutTax(decision)) return holds(decision, 'agreed');
  if (!shows(present, decision, decision.madeOn, keeper)) return moved(decision, [keeper]);
  if (isOver) return holds(decision, 'agreed');
  const other = keeper === 'internal' ? 'quickbooks' : 'internal';
  if (!shows(present, decision, decision.madeOn, other)) return moved(decision, [other]);
  return holds(decision, keeper === 'internal' ? 'take-internal' : 'take-quickbooks');
}

const holds = (
  { group, lineKey, paths, choice }: GroupDecision,
  merge: Exclude<GroupMerge['merge'], 'take-decided'>,
): Fit => ({ kind: 'holds', merge: { group, lineKey, paths, choice, merge } });

/** A side may show the decided value already: the write to it arrived and the one to the other side did not. */
function fitOfDecided(decision: GroupDecision, decided: SideValues, present: PresentSides): Fit {
  const to = sides.filter((side) => !shows(present, decision, decided, side));
  const strayed = to.filter((side) => !shows(present, decision, decision.madeOn, side));
  if (strayed.length > 0) return moved(decision, strayed);
  if (to.length === 0) return holds(decision, 'agreed');
  const { group, lineKey, paths, choice } = decision;
  return { kind: 'holds', merge: { group, lineKey, paths, choice, merge: 'take-decided', to } };
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
