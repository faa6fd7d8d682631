import type { CompanyId, Instant } from '#core/brand.ts';
import type { IncomingEvent } from '#core/event/event.ts';
import type { Invoice } from '#core/invoice/invoice.ts';
import type { JsonObject } from '#core/json.ts';
import type { Side } from '#core/side.ts';
import type { Lease } from './store.ts';

/** How far the changes of one side have been read, in that side's own time. */
export type Watermark = {
  readonly side: Side;
  readonly since: Instant;
  /** When the company was made: the bridge does not look further back. */
  readonly startsAt: Instant;
};

/** What one page of changes leads to. */
export type PolledNews = {
  readonly side: Side;
  readonly events: readonly IncomingEvent[];
  /** Invoices that show the same under another version: the stored observation must not be written on. */
  readonly staleIds: readonly string[];
};

/** Where the watermark goes, and when that side is asked again. */
export type WatermarkMove = { readonly since: Instant; readonly dueInMs: number };

/** Rows of the change poll; every write is fenced by the epoch. */
export interface Watermarks {
  /** Sides that are due now; none while the company is throttled or its breaker is open. */
  due(lease: Lease): Promise<readonly Watermark[]>;
  /** Stores news and, with a move, the watermark in the same statement. */
  store(
    lease: Lease,
    news: PolledNews,
    move: WatermarkMove | null,
  ): Promise<{ readonly outcome: 'stored' | 'fenced'; readonly accepted: number }>;
  /** Leaves the watermark where it is and asks that side again later. */
  putOff(lease: Lease, side: Side, ms: number): Promise<void>;

  /** Newest stored observation of each linked invoice, by that side's id. */
  observed(
    companyId: CompanyId,
    side: Side,
    ids: readonly string[],
  ): Promise<ReadonlyMap<string, Invoice>>;
  /** Names under which QuickBooks records are matched, by their id there. */
  matchedNames(
    companyId: CompanyId,
    kind: 'CUSTOMER' | 'ITEM',
    ids: readonly string[],
  ): Promise<ReadonlyMap<string, string>>;
  /** Payments of QuickBooks as last seen, where nothing has told of them since; by their id there. */
  payments(companyId: CompanyId, ids: readonly string[]): Promise<ReadonlyMap<string, JsonObject>>;
  /** QuickBooks ids of linked invoices not known to be deleted, in order, after `after`; at most `limit`. */
  linkedIds(companyId: CompanyId, after: string, limit: number): Promise<readonly string[]>;
}
