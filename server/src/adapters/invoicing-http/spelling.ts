import type { InvoicingSpelling } from '#ports/invoicing-system.ts';
import { encodeNewInvoice, encodePatch, encodePayment, paymentFields } from './codec.ts';

/** How the bridge writes to internal invoicing; pure, so that the bytes are stored before anything is sent. */
export const invoicingSpelling: InvoicingSpelling = {
  create: (wanted, externalRef) => JSON.stringify(encodeNewInvoice(wanted, externalRef)),
  update: (wanted, paths) => JSON.stringify(encodePatch(wanted, paths)),
  void: () => '{}',
  paymentCreate: (payment) => JSON.stringify(encodePayment(payment, paymentFields)),
  paymentUpdate: (payment, paths) => JSON.stringify(encodePayment(payment, paths)),
  customer: ({ name, email }) => JSON.stringify({ displayName: name.trim(), email }),
  item: ({ name, sku }) => JSON.stringify({ name: name.trim(), sku }),
};
