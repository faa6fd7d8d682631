import type { CallOutcome } from '#core/attempt/failure.ts';
import type { LocalDate, Version } from '#core/brand.ts';
import type { QuickBooksFacts } from '#core/company/company.ts';
import type { Invoice, InvoiceContent } from '#core/invoice/invoice.ts';
import type { JsonObject } from '#core/json.ts';
import type { NeededReference, ReferenceKind, ReferenceRecord } from '#core/mapping/reference.ts';
import type { ChangesSince } from './changes.ts';
import type { AccountingPayments, AccountingPaymentSpelling, SeenPayment } from './payments.ts';

/** A side's invoice as seen: what it means and what was on the wire. */
export type Seen = { readonly invoice: Invoice; readonly raw: JsonObject };

/** What a side said to a read by id. */
export type Found = Seen | { readonly gone: 'deleted' | 'never-existed' };

/** Kind of object a write makes or changes in QuickBooks. */
export type AccountingObject = 'Invoice' | 'Payment' | 'Customer' | 'Item' | 'Term';

/** A write whose exact bytes were recorded before; `requestId` is the intent's id. */
export type AccountingWrite = {
  readonly requestId: string;
  readonly object: AccountingObject;
  readonly operation: 'CREATED' | 'UPDATED' | 'VOIDED' | 'DELETED';
  readonly body: string;
};

/** What QuickBooks answered to a write. */
export type Written = {
  readonly id: string;
  readonly version: Version;
  readonly name: string | null;
  /** The invoice as QuickBooks returned it; null for other objects. */
  readonly seen: Seen | null;
  /** The payment as QuickBooks returned it; null for other objects and for one that is deleted. */
  readonly payment: SeenPayment | null;
  readonly httpStatus: number;
  /** Intuit's id of the request (intuit_tid), for its support desk. */
  readonly traceId: string | null;
  readonly raw: JsonObject;
};

/** How an earlier create is looked for: by number, else by customer, date and total (architecture.md §3, "Uncertain"). */
export type Likeness = {
  readonly number: string | null;
  readonly customerId: string;
  readonly issueDate: string;
  readonly total: string | null;
};

/** An invoice on a page; one that is not understood is told with what is wrong, and hides no other. */
export type ListedInvoice =
  | { readonly id: string; readonly seen: Seen }
  | { readonly id: string; readonly seen: null; readonly problem: string };

/** One page of a realm's invoices. */
export type InvoicePage = {
  readonly rows: readonly ListedInvoice[];
  /** Where to go on; null after the last page. */
  readonly next: string | null;
};

/** Issue dates, both included; null for no bound. */
export type IssueDates = { readonly from: LocalDate | null; readonly to: LocalDate | null };

/** Call limits and cancellation of one call; `deadlineMs` lies inside the lease. */
export type CallOptions = { readonly deadlineMs: number; readonly signal?: AbortSignal };

/** QuickBooks as the engine needs it, for one company. */
export interface AccountingSystem extends AccountingPayments {
  /** Company facts that decide how documents are written. */
  readFacts(options: CallOptions): Promise<CallOutcome<Omit<QuickBooksFacts, 'readAt'>>>;
  readInvoice(id: string, options: CallOptions): Promise<CallOutcome<Found>>;
  /** Up to 500 by one query; those that are not in the answer are absent from the map. */
  readInvoices(
    ids: readonly string[],
    options: CallOptions,
  ): Promise<CallOutcome<ReadonlyMap<string, Seen>>>;
  /** Every invoice dated so, void ones included and deleted ones not, oldest made first; 1,000 a page. */
  listInvoices(
    dates: IssueDates,
    cursor: string | null,
    options: CallOptions,
  ): Promise<CallOutcome<InvoicePage>>;
  findInvoicesLike(likeness: Likeness, options: CallOptions): Promise<CallOutcome<readonly Seen[]>>;
  /** Records of the kind whose name may be the wanted one, inactive ones included. */
  findReferences(
    kind: ReferenceKind,
    name: string,
    options: CallOptions,
  ): Promise<CallOutcome<readonly ReferenceRecord[]>>;
  /** Up to 500 by one query, inactive ones included; those that are not in the answer are not there. */
  readReferences(
    kind: ReferenceKind,
    ids: readonly string[],
    options: CallOptions,
  ): Promise<CallOutcome<readonly ReferenceRecord[]>>;
  /** One customer, item, tax code or term by id. */
  readReference(
    kind: ReferenceKind,
    id: string,
    options: CallOptions,
  ): Promise<CallOutcome<ReferenceRecord | null>>;
  write(write: AccountingWrite, options: CallOptions): Promise<CallOutcome<Written>>;
  /** Invoices, payments, credit memos, customers and items that changed; one call when few did. */
  readonly changesSince: ChangesSince;
  /** Metered calls that left through this one so far (quickbooks.md §5). */
  readsSent(): number;
  /** That side's clock minus this machine's, in ms, at its last answer; null before one said what time it is. */
  clockOffMs(): number | null;
}

/** Spelling of writes; pure, so that the exact bytes can be stored before anything is sent. */
export interface AccountingSpelling extends AccountingPaymentSpelling {
  /** A new invoice; `invoice` refers to QuickBooks ids. `marker` is the last line of the private note, null for none. */
  create(invoice: Invoice, facts: QuickBooksFacts, marker: string | null): string;
  /** `wanted` on top of `raw`: sparse, with only the fields named by `paths` (field-map paths), all else untouched. */
  update(
    wanted: Invoice,
    raw: JsonObject,
    paths: readonly string[],
    facts: QuickBooksFacts,
    marker: string | null,
  ): string;
  void(id: string, version: Version): string;
  customer(needed: NeededReference, currency: string): string;
  item(needed: NeededReference, incomeAccountId: string): string;
  term(needed: NeededReference): string;
  /** Why QuickBooks could not hold the invoice as it is, in words for a bookkeeper; empty when it could. */
  problems(content: InvoiceContent, facts: QuickBooksFacts): readonly string[];
  /** The same for a customer, item or term that is about to be made. */
  referenceProblems(needed: NeededReference): readonly string[];
}
