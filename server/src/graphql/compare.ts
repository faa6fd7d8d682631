import type { Invoice, Line } from '#core/invoice/invoice.ts';
import type { Json } from '#core/json.ts';
import type { FieldStateEnum } from './enums/invoice.ts';
import type { FieldValueShape } from './field-value.ts';
import { headerWords, lineWords, valueOf, wordsOfPath } from './field-words.ts';
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

/** Both sides as last seen, and the two halves of what they last agreed on, each in its side's own terms. */
export type Compared = {
  readonly internal: Invoice | null;
  readonly quickbooks: Invoice | null;
  readonly baseInternal: Invoice | null;
  readonly baseQuickbooks: Invoice | null;
};

/** A reference is the record it names; everything else is its canonical text. */
const own = (value: Json | undefined): string =>
  JSON.stringify(isParty(value) ? value.id : (value ?? null));

/** Across the sides ids differ, so references compare by what they are called. */
const shown = (value: Json | undefined): string =>
  JSON.stringify(isParty(value) ? value.name : (value ?? null));

const isParty = (
  value: Json | undefined,
): value is { readonly id: string; readonly name: string } =>
  typeof value === 'object' && value !== null && 'id' in value && 'name' in value;

type Values = {
  readonly internal: Json | undefined;
  readonly quickbooks: Json | undefined;
  readonly baseInternal: Json | undefined;
  readonly baseQuickbooks: Json | undefined;
};

/** How the sides stand for one field; without a base, a difference is one that nobody agreed on yet. */
export function stateOfField(values: Values, hasBase: boolean): FieldState {
  const equal = shown(values.internal) === shown(values.quickbooks);
  if (!hasBase) return equal ? 'SAME' : 'DIVERGED';
  const internalMoved = own(values.internal) !== own(values.baseInternal);
  const quickbooksMoved = own(values.quickbooks) !== own(values.baseQuickbooks);
  if (internalMoved && quickbooksMoved) return equal ? 'CONVERGED' : 'DIVERGED';
  if (internalMoved) return 'CHANGED_INTERNALLY';
  return quickbooksMoved ? 'CHANGED_IN_QUICKBOOKS' : 'SAME';
}

function fieldOf(compared: Compared, path: string, label: string, values: Values): FieldDiffShape {
  const currency = (compared.internal ?? compared.quickbooks)?.currency ?? null;
  const alone = compared.internal === null ? 'CHANGED_IN_QUICKBOOKS' : 'CHANGED_INTERNALLY';
  const oneSided = compared.internal === null || compared.quickbooks === null;
  const hasBase = compared.baseInternal !== null && compared.baseQuickbooks !== null;
  return {
    path,
    label,
    state: oneSided && !hasBase ? alone : stateOfField(values, hasBase),
    base: valueOf(path, values.baseInternal, currency),
    internal: valueOf(path, values.internal, currency),
    quickbooks: valueOf(path, values.quickbooks, currency),
    affectsTotal: wordsOfPath(path).affectsTotal,
  };
}

function headerDiffs(compared: Compared): FieldDiffShape[] {
  return headerFields.map((field) =>
    fieldOf(compared, field, headerWords[field].label, {
      internal: compared.internal?.[field],
      quickbooks: compared.quickbooks?.[field],
      baseInternal: compared.baseInternal?.[field],
      baseQuickbooks: compared.baseQuickbooks?.[field],
    }),
  );
}

const headerFields = [
  'existence',
  'number',
  'customer',
  'currency',
  'exchangeRate',
  'issueDate',
  'dueDate',
  'terms',
  'billEmail',
  'billTo',
  'taxInclusive',
  'poNumber',
  'customerMemo',
  'privateNote',
  'discount',
] as const satisfies readonly (keyof typeof headerWords & keyof Invoice)[];

const lineFields = [
  'item',
  'description',
  'quantity',
  'unitPrice',
  'amount',
  'taxCode',
  'serviceDate',
] as const satisfies readonly (keyof typeof lineWords & keyof Line)[];

type LinesByKey = ReadonlyMap<string, Line>;

function byKey(invoice: Invoice | null, agreed: Invoice | null): LinesByKey {
  if (invoice === null) return new Map();
  const keys = lineKeysOf(invoice, agreed);
  return new Map(invoice.lines.map((line, index) => [keys[index] ?? `${index}`, line]));
}

/** A line on one side only is one difference; a line on both is compared field by field. */
function lineDiffs(compared: Compared): FieldDiffShape[] {
  const internal = byKey(compared.internal, compared.baseInternal);
  const quickbooks = byKey(compared.quickbooks, compared.baseQuickbooks);
  const baseInternal = byKey(compared.baseInternal, null);
  const baseQuickbooks = byKey(compared.baseQuickbooks, null);
  const keys = [...new Set([...internal.keys(), ...quickbooks.keys(), ...baseInternal.keys()])];
  return keys.flatMap((key, index) => {
    const lines = {
      internal: internal.get(key),
      quickbooks: quickbooks.get(key),
      baseInternal: baseInternal.get(key),
      baseQuickbooks: baseQuickbooks.get(key),
    };
    const label = `Line ${index + 1}`;
    const whole = lines.internal === undefined || lines.quickbooks === undefined;
    if (whole) return [fieldOf(compared, `lines[key=${key}]`, label, wholeLines(lines))];
    return lineFields.map((field) =>
      fieldOf(compared, `lines[key=${key}].${field}`, `${label} · ${lineWords[field].label}`, {
        internal: lines.internal?.[field],
        quickbooks: lines.quickbooks?.[field],
        baseInternal: lines.baseInternal?.[field],
        baseQuickbooks: lines.baseQuickbooks?.[field],
      }),
    );
  });
}

type Lines = { readonly [Place in keyof Values]: Line | undefined };

/** A whole line as a value: what it says and what it costs. */
const wholeLine = (line: Line | undefined): Json | undefined =>
  line && {
    description: line.description ?? line.item?.name ?? 'Line',
    quantity: line.quantity,
    amount: line.amount,
  };

const wholeLines = (lines: Lines): Values => ({
  internal: wholeLine(lines.internal),
  quickbooks: wholeLine(lines.quickbooks),
  baseInternal: wholeLine(lines.baseInternal),
  baseQuickbooks: wholeLine(lines.baseQuickbooks),
});

/** Compares an invoice three ways, field by field and line by line; pure. */
export function compareThreeWays(compared: Compared, includeSame: boolean): FieldDiffShape[] {
  const all = [...headerDiffs(compared), ...lineDiffs(compared)];
  return includeSame ? all : all.filter((field) => field.state !== 'SAME');
}
