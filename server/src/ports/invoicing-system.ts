import type { CallOutcome } from '#core/attempt/failure.ts';
import type { Version, Amount } from '#core/brand.ts';
import type { InvoiceContent } from '#core/invoice/invoice.ts';
import type { NeededReference, ReferenceKind, ReferenceRecord } from '#core/mapping/reference.ts';
import type { CallOptions, Found, Seen, Written } from './accounting-system.ts';
import type { ChangesSince } from './changes.ts';
import type { InvoicingPaymentSpelling, InvoicingPaymentWrite } from './payments.ts';

/**
 * A write whose exact bytes were recorded before; `requestId` is the intent's id and goes as `Idempotency-Key`. A change
 * names the object by its internal id and goes with the version it rests on as `If-Match`.
 */
export type InvoicingWrite = InvoicingPaymentWrite | InvoicingDocumentWrite;

type InvoicingDocumentWrite = {
  readonly requestId: string;
  readonly body: string;
} & (
  | { readonly object: 'Invoice' | 'Customer' | 'Item'; readonly operation: 'CREATED' }
  | {
      readonly object: 'Invoice';
      readonly operation: 'UPDATED' | 'VOIDED';
      readonly id: string;
      readonly restsOnVersion: Version;
    }
);

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
  /** That side's clock minus this machine's, in ms, at its last answer; null before one said what time it is. */
  clockOffMs(): number | null;
}

/** Spelling of writes; pure, so that the exact bytes can be stored before anything is sent. */
export interface InvoicingSpelling extends InvoicingPaymentSpelling {
  /**
   * A new invoice; `externalRef` is written once and unique there, so a lost create is found by it. Its tax is stated: it
   * was born in QuickBooks, and both sides round and take discounts off in their own order.
   */
  create(wanted: InvoiceContent, externalRef: string, taxTotal: Amount): string;
  /**
   * `wanted` with only the fields named by `paths` (field-map paths); all else is left as it is there. `taxTotal` is stated
   * unless null.
   */
  update(wanted: InvoiceContent, paths: readonly string[], taxTotal: Amount | null): string;
  void(): string;
  customer(needed: Pick<NeededReference, 'name' | 'email'>): string;
  item(needed: Pick<NeededReference, 'name' | 'sku'>): string;
}
