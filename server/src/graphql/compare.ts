import type { Invoice, Line } from '#core/invoice/invoice.ts';
import { isJsonObject, type Json } from '#core/json.ts';
import { isNeverAgreed, type NeverAgreed } from '#core/merge/never-agreed.ts';
import { comparators, type CompareContext } from '#core/mapping/comparators.ts';
import type { FieldEntry } from '#core/mapping/field-entry.ts';
import { headerFields, lineFields } from '#core/mapping/field-list.ts';
import type { FieldStateEnum } from './enums/invoice.ts';
import type { FieldValueShape } from './field-value.ts';
import { valueOf, wordsOfPath } from './field-words.ts';
import { lineKeysOf } from './invoice-line.ts';

export type FieldState = (typeof FieldStateEnum)['$inferType'];

/** One field, three ways. */
export type FieldDiffShape = {
  readonly path: string;
  readonly label: string;
  readonly state: FieldState;
  readonly base: FieldValueShape | null;
  readonly internal: FieldValueShape | null;
  readonly quickbooks: FieldValueShape | null;
  readonly affectsTotal: boolean;
};

/** Something of each side as last seen, and of the two halves of the base, each in its side's own terms. */
type FourWays<Value> = {
  readonly internal: Value;
  readonly quickbooks: Value;
  readonly baseInternal: Value;
  readonly baseQuickbooks: Value;
};
export type Compared = FourWays<(Invoice & NeverAgreed) | null>;
type Values = FourWays<Json>;
type Lines = FourWays<Line | undefined>;
type Comparator = FieldEntry['comparator'];

const four = <From, To>(from: FourWays<From>, turn: (value: From) => To): FourWays<To> => ({
  internal: turn(from.internal),
  quickbooks: turn(from.quickbooks),
  baseInternal: turn(from.baseInternal),
  baseQuickbooks: turn(from.baseQuickbooks),
});

/** Across the sides ids differ, so references compare by what they are called. */
const shown = (value: Json): Json =>
  isJsonObject(value) && typeof value['name'] === 'string' ? value['name'] : value;

/** How the sides stand for one field; without a base, a difference is one that nobody agreed on yet. */
function stateOfField(
  values: Values,
  comparator: Comparator,
  contexts: { readonly internal: CompareContext; readonly quickbooks: CompareContext },
  hasBase: boolean,
): FieldState {
  const same = comparators[comparator];
  const [left, right] = [shown(values.internal), shown(values.quickbooks)];
  const equal = left === right || same(left, right, contexts.internal);
  if (!hasBase) return equal ? 'SAME' : 'DIVERGED';
  const internalMoved = !same(values.internal, values.baseInternal, contexts.internal);
  const quickbooksMoved = !same(values.quickbooks, values.baseQuickbooks, contexts.quickbooks);
  if (internalMoved && quickbooksMoved) return equal ? 'CONVERGED' : 'DIVERGED';
  if (internalMoved) return 'CHANGED_INTERNALLY';
  return quickbooksMoved ? 'CHANGED_IN_QUICKBOOKS' : 'SAME';
}

const contextOf = (
  invoice: Invoice,
  left: Line | undefined,
  right: Line | undefined,
): CompareContext => ({
  currency: invoice.currency,
  defaultTaxCodeId: null,
  lines: left !== undefined && right !== undefined ? { left, right } : null,
});

type Field = {
  readonly path: string;
  readonly label: string;
  readonly comparator: Comparator;
  readonly values: Values;
  readonly lines?: Lines;
};

function diffOf(
  compared: Compared,
  { path, label, comparator, values, lines }: Field,
): FieldDiffShape {
  const { internal, quickbooks, baseInternal, baseQuickbooks } = compared;
  const hasBase =
    baseInternal !== null && baseQuickbooks !== null && !isNeverAgreed(baseInternal, path);
  const currency = (internal ?? quickbooks)?.currency ?? null;
  const state = (): FieldState => {
    if (internal === null) return 'CHANGED_IN_QUICKBOOKS';
    if (quickbooks === null) return 'CHANGED_INTERNALLY';
    const contexts = {
      internal: contextOf(internal, lines?.internal, lines?.baseInternal),
      quickbooks: contextOf(quickbooks, lines?.quickbooks, lines?.baseQuickbooks),
    };
    return stateOfField(values, comparator, contexts, hasBase);
  };
  return {
    path,
    label,
    state: state(),
    base: hasBase ? valueOf(path, values.baseInternal, currency) : null,
    internal: valueOf(path, values.internal, currency),
    quickbooks: valueOf(path, values.quickbooks, currency),
    affectsTotal: wordsOfPath(path).affectsTotal,
  };
}

const isCompared = ({ comparator }: FieldEntry): boolean => comparator !== 'not compared';
const comparedHeader = headerFields.filter(isCompared);
const comparedLine = lineFields.filter(isCompared);

function headerDiffs(compared: Compared): FieldDiffShape[] {
  return comparedHeader.map(({ path, label, comparator, read }) =>
    diffOf(compared, {
      path,
      label,
      comparator,
      values: four(compared, (invoice) => (invoice === null ? null : read(invoice))),
    }),
  );
}

function byKey(invoice: Invoice | null, agreed: Invoice | null): ReadonlyMap<string, Line> {
  if (invoice === null) return new Map();
  const keys = lineKeysOf(invoice, agreed);
  return new Map(invoice.lines.map((line, index) => [keys[index] ?? `${index}`, line]));
}

/** A whole line as a value: what it says and what it costs. */
const wholeLine = (line: Line | undefined): Json =>
  line === undefined
    ? null
    : {
        description: line.description ?? line.item?.name ?? 'Line',
        quantity: line.quantity,
        amount: line.amount,
      };

const presence = (line: Json): Json => (line === null ? null : 'present');

/** A line on one side only is one difference; a line on both is compared field by field. */
function lineDiffs(compared: Compared): FieldDiffShape[] {
  const { baseInternal, baseQuickbooks } = compared;
  const linesOf = {
    internal: byKey(compared.internal, baseInternal),
    quickbooks: byKey(compared.quickbooks, baseQuickbooks),
    baseInternal: byKey(baseInternal, null),
    baseQuickbooks: byKey(baseQuickbooks, null),
  };
  const { internal, quickbooks } = linesOf;
  const keys = new Set([...internal.keys(), ...quickbooks.keys(), ...linesOf.baseInternal.keys()]);
  return [...keys].flatMap((key, index) => {
    const lines = four(linesOf, (known) => known.get(key));
    const label = `Line ${index + 1}`;
    const path = `lines[key=${key}]`;
    if (lines.internal === undefined || lines.quickbooks === undefined) {
      return [wholeLineDiff(compared, path, label, lines)];
    }
    return comparedLine.map((entry) =>
      diffOf(compared, {
        path: `${path}.${entry.path.slice('lines[*].'.length)}`,
        label: `${label} · ${entry.label}`,
        comparator: entry.comparator,
        values: four(lines, (line) => (line === undefined ? null : entry.readLine(line))),
        lines,
      }),
    );
  });
}

/** Added or gone on a side: only whether it is there is compared, the line itself is shown. */
function wholeLineDiff(
  compared: Compared,
  path: string,
  label: string,
  lines: Lines,
): FieldDiffShape {
  const values = four(lines, wholeLine);
  const there = four(values, presence);
  const { state } = diffOf(compared, { path, label, comparator: 'exact text', values: there });
  return { ...diffOf(compared, { path, label, comparator: 'not compared', values }), state };
}

/** Compares an invoice three ways, field by field and line by line; pure. */
export function compareThreeWays(compared: Compared, includeSame: boolean): FieldDiffShape[] {
  const all = [...headerDiffs(compared), ...lineDiffs(compared)];
  return includeSame ? all : all.filter((field) => field.state !== 'SAME');
}
