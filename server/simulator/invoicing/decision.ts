import { granted, type Judged } from './problem.ts';
import type { Customer, InvoiceRecord, Item } from './wire.ts';

/** An answer of the API before it is on the wire. */
export type Answer = {
  readonly status: number;
  readonly body: unknown;
  readonly headers: Readonly<Record<string, string>>;
};

/** Who does something, and when by the simulator's clock. */
export type Act = {
  readonly at: string;
  readonly actor: 'api' | 'human';
  readonly by: string;
  readonly requestId: string | null;
};

/** The event types of http.md §3. */
export type InvoiceEvent = {
  readonly type:
    | 'invoice.created'
    | 'invoice.updated'
    | 'invoice.voided'
    | 'invoice.deleted'
    | 'payment.recorded'
    | 'payment.updated'
    | 'payment.deleted';
  readonly data: {
    readonly invoiceId: string;
    readonly paymentId?: string;
    /** The invoice's version, for payments too. */
    readonly version: string;
  };
};

/** One record to keep. */
export type Write =
  | { readonly collection: 'invoices'; readonly id: string; readonly value: InvoiceRecord }
  | { readonly collection: 'customers'; readonly id: string; readonly value: Customer }
  | { readonly collection: 'items'; readonly id: string; readonly value: Item }
  | { readonly collection: 'deletedPayments'; readonly id: string; readonly value: string };

/** What a decision changes: records, the mutation noted, the event told. */
export type Effect = {
  readonly writes: readonly Write[];
  readonly mutation: {
    readonly entity: 'invoice' | 'payment' | 'customer' | 'item';
    readonly id: string;
    readonly operation: 'create' | 'update' | 'void' | 'delete';
    readonly version: string;
  };
  readonly event: InvoiceEvent | null;
};

/** A use case decides and changes nothing; the company carries the effect out, all or none. */
export type Decision = { readonly answer: Answer; readonly effect: Effect | null };

/** An answer that changes nothing. */
export function justAnswer(
  body: unknown,
  headers: Readonly<Record<string, string>> = {},
): Judged<Decision> {
  return granted({ answer: { status: 200, body, headers }, effect: null });
}

/** `"7"`: the entity tag of a version. */
export function entityTag(version: string): string {
  return `"${version}"`;
}

/** The version after this one. */
export function nextVersion(version: string): string {
  return String(BigInt(version) + 1n);
}
