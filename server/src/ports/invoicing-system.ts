import type { CallOutcome } from '#core/attempt/failure.ts';
import type { CallOptions, Found, Seen } from './accounting-system.ts';
import type { ChangesSince } from './changes.ts';

/** The internal invoicing system as the engine needs it, for one company (http.md §4). */
export interface InvoicingSystem {
  readInvoice(id: string, options: CallOptions): Promise<CallOutcome<Found>>;
  /** The invoice made with that reference, if any. */
  findByExternalRef(
    externalRef: string,
    options: CallOptions,
  ): Promise<CallOutcome<readonly Seen[]>>;
  /** Invoices that changed, deleted ones included. */
  readonly changesSince: ChangesSince;
}
