import type { ChangeSet } from './change-set.ts';
import { homeCurrency, toCurrencyReference } from './company-settings.ts';
import { traitsOf, type EntityName } from './entities.ts';
import { missing, refuse } from './fault-bodies.ts';
import { requireLength } from './field-rules.ts';
import { compact, textOf, without, type Json, type JsonObject } from './json.ts';
import { amountOf } from './money.ts';
import { claimName, deactivatedName, reactivatedName } from './names.ts';
import { resolve, toReference } from './references.ts';

export type ListWish = {
  readonly entity: EntityName;
  readonly body: JsonObject;
  readonly earlier: JsonObject | undefined;
};

type Fields = { readonly [key: string]: Json | undefined };

const madeByQuickBooks = ['Id', 'SyncToken', 'MetaData', 'domain', 'sparse', 'status'];

/** An item, account, term, payment method, class or department as it is from now on. */
export function settleListEntry(change: ChangeSet, wish: ListWish): JsonObject {
  const { entity, body, earlier } = wish;
  const id = textOf(earlier, 'Id') ?? change.nextId(entity);
  const isActive = body['Active'] !== false;
  const common = {
    ...without(body, ...madeByQuickBooks),
    Active: isActive,
    domain: 'QBO',
    sparse: false,
    Id: id,
    SyncToken: textOf(earlier, 'SyncToken') ?? '0',
    MetaData: earlier?.['MetaData'] ?? {},
  };
  if (traitsOf(entity).name !== 'Name') return compact(common);

  const names = settleNames(change, wish, id);
  return compact({ ...common, ...names, ...specific[entity]?.(change, wish) });
}

const entitiesWithPaths: readonly EntityName[] = ['Account', 'Class', 'Department', 'Item'];

function settleNames(change: ChangeSet, { entity, body, earlier }: ListWish, id: string): Fields {
  const given = textOf(body, 'Name')?.trim() ?? '';
  const wished = earlier?.['Active'] === false ? reactivatedName(given) : given;
  if (wished === '') throw missing('Name');
  requireLength({ Name: wished }, 'Name', entity === 'TaxCode' ? 10 : 100);
  if (wished.includes(':')) {
    refuse('2040', 'Invalid String : Element contains invalid characters: :', 'Name');
  }
  const name = body['Active'] === false ? deactivatedName(wished) : wished;
  const parent = resolve(change, body, 'ParentRef', entity)?.object;
  const path = textOf(parent, 'FullyQualifiedName') ?? textOf(parent, 'Name');
  const prefix = path === undefined ? '' : `${path}:`;
  const earlierPath = textOf(earlier, 'FullyQualifiedName') ?? textOf(earlier, 'Name');
  const full = claimName(change, { entity, name: `${prefix}${name}`, id, earlier: earlierPath });
  const hasPath = entitiesWithPaths.includes(entity);
  return { Name: full.slice(prefix.length), FullyQualifiedName: hasPath ? full : undefined };
}

const specific: Partial<Record<EntityName, (change: ChangeSet, wish: ListWish) => Fields>> = {
  Account: accountFields,
  Item: itemFields,
  PaymentMethod: (_change, { body }) => ({ Type: body['Type'] ?? 'NON_CREDIT_CARD' }),
  Term: (_change, { body }) => ({ Type: body['Type'] ?? 'STANDARD' }),
};

/** An item that is sold needs an income account (quickbooks.md §7.6). */
function itemFields(change: ChangeSet, { body }: ListWish): Fields {
  requireLength(body, 'Sku', 100);
  requireLength(body, 'Description', 4_000);
  const type = textOf(body, 'Type') ?? 'Service';
  const income = resolve(change, body, 'IncomeAccountRef', 'Account')?.object;
  if (income === undefined && ['Service', 'NonInventory', 'Inventory'].includes(type)) {
    throw missing('IncomeAccountRef');
  }
  return {
    Taxable: body['Taxable'] ?? false,
    UnitPrice: amountOf(body, 'UnitPrice').toNumber(),
    Type: type,
    IncomeAccountRef: income === undefined ? undefined : toReference('Account', income),
    PurchaseCost: amountOf(body, 'PurchaseCost').toNumber(),
    TrackQtyOnHand: body['TrackQtyOnHand'] ?? false,
  };
}

function accountFields(change: ChangeSet, { body, earlier }: ListWish): Fields {
  const type = textOf(body, 'AccountType');
  if (type === undefined && textOf(body, 'AccountSubType') === undefined)
    throw missing('AccountType');
  return {
    SubAccount: body['ParentRef'] !== undefined,
    Classification: body['Classification'] ?? classificationOf(type ?? ''),
    AccountType: type ?? 'Expense',
    CurrentBalance: amountOf(earlier, 'CurrentBalance').toNumber(),
    CurrentBalanceWithSubAccounts: amountOf(earlier, 'CurrentBalanceWithSubAccounts').toNumber(),
    CurrencyRef: body['CurrencyRef'] ?? toCurrencyReference(homeCurrency(change)),
  };
}

function classificationOf(type: string): string {
  if (/Income/.test(type)) return 'Revenue';
  if (/Expense|Cost of Goods/.test(type)) return 'Expense';
  if (/Payable|Credit Card|Liability/.test(type)) return 'Liability';
  return type === 'Equity' ? 'Equity' : 'Asset';
}
