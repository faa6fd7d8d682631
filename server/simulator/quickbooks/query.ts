import type { Behaviour } from './behaviour.ts';
import { toEntityName, traitsOf, type EntityName } from './entities.ts';
import { QuickBooksFault, refuse } from './fault-bodies.ts';
import { isList, isObject, textOf, type Json, type JsonObject } from './json.ts';
import { knownFieldsOf } from './known-fields.ts';
import { toDecimal } from './money.ts';
import { parseInstant } from './pacific-time.ts';
import { parseQuery, type Condition, type Order, type Statement } from './query-grammar.ts';
import { present } from './references.ts';
import type { CompanyBooks } from './state.ts';

const defaultResults = 100;
const maxResults = 1_000;

/** Row queries that were recorded with a totalCount: those of tax lists, and those of chosen columns. */
const countedRows: readonly EntityName[] = ['TaxAgency', 'TaxCode', 'TaxRate'];
const isCounted = (entity: EntityName, { fields }: Statement): boolean =>
  fields !== 'all' || countedRows.includes(entity);

export type QueryContext = {
  readonly books: CompanyBooks;
  readonly behaviour: Behaviour;
  readonly nowMs: number;
};

/** The `QueryResponse` of a statement (quickbooks.md §2.3, §2.7). */
export function runQuery(context: QueryContext, text: string): JsonObject {
  const statement = parseQuery(text);
  const entity = toEntityName(statement.entity);
  if (entity === undefined) throw invalid(`invalid context declaration: ${statement.entity}`);
  const properties = [...statement.conditions, ...statement.orders].map(({ property }) => property);
  for (const property of properties) requireProperty(entity, property);

  const found = select(context, entity, statement);
  if (statement.fields === 'count') return { totalCount: found.length };
  return page(context, { entity, statement, found });
}

function invalid(detail: string): QuickBooksFault {
  return new QuickBooksFault('4001', `QueryValidationError: ${detail}`);
}

function requireProperty(entity: EntityName, property: string): void {
  const known = knownFieldsOf(entity);
  const first = property.split('.')[0]?.toLowerCase() ?? '';
  if (known === undefined || [...known].some((field) => field.toLowerCase() === first)) return;
  throw invalid(`Property ${property} not found for Entity ${entity}`);
}

function select(
  context: QueryContext,
  entity: EntityName,
  statement: Statement,
): readonly JsonObject[] {
  const all = context.books.allForQuery(entity, context.nowMs);
  const matchers = statement.conditions.map(toMatcher);
  const asksActive = statement.conditions.some(
    ({ property }) => property.toLowerCase() === 'active',
  );
  // Inactive entries of lists have to be asked for (quickbooks.md §2.6).
  const hidesInactive = traitsOf(entity).kind === 'list' && !asksActive;
  return all.filter(
    (object) =>
      !(hidesInactive && object['Active'] === false) &&
      matchers.every((matches) => matches(object)),
  );
}

type Page = {
  readonly entity: EntityName;
  readonly statement: Statement;
  readonly found: readonly JsonObject[];
};

function page(context: QueryContext, { entity, statement, found }: Page): JsonObject {
  const start = startOf(context.behaviour, statement.startPosition);
  const size = Math.min(statement.maxResults ?? defaultResults, maxResults);
  if (size < 0) throw invalid(`value ${size} is too small. Min allowed value is 0`);

  const sorted = inOrder(entity, found, statement.orders);
  const rows = sorted.slice(start - 1, start - 1 + size);
  if (rows.length === 0) return {};
  const shown = rows.map((row) => project(present(context.books, row), statement.fields));
  const count = isCounted(entity, statement) ? { totalCount: found.length } : {};
  return { [entity]: shown, startPosition: start, maxResults: rows.length, ...count };
}

function startOf(behaviour: Behaviour, position = 1): number {
  if (position === 0 && behaviour.startPositionZero === 'accept') return 1;
  if (position < 1) throw invalid(`value ${position} is too small. Min allowed value is 1`);
  return position;
}

/** Chosen columns come as a sparse object: those and the Id, inside lists too, nothing else (recorded in a batch answer). */
function project(row: JsonObject, fields: Statement['fields']): JsonObject {
  if (fields === 'all' || fields === 'count') return row;
  const paths = fields.map((field) => field.toLowerCase().split('.'));
  return { ...picked(row, [['id'], ...paths]), sparse: true };
}

function picked(object: JsonObject, paths: readonly (readonly string[])[]): JsonObject {
  const kept: Record<string, Json> = {};
  for (const [key, value] of Object.entries(object)) {
    const wanted = paths.filter(([first]) => first === key.toLowerCase());
    if (wanted.length === 0) continue;
    const deeper = wanted.map(([, ...rest]) => rest);
    kept[key] = deeper.some((rest) => rest.length === 0) ? value : pickedInside(value, deeper);
  }
  return kept;
}

function pickedInside(value: Json, paths: readonly (readonly string[])[]): Json {
  if (isList(value)) return value.map((entry) => pickedInside(entry, paths));
  return isObject(value) ? picked(value, paths) : value;
}

/**
 * Without ORDERBY lists come by name, capitals first (recorded: PG&E before Pam), and transactions oldest first
 * (quickbooks.md §2.7).
 */
function inOrder(
  entity: EntityName,
  rows: readonly JsonObject[],
  orders: readonly Order[],
): readonly JsonObject[] {
  if (orders.length === 0) {
    const isList = traitsOf(entity).kind === 'list';
    return rows.toSorted((one, other) => (isList ? byName(entity, one, other) : byId(one, other)));
  }
  return rows.toSorted((one, other) => {
    for (const { property, isDescending } of orders) {
      const difference = compareValues(
        property,
        valuesAt(one, property)[0],
        valuesAt(other, property)[0],
      );
      if (difference !== 0) return isDescending ? -difference : difference;
    }
    return byId(one, other);
  });
}

function byId(one: JsonObject, other: JsonObject): number {
  return Number(textOf(one, 'Id') ?? 0) - Number(textOf(other, 'Id') ?? 0);
}

function byName(entity: EntityName, one: JsonObject, other: JsonObject): number {
  const nameOf = (row: JsonObject): string => {
    const path = entity === 'Customer' ? textOf(row, 'FullyQualifiedName') : undefined;
    return path ?? textOf(row, 'DisplayName') ?? textOf(row, 'Name') ?? '';
  };
  const [first, second] = [nameOf(one), nameOf(other)];
  if (first === second) return byId(one, other);
  return first < second ? -1 : 1;
}

/** The plain values at a path; references count as the id they hold, lists as each of their entries. */
function valuesAt(object: JsonObject, path: string): readonly (string | number | boolean)[] {
  let places: readonly Json[] = [object];
  for (const step of path.split('.')) {
    places = places.flatMap((place) => {
      const next = isObject(place) ? fieldOf(place, step) : undefined;
      if (next === undefined) return [];
      return isList(next) ? next : [next];
    });
  }
  return places.flatMap((place) => {
    const plain = isObject(place) ? place['value'] : place;
    return typeof plain === 'object' || plain === undefined ? [] : [plain];
  });
}

function fieldOf(object: JsonObject, name: string): Json | undefined {
  if (Object.hasOwn(object, name)) return object[name];
  const spelling = Object.keys(object).find((key) => key.toLowerCase() === name.toLowerCase());
  return spelling === undefined ? undefined : object[spelling];
}

type Matcher = (object: JsonObject) => boolean;

/** Nothing is written as one quoted space (quickbooks.md §2.7). */
const nothing = ' ';

function toMatcher({ property, operator, values }: Condition): Matcher {
  const sample = values[0] ?? '';
  if (operator === 'like') return likeMatcher(property, sample);
  if (operator === 'in') {
    return (object) =>
      valuesAt(object, property).some((value) =>
        values.some((wanted) => equals(property, value, wanted)),
      );
  }
  if (isTime(property)) requireInstant(sample);
  return (object) => {
    const found = valuesAt(object, property);
    if (sample === nothing) return (operator === '=') === (found.length === 0);
    return found.some((value) => holds(operator, compareValues(property, value, sample)));
  };
}

function requireInstant(text: string): void {
  if (parseInstant(text) === undefined) throw invalid(`Invalid date/time value: ${text}`);
}

function equals(property: string, value: string | number | boolean, wanted: string): boolean {
  return compareValues(property, value, wanted) === 0;
}

function holds(operator: Condition['operator'], difference: number): boolean {
  switch (operator) {
    case '=':
      return difference === 0;
    case '!=':
      return difference !== 0;
    case '<':
      return difference < 0;
    case '>':
      return difference > 0;
    case '<=':
      return difference <= 0;
    case '>=':
      return difference >= 0;
    case 'in':
    case 'like':
      return false;
    default:
      return operator satisfies never;
  }
}

function isTime(property: string): boolean {
  return /time$/i.test(property);
}

type Plain = string | number | boolean;

/** Compares as the field's kind asks: instants, numbers (also quoted ones), ids by number, everything else as text. */
function compareValues(property: string, one: Plain | undefined, other: Plain | undefined): number {
  if (one === undefined || other === undefined) {
    return Number(one !== undefined) - Number(other !== undefined);
  }
  if (isTime(property)) {
    return (parseInstant(String(one)) ?? 0) - (parseInstant(String(other)) ?? 0);
  }
  const isNumber =
    typeof one === 'number' || typeof other === 'number' || property.toLowerCase() === 'id';
  const [first, second] = isNumber ? [toDecimal(asNumeral(one)), toDecimal(asNumeral(other))] : [];
  if (first !== undefined && second !== undefined) return first.comparedTo(second);
  const [left, right] = [String(one), String(other)];
  if (left === right) return 0;
  return left < right ? -1 : 1;
}

function asNumeral(value: Plain): string | number {
  return typeof value === 'boolean' ? String(value) : value;
}

/** `%` is the only wildcard; letters match in either case. */
function likeMatcher(property: string, pattern: string): Matcher {
  if (pattern.length > 500) refuse('4001', 'QueryValidationError: pattern too long');
  const parts = pattern.toLowerCase().split('%');
  return (object) =>
    valuesAt(object, property).some((value) => isLike(String(value).toLowerCase(), parts));
}

function isLike(text: string, parts: readonly string[]): boolean {
  const [head = '', ...rest] = parts;
  if (rest.length === 0) return text === head;
  const tail = rest.at(-1) ?? '';
  if (!text.startsWith(head) || !text.endsWith(tail)) return false;
  let from = head.length;
  for (const part of rest.slice(0, -1)) {
    const at = text.indexOf(part, from);
    if (at < 0) return false;
    from = at + part.length;
  }
  return from <= text.length - tail.length;
}
