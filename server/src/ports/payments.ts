import type { CallOutcome } from '#core/attempt/failure.ts';
import type { Amount, Currency, Decimal, LocalDate, Version } from '#core/brand.ts';
import type { JsonObject } from '#core/json.ts';
import type { AccountingPayment, PaymentContent } from '#core/payment/payment.ts';
import type { CallOptions } from './accounting-system.ts';

/** A payment of QuickBooks as seen: what it means and what was on the wire. */
export type SeenPayment = { readonly payment: AccountingPayment; readonly raw: JsonObject };

/** What QuickBooks said to a read of a payment by id. */
export type FoundPayment = SeenPayment | { readonly gone: 'deleted' };

/** How a create without an answer is looked for; its marker confirms it (architecture.md §3, "Uncertain"). */
export type PaymentLikeness = {
  readonly customerId: string;
  readonly date: LocalDate;
  readonly total: Amount;
};

/** Payments of QuickBooks, for one company. */
export interface AccountingPayments {
  readPayment(id: string, options: CallOptions): Promise<CallOutcome<FoundPayment>>;
  /** By one query for up to 500; those that are not in the answer are absent from the map. */
  readPayments(
    ids: readonly string[],
    options: CallOptions,
  ): Promise<CallOutcome<ReadonlyMap<string, SeenPayment>>>;
  findPaymentsLike(
    likeness: PaymentLikeness,
    options: CallOptions,
  ): Promise<CallOutcome<readonly SeenPayment[]>>;
}

/** A payment that is about to be made in QuickBooks, over one invoice; ids are QuickBooks'. */
export type NewPayment = PaymentContent & {
  readonly customerId: string;
  readonly invoiceId: string;
  readonly currency: Currency;
  readonly exchangeRate: Decimal | null;
  /** Internal id of the payment it is made from; null leaves it unmarked. */
  readonly marker: string | null;
};

/** Spelling of payments for QuickBooks; pure. */
export interface AccountingPaymentSpelling {
  paymentCreate(payment: NewPayment): string;
  /**
   * A full update on top of `raw`: date, total, method, reference and applications as `wanted` has them, a line whose
   * invoice is no longer among them gone, every other line and every unknown field carried untouched.
   */
  paymentUpdate(wanted: AccountingPayment, raw: JsonObject): string;
  paymentDelete(id: string, version: Version): string;
}

/** Spelling of payments for internal invoicing (http.md §4); a delete has no body. */
export interface InvoicingPaymentSpelling {
  /** `method.id` is the internal id of the method. */
  paymentCreate(payment: PaymentContent): string;
  /** Only the fields named by `paths`: amount, date, method, reference. */
  paymentUpdate(payment: PaymentContent, paths: readonly (keyof PaymentContent)[]): string;
}

/** A write of a payment to internal invoicing; it answers the payment's id and version, and the invoice as `seen`. */
export type InvoicingPaymentWrite = { readonly object: 'Payment'; readonly requestId: string } & (
  | { readonly operation: 'CREATED'; readonly invoiceId: string; readonly body: string }
  | {
      readonly operation: 'UPDATED';
      readonly id: string;
      /** The payment's own version; it goes as `If-Match`. */
      readonly restsOnVersion: Version;
      readonly body: string;
    }
  | { readonly operation: 'DELETED'; readonly id: string; readonly restsOnVersion: Version }
);
