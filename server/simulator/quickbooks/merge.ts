import { shiftCustomerBalance } from './balances.ts';
import type { ChangeSet } from './change-set.ts';
import type { EntityName } from './entities.ts';
import { objectNotFound, refuse } from './fault-bodies.ts';
import { isObject, listOf, objectOf, referenceOf, type JsonObject } from './json.ts';
import { amountOf } from './money.ts';
import { toReference } from './references.ts';

const forms: readonly EntityName[] = [
  'Invoice',
  'Payment',
  'CreditMemo',
  'Estimate',
  'SalesReceipt',
  'RefundReceipt',
];

/** Two customers become one: the loser's id disappears, its forms point to the winner (quickbooks.md §7.6). */
export function mergeCustomers(change: ChangeSet, fromId: string, intoId: string): JsonObject {
  const from = change.find('Customer', fromId);
  const into = change.find('Customer', intoId);
  if (from === undefined || into === undefined || fromId === intoId) throw objectNotFound();
  const hasJobs = change
    .all('Customer')
    .some((customer) => referenceOf(customer, 'ParentRef') === fromId);
  if (hasJobs) {
    refuse(
      '6000',
      'Business Validation Error: A customer with sub-customers cannot be merged.',
      '',
    );
  }

  for (const entity of forms) {
    for (const form of change.all(entity)) {
      if (referenceOf(form, 'CustomerRef') !== fromId) continue;
      change.touch(entity, { ...form, CustomerRef: toReference('Customer', into) });
    }
  }
  const owed = amountOf(from, 'Balance');
  shiftCustomerBalance(change, {
    from: { customerId: fromId, owed },
    to: { customerId: intoId, owed },
  });
  change.remove('Customer', fromId, false);
  change.tell({
    entity: 'Customer',
    id: intoId,
    operation: 'merge',
    derived: false,
    deletedId: fromId,
  });
  const winner = change.find('Customer', intoId) ?? into;
  return change.touch('Customer', winner, true);
}

/** Two items become one: lines that named the loser name the winner, under the SyncToken they had (quickbooks.md §4.1). */
export function mergeItems(change: ChangeSet, fromId: string, intoId: string): JsonObject {
  const from = change.find('Item', fromId);
  const into = change.find('Item', intoId);
  if (from === undefined || into === undefined || fromId === intoId) throw objectNotFound();
  const reference = toReference('Item', into);
  for (const entity of forms) {
    for (const form of change.all(entity)) {
      const lines = listOf(form, 'Line').filter(isObject);
      if (!lines.some((line) => namesItem(line, fromId))) continue;
      const Line = lines.map((line) => (namesItem(line, fromId) ? renamed(line, reference) : line));
      change.touch(entity, { ...form, Line });
    }
  }
  change.remove('Item', fromId, false);
  change.tell({
    entity: 'Item',
    id: intoId,
    operation: 'merge',
    derived: false,
    deletedId: fromId,
  });
  return change.touch('Item', into, true);
}

const namesItem = (line: JsonObject, id: string): boolean =>
  referenceOf(objectOf(line, 'SalesItemLineDetail'), 'ItemRef') === id;

const renamed = (line: JsonObject, reference: JsonObject): JsonObject => ({
  ...line,
  SalesItemLineDetail: { ...objectOf(line, 'SalesItemLineDetail'), ItemRef: reference },
});
