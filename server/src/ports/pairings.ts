import type { AuditEntry } from '#core/audit/entry.ts';
import type { CompanyId, EventId } from '#core/brand.ts';
import type { ToldKind } from '#core/mapping/rematch.ts';
import type { NeededReference, Reference } from '#core/mapping/reference.ts';
import type { StoredReference } from '#core/resolution/typed-value.ts';
import type { UnpairedRecord } from '#core/mapping/translate.ts';
import type { Lease } from './store.ts';

/** News of a customer or item of QuickBooks that waits to be looked at. */
export type ToldRecord = {
  readonly eventId: EventId;
  readonly kind: ToldKind;
  /** Its id in QuickBooks. */
  readonly id: string;
  /** The record that was merged into it, where the teller names it. */
  readonly deletedId: string | null;
};

/** What news of records led to, stored in one statement. */
export type Rematch = {
  readonly references: readonly Reference[];
  readonly audit: readonly AuditEntry[];
  /** Events that end with it, each with what became of it. */
  readonly told: readonly { readonly eventId: EventId; readonly note: string }[];
};

/** What is stored of customers, items, codes and terms and their counterparts. */
export interface Pairings {
  /** Stored pairings of internal records, and what is stored of those that have none. */
  references(
    companyId: CompanyId,
    needed: readonly Pick<NeededReference, 'kind' | 'id'>[],
  ): Promise<readonly Reference[]>;
  /** Stored pairings of QuickBooks records, and what is stored of those that have none. */
  referencesTo(
    companyId: CompanyId,
    records: readonly UnpairedRecord[],
  ): Promise<readonly Reference[]>;
  /** News of customers and items of QuickBooks that nobody has looked at yet, oldest first; none while the company rests. */
  toldRecords(lease: Lease, limit: number): Promise<readonly ToldRecord[]>;
  /** Records without a counterpart that an invoice waits for and of which no person has asked anything; at most `limit`. */
  waitedFor(companyId: CompanyId, limit: number): Promise<readonly StoredReference[]>;
  /** Pairings with those customers or items of QuickBooks. */
  pairedTo(
    companyId: CompanyId,
    kind: ToldKind,
    quickbooksIds: readonly string[],
  ): Promise<readonly StoredReference[]>;
  /** Stores what looking again brought and ends the news; false when the lease is no longer ours. */
  recordRematch(lease: Lease, rematch: Rematch): Promise<boolean>;
  /** Sends dead letters round again whose missing records all have a counterpart by now; at most `limit`. Returns how many. */
  resumeWaiting(lease: Lease, limit: number): Promise<number>;
}
