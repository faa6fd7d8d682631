import { labelFor } from '../mapping/field-map.ts';
import type { HeaderValues } from '../merge/group-value.ts';
import { sideNames, sides, type Side } from '../side.ts';
import type { ChoiceBasis, ChoiceIssue, Placed } from './decided-values.ts';
import type { GroupDecision } from './decision.ts';

/** A document of another invoice that has a number on its side, as far as the bridge has seen. */
export type NumberHolder = { readonly side: Side; readonly number: string; readonly id: string };

type Checked = Pick<ChoiceBasis, 'facts' | 'present' | 'numbersTaken'>;

/**
 * What a side would refuse of a decision though each value by itself is sound: a number that another document has, a date in
 * closed books. Said with the field named, before anything is written.
 */
export function problemsOf(
  basis: Checked,
  decision: Pick<GroupDecision, 'choice' | 'decided' | 'madeOn'>,
  choices: readonly Placed[],
): readonly ChoiceIssue[] {
  const issues = sides.flatMap((to) => {
    const values = goingTo(decision, to);
    return values === null ? [] : [takenNumber(basis, values, to), closedDate(basis, values, to)];
  });
  return issues.flatMap((found) => (found === null ? [] : placed(basis, found, choices)));
}

/** The values of the header that a side is to get by a decision; null where it keeps its own, or none of them is decided. */
function goingTo(
  { choice, decided, madeOn }: Pick<GroupDecision, 'choice' | 'decided' | 'madeOn'>,
  to: Side,
): HeaderValues | null {
  const keeps = to === 'internal' ? 'KEEP_INTERNAL' : 'KEEP_QUICKBOOKS';
  if (decided === null && choice === keeps) return null;
  const value = decided?.[to] ?? madeOn[to === 'internal' ? 'quickbooks' : 'internal'];
  return value.kind === 'header' ? value.fields : null;
}

type Found = { readonly field: 'number' | 'issueDate'; readonly why: string };

function takenNumber({ numbersTaken }: Checked, { number }: HeaderValues, to: Side): Found | null {
  const holder = numbersTaken.find((one) => one.side === to && one.number === number);
  if (holder === undefined) return null;
  const where = sideNames[to];
  return {
    field: 'number',
    why: `${holder.number} belongs to ${holder.id} of ${where} already; choose another number.`,
  };
}

function closedDate({ facts }: Checked, { issueDate }: HeaderValues, to: Side): Found | null {
  const through = facts.booksClosedThrough;
  if (to !== 'quickbooks' || through === null || issueDate === undefined || issueDate > through)
    return null;
  return {
    field: 'issueDate',
    why: `${issueDate} lies in the period that QuickBooks has closed through ${through}; choose a later day.`,
  };
}

/** At the choice it was made by; a coupled field that was not chosen itself follows the first. */
function placed(
  { present }: Checked,
  { field, why }: Found,
  choices: readonly Placed[],
): readonly ChoiceIssue[] {
  const choice = choices.find(({ path }) => path === field) ?? choices[0];
  if (choice === undefined) return [];
  const at = choice.choice === 'CUSTOM' ? 'customValue' : 'choice';
  const message = `${labelFor(field, present.internal)}: ${why}`;
  return [{ path: ['choices', choice.at, at], message }];
}
