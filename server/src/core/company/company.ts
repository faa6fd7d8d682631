import type { CompanyId, Currency, Decimal, Instant, LocalDate } from '../brand.ts';

/** What the bridge may do by itself in one company. */
export type CompanySettings = {
  readonly createMissingReferences: boolean;
  readonly importFromQuickbooks: boolean;
  readonly goLiveDate: LocalDate | null;
  readonly taxVarianceTolerance: Decimal;
  readonly undoWindowSeconds: number;
  readonly markDocuments: boolean;
  /** QuickBooks income account for new items; null until known, and new items wait. */
  readonly incomeAccountId: string | null;
};

/** What QuickBooks says about the company itself, read at connection and once an hour. */
export type QuickBooksFacts = {
  readonly companyName: string;
  readonly country: string;
  readonly homeCurrency: Currency;
  readonly multiCurrency: boolean;
  /** True: we may supply invoice numbers; false: QuickBooks assigns them (quickbooks.md §3). */
  readonly customNumbers: boolean;
  /** US companies whose lines accept only TAX and NON (quickbooks.md §7.4). */
  readonly usTax: boolean;
  readonly automatedSalesTax: boolean;
  /** Tax code of the whole invoice that US companies use when none is said. */
  readonly defaultTaxCodeId: string | null;
  readonly booksClosedThrough: LocalDate | null;
  /** Accounts new items may earn into; the first is the suggestion. */
  readonly incomeAccountIds: readonly string[];
  /** When QuickBooks said so; serves for an hour. */
  readonly readAt: Instant;
};

/** A company as the engine works for it. */
export type Company = {
  readonly id: CompanyId;
  readonly name: string;
  readonly mode: 'SHADOW' | 'LIVE';
  readonly status:
    | 'AWAITING_AUTHORIZATION'
    | 'ACTIVE'
    | 'PAUSED'
    | 'NEEDS_RECONNECT'
    | 'DISCONNECTED';
  readonly realmId: string | null;
  readonly settings: CompanySettings;
  readonly facts: QuickBooksFacts | null;
  /** The day its rows came from a backup: what was made since that backup is not in them. Null when they never did. */
  readonly restoredOn: LocalDate | null;
  /** Nothing is written before a full sweep has matched both sides (architecture.md §3, "Uncertain"). */
  readonly holdsWrites: boolean;
};
