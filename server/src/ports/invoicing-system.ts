import type { CallOutcome } from '#core/attempt/failure.ts';
import type { Version } from '#core/brand.ts';
import type { InvoiceContent } from '#core/invoice/invoice.ts';
import type { ReferenceKind, ReferenceRecord } from '#core/mapping/reference.ts';
import type { CallOptions, Found, Seen, Written } from './accounting-system.ts';
import type { ChangesSince } from './changes.ts';

/** A write whose exact bytes were recorded before; `requestId` is the intent's id and goes as `Idempotency-Key`. */
export type InvoicingWrite = {
  readonly requestId: string;
  readonly operation: 'UPDATED' | 'VOIDED';
  /** Internal id of the invoice. */
  readonly id: string;
  /** Version the write rests on; it goes as `If-Match`. */
  readonly restsOnVersion: Version;
  readonly body: string;
};

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
  /** Every record of the kind; the contract has no search by name. */
  listReferences(
    kind: ReferenceKind,
    options: CallOptions,
  ): Promise<CallOutcome<readonly ReferenceRecord[]>>;
  write(write: InvoicingWrite, options: CallOptions): Promise<CallOutcome<Written>>;
}

/** Spelling of writes; pure, so that the exact bytes can be stored before anything is sent. */
export interface InvoicingSpelling {
  /** `wanted` with only the fields named by `paths` (field-map paths); all else is left as it is there. */
  update(wanted: InvoiceContent, paths: readonly string[]): string;
  void(): string;
}
