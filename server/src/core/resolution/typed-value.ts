import { decimalsOf, digitsOf, fieldLimits } from '../mapping/field-limits.ts';
import type { Amount, Currency, Decimal, LocalDate } from '../brand.ts';
import type { Address, Discount, Line, PartyRef } from '../invoice/invoice.ts';
import { isJsonObject, type Json, type JsonObject } from '../json.ts';
import type { Reference, ReferenceKind } from '../mapping/reference.ts';
import type { HeaderValues } from '../merge/group-value.ts';
import { parseDecimal } from '../money/decimal.ts';
import { parseAmount } from '../money/money.ts';
import { parseLocalDate } from '../time/local-date.ts';

/** A stored pairing under its own id, by which a person names it. */
export type StoredReference = Reference & { readonly id: string };

/** What a typed value is read with. */
export type TypedContext = {
  readonly currency: Currency;
  readonly references: readonly StoredReference[];
};

/** A typed value on both sides: they differ only where it names a record. */
type Typed<Values> = { readonly internal: Values; readonly quickbooks: Values };
type Read<Values> = Typed<Values> | { readonly problem: string };
export type LineValues = Partial<Line>;

/** Reads the value a person typed for a field of the header. */
export function typedHeader(field: string, value: Json, context: TypedContext): Read<HeaderValues> {
  switch (field) {
    case 'number':
      return same(textOf(value, fieldLimits.number), (number) => ({ number }));
    case 'poNumber':
      return same(textOf(value, fieldLimits.poNumber), (poNumber) => ({ poNumber }));
    case 'customerMemo':
      return same(textOf(value, fieldLimits.customerMemo), (customerMemo) => ({ customerMemo }));
    case 'privateNote':
      return same(textOf(value, fieldLimits.privateNote - fieldLimits.marker), (privateNote) => ({
        privateNote,
      }));
    case 'issueDate':
      return same(dateOf(value), (issueDate) => ({ issueDate }));
    case 'dueDate':
      return same(orNone(value, dateOf), (dueDate) => ({ dueDate }));
    case 'exchangeRate':
      return same(decimalOf(value), (exchangeRate) => ({ exchangeRate }));
    case 'taxInclusive':
      return same(yesOrNo(value), (taxInclusive) => ({ taxInclusive }));
    case 'billTo':
      return same(orNone(value, addressOf), (billTo) => ({ billTo }));
    case 'discount':
      return same(
        orNone(value, (json) => discountOf(json, context)),
        (discount) => ({ discount }),
      );
    case 'customer':
      return record('CUSTOMER', value, context, (customer) => ({ customer }));
    case 'terms':
      return value === null
        ? { internal: { terms: null }, quickbooks: { terms: null } }
        : record('TERMS', value, context, (terms) => ({ terms }));
    default:
      return problem('A value of your own cannot be written here.');
  }
}

/** Reads the value a person typed for a field of a line. */
export function typedLine(field: string, value: Json, context: TypedContext): Read<LineValues> {
  switch (field) {
    case 'description':
      return same(textOf(value, fieldLimits.description), (description) => ({ description }));
    case 'quantity':
      return same(orNone(value, decimalOf), (quantity) => ({ quantity }));
    case 'unitPrice':
      return same(orNone(value, decimalOf), (unitPrice) => ({ unitPrice }));
    case 'amount':
      return same(amountOf(value, context), (amount) => ({ amount }));
    case 'serviceDate':
      return same(orNone(value, dateOf), (serviceDate) => ({ serviceDate }));
    case 'item':
      return record('ITEM', value, context, (item) => ({ item }));
    case 'taxCode':
      return record('TAX_CODE', value, context, (taxCode) => ({ taxCode }));
    default:
      return problem('A value of your own cannot be written here.');
  }
}

type Parsed<Value> = { readonly value: Value } | { readonly problem: string };

const problem = (text: string) => ({ problem: text });

function same<Value, Values>(parsed: Parsed<Value>, put: (value: Value) => Values): Read<Values> {
  if ('problem' in parsed) return parsed;
  const values = put(parsed.value);
  return { internal: values, quickbooks: values };
}

/** A record is named by the id of its stored pairing, so that both sides can hold it. */
function record<Values>(
  kind: ReferenceKind,
  value: Json,
  { references }: TypedContext,
  put: (ref: PartyRef) => Values,
): Read<Values> {
  const found = references.find((one) => one.id === value && one.kind === kind);
  const refs = found === undefined ? null : refsOf(found);
  if (refs === null)
    return problem('Name a record that is paired on both sides, by the id of its reference.');
  return { internal: put(refs.internal), quickbooks: put(refs.quickbooks) };
}

/** The two records of a pairing; null while one is missing. */
export function refsOf({
  status,
  internalId,
  internalName,
  quickbooksId,
  quickbooksName,
}: StoredReference): Typed<PartyRef> | null {
  if (status !== 'MATCHED' || internalId === null || quickbooksId === null) return null;
  return {
    internal: { id: internalId, name: internalName ?? quickbooksName ?? internalId },
    quickbooks: { id: quickbooksId, name: quickbooksName ?? internalName ?? quickbooksId },
  };
}

const orNone = <Value>(value: Json, parse: (value: Json) => Parsed<Value>): Parsed<Value | null> =>
  value === null ? { value: null } : parse(value);

/** Refused here with the field named, not only when it is written (quickbooks.md §4.2, 2050). */
function textOf(value: Json, lengthMax: number): Parsed<string | null> {
  if (value === null || value === '') return { value: null };
  if (typeof value !== 'string') return problem('Type a text.');
  return value.length <= lengthMax
    ? { value }
    : problem(`It has ${value.length} characters; QuickBooks takes at most ${lengthMax}.`);
}

const tooManyDigits = problem(
  `QuickBooks keeps at most ${fieldLimits.significantDigits} digits of a number.`,
);

const yesOrNo = (value: Json): Parsed<boolean> =>
  typeof value === 'boolean' ? { value } : problem('Say true or false.');

function dateOf(value: Json): Parsed<LocalDate> {
  const date = typeof value === 'string' ? parseLocalDate(value) : null;
  return date === null ? problem('Type a date as YYYY-MM-DD.') : { value: date };
}

function decimalOf(value: Json): Parsed<Decimal> {
  const text = typeof value === 'string' ? value : '';
  const decimal = parseDecimal(text);
  if (decimal === null) return problem('Type a number as text, for example "12.50".');
  // As typed: what is parsed is rounded already.
  if (decimalsOf(text) > fieldLimits.decimals)
    return problem(`QuickBooks keeps at most ${fieldLimits.decimals} decimals of a number.`);
  return digitsOf(decimal) > fieldLimits.significantDigits ? tooManyDigits : { value: decimal };
}

function amountOf(value: Json, { currency }: TypedContext): Parsed<Amount> {
  const amount = typeof value === 'string' ? parseAmount(value, currency) : null;
  if (amount === null) return problem('Type an amount as text, for example "12.50".');
  if (decimalsOf(amount) > 2) return problem('QuickBooks keeps two decimals of an amount.');
  return digitsOf(amount) > fieldLimits.significantDigits ? tooManyDigits : { value: amount };
}

function discountOf(value: Json, context: TypedContext): Parsed<Discount> {
  const json: JsonObject = isJsonObject(value) ? value : {};
  if (json['kind'] === 'percent') {
    const percent = decimalOf(json['percent'] ?? null);
    return 'problem' in percent ? percent : { value: { kind: 'percent', percent: percent.value } };
  }
  const amount = amountOf(json['amount'] ?? null, context);
  return 'problem' in amount ? amount : { value: { kind: 'amount', amount: amount.value } };
}

const addressFields = ['line1', 'line2', 'city', 'region', 'postalCode', 'country'] as const;

function addressOf(value: Json): Parsed<Address> {
  if (!isJsonObject(value)) return problem('Type an address as its parts.');
  const known: readonly string[] = addressFields;
  const unknown = Object.keys(value).find((key) => !known.includes(key));
  if (unknown !== undefined) return problem(`An address has no part ${unknown}.`);
  const part = (name: (typeof addressFields)[number]): string | null => {
    const text = value[name];
    return typeof text === 'string' && text !== '' ? text : null;
  };
  if ((part('line2')?.split('\n').length ?? 0) >= fieldLimits.addressLines)
    return problem(`QuickBooks takes at most ${fieldLimits.addressLines} lines of an address.`);
  return {
    value: {
      line1: part('line1'),
      line2: part('line2'),
      city: part('city'),
      region: part('region'),
      postalCode: part('postalCode'),
      country: part('country'),
    },
  };
}
