import type { AttemptId, CorrelationId, EventId, Instant } from '#core/brand.ts';
import type { Stage } from '#core/event/stage.ts';
import type { Company, QuickBooksFacts } from '#core/company/company.ts';
import type { AccountingSystem } from '#ports/accounting-system.ts';
import type { CallCounts } from '#ports/call-counts.ts';
import type { Clock } from '#ports/clock.ts';
import type { Digest } from '#ports/digest.ts';
import type { Ids } from '#ports/ids.ts';
import type { InvoicingSystem } from '#ports/invoicing-system.ts';
import type { Log } from '#ports/log.ts';
import type { Planning } from '#ports/planning.ts';
import type { Reconciles } from '#ports/reconciles.ts';
import type { Sides } from '#ports/sides.ts';
import type { ClaimedLink, Lease, Store } from '#ports/store.ts';
import type { Watermarks } from '#ports/watermarks.ts';
import type { GatheredReads } from './gathered-reads.ts';

/** What the engine works with; composed once per process. */
export type Engine = {
  readonly store: Store;
  readonly watermarks: Watermarks;
  readonly counts: CallCounts;
  readonly reconciles: Reconciles;
  readonly planning: Planning;
  readonly sides: Sides;
  readonly clock: Clock;
  readonly ids: Ids;
  readonly digest: Digest;
  readonly log: Log;
  /** How long a write without an answer may still land (http.md §1, QUICKBOOKS_COMMIT_WAIT_SECONDS). */
  readonly commitWaitMs: number;
  /** How often each side is asked what changed (http.md §1, RECONCILE_INTERVAL_SECONDS). */
  readonly pollEveryMs: number;
  /** Metered reads of all companies together in a month; null when unmetered (http.md §1, QUICKBOOKS_MONTHLY_READS). */
  readonly monthlyReads: number | null;
  /** How long a lease lasts without being renewed. */
  readonly leaseMs: number;
};

/** A company being drained under a lease. */
export type Drain = {
  readonly engine: Engine;
  readonly lease: Lease;
  readonly company: Company;
  readonly facts: QuickBooksFacts;
  readonly accounting: AccountingSystem;
  readonly invoicing: InvoicingSystem;
  readonly reads: GatheredReads;
  /** Aborts when the lease can no longer be trusted or the worker must stop. */
  readonly signal: AbortSignal;
};

/** One attempt for one claimed link. */
export type Crossing = Drain & {
  readonly link: ClaimedLink;
  readonly attemptId: AttemptId;
  readonly attemptNumber: number;
  readonly eventId: EventId;
  readonly startedAt: Instant;
  readonly correlationId: CorrelationId;
  /** Newest stage recorded for the carrying event; moves on with each step of this attempt. */
  readonly progress: { stage: Stage };
};

/** From the first look on, people read the invoice's number, not its id. */
export const withNumber = (crossing: Crossing, number: string | null): Crossing => ({
  ...crossing,
  link: { ...crossing.link, number: crossing.link.number ?? number },
});

/** What people call the invoice; its internal id until a number is known. */
export const nameOf = ({ link }: Pick<Crossing, 'link'>): string =>
  link.number ?? link.internalId ?? link.quickbooksId ?? 'The invoice';
