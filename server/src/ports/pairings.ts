import type { CompanyId } from '#core/brand.ts';
import type { NeededReference, Reference } from '#core/mapping/reference.ts';
import type { UnpairedRecord } from '#core/mapping/translate.ts';
import type { Lease } from './store.ts';

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
  /** Sends dead letters round again whose missing records all have a counterpart by now; at most `limit`. Returns how many. */
  resumeWaiting(lease: Lease, limit: number): Promise<number>;
}
