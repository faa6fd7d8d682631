import { isJsonObject, type Json, type JsonObject } from '#core/json.ts';

/** A value of an invoice and the shape it stands in: its place, kinds of lines and links told apart. */
export type Shaped = readonly [shape: string, value: Json];

/** Every value of an invoice with its shape, properties in order of name; an empty list or object says nothing. */
export function valuesOf(value: Json, place = ''): readonly Shaped[] {
  if (isList(value)) return value.flatMap((entry) => valuesOf(entry, `${place}[${kindOf(entry)}]`));
  if (!isJsonObject(value)) return [[place, value]];
  const properties = [...Object.entries(value), ...absent(value)].sort(byName);
  return properties.flatMap(([name, inner]) =>
    valuesOf(inner, place === '' ? name : `${place}.${name}`),
  );
}

/** Whether a shape is the one named or lies inside it. */
export const isWithin = (shape: string, named: string): boolean =>
  shape === named || shape.startsWith(`${named}.`) || shape.startsWith(`${named}[`);

const byName = ([one]: Shaped, [other]: Shaped): number => (one < other ? -1 : 1);

const isList = (value: Json): value is readonly Json[] => Array.isArray(value);

/** The objects of a list on an invoice; none where there is no such list. */
export const objectsIn = (holder: JsonObject, name: string): readonly JsonObject[] => {
  const list: Json | undefined = holder[name];
  return Array.isArray(list) ? list.filter(isJsonObject) : [];
};

/** Lines and links say what they are; other lists hold one kind of thing. */
function kindOf(entry: Json): string {
  const kind = isJsonObject(entry) ? (entry['DetailType'] ?? entry['TxnType']) : undefined;
  return typeof kind === 'string' && kind !== 'TaxLineDetail' ? kind : '';
}

/** The markup of a reimbursed charge shows in what its line lacks. */
const absent = (value: JsonObject): readonly Shaped[] =>
  'MarkupInfo' in value && !('ItemRef' in value) ? [['no ItemRef', true]] : [];

/** What the bridge carries over, by the field of docs/field-map.md it is. */
export const mappedShapes: Readonly<Record<string, readonly string[]>> = {
  id: ['Id'],
  version: ['SyncToken'],
  modifiedAt: ['MetaData.LastUpdatedTime'],
  modifiedBy: ['MetaData.LastModifiedByRef'],
  number: ['DocNumber'],
  customer: ['CustomerRef'],
  currency: ['CurrencyRef'],
  exchangeRate: ['ExchangeRate'],
  issueDate: ['TxnDate'],
  dueDate: ['DueDate'],
  terms: ['SalesTermRef'],
  billEmail: ['BillEmail.Address'],
  billTo: [
    ...['Line1', 'Line2', 'Line3', 'Line4'].map((name) => `BillAddr.${name}`),
    ...['City', 'CountrySubDivisionCode', 'PostalCode', 'Country'].map(
      (name) => `BillAddr.${name}`,
    ),
  ],
  taxInclusive: ['GlobalTaxCalculation'],
  customerMemo: ['CustomerMemo.value'],
  privateNote: ['PrivateNote'],
  discount: [
    'Line[DiscountLineDetail].DetailType',
    'Line[DiscountLineDetail].Amount',
    'Line[DiscountLineDetail].DiscountLineDetail.PercentBased',
    'Line[DiscountLineDetail].DiscountLineDetail.DiscountPercent',
  ],
  subtotal: ['Line[SubTotalLineDetail]'],
  taxTotal: ['TxnTaxDetail.TotalTax', 'TxnTaxDetail.TaxLine'],
  total: ['TotalAmt', 'HomeTotalAmt'],
  amountPaid: ['LinkedTxn[Payment]'],
  balanceDue: ['Balance', 'HomeBalance'],
  'lines[*].id': ['Line[SalesItemLineDetail].Id', 'Line[SalesItemLineDetail].LineNum'],
  'lines[*].item': [
    'Line[SalesItemLineDetail].DetailType',
    'Line[SalesItemLineDetail].SalesItemLineDetail.ItemRef',
  ],
  'lines[*].description': ['Line[SalesItemLineDetail].Description'],
  'lines[*].quantity': ['Line[SalesItemLineDetail].SalesItemLineDetail.Qty'],
  'lines[*].unitPrice': ['Line[SalesItemLineDetail].SalesItemLineDetail.UnitPrice'],
  'lines[*].amount': [
    'Line[SalesItemLineDetail].Amount',
    'Line[SalesItemLineDetail].SalesItemLineDetail.TaxInclusiveAmt',
  ],
  'lines[*].taxCode': [
    'Line[SalesItemLineDetail].SalesItemLineDetail.TaxCodeRef',
    'TxnTaxDetail.TxnTaxCodeRef',
  ],
  'lines[*].serviceDate': ['Line[SalesItemLineDetail].SalesItemLineDetail.ServiceDate'],
};
