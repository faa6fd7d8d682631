/** Customers and items of the company most engine tests start from; what is `known` exists in QuickBooks under that name. */
export const known = {
  customer: 'cus_1',
  otherCustomer: 'cus_2',
  item: 'itm_1',
  otherItem: 'itm_2',
};
export const unknown = { customer: 'cus_9', item: 'itm_9' };

/** Internal books without invoices: two customers and two items that QuickBooks has, one of each that it has not. */
export const smallBooks = {
  customers: [
    { id: known.customer, displayName: 'Bluebird Bakery', email: 'tom@bluebirdbakery.example' },
    { id: known.otherCustomer, displayName: 'Amberwood Dental Group' },
    { id: unknown.customer, displayName: 'Kestrel Boat Yard', email: 'office@kestrel.example' },
  ],
  items: [
    { id: known.item, sku: 'HL-140', name: 'Desk Lamp', taxCode: 'TAX' },
    { id: known.otherItem, sku: 'HL-110', name: 'Task Chair', taxCode: 'TAX' },
    { id: unknown.item, sku: 'KB-1', name: 'Mooring Fee', taxCode: 'NON' },
  ],
  invoices: [],
  taxCodes: [
    { id: 'TAX', name: 'California', percent: '8' },
    { id: 'NON', name: 'Non-taxable', percent: '0' },
  ],
};

/** A line of `quantity` × `unitPrice`. */
export const lineOf = (quantity: string, unitPrice: string, more: object = {}) => ({
  item: { id: known.item },
  description: 'LED desk lamp',
  quantity,
  unitPrice,
  taxCode: 'TAX',
  ...more,
});

/** An invoice for a known customer with one taxed line of 2 × 50.00, as a person writes it down. */
export const plainInvoice = (more: object = {}) => ({
  customer: { id: known.customer },
  issueDate: '2026-11-20',
  terms: 'net-30',
  lines: [lineOf('2', '50')],
  ...more,
});
