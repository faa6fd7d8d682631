import type { AccountingSpelling, AccountingSystem } from '#ports/accounting-system.ts';

/** What can happen to the next call, whoever it asks. */
export type Mishap = 'lost before' | 'lost after' | 'error after' | 'throttled';

/** One accounting system to hold to its contract, with the means to act as somebody else in it. */
export type AccountingWorld = {
  readonly system: AccountingSystem;
  readonly spelling: AccountingSpelling;
  /** Names of an active customer, item and term, and of a tax code that a line may carry. */
  readonly names: { readonly customer: string; readonly item: string; readonly terms: string };
  /** A person there edits, voids or deletes an invoice. */
  readonly edit: (id: string, customerMemo: string) => Promise<void>;
  readonly void: (id: string) => Promise<void>;
  readonly remove: (id: string) => Promise<void>;
  /** A person there takes a customer out of use. */
  readonly deactivate: (customerId: string) => Promise<void>;
  /** A person there brings payments to the bank. */
  readonly deposit: (paymentIds: readonly string[]) => Promise<void>;
  /** A person there closes the books up to a day, or opens them again. */
  readonly closeBooks: (through: string | null) => Promise<void>;
  /** What happens to the next create, once. */
  readonly mishap: (kind: Mishap) => Promise<void>;
  /** Writes that took effect so far, by the bridge alone. */
  readonly mutations: () => Promise<readonly { readonly requestId: string | null }[]>;
  readonly endAccess: () => Promise<void>;
  readonly close: () => Promise<void>;
};
