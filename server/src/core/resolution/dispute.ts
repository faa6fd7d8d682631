import type { Amount, Instant } from '../brand.ts';
import { isGone, type Invoice, type InvoiceContent, type Line } from '../invoice/invoice.ts';
import { valueAt } from '../invoice/value-at.ts';
import type { FieldRule } from '../mapping/field-entry.ts';
import { isSameField } from '../mapping/field-map.ts';
import { valueOfGroup, type GroupPlace, type GroupValue } from '../merge/group-value.ts';
import { headerGroups, headerText, lineGroups, lineText } from '../merge/groups.ts';
import type { GroupMerge } from '../merge/merge-invoice.ts';
import { amountOf, difference } from '../money/money.ts';
import type { BaseHalves } from '../plan/advance-base.ts';
import type { NumberThere } from '../plan/plan-again.ts';
import { taxDispute } from '../plan/tax-truth.ts';
import type { AskedPayments } from '../payment/payment-choices.ts';
import type { BarredOption, PaymentOption } from '../payment/payment-plan.ts';
import type { Side } from '../side.ts';

/** When a side came to show its value, and who made it so, as far as that side tells. */
export type Changed = { readonly at: Instant; readonly by: string | null };

/** A group both sides changed to different values, as a conflict keeps it. */
export type Dispute = GroupPlace & {
  readonly paths: readonly string[];
  /** Those of the paths that a side changed. */
  readonly disputed: readonly string[];
  /** The three values as canonical text, in the order of the paths; null where a document has no such line. */
  readonly base: string | null;
  readonly internal: string | null;
  readonly quickbooks: string | null;
  /** The same as values, each in its side's terms. */
  readonly held: {
    readonly baseInternal: GroupValue;
    readonly baseQuickbooks: GroupValue;
    readonly internal: GroupValue;
    readonly quickbooks: GroupValue;
  };
  readonly changed: { readonly internal: Changed; readonly quickbooks: Changed };
  /** The rule that decided it, and for which side; absent where a person has to. */
  readonly rule?: FieldRule | null;
  readonly outcome?: GroupMerge['merge'];
  /** A rule had decided it and a person opened it again; both sides show `since` now. */
  readonly since?: { readonly internal: GroupValue; readonly quickbooks: GroupValue };
  /** About existence only: whether the invoice's number is free where it is gone; absent where nobody looked. */
  readonly numberThere?: NumberThere;
};

/** A payment that waits for a person, as a conflict keeps it beside what is disputed of the invoice. */
export type PaymentQuestion = Pick<
  Dispute,
  'lineKey' | 'paths' | 'base' | 'internal' | 'quickbooks'
> & {
  readonly group: 'payment';
  readonly why: string;
  readonly about: AskedPayments;
  readonly options: readonly PaymentOption[];
  readonly barred?: readonly BarredOption[];
};

/** All that one conflict is about. */
export type Disputed = Dispute | PaymentQuestion;

/** Whether it is about the invoice itself, whose groups are merged; payments are planned beside it. */
export const isAboutInvoice = (disputed: Disputed): disputed is Dispute => 'held' in disputed;

/** Whether it is about a payment. */
export const isAboutPayment = (disputed: Disputed): disputed is PaymentQuestion =>
  !isAboutInvoice(disputed);

/** What a person has to look at. */
export const disputedPaths = (disputed: Disputed): readonly string[] =>
  isAboutInvoice(disputed) ? disputed.disputed : disputed.paths;

/** The disputed group of a merge; `before` is the same dispute as it was last kept. */
export function disputeOf(
  base: BaseHalves,
  merge: GroupMerge,
  now: BaseHalves,
  before: Dispute | undefined,
): Dispute {
  const text = (content: Invoice) => groupText(content, merge);
  const changed = (side: Side): Changed =>
    before !== undefined && before[side] === text(now[side])
      ? before.changed[side]
      : { at: now[side].modifiedAt, by: now[side].modifiedBy };
  return {
    group: merge.group,
    lineKey: merge.lineKey,
    paths: merge.paths,
    disputed: movedPaths(base, merge, now),
    base: merge.neverAgreed === true ? null : text(base.internal),
    internal: text(now.internal),
    quickbooks: text(now.quickbooks),
    held: {
      baseInternal: agreedValue(base.internal, merge),
      baseQuickbooks: agreedValue(base.quickbooks, merge),
      internal: valueOfGroup(now.internal, merge),
      quickbooks: valueOfGroup(now.quickbooks, merge),
    },
    changed: { internal: changed('internal'), quickbooks: changed('quickbooks') },
  };
}

/** What was agreed of a group; nothing where both sides never held it equal. */
function agreedValue(base: Invoice, merge: GroupMerge): GroupValue {
  const value = valueOfGroup(base, merge);
  if (merge.neverAgreed !== true) return value;
  if (value.kind === 'header') return { kind: 'header', fields: {} };
  return value.kind === 'line' ? { kind: 'line', line: null } : value;
}

/** A group's values on one document; null where it has no such line. */
function groupText(content: Invoice, { group: name, lineKey }: GroupPlace): string | null {
  if (name === taxDispute.group) return JSON.stringify([content.derived.taxTotal]);
  if (name === 'existence') return JSON.stringify([content.existence]);
  const header = headerGroups.find((group) => lineKey === null && group.name === name);
  if (header !== undefined) return headerText(content, header);
  const line = content.lines.find((other) => other.key === lineKey);
  if (line === undefined) return null;
  const group = lineGroups.find((other) => other.name === name);
  return group === undefined ? JSON.stringify([line]) : lineText(line, group);
}

/** A coupled group is disputed as a whole; what a person has to look at is what a side changed of it. */
function movedPaths(base: BaseHalves, merge: GroupMerge, now: BaseHalves): readonly string[] {
  const lineOf = (content: InvoiceContent): Line | undefined =>
    content.lines.find(({ key }) => merge.lineKey !== null && key === merge.lineKey);
  const isMoved = (path: string, side: Side): boolean => {
    const [left, right] = [lineOf(now[side]), lineOf(base[side])];
    return !isSameField(path, valueAt(now[side], path), valueAt(base[side], path), {
      currency: now[side].currency,
      defaultTaxCodeId: null,
      lines: left === undefined || right === undefined ? null : { left, right },
    });
  };
  const moved = merge.paths.filter(
    (path) => isMoved(path, 'internal') || isMoved(path, 'quickbooks'),
  );
  return moved.length === 0 ? merge.paths : moved;
}

/** What the two sides disagree about in money, in the invoice's currency; for a void it is the whole invoice. */
export function amountAtStake(disputes: readonly Disputed[], now: BaseHalves): Amount {
  const { internal, quickbooks } = now;
  const standing = (invoice: Invoice): Amount => invoice.derived.total;
  if (disputes.some(({ group }) => group === 'existence'))
    return isGone(internal) ? standing(quickbooks) : standing(internal);
  const { minor, currency } = difference(
    standing(quickbooks),
    standing(internal),
    internal.currency,
  );
  return amountOf({ minor: minor < 0n ? -minor : minor, currency });
}

/** What conflicts that look the same share: their disputed fields, whatever the line. */
export const patternOf = (disputes: readonly Disputed[]): string =>
  [...new Set(disputes.flatMap(disputedPaths).map((path) => path.replace(/\[key=[^\]]*\]/, '[*]')))]
    .sort()
    .join(',');
