import { isGone, type Invoice } from '../invoice/invoice.ts';
import type { FieldChoice } from '../merge/field-choice.ts';
import type { GroupMerge } from '../merge/merge-invoice.ts';
import { isRuled } from '../merge/rules.ts';
import { otherSide, sideNames, sideNamesFirst, sides, type Side } from '../side.ts';
import { isCarried, staysInQuickbooks } from './carried.ts';
import { isAboutTax } from './tax-truth.ts';
import { wordsFor } from './words.ts';

/** Why what is written is written, and what is not. */
export function whyWritten(merges: readonly GroupMerge[]): string {
  return [
    ...sides.flatMap((from) => moved(merges, from)),
    ...sides.flatMap((from) => ruled(merges, from)),
    ...chosen(merges),
    ...disputes(merges),
    ...left(merges),
    ...readOnly(merges),
  ].join(' ');
}

function moved(merges: readonly GroupMerge[], from: Side): readonly string[] {
  const taken = merges.filter(
    (merge) => isCarried(merge, from) && !isRuled(merge) && merge.choice === undefined,
  );
  if (taken.length === 0) return [];
  const to = sideNames[otherSide(from)];
  return [
    `${sideNamesFirst[from]} changed ${wordsFor(taken)}; ${to} has not touched that since both agreed. It is written to ${to}.`,
  ];
}

function ruled(merges: readonly GroupMerge[], from: Side): readonly string[] {
  const taken = merges.filter((merge) => isCarried(merge, from) && isRuled(merge));
  if (taken.length === 0) return [];
  return [
    `Both sides changed ${wordsFor(taken)}; by its rule the value of ${sideNames[from]} is taken, and the other one is kept on record.`,
  ];
}

/** A person chose between two values, or a third one; what lost is kept on record. */
function chosen(merges: readonly GroupMerge[]): readonly string[] {
  return choices.flatMap(([choice, said]) => {
    const taken = merges.filter((merge) => merge.choice === choice);
    return taken.length === 0 ? [] : [`A person chose ${said} for ${wordsFor(taken)}.`];
  });
}

const choices = [
  ['KEEP_INTERNAL', 'the value of internal invoicing'],
  ['KEEP_QUICKBOOKS', 'the value of QuickBooks'],
  ['KEEP_BASE', 'what both sides last agreed on'],
  ['CUSTOM', 'a value of their own'],
] as const satisfies readonly (readonly [FieldChoice, string])[];

function disputes(merges: readonly GroupMerge[]): readonly string[] {
  const all = merges.filter(({ merge }) => merge === 'conflict');
  const disputed = all.filter((merge) => !isAboutTax(merge));
  const tax = disputed.length === all.length ? [] : [differentTax];
  const [never, changed] = [true, false].map((is) =>
    disputed.filter(({ neverAgreed = false }) => neverAgreed === is),
  );
  return [
    ...tax,
    ...said(never, (words) => `The two sides never agreed on ${words}; a person has to choose.`),
    ...said(
      changed,
      (words) => `Both sides changed ${words} to different values; a person has to choose.`,
    ),
    ...fallbacks(disputed),
  ];
}

const said = (
  merges: readonly GroupMerge[] = [],
  sentence: (words: string) => string,
): readonly string[] => (merges.length === 0 ? [] : [sentence(wordsFor(merges))]);

/** A rule that could not decide says why, once a reason. */
const fallbacks = (disputed: readonly GroupMerge[]): readonly string[] =>
  [...Map.groupBy(disputed, ({ fallback }) => fallback)].flatMap(([why, merges]) =>
    why === undefined ? [] : [`The rule for ${wordsFor(merges)} could not decide: ${why}.`],
  );

function readOnly(merges: readonly GroupMerge[]): readonly string[] {
  const kept = merges.filter(({ rule }) => rule === 'READ_ONLY');
  if (kept.length === 0) return [];
  return [`By its rule ${wordsFor(kept)} is never written; each side keeps its own.`];
}

/** Nobody changed it: each side computed it (architecture.md §4, "Tax"). */
const differentTax =
  'Both sides agree on all the lines and yet compute different tax, by more than this company lets pass; a person has to choose.';

function left(merges: readonly GroupMerge[]): readonly string[] {
  const staying = merges.filter(staysInQuickbooks);
  if (staying.length === 0) return [];
  return [
    `QuickBooks changed ${wordsFor(staying)}; internal invoicing has no place for that on an invoice, so it stays in QuickBooks.`,
  ];
}

/** Why nothing is written at all. */
export function whyNothing(internal: Invoice, merges: readonly GroupMerge[]): string {
  const existence = merges.find(
    ({ group, merge }) => group === 'existence' && merge === 'conflict',
  );
  if (existence?.neverAgreed === true)
    return isGone(internal)
      ? 'It stands in QuickBooks and is cancelled in internal invoicing, and the two never agreed; a person has to choose.'
      : 'It stands in internal invoicing and is gone in QuickBooks, and the two never agreed; a person has to choose.';
  if (existence !== undefined)
    return isGone(internal)
      ? 'Internal invoicing cancelled it, but QuickBooks changed it since both agreed; a person has to choose.'
      : 'QuickBooks voided or deleted it, but internal invoicing changed it since both agreed; a person has to choose.';
  const reasons = [...chosen(merges), ...disputes(merges), ...left(merges), ...readOnly(merges)];
  if (reasons.length > 0) return reasons.join(' ');
  return 'Both sides already agree; there is nothing to write.';
}
