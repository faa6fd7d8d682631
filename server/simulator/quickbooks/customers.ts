import type { ChangeSet } from './change-set.ts';
import { homeCurrency, toCurrencyReference } from './company-settings.ts';
import type { EntityName } from './entities.ts';
import { QuickBooksFault, refuse } from './fault-bodies.ts';
import { requireSoundFields } from './field-rules.ts';
import { compact, objectOf, referenceOf, textOf, without, type JsonObject } from './json.ts';
import { amountOf } from './money.ts';
import { claimName, deactivatedName, reactivatedName } from './names.ts';
import { resolve, settleAddress } from './references.ts';

const nameParts = ['Title', 'GivenName', 'MiddleName', 'FamilyName', 'Suffix'];
const levelsMax = 5;

export type PersonWish = {
  readonly entity: EntityName;
  readonly body: JsonObject;
  readonly earlier: JsonObject | undefined;
};

/** A customer, vendor or employee as it is from now on (quickbooks.md §7.6). */
export function settlePerson(change: ChangeSet, wish: PersonWish): JsonObject {
  const { entity, body, earlier } = wish;
  requireSoundFields(change, body);
  const id = textOf(earlier, 'Id') ?? change.nextId(entity);
  const isActive = body['Active'] !== false;
  const displayName = settleDisplayName(change, wish, id);
  const parent = entity === 'Customer' ? parentOf(change, body, id) : undefined;
  if (earlier !== undefined && earlier['Active'] !== false && !isActive)
    requireNothingOwed(earlier);

  const given = without(body, 'Id', 'SyncToken', 'MetaData', 'domain', 'sparse', 'status', 'Level');
  const common = {
    domain: 'QBO',
    sparse: false,
    Id: id,
    SyncToken: textOf(earlier, 'SyncToken') ?? '0',
    MetaData: earlier?.['MetaData'] ?? {},
    DisplayName: displayName,
    PrintOnCheckName:
      textOf(body, 'PrintOnCheckName') ?? textOf(body, 'CompanyName') ?? displayName,
    Active: isActive,
    CurrencyRef: currencyOf(change, body, earlier),
  };
  const specific =
    entity === 'Customer' ? customerFields(change, wish, { parent, displayName }) : {};
  return compact({
    ...emptied(given),
    ...common,
    ...specific,
    Balance: amountOf(earlier, 'Balance').toNumber(),
  });
}

/** An empty text clears a field. */
function emptied(body: JsonObject): JsonObject {
  const entries = Object.entries(body).map(
    ([key, value]): [string, JsonObject[string] | undefined] => [
      key,
      value === '' || value === null ? undefined : value,
    ],
  );
  return compact(Object.fromEntries(entries));
}

type CustomerContext = { readonly parent: JsonObject | undefined; readonly displayName: string };

function customerFields(
  change: ChangeSet,
  { body, earlier }: PersonWish,
  { parent, displayName }: CustomerContext,
): { readonly [key: string]: JsonObject[string] | undefined } {
  const bill = settleAddress(change, objectOf(body, 'BillAddr'), objectOf(earlier, 'BillAddr'));
  const parentPath = textOf(parent, 'FullyQualifiedName') ?? textOf(parent, 'DisplayName');
  const level = Number(parent?.['Level'] ?? 0) + 1;
  if (parent !== undefined && level >= levelsMax) {
    refuse('6180', `Sub Level Limit : You can nest up to ${levelsMax} levels.`, '');
  }
  return {
    Taxable: body['Taxable'] ?? true,
    BillAddr: bill,
    ShipAddr: settleAddress(change, objectOf(body, 'ShipAddr'), objectOf(earlier, 'ShipAddr')),
    Job: parent !== undefined,
    BillWithParent: parent !== undefined && body['BillWithParent'] === true,
    ParentRef: parent === undefined ? undefined : { value: textOf(parent, 'Id') ?? '' },
    Level: parent === undefined ? undefined : level,
    FullyQualifiedName: parentPath === undefined ? displayName : `${parentPath}:${displayName}`,
    BalanceWithJobs: amountOf(earlier, 'BalanceWithJobs').toNumber(),
    PreferredDeliveryMethod: body['PreferredDeliveryMethod'] ?? 'Print',
    IsProject: body['IsProject'] ?? false,
    SalesTermRef:
      resolve(change, body, 'SalesTermRef', 'Term') === undefined
        ? undefined
        : body['SalesTermRef'],
  };
}

function settleDisplayName(
  change: ChangeSet,
  { entity, body, earlier }: PersonWish,
  id: string,
): string {
  const composed = nameParts.flatMap((part) => textOf(body, part) || []).join(' ');
  const given = textOf(body, 'DisplayName') || composed || textOf(body, 'CompanyName') || '';
  const wished = earlier?.['Active'] === false ? reactivatedName(given) : given;
  if (wished.trim() === '') {
    const needed = 'Title, GivenName, MiddleName, FamilyName, DisplayName, Suffix';
    refuse(
      '6080',
      `No Name Provided : Fill out values for at least one of the following: ${needed}.`,
      '',
    );
  }
  if (/[:\t\n]/.test(wished)) {
    refuse(
      '2040',
      'Invalid String : Element contains invalid characters: a name may not contain a colon, tab or new line.',
      'DisplayName',
    );
  }
  const name = body['Active'] === false ? deactivatedName(wished) : wished;
  return claimName(change, { entity, name, id, earlier: textOf(earlier, 'DisplayName') });
}

function parentOf(change: ChangeSet, body: JsonObject, id: string): JsonObject | undefined {
  const parent = resolve(change, body, 'ParentRef', 'Customer');
  if (parent?.id === id) {
    refuse('6000', 'Business Validation Error: A customer cannot be its own parent.', '');
  }
  return parent?.object;
}

/** The paths of jobs follow the names above them; only their time moves. */
export function renamePathsBelow(change: ChangeSet, parent: JsonObject, depth = 0): void {
  const parentId = textOf(parent, 'Id');
  const path = textOf(parent, 'FullyQualifiedName') ?? '';
  if (textOf(change.find('Customer', parentId ?? ''), 'FullyQualifiedName') === path && depth === 0)
    return;
  for (const child of change.all('Customer')) {
    if (referenceOf(child, 'ParentRef') !== parentId || depth > levelsMax) continue;
    const childPath = `${path}:${textOf(child, 'DisplayName') ?? ''}`;
    const renamed = change.touch('Customer', { ...child, FullyQualifiedName: childPath });
    renamePathsBelow(change, renamed, depth + 1);
  }
}

/** A customer has one currency for ever (quickbooks.md §7.5). */
function currencyOf(
  change: ChangeSet,
  body: JsonObject,
  earlier: JsonObject | undefined,
): JsonObject {
  const known = referenceOf(earlier, 'CurrencyRef');
  const sent = referenceOf(body, 'CurrencyRef');
  if (known !== undefined && sent !== undefined && known !== sent) {
    const detail = 'Business Validation Error: The currency of a customer cannot be changed.';
    throw new QuickBooksFault(change.behaviour.currencyMismatchCode, detail, '');
  }
  return toCurrencyReference(known ?? sent ?? homeCurrency(change));
}

/** Whoever owes money cannot be put away (6220, quickbooks.md §7.6). */
function requireNothingOwed(person: JsonObject): void {
  if (amountOf(person, 'Balance').isZero()) return;
  refuse(
    '6220',
    'Delete Entity Has Balance Error : The customer has a balance or open transactions and cannot be made inactive.',
    '',
  );
}
