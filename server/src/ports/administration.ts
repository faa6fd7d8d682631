import type { CompanyId } from '#core/brand.ts';
import type { Company, CompanySettings } from '#core/company/company.ts';
import type { AuditEntry } from '#core/audit/entry.ts';
import type { Notifications } from '#core/notification/notifications.ts';

/** A company as an administrator finds it, locked until the request is over. */
export type AdministeredCompany = {
  readonly id: CompanyId;
  readonly version: number;
  readonly name: string;
  readonly status: Company['status'];
  readonly mode: Company['mode'];
  readonly settings: CompanySettings;
  readonly invoicingBaseUrl: string;
  readonly notifications: Notifications;
};

/** A company made from its internal books; its secrets are sealed already. */
export type SealedCompany = {
  readonly id: CompanyId;
  readonly name: string;
  readonly demo: boolean;
  readonly mode: Company['mode'];
  readonly goLiveDate: string | null;
  readonly invoicingBaseUrl: string;
  readonly invoicingToken: Uint8Array;
  readonly invoicingWebhookSecret: Uint8Array;
};

/** A new webhook secret; the one before goes on being accepted until then, or not at all. */
export type NewWebhookSecret = {
  readonly sealed: Uint8Array;
  readonly overlapUntil: string | null;
};

/** What changes of a company; what is left out stays. */
export type CompanyChange = {
  readonly settings?: Partial<CompanySettings>;
  readonly notifications?: Partial<Notifications>;
  /** Sealed; signs what is posted to the company's people from now on. */
  readonly notificationSecret?: Uint8Array;
  readonly invoicingBaseUrl?: string;
  readonly invoicingToken?: Uint8Array;
  readonly invoicingWebhookSecret?: NewWebhookSecret;
  /** Its tokens wait to be given back; no call is made with them any more. */
  readonly disconnected?: true;
};

/** Companies as one request of an administrator sees and makes them. */
export interface LockedAdministration {
  find(id: string): Promise<AdministeredCompany | null>;
  add(company: SealedCompany, audit: AuditEntry): Promise<void>;
}
