import type { QuickBooksFacts } from '../company/company.ts';
import type { FieldChoice } from '../merge/field-choice.ts';
import type { GroupValue } from '../merge/group-value.ts';
import { hasMoney } from '../plan/plan-gone.ts';
import { goneOn, whyNotAgain } from '../plan/plan-again.ts';
import type { BaseHalves } from '../plan/advance-base.ts';
import { isHeldInternally } from '../plan/carried.ts';
import { isAboutTax } from '../plan/tax-truth.ts';
import { closedStop } from '../plan/stop.ts';
import { otherSide, type Side } from '../side.ts';
import type { Dispute } from './dispute.ts';

/** The choices for a disputed group that both sides would accept, in the order they are offered. */
export function allowedChoices(
  dispute: Dispute,
  present: BaseHalves,
  facts: QuickBooksFacts,
): readonly FieldChoice[] {
  if (dispute.group === 'existence') return choicesOfExistence(dispute, present, facts);
  // Stated in QuickBooks, or let stand as QuickBooks computed it (architecture.md §4, "Tax").
  if (isAboutTax(dispute))
    // Outside the US a stated total is ignored (quickbooks.md §7.4).
    return facts.usTax && closedStop([present.quickbooks.issueDate], facts, 'change') === null
      ? ['KEEP_INTERNAL', 'KEEP_QUICKBOOKS']
      : ['KEEP_QUICKBOOKS'];
  const isOpen = (value: GroupValue): boolean =>
    closedStop([present.quickbooks.issueDate], facts, 'change') === null &&
    closedStop(datesIn(value), facts, 'move') === null;
  const { held } = dispute;
  const goesIn = isHeldInternally(dispute.group);
  const allowed = {
    KEEP_INTERNAL: isOpen(held.internal),
    KEEP_QUICKBOOKS: goesIn && (dispute.since === undefined || isOpen(held.quickbooks)),
    KEEP_BASE: goesIn && hasValue(dispute) && isOpen(held.baseQuickbooks),
    CUSTOM: goesIn && isTypable(dispute) && isOpen(held.quickbooks),
  } as const satisfies Record<FieldChoice, boolean>;
  return order.filter((choice) => allowed[choice]);
}

const order = [
  'KEEP_INTERNAL',
  'KEEP_QUICKBOOKS',
  'KEEP_BASE',
  'CUSTOM',
] as const satisfies readonly FieldChoice[];

/**
 * Neither side can undo a void, and what money is applied to is not voided by the bridge (architecture.md §4): the invoice
 * is made anew where it is gone, or cancelled where it stands.
 */
function choicesOfExistence(
  { numberThere }: Dispute,
  present: BaseHalves,
  facts: QuickBooksFacts,
): readonly FieldChoice[] {
  const gone = goneOn(present);
  if (gone === null) return [];
  const standing = otherSide(gone);
  const isKept = whyNotAgain({ ...present, facts, numberThere }, gone) === null;
  const isCancelled =
    !hasMoney(present[standing]) &&
    (standing === 'internal' ||
      closedStop([present.quickbooks.issueDate], facts, 'change') === null);
  const allowed = { [keeping[standing]]: isKept, [keeping[gone]]: isCancelled };
  return order.filter((choice) => allowed[choice] === true);
}

const keeping = {
  internal: 'KEEP_INTERNAL',
  quickbooks: 'KEEP_QUICKBOOKS',
} as const satisfies Record<Side, FieldChoice>;

const datesIn = (value: GroupValue): readonly string[] =>
  value.kind === 'header' && value.fields.issueDate !== undefined ? [value.fields.issueDate] : [];

/** Going back to the last agreed value needs one: an absent line, or a field that was empty, is none. */
function hasValue({ held, disputed }: Dispute): boolean {
  const { baseInternal } = held;
  if (baseInternal.kind === 'line') return baseInternal.line !== null;
  if (baseInternal.kind !== 'header') return false;
  const values = Object.entries(baseInternal.fields);
  return values.some(([field, value]) => disputed.includes(field) && value !== null);
}

/** A whole line cannot be typed, nor the currency: QuickBooks keeps it for the life of a document. */
const isTypable = ({ group, disputed }: Dispute): boolean =>
  group !== 'line' && !disputed.includes('currency');
