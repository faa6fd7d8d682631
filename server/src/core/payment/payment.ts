import type { Amount, Currency, Decimal, Instant, LocalDate, Version } from '../brand.ts';
import type { Existence, PartyRef } from '../invoice/invoice.ts';

/**
 * A payment in QuickBooks, in its own terms: money received once, applied to any number of invoices. The bridge's unit is
 * the application, not the payment (architecture.md §4, "Payments").
 */
export type AccountingPayment = {
  readonly id: string;
  readonly version: Version;
  readonly modifiedAt: Instant;
  readonly existence: Existence;
  readonly customerId: string;
  readonly currency: Currency;
  /** Home units for one unit of the payment's currency; null in home currency. */
  readonly exchangeRate: Decimal | null;
  readonly date: LocalDate;
  /** Money received; a payment that only applies a credit has none. */
  readonly total: Amount;
  /** What of it is applied to nothing. */
  readonly unapplied: Amount;
  readonly method: PartyRef | null;
  /** Cheque number, transfer id and the like. */
  readonly reference: string | null;
  /** Internal id of the payment it was made from, by the last line of its private note; null when nobody marked it. */
  readonly marker: string | null;
  /** One for each invoice. */
  readonly applications: readonly Application[];
  /** What its other lines (credit memos, journal entries) bring along; it is shown, never written. */
  readonly credits: Amount;
  /** Whether the money is in the bank: then neither its total changes nor does it go (6540, quickbooks.md §2.6). */
  readonly isDeposited: boolean;
};

/** What of a payment goes to one invoice, by that side's id of the invoice. */
export type Application = { readonly invoiceId: string; readonly amount: Amount };

/** What both sides say of the money one invoice got in one go; the method in that side's own words. */
export type PaymentContent = {
  readonly amount: Amount;
  readonly date: LocalDate;
  readonly method: PartyRef | null;
  readonly reference: string | null;
};
