import type { LineKey } from '../brand.ts';
import { isGone, type InvoiceContent, type Line } from '../invoice/invoice.ts';
import { headerGroups, headerText, lineGroups, linePath, lineText } from './groups.ts';
import { mergeField, type Merge } from './merge-field.ts';

/** What both sides last agreed on: what each showed then, in its own terms, with keyed lines. */
export type Base = { readonly internal: InvoiceContent; readonly quickbooks: InvoiceContent };

/** The three versions with keyed lines; `internalTranslated` is the internal side in QuickBooks' terms. */
export type MergeInputs = {
  readonly base: Base;
  readonly internal: InvoiceContent;
  readonly internalTranslated: InvoiceContent;
  readonly quickbooks: InvoiceContent;
};

/** One group's outcome; `paths` are the fields it covers. */
export type GroupMerge = {
  readonly group: string;
  readonly paths: readonly string[];
  readonly merge: Merge;
  /** Line the group belongs to; null for the header. */
  readonly lineKey: LineKey | null;
};

/** Merges every group; a function of its arguments alone, so that deciding again gives the same outcome. */
export function mergeInvoice(inputs: MergeInputs): readonly GroupMerge[] {
  const existence = mergeExistence(inputs);
  // Gone against anything is about the whole document: nothing else is merged beside it.
  if (existence.merge !== 'unchanged' || isGone(inputs.internal)) return [existence];
  return [
    existence,
    ...mergeHeader(inputs),
    ...lineKeysOf(inputs).flatMap((key) => mergeLine(inputs, key)),
  ];
}

function mergeExistence({ base, internal, quickbooks }: MergeInputs): GroupMerge {
  const merge = mergeField({
    internalMoved: isGone(internal) !== isGone(base.internal),
    quickbooksMoved: isGone(quickbooks) !== isGone(base.quickbooks),
    equal: isGone(internal) === isGone(quickbooks),
  });
  return { group: 'existence', paths: ['existence'], merge, lineKey: null };
}

function mergeHeader({
  base,
  internal,
  internalTranslated,
  quickbooks,
}: MergeInputs): GroupMerge[] {
  return headerGroups.map((group) => {
    const merge = mergeField({
      internalMoved: headerText(internal, group) !== headerText(base.internal, group),
      quickbooksMoved: headerText(quickbooks, group) !== headerText(base.quickbooks, group),
      equal: headerText(internalTranslated, group) === headerText(quickbooks, group),
    });
    return { group: group.name, paths: group.fields, merge, lineKey: null };
  });
}

/** Every line key any version knows, in internal order, then QuickBooks', then what only the base remembers. */
function lineKeysOf({ base, internal, quickbooks }: MergeInputs): readonly LineKey[] {
  const lines = [internal, quickbooks, base.internal].flatMap((content) => content.lines);
  return [...new Set(lines.flatMap((line) => (line.key === null ? [] : [line.key])))];
}

const lineOf = (content: InvoiceContent, key: LineKey): Line | undefined =>
  content.lines.find((line) => line.key === key);

function mergeLine(inputs: MergeInputs, key: LineKey): readonly GroupMerge[] {
  const was = {
    internal: lineOf(inputs.base.internal, key),
    quickbooks: lineOf(inputs.base.quickbooks, key),
  };
  const now = {
    internal: lineOf(inputs.internal, key),
    quickbooks: lineOf(inputs.quickbooks, key),
  };
  const translated = lineOf(inputs.internalTranslated, key);
  if (now.internal !== undefined && now.quickbooks !== undefined && translated !== undefined) {
    return lineGroups.map((group) => {
      const text = (line: Line | undefined): string | null =>
        line === undefined ? null : lineText(line, group);
      const merge = mergeField({
        internalMoved: text(now.internal) !== text(was.internal),
        quickbooksMoved: text(now.quickbooks) !== text(was.quickbooks),
        equal: text(translated) === text(now.quickbooks),
      });
      return {
        group: group.name,
        paths: group.fields.map((field) => linePath(key, field)),
        merge,
        lineKey: key,
      };
    });
  }
  const whole = (line: Line | undefined): string | null =>
    line === undefined ? null : lineGroups.map((group) => lineText(line, group)).join();
  const merge = mergeField({
    internalMoved: whole(now.internal) !== whole(was.internal),
    quickbooksMoved: whole(now.quickbooks) !== whole(was.quickbooks),
    equal: now.internal === undefined && now.quickbooks === undefined,
  });
  return [{ group: 'line', paths: [linePath(key)], merge, lineKey: key }];
}
