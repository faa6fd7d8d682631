import type { CompanyId } from '#core/brand.ts';
import type { Company, CompanySettings } from '#core/company/company.ts';
import type { AuditEntry } from '#core/audit/entry.ts';

/** Kinds of what people are told about. */
export const notificationKinds = ['CONFLICT', 'DEAD_LETTER', 'ACCESS', 'DRIFT'] as const;
export type NotificationKind = (typeof notificationKinds)[number];

export type Notifications = {
  readonly emails: readonly string[];
  readonly webhookUrl: string | null;
  readonly kinds: readonly NotificationKind[];
  readonly digestMinutes: number;
};

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
