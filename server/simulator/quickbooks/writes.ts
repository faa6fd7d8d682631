import type { ChangeSet } from './change-set.ts';
import { renamePathsBelow, settlePerson } from './customers.ts';
import { deleteDeposit, settleDeposit } from './deposits.ts';
import { entityNames, traitsOf, type EntityName } from './entities.ts';
import { missing, objectNotFound, QuickBooksFault, refuse, staleObject } from './fault-bodies.ts';
import { createInvoice, deleteInvoice, isVoided, updateInvoice, voidInvoice } from './invoices.ts';
import { compact, isObject, isSame, textOf, without, type Json, type JsonObject } from './json.ts';
import { requireKnownFields } from './known-fields.ts';
import { settleListEntry } from './lists.ts';
import {
  createCreditMemo,
  createPlainForm,
  deleteCreditMemo,
  settleCarriedTransaction,
  updateCreditMemo,
  updatePlainForm,
  voidPlainForm,
} from './other-forms.ts';
import { createPayment, deletePayment, updatePayment, voidPayment } from './payments.ts';
import type { FormWish } from './sales-forms.ts';

export type WriteOperation = 'create' | 'update' | 'void' | 'delete';

export type WriteRequest = {
  readonly entity: EntityName;
  readonly operation: WriteOperation;
  readonly body: JsonObject;
  readonly allowDuplicateNumber: boolean;
};

/** The object as the answer shows it, and whether anything changed at all. */
export type Written = { readonly object: JsonObject; readonly isChanged: boolean };

type Keeping = {
  readonly create: (change: ChangeSet, wish: FormWish) => JsonObject;
  /** The object as it should be; the SyncToken and the time are set by the caller. */
  readonly update: (change: ChangeSet, wish: FormWish, earlier: JsonObject) => JsonObject;
  readonly void?: (change: ChangeSet, earlier: JsonObject) => JsonObject;
  readonly remove?: (change: ChangeSet, earlier: JsonObject) => void;
};

const person: Keeping = {
  create: (change, wish) => change.create(wish.entity, settlePerson(change, wish)),
  update: (change, wish) => {
    const settled = settlePerson(change, wish);
    if (wish.entity === 'Customer') renamePathsBelow(change, settled);
    return settled;
  },
};

const listEntry: Keeping = {
  create: (change, wish) => change.create(wish.entity, settleListEntry(change, wish)),
  update: (change, wish) => settleListEntry(change, wish),
};

const plainForm: Keeping = {
  create: createPlainForm,
  update: updatePlainForm,
  void: voidPlainForm,
  remove: (change, earlier) => change.remove('SalesReceipt', textOf(earlier, 'Id') ?? ''),
};

const carried: Keeping = {
  create: (change, wish) => change.create(wish.entity, settleCarriedTransaction(change, wish)),
  update: (change, wish) => settleCarriedTransaction(change, wish),
};

const single: Keeping = {
  create: (_change, { entity }) => refuse('500', `Operation create on ${entity} is not supported.`),
  update: (_change, wish) => ({ ...mergedGroups(wish), ...kept(wish.earlier) }),
};

/** Settings come in groups; a sparse update changes only the settings it names inside a group. */
function mergedGroups({ body, sent, earlier }: FormWish): JsonObject {
  if (body === sent || earlier === undefined) return body;
  const groups = Object.entries(sent).map(([key, value]): [string, Json] => {
    const before = earlier[key];
    return [key, isObject(before) && isObject(value) ? { ...before, ...value } : value];
  });
  return { ...earlier, ...Object.fromEntries(groups) };
}

function kept(earlier: JsonObject | undefined): JsonObject {
  return compact({
    Id: earlier?.['Id'],
    SyncToken: earlier?.['SyncToken'],
    MetaData: earlier?.['MetaData'],
    domain: 'QBO',
    sparse: false,
  });
}

const special: Partial<Record<EntityName, Keeping>> = {
  Invoice: {
    create: createInvoice,
    update: updateInvoice,
    void: voidInvoice,
    remove: deleteInvoice,
  },
  CreditMemo: { create: createCreditMemo, update: updateCreditMemo, remove: deleteCreditMemo },
  Payment: {
    create: (change, { body }) => createPayment(change, body),
    update: (change, { body }, earlier) => updatePayment(change, body, earlier),
    void: voidPayment,
    remove: deletePayment,
  },
  Deposit: {
    create: (change, wish) => change.create('Deposit', settleDeposit(change, wish)),
    update: (change, wish) => settleDeposit(change, wish),
    remove: deleteDeposit,
  },
  Customer: person,
  Vendor: person,
  Employee: person,
  Estimate: {
    ...plainForm,
    remove: (change, earlier) => change.remove('Estimate', textOf(earlier, 'Id') ?? ''),
  },
  SalesReceipt: plainForm,
  RefundReceipt: {
    ...plainForm,
    remove: (change, earlier) => change.remove('RefundReceipt', textOf(earlier, 'Id') ?? ''),
  },
  CompanyInfo: single,
  Preferences: single,
};

const keepings = new Map<EntityName, Keeping>(
  entityNames.map((entity) => [entity, special[entity] ?? ordinary(entity)]),
);

function ordinary(entity: EntityName): Keeping {
  if (traitsOf(entity).kind !== 'transaction') return listEntry;
  return {
    ...carried,
    remove: (change, earlier) => change.remove(entity, textOf(earlier, 'Id') ?? ''),
  };
}

/** Carries a write out inside a change set. Refusals are thrown; nothing has happened then. */
export function write(change: ChangeSet, request: WriteRequest): Written {
  const keeping = keepings.get(request.entity) ?? listEntry;
  // The API only reads tax codes and rates; a person puts them away on the screen.
  const isReadOnly = traitsOf(request.entity).readOnly === true && change.actor === 'api';
  if (isReadOnly) throw unsupported(request);
  requireKnownFields(request.entity, request.body);
  if (request.operation === 'create') {
    return { object: keeping.create(change, formWish(request, undefined)), isChanged: true };
  }

  const earlier = currentObject(change, request);
  if (request.operation === 'update') return update(change, request, earlier, keeping);
  if (request.operation === 'void') return voidObject(change, request, earlier, keeping);
  if (keeping.remove === undefined) throw unsupported(request);
  keeping.remove(change, earlier);
  const id = textOf(earlier, 'Id') ?? '';
  return { object: { domain: 'QBO', status: 'Deleted', Id: id }, isChanged: true };
}

/** The object a request means, at the version it says (5010), else nowhere to be found (610). */
function currentObject(change: ChangeSet, { entity, body }: WriteRequest): JsonObject {
  const id = textOf(body, 'Id');
  if (id === undefined || id === '') throw missing('Id');
  const token = textOf(body, 'SyncToken');
  if (token === undefined || token === '') throw missing('SyncToken');
  const object = change.find(entity, id);
  if (object === undefined) throw objectNotFound();
  if (textOf(object, 'SyncToken') !== token) throw staleObject();
  return object;
}

function unsupported({ operation, entity }: WriteRequest): QuickBooksFault {
  return new QuickBooksFault('500', `Operation ${operation} on ${entity} is not supported.`);
}

function update(
  change: ChangeSet,
  request: WriteRequest,
  earlier: JsonObject,
  keeping: Keeping,
): Written {
  const wanted = keeping.update(change, formWish(request, earlier), earlier);
  if (hasSameContent(wanted, earlier)) return { object: earlier, isChanged: false };
  return { object: change.revise(request.entity, wanted), isChanged: true };
}

/** An update to what is there already changes neither token nor time (quickbooks.md §2.5). */
function hasSameContent(one: JsonObject, other: JsonObject): boolean {
  const frame = ['SyncToken', 'MetaData', 'sparse'];
  return isSame(without(one, ...frame), without(other, ...frame));
}

function voidObject(
  change: ChangeSet,
  request: WriteRequest,
  earlier: JsonObject,
  keeping: Keeping,
): Written {
  if (keeping.void === undefined) throw unsupported(request);
  if (isVoided(earlier)) return { object: earlier, isChanged: false };
  const voided = keeping.void(change, earlier);
  return { object: change.revise(request.entity, voided, 'void'), isChanged: true };
}

/** Entities whose sparse update still needs the name (quickbooks.md §2.5). */
const needName: readonly EntityName[] = ['Account', 'Class'];

/** Sparse lays what was sent over what is there; full takes only what was sent (quickbooks.md §2.5). */
function formWish(
  { entity, body, allowDuplicateNumber }: WriteRequest,
  earlier: JsonObject | undefined,
): FormWish {
  const isSparse = earlier !== undefined && (body['sparse'] === true || body['sparse'] === 'true');
  if (isSparse && needName.includes(entity) && body['Name'] === undefined) throw missing('Name');
  const sent = withoutNulls(body);
  const whole = isSparse ? { ...earlier, ...sent } : sent;
  return { entity, body: whole, sent, earlier, allowDuplicateNumber };
}

/** A null is the same as nothing; only an empty text clears a field of a sparse update. */
function withoutNulls(body: JsonObject): JsonObject {
  const entries = Object.entries(body).filter(([, value]) => value !== null);
  return Object.fromEntries(entries);
}
