import { multiplyDecimal, readTypedDecimal } from '../format/decimal.ts';
import { placesOf } from '../format/money.ts';
import type {
  ConflictDetailFragment,
  FieldValuePartsFragment,
  ReferenceKind,
  ValueKind,
} from '../graphql/generated/graphql.ts';
import type { DisputedField, FieldGroup, OwnValues, TypedValue } from './choices.ts';

/** How a value of one's own is put in. */
export type EditorKind =
  | { readonly kind: 'date'; readonly mayBeEmpty: boolean }
  | { readonly kind: 'number'; readonly currency: string | null }
  | { readonly kind: 'text'; readonly isLong: boolean }
  | { readonly kind: 'yes-or-no' }
  | { readonly kind: 'reference'; readonly of: ReferenceKind; readonly mayBeEmpty: boolean }
  | { readonly kind: 'address' }
  | { readonly kind: 'discount'; readonly currency: string | null };

/** The field itself: 'quantity' of 'lines[key=A7].quantity'. */
const nameOf = (path: string): string => path.slice(path.lastIndexOf('.') + 1);

const references: Readonly<Record<string, ReferenceKind>> = {
  customer: 'CUSTOMER',
  terms: 'TERMS',
  item: 'ITEM',
  taxCode: 'TAX_CODE',
};

const longTexts = new Set(['customerMemo', 'privateNote', 'description']);
const mayBeEmpty = new Set(['dueDate', 'serviceDate', 'terms', 'item', 'taxCode']);

/** The first value that some column shows. */
const anyValue = ({ internal, quickbooks, base }: DisputedField) => internal ?? quickbooks ?? base;

/** The editor of a disputed field. */
export function editorOf(field: DisputedField, currency: string | null): EditorKind {
  const name = nameOf(field.path);
  if (name === 'billTo') return { kind: 'address' };
  if (name === 'discount') return { kind: 'discount', currency };
  return byKind(anyValue(field)?.kind ?? 'TEXT', name, currency);
}

function byKind(kind: ValueKind, name: string, currency: string | null): EditorKind {
  const reference = references[name];
  if (reference !== undefined)
    return { kind: 'reference', of: reference, mayBeEmpty: mayBeEmpty.has(name) };
  switch (kind) {
    case 'DATE':
      return { kind: 'date', mayBeEmpty: mayBeEmpty.has(name) };
    case 'MONEY':
      return { kind: 'number', currency };
    case 'NUMBER':
      return { kind: 'number', currency: null };
    case 'BOOLEAN':
      return { kind: 'yes-or-no' };
    case 'TEXT':
    case 'REFERENCE':
    case 'LINE':
      return { kind: 'text', isLong: longTexts.has(name) };
    default:
      return kind satisfies never;
  }
}

const unfinished: TypedValue = { json: undefined, shown: null };
const empty: TypedValue = { json: null, shown: null };

const shownAs = (kind: ValueKind, display: string): FieldValuePartsFragment => ({
  kind,
  display,
  money: null,
});

/** A date as the browser's own field gives it: '2026-12-31', or '' while it is not whole. */
export function typedDate(value: string, isOptional: boolean): TypedValue {
  if (value === '') return isOptional ? empty : unfinished;
  return { json: value, shown: shownAs('DATE', value) };
}

/** A text; nothing typed clears the field. */
export const typedText = (value: string): TypedValue =>
  value === '' ? empty : { json: value, shown: shownAs('TEXT', value) };

/** A number or an amount; unfinished until it reads as one. */
export function typedNumber(value: string, currency: string | null): TypedValue {
  const amount = readTypedDecimal(value);
  if (amount === null) return unfinished;
  if (currency === null) return { json: amount, shown: shownAs('NUMBER', amount) };
  return { json: amount, shown: { kind: 'MONEY', display: amount, money: { amount, currency } } };
}

/** Yes or no. */
export const typedFlag = (isOn: boolean): TypedValue => ({
  json: isOn,
  shown: shownAs('BOOLEAN', isOn ? 'Yes' : 'No'),
});

/** A record paired on both sides, by the id of its reference. */
export function typedReference(
  chosen: { readonly id: string; readonly name: string } | null,
  isOptional: boolean,
): TypedValue {
  if (chosen === null) return isOptional ? empty : unfinished;
  return { json: chosen.id, shown: shownAs('REFERENCE', chosen.name) };
}

/** Parts of an address, in the order they are written. */
export const addressParts = [
  ['line1', 'Street'],
  ['line2', 'Street, second line'],
  ['city', 'City'],
  ['region', 'Region'],
  ['postalCode', 'Postal code'],
  ['country', 'Country'],
] as const;

/** An address by its parts; empty parts are left out. */
export function typedAddress(parts: Readonly<Record<string, string>>): TypedValue {
  const kept = Object.fromEntries(Object.entries(parts).filter(([, text]) => text !== ''));
  const texts = addressParts.flatMap(([part]) => kept[part] ?? []);
  return texts.length === 0 ? empty : { json: kept, shown: shownAs('TEXT', texts.join(', ')) };
}

/** A discount as a share or as an amount; none when nothing is typed. */
export function typedDiscount(
  kind: 'percent' | 'amount',
  value: string,
  currency: string | null,
): TypedValue {
  if (value.trim() === '') return empty;
  const number = readTypedDecimal(value);
  if (number === null) return unfinished;
  if (kind === 'percent')
    return { json: { kind, percent: number }, shown: shownAs('TEXT', `${number} %`) };
  return { json: { kind, amount: number }, shown: typedNumber(number, currency).shown };
}

const jsonText = (json: unknown): string =>
  typeof json === 'string' || typeof json === 'number' ? String(json) : '';

/** What stands in an editor at first: the value of internal, else of QuickBooks. */
export const startText = (field: DisputedField): string => jsonText(anyValue(field)?.json);

/** A part of the first value, where it is made of parts. */
export function startPart(field: DisputedField, part: string): string {
  const json = anyValue(field)?.json;
  return typeof json === 'object' && json !== null ? jsonText(Reflect.get(json, part)) : '';
}

/** A value to begin with for every field of a group that is typed; references are picked. */
export function startValues(group: FieldGroup, currency: string | null): OwnValues {
  const fields = [group.lead, ...group.followers];
  return new Map(fields.map((field) => [field.path, startValue(field, currency)]));
}

function startValue(field: DisputedField, currency: string | null): TypedValue {
  const editor = editorOf(field, currency);
  const text = startText(field);
  switch (editor.kind) {
    case 'date':
      return typedDate(text, editor.mayBeEmpty);
    case 'number':
      return typedNumber(text, editor.currency);
    case 'text':
      return typedText(text);
    case 'yes-or-no':
      return typedFlag(anyValue(field)?.json === true);
    case 'reference':
      return typedReference(null, editor.mayBeEmpty);
    case 'address':
      return typedAddress(
        Object.fromEntries(addressParts.map(([part]) => [part, startPart(field, part)])),
      );
    case 'discount': {
      const percent = startPart(field, 'percent');
      return percent === ''
        ? typedDiscount('amount', startPart(field, 'amount'), currency)
        : typedDiscount('percent', percent, currency);
    }
    default:
      return editor satisfies never;
  }
}

const linePath = /^lines\[key=([^\]]*)\]\.(.+)$/;

type InternalLines = NonNullable<ConflictDetailFragment['invoice']['internal']>['lines'];

/** The amount of a line is its quantity times its price on both sides (quickbooks.md §7.3), so it follows what is typed. */
export function withAmount(
  values: OwnValues,
  lines: InternalLines,
  currency: string | null,
): OwnValues {
  const amountPath = [...values.keys()].find((path) => linePath.exec(path)?.[2] === 'amount');
  const key = amountPath === undefined ? undefined : linePath.exec(amountPath)?.[1];
  if (amountPath === undefined || key === undefined || currency === null) return values;
  const line = lines.find(({ lineKey }) => lineKey === key);
  const factor = (name: string, held: string | null | undefined): string => {
    const typed = values.get(`lines[key=${key}].${name}`);
    return typed === undefined ? (held ?? '') : jsonText(typed.json);
  };
  const amount = multiplyDecimal(
    factor('quantity', line?.quantity),
    factor('unitPrice', line?.unitPrice?.amount),
    placesOf(currency),
  );
  return amount === null
    ? values
    : new Map([...values, [amountPath, typedNumber(amount, currency)]]);
}

/** Whether a field is computed from the others that are typed with it. */
export const isComputed = ({ path }: DisputedField, group: FieldGroup): boolean =>
  linePath.exec(path)?.[2] === 'amount' &&
  [group.lead, ...group.followers].some((other) =>
    ['quantity', 'unitPrice'].includes(nameOf(other.path)),
  );
