import type { ChangeSet } from './change-set.ts';
import { traitsOf, type EntityName } from './entities.ts';
import { inactiveDetail, objectNotFound, QuickBooksFault, refuse } from './fault-bodies.ts';
import { compact, isObject, objectOf, referenceOf, textOf, type JsonObject } from './json.ts';

/** What a reference field points at. */
export type Resolved = { readonly id: string; readonly object: JsonObject };

/** The name a reference shows: customers by their own name, items and accounts by the full path. */
function shownName(entity: EntityName, object: JsonObject): string | undefined {
  if (traitsOf(entity).name === 'DisplayName') return textOf(object, 'DisplayName');
  return textOf(object, 'FullyQualifiedName') ?? textOf(object, 'Name');
}

/** A reference field as answers carry it. */
export function toReference(entity: EntityName, object: JsonObject): JsonObject {
  return compact({ value: textOf(object, 'Id') ?? '', name: shownName(entity, object) });
}

/**
 * Follows a reference of a request. Undefined when the field is not there; refused when it points at nothing (2500)
 * or at something inactive (610, 2500 or 6250: quickbooks.md §4.2).
 */
export function resolve(
  change: ChangeSet,
  holder: JsonObject | undefined,
  field: string,
  entity: EntityName,
): Resolved | undefined {
  const id = referenceOf(holder, field);
  if (id === undefined) return undefined;
  if (!/^\d{1,20}$/.test(id) && entity !== 'TaxCode') {
    refuse(
      '2030',
      `Invalid ID : Id should be a valid number. Supplied value:${id}`,
      `${field}.value`,
    );
  }

  const object = change.find(entity, id);
  if (object === undefined) {
    refuse('2500', `Invalid Reference Id : ${entity} element id ${id} not found`, '');
  }
  if (object['Active'] === false) throw inactiveReference(change);
  return { id, object };
}

/** A reference that must be there (2020). */
export function resolveRequired(
  change: ChangeSet,
  holder: JsonObject,
  field: string,
  entity: EntityName,
): Resolved {
  const resolved = resolve(change, holder, field, entity);
  if (resolved !== undefined) return resolved;
  const detail = `Required parameter ${field} is missing in the request`;
  throw new QuickBooksFault('2020', detail, field);
}

function inactiveReference(change: ChangeSet): QuickBooksFault {
  const code = change.behaviour.inactiveReference;
  if (code === '610') return objectNotFound();
  const title = code === '2500' ? 'Invalid Reference Id' : 'Invalid Sales Customer';
  return new QuickBooksFault(code, `${title} : ${inactiveDetail}`, '');
}

const entityByField: Readonly<Record<string, EntityName>> = {
  CustomerRef: 'Customer',
  DepositToAccountRef: 'Account',
  DiscountAccountRef: 'Account',
  GroupItemRef: 'Item',
  IncomeAccountRef: 'Account',
  ItemAccountRef: 'Account',
  ItemRef: 'Item',
  SalesTermRef: 'Term',
  VendorRef: 'Vendor',
};

type Finder = { find(entity: EntityName, id: string): JsonObject | undefined };

/**
 * The object as an answer shows it: names in references follow the present name of what they point at, with no trace
 * in time or token (recorded: an invoice read before and after its customer was renamed).
 */
export function present(books: Finder, object: JsonObject): JsonObject {
  let shown: Record<string, JsonObject[string]> | undefined;
  for (const [key, value] of Object.entries(object)) {
    const fresh = presentField(books, key, value);
    if (fresh === value) continue;
    shown ??= { ...object };
    shown[key] = fresh;
  }
  return shown ?? object;
}

function presentField(books: Finder, key: string, value: JsonObject[string]): JsonObject[string] {
  if (Array.isArray(value)) {
    const fresh = value.map((entry) => (isObject(entry) ? present(books, entry) : entry));
    return fresh.every((entry, index) => entry === value[index]) ? value : fresh;
  }
  if (!isObject(value)) return value;
  const entity = entityByField[key];
  if (entity === undefined) return present(books, value);

  const name = textOf(value, 'name');
  const target = books.find(entity, textOf(value, 'value') ?? '');
  const nameNow = target === undefined ? undefined : shownName(entity, target);
  if (name === undefined || nameNow === undefined || nameNow === name) return value;
  return { ...value, name: nameNow };
}

/** An address of a request: one of its own Id, unless it is the very address that was there (quickbooks.md §2.4). */
export function settleAddress(
  change: ChangeSet,
  sent: JsonObject | undefined,
  earlier: JsonObject | undefined,
): JsonObject | undefined {
  if (sent === undefined) return undefined;
  const { Id: _sentId, ...sentFields } = sent;
  if (Object.keys(sentFields).length === 0) return undefined;
  const { Id: earlierId, ...earlierFields } = earlier ?? {};
  const isUnchanged = earlierId !== undefined && isSameAddress(earlierFields, sentFields);
  return { Id: isUnchanged ? earlierId : nextAddressId(change), ...sentFields };
}

function isSameAddress(one: JsonObject, other: JsonObject): boolean {
  const keys = new Set([...Object.keys(one), ...Object.keys(other)]);
  return [...keys].every((key) => one[key] === other[key]);
}

/** Addresses count for themselves; a loaded company goes on after the highest one it holds. */
export function nextAddressId(change: ChangeSet): string {
  if (change.setting('lastId/Address') === undefined) {
    const holders = [
      ...change.all('Customer'),
      ...change.all('Invoice'),
      ...change.all('CompanyInfo'),
    ];
    const ids = holders.flatMap((holder) =>
      ['BillAddr', 'ShipAddr', 'ShipFromAddr', 'CompanyAddr'].map((field) =>
        Number(textOf(objectOf(holder, field), 'Id') ?? 0),
      ),
    );
    const highest = ids.reduce((top, id) => (Number.isSafeInteger(id) && id > top ? id : top), 0);
    change.set('lastId/Address', String(highest));
  }
  return change.next('Address');
}
