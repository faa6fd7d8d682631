import type { Invoice, Line } from '../invoice/invoice.ts';
import type { Json } from '../json.ts';
import type { FieldEntry, HeaderEntry, LineEntry } from './field-entry.ts';

type Facts = Omit<FieldEntry, 'path' | 'label' | 'internalPath'>;

/** What most fields are: two people can edit them, so a person decides between two values. */
const asked = {
  comparator: 'exact text',
  rule: 'ASK',
  group: null,
  movesMoney: false,
  kind: 'TEXT',
} as const satisfies Partial<Facts>;

/** Each side's own or computed by it: shown and checked, never written. */
const readOnly = { ...asked, rule: 'READ_ONLY', comparator: 'not compared' } as const;
const computed = { ...readOnly, comparator: 'number', movesMoney: true, kind: 'MONEY' } as const;

function header(
  path: string,
  label: string,
  internalPath: string,
  facts: Facts,
  read: (invoice: Invoice) => Json,
): HeaderEntry {
  return { path, label, internalPath, ...facts, read };
}

/** The document and its derived amounts. */
export const headerFields: readonly HeaderEntry[] = [
  header('id', 'Id', 'id', { ...readOnly, quickbooksPath: 'Id' }, ({ id }) => id),
  header(
    'version',
    'Version',
    'version',
    { ...readOnly, quickbooksPath: 'SyncToken' },
    ({ version }) => version,
  ),
  header('url', 'Address', 'url', { ...readOnly, quickbooksPath: null }, ({ url }) => url),
  header(
    'counterpartId',
    'Other side’s id',
    'externalRef',
    { ...readOnly, quickbooksPath: 'PrivateNote (last line)' },
    ({ counterpartId }) => counterpartId,
  ),
  header(
    'modifiedAt',
    'Last change',
    'updatedAt',
    { ...readOnly, quickbooksPath: 'MetaData.LastUpdatedTime', kind: 'DATE' },
    ({ modifiedAt }) => modifiedAt,
  ),
  header(
    'modifiedBy',
    'Changed by',
    'updatedBy',
    { ...readOnly, quickbooksPath: 'MetaData.LastModifiedByRef' },
    ({ modifiedBy }) => modifiedBy,
  ),
  header(
    'existence',
    'Existence',
    'status',
    {
      ...asked,
      quickbooksPath: 'void: zero amounts and PrivateNote "Voided"',
      comparator: 'gone or not',
      group: 'existence',
      movesMoney: true,
    },
    ({ existence }) => existence,
  ),
  header(
    'number',
    'Number',
    'number',
    { ...asked, quickbooksPath: 'DocNumber' },
    ({ number }) => number,
  ),
  header(
    'customer',
    'Customer',
    'customer',
    {
      ...asked,
      quickbooksPath: 'CustomerRef',
      comparator: 'same record',
      group: 'customer',
      kind: 'REFERENCE',
    },
    ({ customer }) => customer,
  ),
  header(
    'currency',
    'Currency',
    'currency',
    { ...asked, quickbooksPath: 'CurrencyRef', group: 'customer', movesMoney: true },
    ({ currency }) => currency,
  ),
  header(
    'exchangeRate',
    'Exchange rate',
    'exchangeRate',
    {
      ...asked,
      quickbooksPath: 'ExchangeRate',
      comparator: 'number',
      group: 'customer',
      movesMoney: true,
      kind: 'NUMBER',
    },
    ({ exchangeRate }) => exchangeRate,
  ),
  header(
    'issueDate',
    'Issue date',
    'issueDate',
    { ...asked, quickbooksPath: 'TxnDate', comparator: 'date', group: 'issueDate', kind: 'DATE' },
    ({ issueDate }) => issueDate,
  ),
  header(
    'dueDate',
    'Due date',
    'dueDate',
    { ...asked, quickbooksPath: 'DueDate', comparator: 'date', group: 'issueDate', kind: 'DATE' },
    ({ dueDate }) => dueDate,
  ),
  header(
    'terms',
    'Terms',
    'terms',
    {
      ...asked,
      quickbooksPath: 'SalesTermRef',
      comparator: 'same record',
      group: 'issueDate',
      kind: 'REFERENCE',
    },
    ({ terms }) => terms,
  ),
  header(
    'billEmail',
    'E-mail',
    'customer.email',
    { ...asked, quickbooksPath: 'BillEmail.Address', rule: 'INTERNAL_WINS' },
    ({ billEmail }) => billEmail,
  ),
  header(
    'billTo',
    'Billing address',
    'billTo',
    {
      ...asked,
      quickbooksPath:
        'BillAddr {Line1; Line2–Line5 as line2; City; CountrySubDivisionCode; PostalCode; Country}',
      comparator: 'address',
    },
    ({ billTo }) => billTo,
  ),
  header(
    'taxInclusive',
    'Amounts contain tax',
    'taxInclusive',
    {
      ...asked,
      quickbooksPath: 'GlobalTaxCalculation',
      comparator: 'yes or no',
      movesMoney: true,
      kind: 'BOOLEAN',
    },
    ({ taxInclusive }) => taxInclusive,
  ),
  header(
    'poNumber',
    'Purchase order',
    'poNumber',
    { ...asked, quickbooksPath: 'PONumber' },
    ({ poNumber }) => poNumber,
  ),
  header(
    'customerMemo',
    'Note to the customer',
    'customerMemo',
    { ...asked, quickbooksPath: 'CustomerMemo.value' },
    ({ customerMemo }) => customerMemo,
  ),
  header(
    'privateNote',
    'Private note',
    'privateNote',
    { ...asked, quickbooksPath: 'PrivateNote (without its marker line)', comparator: 'note' },
    ({ privateNote }) => privateNote,
  ),
  header(
    'discount',
    'Discount',
    'discount',
    {
      ...asked,
      quickbooksPath: 'Line[DiscountLineDetail]',
      comparator: 'discount',
      group: 'discount',
      movesMoney: true,
    },
    ({ discount }) => discount,
  ),
  header(
    'subtotal',
    'Subtotal',
    'subtotal',
    { ...computed, quickbooksPath: 'Line[SubTotalLineDetail].Amount' },
    ({ derived }) => derived.subtotal,
  ),
  header(
    'taxTotal',
    'Tax',
    'taxTotal',
    { ...computed, quickbooksPath: 'TxnTaxDetail.TotalTax' },
    ({ derived }) => derived.taxTotal,
  ),
  header(
    'total',
    'Total',
    'total',
    { ...computed, quickbooksPath: 'TotalAmt' },
    ({ derived }) => derived.total,
  ),
  header(
    'amountPaid',
    'Amount paid',
    'amountPaid',
    { ...computed, quickbooksPath: 'TotalAmt − Balance' },
    ({ derived }) => derived.amountPaid,
  ),
  header(
    'balanceDue',
    'Balance due',
    'balanceDue',
    { ...computed, quickbooksPath: 'Balance' },
    ({ derived }) => derived.balanceDue,
  ),
  header(
    'payments',
    'Payments',
    'payments',
    { ...readOnly, quickbooksPath: 'LinkedTxn[Payment]', movesMoney: true },
    ({ payments }) => payments,
  ),
];

function line(
  field: string,
  label: string,
  internalPath: string,
  facts: Facts,
  readLine: (line: Line) => Json,
): LineEntry {
  return {
    path: `lines[*].${field}`,
    label,
    internalPath: `lines[].${internalPath}`,
    ...facts,
    readLine,
  };
}

/** The lines; item, quantity, price and amount of one line hang together. */
export const lineFields: readonly LineEntry[] = [
  line('id', 'Line id', 'id', { ...readOnly, quickbooksPath: 'Line[].Id' }, ({ sideId }) => sideId),
  line(
    'item',
    'Item',
    'item',
    {
      ...asked,
      quickbooksPath: 'Line[].SalesItemLineDetail.ItemRef',
      comparator: 'same record',
      group: 'amount',
      kind: 'REFERENCE',
    },
    ({ item }) => item,
  ),
  line(
    'description',
    'Description',
    'description',
    { ...asked, quickbooksPath: 'Line[].Description' },
    ({ description }) => description,
  ),
  line(
    'quantity',
    'Quantity',
    'quantity',
    {
      ...asked,
      quickbooksPath: 'Line[].SalesItemLineDetail.Qty',
      comparator: 'number',
      group: 'amount',
      movesMoney: true,
      kind: 'NUMBER',
    },
    ({ quantity }) => quantity,
  ),
  line(
    'unitPrice',
    'Unit price',
    'unitPrice',
    {
      ...asked,
      quickbooksPath: 'Line[].SalesItemLineDetail.UnitPrice',
      comparator: 'unit price',
      group: 'amount',
      movesMoney: true,
      kind: 'MONEY',
    },
    ({ unitPrice }) => unitPrice,
  ),
  line(
    'amount',
    'Amount',
    'amount',
    {
      ...asked,
      quickbooksPath: 'Line[].Amount, or TaxInclusiveAmt where amounts contain tax',
      comparator: 'number',
      group: 'amount',
      movesMoney: true,
      kind: 'MONEY',
    },
    ({ amount }) => amount,
  ),
  line(
    'taxCode',
    'Tax code',
    'taxCode',
    {
      ...asked,
      quickbooksPath:
        'Line[].SalesItemLineDetail.TaxCodeRef; in US companies with TxnTaxDetail.TxnTaxCodeRef',
      comparator: 'tax code',
      movesMoney: true,
      kind: 'REFERENCE',
    },
    ({ taxCode }) => taxCode,
  ),
  line(
    'serviceDate',
    'Service date',
    'serviceDate',
    {
      ...asked,
      quickbooksPath: 'Line[].SalesItemLineDetail.ServiceDate',
      comparator: 'date',
      kind: 'DATE',
    },
    ({ serviceDate }) => serviceDate,
  ),
];
