import { brandAmount, toVersion } from '#core/brand.ts';
import type { Invoice, InvoiceContent, Line, PartyRef } from '#core/invoice/invoice.ts';
import { anInvoice } from './mapping/invoices.ts';

/** In these tests every record of internal invoicing has a twin in QuickBooks, told by its id. */
const twinOf = (ref: PartyRef): PartyRef => ({ id: `q:${ref.id}`, name: ref.name });
const twinOrNone = (ref: PartyRef | null): PartyRef | null => (ref === null ? null : twinOf(ref));

const translatedLine = (line: Line): Line => ({
  ...line,
  sideId: null,
  item: twinOrNone(line.item),
  taxCode: twinOrNone(line.taxCode),
});

/** An internal document in QuickBooks' terms, under the same line keys. */
export function translated(invoice: InvoiceContent): InvoiceContent {
  return {
    existence: invoice.existence,
    number: invoice.number,
    currency: invoice.currency,
    exchangeRate: invoice.exchangeRate,
    customer: twinOf(invoice.customer),
    billEmail: invoice.billEmail,
    billTo: invoice.billTo,
    issueDate: invoice.issueDate,
    dueDate: invoice.dueDate,
    terms: twinOrNone(invoice.terms),
    taxInclusive: invoice.taxInclusive,
    poNumber: invoice.poNumber,
    customerMemo: invoice.customerMemo,
    privateNote: invoice.privateNote,
    lines: invoice.lines.map(translatedLine),
    discount: invoice.discount,
  };
}

/** A document in QuickBooks' terms, put in internal ones. */
export function translatedBack(content: InvoiceContent): InvoiceContent {
  const back = (ref: PartyRef): PartyRef => ({ ...ref, id: ref.id.replace(/^q:/, '') });
  const backOrNone = (ref: PartyRef | null): PartyRef | null => (ref === null ? null : back(ref));
  return {
    ...content,
    customer: back(content.customer),
    terms: backOrNone(content.terms),
    lines: content.lines.map((line) => ({
      ...line,
      item: backOrNone(line.item),
      taxCode: backOrNone(line.taxCode),
    })),
  };
}

/** The QuickBooks invoice that a crossing of the internal one left. */
export function quickbooksTwin(
  internal: Invoice,
  changes: Partial<InvoiceContent> = {},
): Invoice & { readonly side: 'quickbooks' } {
  const content = translated(internal);
  return {
    ...internal,
    ...content,
    lines: content.lines.map((line, position) => ({ ...line, sideId: String(position + 1) })),
    side: 'quickbooks',
    id: '145',
    version: toVersion('0'),
    counterpartId: internal.id,
    ...changes,
  };
}

/** The invoice of the contract with nothing paid. */
export const unpaidInvoice: Invoice = {
  ...anInvoice,
  derived: {
    ...anInvoice.derived,
    amountPaid: brandAmount('0.00'),
    balanceDue: anInvoice.derived.total,
  },
};
