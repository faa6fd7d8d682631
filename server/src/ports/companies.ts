import type { CompanyId } from '#core/brand.ts';

/** What is needed to make a company from its internal books. */
export type NewCompany = {
  readonly id: CompanyId;
  readonly name: string;
  readonly demo: boolean;
  readonly mode: 'SHADOW' | 'LIVE';
  readonly goLiveDate: string | null;
  readonly invoicingBaseUrl: string;
  readonly invoicingToken: string;
  readonly invoicingWebhookSecret: string;
};

/** The QuickBooks company a person gave consent for. */
export type Connection = {
  readonly realmId: string;
  readonly environment: string;
  readonly apiBaseUrl: string;
};

/** A company as webhooks need it. */
export type WebhookCompany = {
  readonly id: CompanyId;
  /** Secrets that sign right now: the present one, and the one before while its overlap lasts. */
  readonly secrets: readonly string[];
};

/** Companies: made, connected, looked up; each change with its audit entry. */
export interface Companies {
  create(company: NewCompany): Promise<void>;
  connect(id: CompanyId, connection: Connection): Promise<void>;
  /**
   * Imports what QuickBooks held before the bridge came, by a full sweep that is due at once; for the demo company only. False
   * while a reconcile is under way.
   */
  importHistory(id: CompanyId): Promise<boolean>;
  /** Whether the bridge still works on one of those internal invoices, or has news of it that it did not take up yet. */
  newsOnItsWay(id: CompanyId, internalIds: readonly string[]): Promise<boolean>;
  forInvoicingWebhook(id: string): Promise<WebhookCompany | null>;
  /** Companies by realm, for one delivery; realms that nobody connected are absent. */
  byRealm(realmIds: readonly string[]): Promise<ReadonlyMap<string, CompanyId>>;
  /** The demo company, if this database has one. */
  demo(): Promise<{ readonly id: CompanyId; readonly connected: boolean } | null>;
  /** Whether any company was made otherwise than by the demo. */
  hasForeign(): Promise<boolean>;
  /** Marks active companies whose stored environment or address is not the configured one; no call is made for them. */
  refuseOtherEnvironments(environment: string, apiBaseUrl: string): Promise<number>;
}
