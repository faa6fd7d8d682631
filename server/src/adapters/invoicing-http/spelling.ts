import type { InvoicingSpelling } from '#ports/invoicing-system.ts';
import { encodePatch } from './codec.ts';

/** How the bridge writes to internal invoicing; pure, so that the bytes are stored before anything is sent. */
export const invoicingSpelling: InvoicingSpelling = {
  update: (wanted, paths) => JSON.stringify(encodePatch(wanted, paths)),
  void: () => '{}',
};
