/** A shape the bridge does not map. */
export type UnmappedShape = {
  readonly name: string;
  readonly reason: string;
  readonly shapes: readonly string[];
  /** How many of the 88 recorded invoices have it. */
  readonly recorded: number;
};

/** What a person in QuickBooks may have put on an invoice of the bridge: it survives every write (issue 2). */
export const carriedShapes: readonly UnmappedShape[] = [
  {
    name: 'bundles',
    reason: 'A bundle prices its inner lines itself; internal invoicing has no such line.',
    shapes: ['Line[GroupLineDetail]'],
    recorded: 0,
  },
  {
    name: 'reimbursed-charge links',
    reason: 'The line crosses; its link belongs to an expense that only QuickBooks knows.',
    shapes: [
      'LinkedTxn[ReimburseCharge]',
      'Line[SalesItemLineDetail].LinkedTxn[ReimburseCharge]',
      'Line[SalesItemLineDetail].SalesItemLineDetail.MarkupInfo',
    ],
    recorded: 5,
  },
  {
    name: 'lines of a markup, which have no item',
    reason:
      'QuickBooks makes such a line from a reimbursed charge. Made as an ordinary line it gets the first item.',
    shapes: ['Line[SalesItemLineDetail].SalesItemLineDetail.no ItemRef'],
    recorded: 3,
  },
  {
    name: 'projects',
    reason: 'Internal invoicing has no projects.',
    shapes: ['ProjectRef'],
    recorded: 1,
  },
  {
    name: 'classes',
    reason: 'Internal invoicing has no classes.',
    shapes: ['Line[SalesItemLineDetail].SalesItemLineDetail.ClassRef'],
    recorded: 3,
  },
];

/** What QuickBooks makes or keeps for itself: http.md §4 has nothing of the kind, so there is nothing to map it to. */
const ownShapes: readonly UnmappedShape[] = [
  {
    name: 'links to estimates',
    reason: 'Estimates live in QuickBooks alone; the lines that came from one cross.',
    shapes: ['LinkedTxn[Estimate]', 'Line[SalesItemLineDetail].LinkedTxn[Estimate]'],
    recorded: 6,
  },
  {
    name: 'custom fields',
    reason: 'The contract has none; three of the 37 have a value, the others are empty.',
    shapes: ['CustomField'],
    recorded: 37,
  },
  {
    name: 'ship-to address',
    reason: 'The contract has a billing address only.',
    shapes: ['ShipAddr'],
    recorded: 52,
  },
  {
    name: 'ship-from address',
    reason: 'The company’s own, added by QuickBooks.',
    shapes: ['ShipFromAddr'],
    recorded: 26,
  },
  {
    name: 'delivery and e-mail state',
    reason: 'QuickBooks’ own sending of documents.',
    shapes: ['DeliveryInfo', 'EmailStatus'],
    recorded: 87,
  },
  {
    name: 'print state',
    reason: 'QuickBooks’ own printing of documents.',
    shapes: ['PrintStatus'],
    recorded: 87,
  },
  {
    name: 'switches for online payment',
    reason: 'QuickBooks’ own way of being paid.',
    shapes: [
      'AllowIPNPayment',
      'AllowOnlinePayment',
      'AllowOnlineCreditCardPayment',
      'AllowOnlineACHPayment',
    ],
    recorded: 87,
  },
  {
    name: 'accounts of items and discounts',
    reason: 'They follow from the item and from the settings.',
    shapes: [
      'Line[SalesItemLineDetail].SalesItemLineDetail.ItemAccountRef',
      'Line[DiscountLineDetail].DiscountLineDetail.DiscountAccountRef',
    ],
    recorded: 61,
  },
  {
    name: 'order of discount and tax',
    reason: 'A setting of the form that the contract does not have.',
    shapes: ['ApplyTaxAfterDiscount'],
    recorded: 56,
  },
  {
    name: 'free-form address',
    reason: 'How QuickBooks shows the address, not what it says.',
    shapes: ['FreeFormAddress'],
    recorded: 59,
  },
  {
    name: 'place of an address',
    reason: 'Number and coordinates QuickBooks gives an address (quickbooks.md §2.4, §2.10).',
    shapes: ['BillAddr.Id', 'BillAddr.Lat', 'BillAddr.Long'],
    recorded: 68,
  },
  {
    name: 'recurring transactions',
    reason: 'The template that made it lives in QuickBooks alone.',
    shapes: ['RecurDataRef'],
    recorded: 1,
  },
  {
    name: 'deposits on the form',
    reason: 'Always 0 in the recordings, and the contract has payments instead.',
    shapes: ['Deposit'],
    recorded: 2,
  },
  {
    name: 'frame of a record',
    reason: 'Every object of QuickBooks carries it.',
    shapes: ['domain', 'sparse', 'MetaData.CreateTime'],
    recorded: 88,
  },
];

export const unmappedShapes: readonly UnmappedShape[] = [...carriedShapes, ...ownShapes];
