import type { CompanyId } from '#core/brand.ts';
import type { AppReads } from '#core/company/read-budget.ts';
import type { Lease } from './store.ts';

/** What a call counts as: reads are metered by the month, batches have a limit of their own (quickbooks.md §5). */
export type CallKind = 'read' | 'write' | 'batch';

/** Calls that left within one second; `agoMs` is how long ago that second began, by the database's clock. */
export type CallsOfSecond = {
  readonly agoMs: number;
  readonly calls: number;
  readonly batches: number;
};

/** Calls to QuickBooks, counted before they leave, so that no successor has to guess (architecture.md §5). */
export interface CallCounts {
  /** Commits the count; false when the lease is no longer ours, and then nothing may leave. */
  count(lease: Lease, kinds: readonly CallKind[]): Promise<boolean>;
  /** The last 60 seconds and the one that runs, oldest first. */
  lastMinute(companyId: CompanyId): Promise<readonly CallsOfSecond[]>;
  /** Reads of all companies in the present month, by UTC. */
  thisMonth(): Promise<AppReads>;
}
