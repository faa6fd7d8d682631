/** What a colleague does in internal invoicing to make an invoice over two desks. */
export const deskInvoice = (number: string, issueDate = '2026-11-20') => ({
  action: 'create',
  invoice: {
    number,
    customer: { id: 'cus_1' },
    issueDate,
    dueDate: '2026-12-20',
    lines: [
      {
        item: { id: 'itm_1' },
        description: 'Desk',
        quantity: '2',
        unitPrice: '649.00',
        taxCode: 'TAX',
      },
    ],
  },
});
