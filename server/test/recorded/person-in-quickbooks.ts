import { isJsonObject, type JsonObject } from '#core/json.ts';
import { objectsIn } from './shapes.ts';

/** An item that sells others together; no recorded company has one. */
export const bundleItem: JsonObject = {
  Id: '9001',
  Name: 'Starter Kit',
  FullyQualifiedName: 'Starter Kit',
  Active: true,
  Type: 'Group',
};

/** Fields of a form that a person in QuickBooks sets and internal invoicing knows nothing of. */
const ownFields = [
  'ProjectRef',
  'ShipAddr',
  'ShipFromAddr',
  'ApplyTaxAfterDiscount',
  'EmailStatus',
  'PrintStatus',
  'AllowOnlineCreditCardPayment',
  'AllowOnlineACHPayment',
];

/**
 * What a person in QuickBooks does to an invoice the bridge made, so that it carries everything the recorded one carries:
 * the charges it reimburses, class, project, addresses. And a bundle, a filled custom field and a department besides.
 */
export function personsEdit(recorded: JsonObject, held: JsonObject): JsonObject {
  const own = ownFields.flatMap((name) => {
    const value = recorded[name];
    return value === undefined ? [] : [[name, value] as const];
  });
  const [first, ...others] = soldIn(held).map((line, index) => {
    const same = soldIn(recorded)[index];
    return same === undefined ? line : withCarried(line, same);
  });
  if (first === undefined) throw new Error('an invoice without a line cannot carry anything');
  return {
    ...Object.fromEntries(own),
    DepartmentRef: { value: '1' },
    CustomField: [{ DefinitionId: '1', Name: 'Crew #', Type: 'StringType', StringValue: '102' }],
    LinkedTxn: objectsIn(recorded, 'LinkedTxn').filter(({ TxnType }) => TxnType !== 'Payment'),
    Line: [first, bundleOf(first), ...others],
  };
}

const soldIn = (invoice: JsonObject): readonly JsonObject[] =>
  objectsIn(invoice, 'Line').filter(({ DetailType }) => DetailType === 'SalesItemLineDetail');

const saleOf = (line: JsonObject): JsonObject => {
  const sale = line['SalesItemLineDetail'];
  return isJsonObject(sale) ? sale : {};
};

/** The line with the link, the markup and the class of the recorded one; a line of a mere markup loses its item. */
function withCarried(line: JsonObject, recorded: JsonObject): JsonObject {
  const { ItemRef, ItemAccountRef: _account, ...sale } = saleOf(line);
  const item = ItemRef === undefined ? {} : { ItemRef };
  const { MarkupInfo, ClassRef } = saleOf(recorded);
  const links = objectsIn(recorded, 'LinkedTxn');
  return {
    ...line,
    ...(links.length === 0 ? {} : { LinkedTxn: links }),
    SalesItemLineDetail: {
      ...sale,
      ...(saleOf(recorded)['ItemRef'] === undefined ? {} : item),
      ...(MarkupInfo === undefined ? {} : { MarkupInfo }),
      ...(ClassRef === undefined ? {} : { ClassRef }),
    },
  };
}

/** Two of the kit, each sold as a line of its own. */
function bundleOf({ SalesItemLineDetail }: JsonObject): JsonObject {
  const { ItemRef, TaxCodeRef } = saleOf({ SalesItemLineDetail: SalesItemLineDetail ?? {} });
  const inner = (Amount: number): JsonObject => ({
    Description: 'One of the kit',
    Amount,
    DetailType: 'SalesItemLineDetail',
    SalesItemLineDetail: {
      Qty: 1,
      UnitPrice: Amount,
      ...(ItemRef === undefined ? {} : { ItemRef }),
      ...(TaxCodeRef === undefined ? {} : { TaxCodeRef }),
    },
  });
  return {
    Description: 'Two kits',
    Amount: 30,
    DetailType: 'GroupLineDetail',
    GroupLineDetail: {
      GroupItemRef: { value: '9001' },
      Quantity: 2,
      Line: [inner(10), inner(20)],
    },
  };
}
