/**
 * What a company can hold. `sequence`: entities that draw their ids from one counter; customers, vendors and
 * employees do, and so do all transactions (seen in the recorded companies).
 */
type EntityTraits = {
  readonly kind: 'transaction' | 'list' | 'single';
  readonly sequence: string;
  /** The field that must be unique, and among whom. */
  readonly name?: 'DisplayName' | 'Name';
  readonly namespace?: string;
  /** Not covered by CDC (quickbooks.md §2.8). */
  readonly outsideCdc?: true;
  readonly readOnly?: true;
};

const transaction = { kind: 'transaction', sequence: 'Transaction' } as const;
const person = {
  kind: 'list',
  sequence: 'Person',
  name: 'DisplayName',
  namespace: 'Person',
} as const;
const named = (entity: string) =>
  ({ kind: 'list', sequence: entity, name: 'Name', namespace: entity }) as const;

export const entities = {
  Account: named('Account'),
  Attachable: { kind: 'list', sequence: 'Attachable' },
  Bill: transaction,
  BillPayment: transaction,
  Class: named('Class'),
  CompanyInfo: { kind: 'single', sequence: 'CompanyInfo' },
  CreditMemo: transaction,
  Customer: person,
  Department: named('Department'),
  Deposit: transaction,
  Employee: person,
  Estimate: transaction,
  ExchangeRate: { kind: 'list', sequence: 'ExchangeRate', outsideCdc: true },
  Invoice: transaction,
  Item: named('Item'),
  JournalEntry: transaction,
  Payment: transaction,
  PaymentMethod: named('PaymentMethod'),
  Preferences: { kind: 'single', sequence: 'Preferences' },
  Purchase: transaction,
  PurchaseOrder: transaction,
  RefundReceipt: transaction,
  SalesReceipt: transaction,
  TaxAgency: { kind: 'list', sequence: 'TaxAgency', outsideCdc: true },
  TaxCode: { ...named('TaxCode'), outsideCdc: true, readOnly: true },
  TaxRate: { ...named('TaxRate'), outsideCdc: true, readOnly: true },
  Term: named('Term'),
  TimeActivity: { ...transaction, outsideCdc: true },
  Transfer: transaction,
  Vendor: person,
  VendorCredit: transaction,
} as const satisfies Record<string, EntityTraits>;

export type EntityName = keyof typeof entities;

/** The traits of an entity, seen as the common type. */
export function traitsOf(entity: EntityName): EntityTraits {
  return entities[entity];
}

function isEntityName(name: string): name is EntityName {
  return Object.hasOwn(entities, name);
}

export const entityNames: readonly EntityName[] = Object.keys(entities).filter(isEntityName);

const byLowerCase = new Map(entityNames.map((entity) => [entity.toLowerCase(), entity]));

/** The entity a path or query means; node-quickbooks writes all of them in lower case (quickbooks.md §2.7). */
export function toEntityName(spelling: string): EntityName | undefined {
  return byLowerCase.get(spelling.toLowerCase());
}
