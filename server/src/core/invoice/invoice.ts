import type { Amount, Currency, Decimal, Instant, LineKey, LocalDate, Version } from '../brand.ts';
import type { Side } from '../side.ts';

/**
 * An invoice as on the paper document, in one side's own terms: references carry that side's ids, lines that side's
 * line ids. Every value is canonical text, so equality is `===` and the whole is stored as it is.
 */
export type Invoice = InvoiceContent & {
  readonly side: Side;
  /** That side's own id. */
  readonly id: string;
  readonly version: Version;
  readonly modifiedAt: Instant;
  /** Who changed it last, as far as that side tells. */
  readonly modifiedBy: string | null;
  /** Address that opens it there. */
  readonly url: string | null;
  /** The other side's id written into it by the bridge: `externalRef` internally, the marker line in QuickBooks. */
  readonly counterpartId: string | null;
  readonly derived: DerivedAmounts;
  readonly payments: readonly Payment[];
  /** Lines the bridge does not understand; they stay on their side untouched (architecture.md §4). */
  readonly carriedLines: readonly CarriedLine[];
};

/** What is compared and can cross: `docs/field-map.md` lists it field by field. */
export type InvoiceContent = {
  readonly existence: Existence;
  readonly number: string | null;
  readonly currency: Currency;
  /** Home units for one unit of the invoice's currency; null in home currency. */
  readonly exchangeRate: Decimal | null;
  readonly customer: PartyRef;
  readonly billEmail: string | null;
  readonly billTo: Address | null;
  readonly issueDate: LocalDate;
  readonly dueDate: LocalDate | null;
  readonly terms: PartyRef | null;
  readonly taxInclusive: boolean;
  readonly poNumber: string | null;
  readonly customerMemo: string | null;
  readonly privateNote: string | null;
  readonly lines: readonly Line[];
  readonly discount: Discount | null;
};

/** Gone is one value for comparison: a void and a deleted document say the same. */
export type Existence = 'present' | 'void' | 'deleted';

/** A record of a side that an invoice refers to, with that side's own id. */
export type PartyRef = {
  readonly id: string;
  readonly name: string;
  /** Customers: e-mail. Items: the stock-keeping unit. Never compared; it helps to find the counterpart. */
  readonly detail?: string;
};

export type Address = {
  readonly line1: string | null;
  readonly line2: string | null;
  readonly city: string | null;
  readonly region: string | null;
  readonly postalCode: string | null;
  readonly country: string | null;
};

export type Line = {
  /** The bridge's key once the line is paired with the base; null when just read. */
  readonly key: LineKey | null;
  /** That side's own line id; null for a line not yet there. */
  readonly sideId: string | null;
  readonly item: PartyRef | null;
  readonly description: string | null;
  readonly quantity: Decimal | null;
  readonly unitPrice: Decimal | null;
  /** Before tax, or with it when the invoice is tax inclusive. */
  readonly amount: Amount;
  readonly taxCode: PartyRef | null;
  readonly serviceDate: LocalDate | null;
};

export type Discount =
  | { readonly kind: 'percent'; readonly percent: Decimal }
  | { readonly kind: 'amount'; readonly amount: Amount };

/** Computed by each side; compared after a write, never merged. */
export type DerivedAmounts = {
  readonly subtotal: Amount;
  readonly taxTotal: Amount;
  readonly total: Amount;
  readonly amountPaid: Amount;
  readonly balanceDue: Amount;
};

export type Payment = {
  readonly id: string;
  /** Money received, or something else that lowers the balance: a credit, a deposit, a journal entry. */
  readonly by: 'payment' | 'credit';
  readonly version: Version | null;
  readonly date: LocalDate | null;
  /** Null where the side names several payments of an invoice without saying how much of each. */
  readonly amount: Amount | null;
  readonly method: string | null;
  readonly reference: string | null;
};

export type CarriedLine = {
  readonly sideId: string | null;
  /** Why it is not mapped, for example 'bundle'. */
  readonly reason: string;
  readonly amount: Amount | null;
};

/** Whether the document no longer counts on its side. */
export const isGone = (invoice: Pick<InvoiceContent, 'existence'>): boolean =>
  invoice.existence !== 'present';
