import type { InvoicingSpelling } from '#ports/invoicing-system.ts';
import { encodeNewInvoice, encodePatch, encodePayment, paymentFields } from './codec.ts';

/** How the bridge writes to internal invoicing; pure, so that the bytes are stored before anything is sent. */
export const invoicingSpelling: InvoicingSpelling = {
  create: (wanted, externalRef, taxTotal) =>
    JSON.stringify({ ...encodeNewInvoice(wanted, externalRef), taxTotal }),
  update: (wanted, paths, taxTotal) =>
    JSON.stringify({ ...encodePatch(wanted, paths), ...(taxTotal === null ? {} : { taxTotal }) }),
  void: () => '{}',
  paymentCreate: (payment) => JSON.stringify(encodePayment(payment, paymentFields)),
  paymentUpdate: (payment, paths) => JSON.stringify(encodePayment(payment, paths)),
  customer: ({ name, email }) => JSON.stringify({ displayName: name.trim(), email }),
  item: ({ name, sku }) => JSON.stringify({ name: name.trim(), sku }),
};
