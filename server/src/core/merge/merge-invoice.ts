import type { LineKey } from '../brand.ts';
import { isGone, type InvoiceContent } from '../invoice/invoice.ts';
import type { FieldRule } from '../mapping/field-entry.ts';
import type { Side } from '../side.ts';
import type { FieldChoice } from './field-choice.ts';
import { headerGroups, lineGroups, linePath } from './groups.ts';
import { mergeField, type Merge } from './merge-field.ts';
import { isNeverAgreed, withFilledIn, type NeverAgreed } from './never-agreed.ts';
import {
  isSameContent,
  isSameHeader,
  isSameLine,
  isSameWholeLine,
  type PlacedLine,
  type Terms,
  type ToleranceOf,
} from './same.ts';

/** What both sides last agreed on: what each showed then, in its own terms, with keyed lines. */
export type Base = {
  readonly internal: InvoiceContent & NeverAgreed;
  readonly quickbooks: InvoiceContent;
};

/** The three versions with keyed lines; `internalTranslated` is the internal side in QuickBooks' terms. */
export type MergeInputs = {
  readonly base: Base;
  readonly internal: InvoiceContent;
  readonly internalTranslated: InvoiceContent;
  readonly quickbooks: InvoiceContent;
  /** The code that TAX stands for on US lines in QuickBooks; null where there is none. */
  readonly defaultTaxCodeId: string | null;
  /** How far the two sides may differ at a path and still count as equal; nowhere unless said. */
  readonly toleranceOf?: ToleranceOf;
};

/** One group's outcome; `paths` are the fields it covers. */
export type GroupMerge = {
  readonly group: string;
  readonly paths: readonly string[];
  /** `take-decided`: a person's decision is to stand on both sides; it goes to those that lack it. */
  readonly merge: Merge | 'take-decided';
  /** Line the group belongs to; null for the header. */
  readonly lineKey: LineKey | null;
  /** The rule that decided between two values; absent where none had to. */
  readonly rule?: FieldRule;
  /** Patterns of the rules that decided; likewise. */
  readonly patterns?: readonly string[];
  /** Why a person is asked although a rule covers it; absent where none does. */
  readonly fallback?: string;
  /** What a person chose between two values; absent where none had to. */
  readonly choice?: FieldChoice;
  /** Both sides never held this equal, so that there is no base for it; absent where there is. */
  readonly neverAgreed?: true;
  /** Sides that lack the decided value; with `take-decided` only. */
  readonly to?: readonly Side[];
};

/** The internal side's codes are its own: none of them stands for another. */
const internalTerms: Terms = { defaultTaxCodeId: null };

/** Between the sides a tolerance counts; a side has moved from its own half by any difference, or it would creep. */
const acrossOf = ({ defaultTaxCodeId, toleranceOf }: MergeInputs): Terms =>
  toleranceOf === undefined ? { defaultTaxCodeId } : { defaultTaxCodeId, toleranceOf };

/** Merges every group; a function of its arguments alone, so that deciding again gives the same outcome. */
export function mergeInvoice(inputs: MergeInputs): readonly GroupMerge[] {
  const { base, internalTranslated: translated, quickbooks } = inputs;
  const internalTranslated = withFilledIn(base.internal, translated, quickbooks);
  return mergeFromBase({ ...inputs, internalTranslated }).map((merge) => withoutBase(base, merge));
}

/** Where nothing was agreed there is no side that stayed: equal is agreed, and any difference is a dispute. */
function withoutBase(base: Base, { isEqual, ...merge }: Compared): GroupMerge {
  if (!merge.paths.some((path) => isNeverAgreed(base.internal, path))) return merge;
  return { ...merge, merge: isEqual ? 'agreed' : 'conflict', neverAgreed: true };
}

/** A merge with whether both sides are equal now. */
type Compared = GroupMerge & { readonly isEqual: boolean };

function mergeFromBase(inputs: MergeInputs): readonly Compared[] {
  const existence = mergeExistence(inputs);
  // Gone against anything is about the whole document: nothing else is merged beside it.
  if (isGone(inputs.internal) || isGone(inputs.quickbooks)) return [existence];
  return [
    existence,
    ...mergeHeader(inputs),
    ...lineKeysOf(inputs).flatMap((key) => mergeLine(inputs, key)),
  ];
}

/**
 * Existence is coupled with everything (architecture.md §4): where one side is gone, any edit on the side that stands
 * counts as its move, so that gone against an edit is a conflict and never a void over somebody's work.
 */
function mergeExistence({ base, internal, quickbooks, defaultTaxCodeId }: MergeInputs): Compared {
  const equal = isGone(internal) === isGone(quickbooks);
  const moved = (now: InvoiceContent, was: InvoiceContent, terms: Terms): boolean =>
    isGone(now) !== isGone(was) || (!equal && !isGone(now) && !isSameContent(now, was, terms));
  const merge = mergeField({
    internalMoved: moved(internal, base.internal, internalTerms),
    quickbooksMoved: moved(quickbooks, base.quickbooks, { defaultTaxCodeId }),
    equal,
  });
  return { group: 'existence', paths: ['existence'], merge, lineKey: null, isEqual: equal };
}

function mergeHeader(inputs: MergeInputs): Compared[] {
  const { base, internal, internalTranslated, quickbooks, defaultTaxCodeId } = inputs;
  return headerGroups.map((group) => {
    const isEqual = isSameHeader(group, internalTranslated, quickbooks, acrossOf(inputs));
    const merge = mergeField({
      internalMoved: !isSameHeader(group, internal, base.internal, internalTerms),
      quickbooksMoved: !isSameHeader(group, quickbooks, base.quickbooks, { defaultTaxCodeId }),
      equal: isEqual,
    });
    return { group: group.name, paths: group.fields, merge, lineKey: null, isEqual };
  });
}

/** Every line key any version knows, in internal order, then QuickBooks', then what only the base remembers. */
function lineKeysOf({ base, internal, quickbooks }: MergeInputs): readonly LineKey[] {
  const lines = [internal, quickbooks, base.internal].flatMap((content) => content.lines);
  return [...new Set(lines.flatMap((line) => (line.key === null ? [] : [line.key])))];
}

/** A line that both sides have merges group by group, one that a side lacks as a whole. */
function mergeLine(inputs: MergeInputs, key: LineKey): readonly Compared[] {
  const placed = (content: InvoiceContent): PlacedLine => ({
    line: content.lines.find((line) => line.key === key),
    content,
  });
  const was = {
    internal: placed(inputs.base.internal),
    quickbooks: placed(inputs.base.quickbooks),
  };
  const now = { internal: placed(inputs.internal), quickbooks: placed(inputs.quickbooks) };
  const translated = placed(inputs.internalTranslated);
  const terms = { defaultTaxCodeId: inputs.defaultTaxCodeId };
  if (now.internal.line === undefined || now.quickbooks.line === undefined) {
    const isEqual = now.internal.line === now.quickbooks.line;
    const merge = mergeField({
      internalMoved: !isSameWholeLine(now.internal, was.internal, internalTerms),
      quickbooksMoved: !isSameWholeLine(now.quickbooks, was.quickbooks, terms),
      equal: isEqual,
    });
    return [{ group: 'line', paths: [linePath(key)], merge, lineKey: key, isEqual }];
  }
  return lineGroups.map((group) => {
    const isEqual = isSameLine(group, translated, now.quickbooks, acrossOf(inputs));
    const merge = mergeField({
      internalMoved: !isSameLine(group, now.internal, was.internal, internalTerms),
      quickbooksMoved: !isSameLine(group, now.quickbooks, was.quickbooks, terms),
      equal: isEqual,
    });
    const paths = group.fields.map((field) => linePath(key, field));
    return { group: group.name, paths, merge, lineKey: key, isEqual };
  });
}
