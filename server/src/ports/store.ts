import type { DeadLetterReason } from '#core/attempt/dead-letter.ts';
import type { Fault } from '#core/attempt/failure.ts';
import type { Intent, IntentState } from '#core/attempt/intent.ts';
import type { AuditEntry } from '#core/audit/entry.ts';
import type {
  Amount,
  AttemptId,
  CompanyId,
  CorrelationId,
  EventId,
  Instant,
  IntentId,
  LinkId,
} from '#core/brand.ts';
import type { Company, QuickBooksFacts } from '#core/company/company.ts';
import type { ChangeKind, Direction, IncomingEvent } from '#core/event/event.ts';
import type { Stage, StageMark } from '#core/event/stage.ts';
import type { Json, JsonObject } from '#core/json.ts';
import type { NeededReference, Reference } from '#core/mapping/reference.ts';
import type { Base, GroupMerge } from '#core/merge/merge-invoice.ts';
import type { Edits } from '#core/merge/latest.ts';
import type { BaseHalves } from '#core/plan/advance-base.ts';
import type { NumberThere } from '#core/plan/plan-again.ts';
import type { TaxVariance } from '#core/plan/tax-truth.ts';
import type { InvoiceContent } from '#core/invoice/invoice.ts';
import type {
  DecisionOutcome,
  KeptChoices,
  Resolution,
  StandingConflict,
} from '#core/resolution/decision.ts';
import type { Dispute, Disputed } from '#core/resolution/dispute.ts';
import type { LinkPlan } from '#core/onboarding/planned-entry.ts';
import type { PaymentInputs } from '#core/payment/payment-plan.ts';
import type { Side } from '#core/side.ts';
import type { Seen } from './accounting-system.ts';
import type { AwaitingRead } from './awaiting-read.ts';
import type { Joins } from './joins.ts';
import type { Pairings } from './pairings.ts';
import type {
  PaymentDecision,
  PaymentNews,
  PaymentsChange,
  StoredPayments,
  ToldPayment,
} from './stored-payments.ts';
import type { RulesAtClaim } from './rules-at-claim.ts';

/** The right to work for a company: only its holder calls the realm, and every write carries its epoch. */
export type Lease = {
  readonly companyId: CompanyId;
  readonly epoch: bigint;
  readonly holder: string;
};

/** What was seen of a side and where it is stored. */
export type StoredSeen = Seen & { readonly observationId: string };

/** An event carried by a claim, oldest first. */
export type CarriedEvent = {
  readonly id: EventId;
  readonly kind: ChangeKind;
  /** The way the change goes that it tells of. */
  readonly direction: Direction;
  readonly stage: Stage;
  readonly correlationId: CorrelationId;
  /** Whether an earlier attempt for it wrote something. */
  readonly wrote: boolean;
  /** When it happened, by QuickBooks' clock; null for what others told. */
  readonly toldAt: Instant | null;
  /** How long before the claim a person asked to send it round again, by database time; null for other events. */
  readonly askedAgoMs: number | null;
};

/**
 * What an attempt decided, as it is stored: enough to decide again, and for a successor to finish the write. What was seen
 * and the context are named, not repeated; the rest weighs about 8 KB for a document of five lines and 1.2 KB more for each
 * further line. Decisions of attempts that wrote something are kept for ever (architecture.md §6).
 */
export type StoredDecision = {
  readonly explanation: string;
  readonly internalObservationId: string | null;
  readonly quickbooksObservationId: string | null;
  readonly baseInternal: InvoiceContent | null;
  readonly baseQuickbooks: InvoiceContent | null;
  /** What QuickBooks should hold after the write, in its terms; null when nothing is written or it is a void. */
  readonly wanted: InvoiceContent | null;
  /** The same for internal invoicing. */
  readonly wantedInternal: InvoiceContent | null;
  /** The internal side in QuickBooks' terms; null where deciding did not need it. */
  readonly translated: InvoiceContent | null;
  /** The QuickBooks side in internal terms, likewise. */
  readonly translatedBack: InvoiceContent | null;
  readonly merges: readonly GroupMerge[];
  /** The difference in tax the link was left with before. */
  readonly taxVariance: TaxVariance | null;
  /** When each side was edited and by what clock, where a rule may ask. */
  readonly edits: Edits | null;
  /** Hash of the stored context: settings, rules and company facts as they were; null for a record that is made. */
  readonly context: string | null;
  readonly quickbooksWrites: readonly FieldWrite[];
  readonly internalWrites: readonly FieldWrite[];
  readonly policyVersion: number;
  /** The conflict as it stood, and what became of its decision; absent without one. */
  readonly standing?: StandingConflict;
  readonly decided?: DecisionOutcome;
  /** Whether the number was free where the invoice is gone; absent where nobody looked. */
  readonly numberThere?: NumberThere;
  /** The record an intent for a customer, item or term makes; null for documents. */
  readonly reference: NeededReference | null;
  /** What was decided on about the payments beside the invoice; absent where there were none. */
  readonly paymentInputs?: PaymentInputs;
  /** The payment that is written; absent where it is about something else. */
  readonly payment?: PaymentDecision;
};

export type FieldWrite = {
  readonly path: string;
  readonly label: string;
  readonly before: Json;
  readonly after: Json;
};

/** An intent left open, with what it was decided on. */
export type OpenIntent = Intent & {
  readonly decision: StoredDecision;
  readonly internalThen: Seen | null;
  readonly quickbooksThen: Seen | null;
};

/** A conflict of a claimed link that has not ended; nobody but its undo changes it meanwhile. */
export type ClaimedConflict = {
  readonly id: string;
  readonly status: 'OPEN' | 'UNDO_WINDOW' | 'APPLYING';
  readonly disputes: readonly Disputed[];
  readonly resolution: Resolution | null;
  /** Until the undo window ends, by database time; null without one. */
  readonly applyInMs: number | null;
};

/** A link claimed under a lease, with all that one attempt needs. */
export type ClaimedLink = RulesAtClaim & {
  readonly id: LinkId;
  readonly companyId: CompanyId;
  readonly internalId: string | null;
  readonly quickbooksId: string | null;
  /** The QuickBooks invoice a person cut it from. */
  readonly unlinkedFrom: string | null;
  /** A second QuickBooks document of the invoice whose void a person asked for; null once it is void. */
  readonly secondId: string | null;
  readonly base: (Base & BaseHalves) | null;
  readonly internal: StoredSeen | null;
  readonly quickbooks: StoredSeen | null;
  readonly quickbooksFresh: boolean;
  readonly failures: number;
  readonly firstFailedAt: Instant | null;
  readonly crashMarks: number;
  /** The dead letter that waits for a person, or the one being replayed. */
  readonly openDeadLetterId: string | null;
  /** The conflict that has not ended. */
  readonly conflict: ClaimedConflict | null;
  /** What tax explains of the two totals; null where they agree. */
  readonly taxVariance: TaxVariance | null;
  /** Directions of its company in which nothing new may be written. */
  readonly pausedDirections: readonly Direction[];
  readonly number: string | null;
  /** Moves with everything that makes what was seen of QuickBooks old. */
  readonly quickbooksNews: number;
  /** Hash of what a person approved by going live, until it goes out; null without such. */
  readonly approvedPlan: string | null;
  readonly events: readonly CarriedEvent[];
  /** Attempts the oldest event has had. */
  readonly attempts: number;
  readonly openIntents: readonly OpenIntent[];
  /** Refused creates of the document or of its counterpart, newest last, while nothing is agreed about the two, or in place of one that is gone. */
  readonly refusedCreates: readonly OpenIntent[];
};

export type ObservationRecord = {
  readonly id: string;
  readonly side: Side;
  readonly seen: Seen;
  readonly contentHash: string;
  readonly capturedAt: Instant;
};

export type AttemptOutcome =
  | 'SUCCEEDED'
  | 'RETRYABLE'
  | 'THROTTLED'
  | 'STALE'
  | 'REJECTED'
  | 'UNKNOWN';

export type AttemptRecord = {
  readonly id: AttemptId;
  readonly eventId: EventId;
  readonly number: number;
  readonly startedAt: Instant;
  readonly endedAt: Instant | null;
  readonly outcome: AttemptOutcome | null;
  readonly decision: StoredDecision | null;
  readonly fault: Fault | null;
  readonly nextAttemptAt: Instant | null;
};

export type IntentChange = {
  readonly id: IntentId;
  readonly state: IntentState;
  /** Adds this moment to the times it was sent. */
  readonly sentAt: Instant | null;
  readonly settledAt: Instant | null;
  readonly evidence: string | null;
  readonly externalId: string | null;
  readonly httpStatus: number | null;
  readonly fault: Fault | null;
  readonly traceId: string | null;
  readonly response: JsonObject | null;
};

/** What becomes of the link's row. */
export type LinkChange = {
  readonly internalId?: string;
  readonly quickbooksId?: string;
  /** The document whose place a new one takes: what is told of it concerns nothing any more. */
  readonly replaced?: { readonly side: Side; readonly id: string };
  readonly base?: BaseHalves;
  /** True only takes force while QuickBooks has told nothing since `Step.quickbooksNews` was read. */
  readonly quickbooksFresh?: boolean;
  readonly uncertain?: boolean;
  readonly failures?: number;
  readonly firstFailedAt?: Instant | null;
  readonly crashMarks?: number;
  readonly openDeadLetterId?: string | null;
  readonly openConflictId?: string | null;
  readonly taxVariance?: TaxVariance | null;
  readonly statusReason?: string;
  readonly inSyncAt?: Instant;
  /** Ends the claim; with a moment, the link is due again then (or earlier, when news came meanwhile). */
  readonly release?: { readonly dueInMs: number | null };
};

export type DeadLetterRecord = {
  readonly id: string;
  readonly reason: DeadLetterReason;
  readonly explanation: string;
  readonly suggestedFix: readonly string[];
  readonly fingerprint: string;
  readonly fault: Fault | null;
  /** Records it waits for (`referenceKey`). */
  readonly waitsFor: readonly string[];
};

export type StreamRecord = {
  readonly type:
    | 'STAGE_CHANGED'
    | 'DEAD_LETTERED'
    | 'DEAD_LETTER_CHANGED'
    | 'INVOICE_CHANGED'
    | 'REFERENCE_CHANGED'
    | 'COMPANY_CHANGED'
    | 'CONFLICT_OPENED'
    | 'CONFLICT_CHANGED'
    | 'RECONCILE_CHANGED'
    | 'DRIFT_CHANGED'
    | 'BULK_CHANGED'
    | 'POLICY_CHANGED';
  readonly summary: string;
  readonly detail: JsonObject;
};

/** What decisions of one company share; stored once per content. */
export type DecisionContext = { readonly hash: string; readonly content: JsonObject };

export type RuledConflict = { readonly id: string; readonly fields: readonly Dispute[] };

/**
 * What becomes of the conflict a claim came with. A decision is taken up only once its undo window is over by database
 * time and it was not taken back; else the whole step comes to nothing and is answered `taken-back`.
 */
export type ConflictChange =
  | { readonly id: string; readonly to: 'APPLYING' | 'RESOLVED' | 'SUPERSEDED' }
  | { readonly id: string; readonly to: 'OPEN'; readonly kept: KeptChoices };

/** What becomes of the carried events. */
export type EventsChange = {
  readonly marks: readonly StageMark[];
  readonly changedPaths: readonly string[];
  /** True ends them; all but the oldest then say which one carried them. */
  readonly end: boolean;
};

/** What a link would write, with the hash by which it is known again. */
export type StoredLinkPlan = LinkPlan & { readonly hash: string };

/** One step of a crossing: the change, its audit entries, its stream events, its next work, in one transaction. */
export type Step = {
  readonly linkId: LinkId;
  /** The claimed link's. */
  readonly quickbooksNews: number;
  readonly eventIds: readonly EventId[];
  readonly correlationId: CorrelationId;
  readonly observations: readonly ObservationRecord[];
  readonly attempt: AttemptRecord | null;
  readonly newIntents: readonly Intent[];
  readonly intentChanges: readonly IntentChange[];
  readonly events: EventsChange;
  readonly link: LinkChange;
  readonly deadLetter: DeadLetterRecord | null;
  /** Closes the open dead letter because the change crossed after all. */
  readonly healsDeadLetter: boolean;
  readonly conflictFields: readonly Disputed[] | null;
  /** What the two sides disagree about in money; with `conflictFields`. */
  readonly amountAtStake?: Amount;
  readonly conflict?: ConflictChange;
  /** Conflicts that a rule decided, kept as resolved so that the losing values are not lost. */
  readonly ruledConflicts?: readonly RuledConflict[];
  readonly decisionContexts?: readonly DecisionContext[];
  readonly payments?: PaymentsChange;
  /** What the link would write; kept while its company is in shadow mode. */
  readonly plan?: StoredLinkPlan;
  readonly references: readonly Reference[];
  readonly audit: readonly AuditEntry[];
  readonly stream: readonly StreamRecord[];
};

/**
 * `fenced`: the lease is no longer ours, nothing was changed. `busy`: another write of one of the objects is under way.
 * `taken-back`: the decision that the step takes up was undone first.
 */
export type StepOutcome = 'done' | 'fenced' | 'busy' | 'taken-back';

/** The rows, in the engine's words. Every method is one short transaction; none waits on the network. */
export interface Store extends Joins, Pairings {
  ingest(
    events: readonly IncomingEvent[],
  ): Promise<{ readonly accepted: number; readonly duplicates: number }>;
  company(id: CompanyId): Promise<Company | null>;
  saveFacts(lease: Lease, facts: QuickBooksFacts): Promise<void>;
  /** Stops work for the company until a person reconnects. */
  markNeedsReconnect(lease: Lease, cause: string): Promise<void>;
  /** No link is claimed before this moment has passed. */
  throttle(lease: Lease, ms: number): Promise<void>;
  /**
   * Counts calls in a row that were not sent or reads that failed, and opens the company's breaker; one that worked closes
   * it. True when a failure costs its link an attempt: the breaker was closed.
   */
  noteReachability(lease: Lease, reachable: boolean): Promise<boolean>;
  /** Whether the company is throttled or its breaker open: nothing is asked of its sides then. */
  isResting(companyId: CompanyId): Promise<boolean>;

  /** Whether an error of any method means that the rows could not be reached, or were given up for others, for now. */
  isUnavailable(error: unknown): boolean;

  /** Takes the lease when nobody holds it; marks what a dead holder left claimed. */
  acquireLease(companyId: CompanyId, holder: string, ttlMs: number): Promise<Lease | null>;
  renewLease(lease: Lease, ttlMs: number): Promise<boolean>;
  releaseLease(lease: Lease): Promise<void>;

  /** Turns events whose subject waits into due links; at most `limit` events a call. Returns how many. */
  resolveSubjects(lease: Lease, limit: number): Promise<number>;
  /** QuickBooks payments that waiting events tell of; at most `limit`. */
  waitingPayments(lease: Lease, limit: number): Promise<readonly ToldPayment[]>;
  /** Passes the events of such payments on to the invoices they pay or paid, one derived event each; returns how many events were passed on. */
  passOn(lease: Lease, news: readonly PaymentNews[]): Promise<number>;
  /** What is remembered of a link's payments, and of the QuickBooks payments of those ids. */
  payments(
    companyId: CompanyId,
    linkId: LinkId,
    quickbooksIds: readonly string[],
  ): Promise<StoredPayments>;
  /** Claims due links, oldest due first. With `marked`, only links that a dead worker left; claim those one at a time. */
  claimLinks(lease: Lease, limit: number, marked: boolean): Promise<readonly ClaimedLink[]>;
  /** Links that are due, not claimed and have to be read in QuickBooks before anything else, oldest due first. */
  awaitingRead(lease: Lease, limit: number): Promise<readonly AwaitingRead[]>;
  recordStep(lease: Lease, step: Step): Promise<StepOutcome>;

  /** Milliseconds until the company's next link is due, 0 when one is; null when none waits. */
  nextDueInMs(companyId: CompanyId): Promise<number | null>;
  /** Companies with anything due, for the sweep; `overdue` when nobody holds them and the bell had its time. */
  dueCompanies(
    limit: number,
  ): Promise<readonly { readonly companyId: CompanyId; readonly overdue: boolean }[]>;
}
