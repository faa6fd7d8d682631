import type { Currency } from '../brand.ts';
import type { QuickBooksFacts } from '../company/company.ts';
import type { Line, PartyRef } from '../invoice/invoice.ts';
import type { Json } from '../json.ts';
import { labelFor } from '../mapping/field-map.ts';
import type { ReferenceKind } from '../mapping/reference.ts';
import type { FieldChoice } from '../merge/field-choice.ts';
import type { GroupValue } from '../merge/group-value.ts';
import { extended } from '../money/money.ts';
import type { BaseHalves } from '../plan/advance-base.ts';
import { otherSide, type Side } from '../side.ts';
import { unreachable } from '../unreachable.ts';
import type { NumberHolder } from './check-values.ts';
import type { SideValues } from './decision.ts';
import type { Dispute, PaymentQuestion } from './dispute.ts';
import {
  refsOf,
  typedHeader,
  typedLine,
  type LineValues,
  type StoredReference,
  type TypedContext,
} from './typed-value.ts';

/** What a person picked for one path. */
export type PathChoice = {
  readonly path: string;
  readonly choice: FieldChoice;
  /** For `CUSTOM` only: text, date, decimal, or the id of a stored reference. */
  readonly customValue: Json;
};

/** What choices are judged by. */
export type ChoiceBasis = {
  readonly disputes: readonly Dispute[];
  readonly questions: readonly PaymentQuestion[];
  readonly present: BaseHalves;
  readonly facts: QuickBooksFacts;
  /** Stored pairings of the records the disputed values name. */
  readonly references: readonly StoredReference[];
  /** Which of the numbers in question documents of other invoices have. */
  readonly numbersTaken: readonly NumberHolder[];
};

export type ChoiceIssue = { readonly path: readonly string[]; readonly message: string };

/** A choice with its place in the input. */
export type Placed = PathChoice & { readonly at: string };

/** A problem of one choice. */
export const issue = (at: string, field: string, message: string): ChoiceIssue => ({
  path: ['choices', at, field],
  message,
});

type Wrong = { readonly issues: readonly ChoiceIssue[] };

/** What both sides are to hold; null where one side's present value simply crosses. */
export function decidedValues(
  basis: ChoiceBasis,
  dispute: Dispute,
  choice: FieldChoice,
  choices: readonly Placed[],
): SideValues | Wrong | null {
  const { held, since } = dispute;
  switch (choice) {
    case 'KEEP_BASE':
      return { internal: held.baseInternal, quickbooks: held.baseQuickbooks };
    case 'CUSTOM':
      return typedValues(basis, dispute, choices);
    case 'KEEP_INTERNAL':
      return since === undefined ? null : broughtBack(basis, dispute, 'internal', choices);
    case 'KEEP_QUICKBOOKS':
      return since === undefined ? null : broughtBack(basis, dispute, 'quickbooks', choices);
    default:
      return unreachable(choice);
  }
}

/** A value that no side shows any more goes to both; the other side's terms come from the stored pairings. */
function broughtBack(
  { references }: ChoiceBasis,
  { held }: Dispute,
  from: Side,
  choices: readonly Placed[],
): SideValues | Wrong {
  const [own, other] = [held[from], held[otherSide(from)]];
  const translated = inOtherTerms(own, other, from, references);
  if (translated === null) {
    const message = 'It names a record that is not paired with one of the other side.';
    return { issues: choices.map(({ at }) => issue(at, 'choice', message)) };
  }
  return from === 'internal'
    ? { internal: own, quickbooks: translated }
    : { internal: translated, quickbooks: own };
}

/** A value with its records replaced by their counterparts; null where one has none. */
function inOtherTerms(
  value: GroupValue,
  other: GroupValue,
  from: Side,
  references: readonly StoredReference[],
): GroupValue | null {
  const unpaired = { found: false };
  const swap = (kind: ReferenceKind, ref: PartyRef | null): PartyRef | null => {
    if (ref === null) return null;
    const pair = references.find(
      (one) =>
        one.kind === kind && (from === 'internal' ? one.internalId : one.quickbooksId) === ref.id,
    );
    const counterpart = (pair === undefined ? null : refsOf(pair))?.[otherSide(from)] ?? null;
    if (counterpart === null) unpaired.found = true;
    return counterpart;
  };
  const swapped = swapRecords(value, other, swap);
  return unpaired.found ? null : swapped;
}

function swapRecords(
  value: GroupValue,
  other: GroupValue,
  swap: (kind: ReferenceKind, ref: PartyRef | null) => PartyRef | null,
): GroupValue {
  if (value.kind === 'line') {
    const { line } = value;
    if (line === null) return value;
    const sideId = other.kind === 'line' ? (other.line?.sideId ?? null) : null;
    const item = swap('ITEM', line.item);
    return {
      kind: 'line',
      line: { ...line, sideId, item, taxCode: swap('TAX_CODE', line.taxCode) },
    };
  }
  if (value.kind !== 'header') return value;
  const { fields } = value;
  const customer = fields.customer === undefined ? null : swap('CUSTOMER', fields.customer);
  const terms = fields.terms === undefined ? undefined : swap('TERMS', fields.terms);
  return {
    kind: 'header',
    fields: {
      ...fields,
      ...(customer === null ? {} : { customer }),
      ...(terms === undefined ? {} : { terms }),
    },
  };
}

/** Every disputed field of the group as typed, over what each side holds of the rest. */
function typedValues(
  { present, references }: ChoiceBasis,
  dispute: Dispute,
  choices: readonly Placed[],
): SideValues | Wrong {
  const { currency } = present.internal;
  const missing = dispute.disputed.filter((path) => !choices.some((one) => one.path === path));
  const absent = missing.map((path) => ({
    path: ['choices'],
    message: `Give ${labelFor(path, present.internal)} a value too; they are chosen as one.`,
  }));
  if (absent.length > 0) return { issues: absent };
  const context = { currency, references };
  return dispute.lineKey === null
    ? typedHeaders(dispute, choices, context)
    : typedLines(dispute, choices, context);
}

const fieldOf = (path: string): string => path.slice(path.lastIndexOf('.') + 1);

function typedHeaders(
  { held }: Dispute,
  choices: readonly Placed[],
  context: TypedContext,
): SideValues | Wrong {
  const read = choices.map(({ path, customValue, at }) => ({
    at,
    typed: typedHeader(path, customValue, context),
  }));
  const wrong = read.flatMap(({ at, typed }) =>
    'problem' in typed ? [issue(at, 'customValue', typed.problem)] : [],
  );
  if (wrong.length > 0) return { issues: wrong };
  const laid = (side: Side): GroupValue => ({
    kind: 'header',
    fields: Object.assign(
      {},
      held[side].kind === 'header' ? held[side].fields : {},
      ...read.map(({ typed }) => ('problem' in typed ? {} : typed[side])),
    ),
  });
  return { internal: laid('internal'), quickbooks: laid('quickbooks') };
}

function typedLines(
  { held }: Dispute,
  choices: readonly Placed[],
  context: TypedContext,
): SideValues | Wrong {
  const read = choices.map(({ path, customValue, at }) => ({
    at,
    typed: typedLine(fieldOf(path), customValue, context),
  }));
  const wrong = read.flatMap(({ at, typed }) =>
    'problem' in typed ? [issue(at, 'customValue', typed.problem)] : [],
  );
  if (wrong.length > 0) return { issues: wrong };
  const laid = (side: Side): Line | null => {
    const own = held[side];
    if (own.kind !== 'line' || own.line === null) return null;
    const typed: readonly LineValues[] = read.map((one) =>
      'problem' in one.typed ? {} : one.typed[side],
    );
    return Object.assign({}, own.line, ...typed);
  };
  const [internal, quickbooks] = [laid('internal'), laid('quickbooks')];
  const sum = internal === null ? null : whyUnequal(internal, context.currency);
  if (sum !== null) return { issues: choices.map(({ at }) => issue(at, 'customValue', sum)) };
  return {
    internal: { kind: 'line', line: internal },
    quickbooks: { kind: 'line', line: quickbooks },
  };
}

/** A line's amount is its quantity times its price, on both sides (quickbooks.md §7.3). */
function whyUnequal({ quantity, unitPrice, amount }: Line, currency: Currency): string | null {
  if (quantity === null || unitPrice === null) return null;
  const wanted = extended(quantity, unitPrice, currency);
  return wanted === amount ? null : `${quantity} × ${unitPrice} is ${wanted}, not ${amount}.`;
}
