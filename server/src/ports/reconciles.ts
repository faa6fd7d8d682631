import type {
  Amount,
  CompanyId,
  CorrelationId,
  Currency,
  Instant,
  LocalDate,
} from '#core/brand.ts';
import type { IncomingEvent } from '#core/event/event.ts';
import type { Invoice } from '#core/invoice/invoice.ts';
import type { AcceptedPayments } from '#core/payment/accepted-payments.ts';
import type { BaseHalves } from '#core/plan/advance-base.ts';
import type { TaxVariance } from '#core/plan/tax-truth.ts';
import type { FoundDrift } from '#core/reconcile/drift.ts';
import type { KnownPayment } from '#core/reconcile/judge-payments.ts';
import type { Standing } from '#core/reconcile/judge-pair.ts';
import type { Rival } from '#core/reconcile/judge-unlinked.ts';
import type { ReconcilePhase, ReconcileScope, ResidualReason } from '#core/reconcile/run.ts';
import type { Side } from '#core/side.ts';
import type { Lease } from './store.ts';

/** A run that is under way, at its place. */
export type ReconcileRun = {
  readonly id: string;
  readonly companyId: CompanyId;
  readonly scope: ReconcileScope;
  /** Issue dates covered, both included; null for no bound. */
  readonly from: LocalDate | null;
  readonly to: LocalDate | null;
  /** From when on changes are looked at; null for everything. */
  readonly since: Instant | null;
  readonly correlationId: CorrelationId;
  readonly phase: ReconcilePhase;
  readonly cursor: string | null;
  /** Links of the company when it began, to tell how far it is. */
  readonly expected: number;
  readonly compared: number;
  /** Rows of the phase's side that were read. */
  readonly staged: number;
  /** Slices that failed one after the other. */
  readonly failures: number;
};

/** A document as a side's page showed it. */
export type StagedItem = {
  readonly side: Side;
  readonly id: string;
  /** Null for one that is deleted, or that the bridge does not understand. */
  readonly invoice: Invoice | null;
  readonly existence: 'present' | 'void' | 'deleted' | 'unknown';
  readonly inScope: boolean;
  /** Set where it was judged with its page; the content is kept only for a later phase. */
  readonly judged: { readonly linkId: string; readonly reason: ResidualReason } | null;
};

/** How an invoice staged before was judged; both of its documents count under the same reason. */
export type JudgedItem = {
  readonly linkId: string | null;
  readonly internalId: string | null;
  readonly quickbooksId: string | null;
  readonly reason: ResidualReason;
};

/** A link as stored, beside what the run staged of it. */
export type StoredPair = {
  readonly linkId: string;
  readonly internalId: string | null;
  readonly quickbooksId: string;
  readonly number: string | null;
  readonly base: BaseHalves | null;
  readonly observed: { readonly internal: Invoice | null; readonly quickbooks: Invoice | null };
  /** Payments paired on the link; null where one of them was written since a page showed its invoice. */
  readonly payments: readonly KnownPayment[] | null;
  /** Payments as they were when a person accepted that they differ. */
  readonly acceptedPayments: AcceptedPayments | null;
  readonly standing: Standing;
  readonly taxVariance: TaxVariance | null;
  readonly hasAccepted: boolean;
  /** Fingerprints of what a person accepted of it. */
  readonly accepted: readonly string[];
  readonly internal: StagedSide | null;
  readonly quickbooks: StagedSide | null;
};

/** A side of a link as the run saw it; an observation made since counts instead. */
export type StagedSide = {
  readonly existence: StagedItem['existence'];
  readonly invoice: Invoice | null;
};

export type StoredUnlinked = {
  readonly side: Side;
  readonly id: string;
  readonly invoice: Invoice | null;
  readonly existence: StagedItem['existence'];
  readonly linkId: string | null;
  readonly observed: Invoice | null;
  readonly standing: Standing;
  /** A person unlinked it. */
  readonly isApart: boolean;
  /** A person discarded what it died on; only a later change counts. */
  readonly isDiscarded: boolean;
  /** Unlinked document of the other side that may be the same. */
  readonly twinId: string | null;
  /** The QuickBooks twin carries the internal invoice's mark. */
  readonly isTwinMarked: boolean;
  /** Linked QuickBooks document that may be the same; for QuickBooks' rows. */
  readonly rival: Rival | null;
  /** News of it waits for its turn. */
  readonly isInFlight: boolean;
  readonly accepted: readonly string[];
};

/** A drift ready to be stored; `summary` tells the stream and the trail. */
export type DriftRecord = Omit<FoundDrift, 'name'> & {
  readonly summary: string;
  readonly id: string;
  readonly fingerprint: string;
  /** The event that repairs it; null while it waits for a person. */
  readonly eventId: string | null;
};

/** What one slice of a run leads to, in one transaction. */
export type ReconcileSlice = {
  readonly items: readonly StagedItem[];
  readonly judged: readonly JudgedItem[];
  readonly drifts: readonly DriftRecord[];
  readonly events: readonly IncomingEvent[];
  /** Links that wait for a person because a second document was found. */
  readonly held: readonly string[];
  readonly compared: number;
  readonly matched: number;
  readonly next: { readonly phase: ReconcilePhase; readonly cursor: string | null };
  readonly progress: number;
  readonly seenAt: Instant;
};

export type ControlTotal = {
  readonly currency: Currency;
  readonly internalCount: number;
  readonly internalTotal: Amount;
  readonly quickbooksCount: number;
  readonly quickbooksTotal: Amount;
};

export type ResidualItem = {
  readonly reason: ResidualReason;
  readonly currency: Currency;
  /** Internal minus QuickBooks. */
  readonly amount: Amount;
  readonly invoiceCount: number;
  /** Largest first, at most 20. */
  readonly linkIds: readonly string[];
};

/** One time that the sides were asked what changed. */
export type PollRun = {
  readonly id: string;
  readonly correlationId: CorrelationId;
  /** From when on changes were asked for, on the side that is furthest behind, in its own time. */
  readonly since: Instant;
  /** False when a side could not be read to the end; it is asked again from the same place. */
  readonly isWhole: boolean;
  /** Metered calls to QuickBooks. */
  readonly quickbooksReads: number;
  /** Changes that nobody had told. */
  readonly changes: number;
  readonly tookMs: number;
};

/** Rows of reconcile runs; every write is fenced by the epoch. */
export interface Reconciles {
  /** Writes down a poll; those in a row that found nothing share a row, and rows are kept 30 days. */
  notePoll(lease: Lease, poll: PollRun): Promise<void>;
  /** Adds to the metered reads a run took. */
  noteReads(lease: Lease, run: ReconcileRun, reads: number): Promise<void>;
  /** The run to work on now, begun when it was waiting or when its day has come; null when none is due. */
  next(
    lease: Lease,
    ids: { readonly runId: string; readonly correlationId: string },
  ): Promise<ReconcileRun | null>;
  /** Links that hold those QuickBooks ids. */
  pairs(run: ReconcileRun, quickbooksIds: readonly string[]): Promise<readonly StoredPair[]>;
  /** Links in scope that no page judged, in the order of their ids, after `after`. */
  unjudgedPairs(
    run: ReconcileRun,
    after: string | null,
    limit: number,
  ): Promise<readonly StoredPair[]>;
  /** Staged documents without a counterpart that are not judged yet. */
  unlinked(run: ReconcileRun, side: Side, limit: number): Promise<readonly StoredUnlinked[]>;
  totals(run: ReconcileRun): Promise<{
    readonly controlTotals: readonly ControlTotal[];
    readonly residual: readonly ResidualItem[];
  }>;
  store(lease: Lease, run: ReconcileRun, slice: ReconcileSlice): Promise<'stored' | 'over'>;
  /** Ends the run; drifts in its scope that it did not see again are repaired. */
  finish(
    lease: Lease,
    run: ReconcileRun,
    outcome: {
      readonly controlTotals: readonly ControlTotal[];
      readonly residual: readonly ResidualItem[];
    },
  ): Promise<void>;
  /** Leaves the run where it is and goes on later, though nothing failed. */
  rest(lease: Lease, run: ReconcileRun, ms: number): Promise<void>;
  /** Leaves the run where it is and goes on later; with `gaveUp` it ends as failed. */
  putOff(lease: Lease, run: ReconcileRun, ms: number, gaveUp: string | null): Promise<void>;
  /** Ends what the main path has repaired, and gives back to a person what it could not. */
  settleDrifts(lease: Lease): Promise<void>;
}
