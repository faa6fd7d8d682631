import type { DeadLetterReason } from '#core/attempt/dead-letter.ts';
import type { ReplayVerdict } from '#core/attempt/replay-verdict.ts';
import type { AuditEntry } from '#core/audit/entry.ts';
import type { CompanyId, CorrelationId, EventId, Instant } from '#core/brand.ts';
import type { BulkProgress } from '#core/bulk/progress.ts';
import type { Company } from '#core/company/company.ts';
import type { Actor, ChangeKind, Direction, Subject } from '#core/event/event.ts';
import type { JsonObject } from '#core/json.ts';
import type { LinkFacts } from '#core/link/status.ts';
import type { RuleBook } from '#core/merge/policy.ts';
import type { Reference, ReferenceKind } from '#core/mapping/reference.ts';
import type { AcceptedPayments } from '#core/payment/accepted-payments.ts';
import type { BaseHalves } from '#core/plan/advance-base.ts';
import type {
  BulkItem,
  ConflictSelection,
  DeadLetterSelection,
  NewBulkOperation,
  SelectedConflict,
  SelectedDeadLetter,
} from './bulk.ts';
import type { CompanyChange, LockedAdministration } from './administration.ts';
import type { LockedApiClients } from './api-clients.ts';
import type { TaxVariance } from '#core/plan/tax-truth.ts';
import type { Side } from '#core/side.ts';
import type { Resolution } from '#core/resolution/decision.ts';
import type { PastConflict } from '#core/resolution/rehearse-policy.ts';
import type { Disputed } from '#core/resolution/dispute.ts';
import type { StoredReference } from '#core/resolution/typed-value.ts';
import type {
  LockedReconciles,
  RequestedLinking,
  RequestedReconcile,
} from './reconcile-requests.ts';
import type {
  LockedFieldPolicy,
  OpenConflict,
  RequestedFieldPolicy,
  UndoFieldPolicy,
} from './field-policies.ts';
import type { RequestedCutting, RequestedJoining } from './hand-links.ts';
import type { NumbersTaken } from './numbers-taken.ts';
import type { LockedPlanning, RequestedPlanning } from './planning-requests.ts';
import type { StoredPayments } from './stored-payments.ts';
import type { StreamRecord } from './store.ts';

/** Identity of a request: a repeat has the same caller, mutation and key (api-and-web.md §2.4). */
export type RequestKey = {
  readonly callerId: string;
  readonly mutation: string;
  readonly idempotencyKey: string;
  /** Fingerprint of the input in canonical form. */
  readonly inputHash: string;
};

/** What a request that went through touched; a repeat reads the objects again by these ids. */
export type Touched = {
  /** Null for what belongs to no company. */
  readonly companyId: CompanyId | null;
  /** Type of the subject, where a mutation may be about several. */
  readonly subjectType?: string | undefined;
  readonly subjectId: string;
  /** Event made for it. */
  readonly eventId: string | null;
  readonly undoToken: string | null;
  /** Bulk operation started along with it. */
  readonly bulkOperationId?: string | undefined;
};

/** Why nothing was done; what was refused leaves nothing behind, its key is free. */
export type Refusal =
  | { readonly kind: 'invalid'; readonly issues: readonly InputProblem[] }
  | { readonly kind: 'not-found' }
  | { readonly kind: 'stale'; readonly currentVersion: number }
  | {
      readonly kind: 'illegal';
      readonly code:
        | 'ILLEGAL_STATE'
        | 'COMPANY_UNAVAILABLE'
        | 'UNDO_EXPIRED'
        | 'COUNT_MISMATCH'
        | 'LIMIT_EXCEEDED';
      readonly message: string;
      /** Whether the same request may go through later. */
      readonly retryable: boolean;
      /** From when on it may; left out where no time is known. */
      readonly retryAt?: Instant;
      /** How many match now, where another number was expected. */
      readonly currentCount?: number;
    };

export type InputProblem = { readonly path: readonly string[]; readonly message: string };

/** What became of a request. */
export type RequestOutcome =
  | {
      readonly kind: 'done';
      readonly touched: Touched;
      readonly replayed: boolean;
      /** Shown to whoever asked, this once; never stored. */
      readonly secret?: string;
    }
  | { readonly kind: 'key-reused'; readonly firstUsedAt: Instant }
  | { readonly kind: 'key-in-progress'; readonly firstUsedAt: Instant }
  | Refusal;

/** A link as a request finds it, locked until the request is over. */
export type LockedLink = {
  readonly id: string;
  readonly companyId: CompanyId;
  readonly version: number;
  readonly internalId: string | null;
  readonly quickbooksId: string | null;
  readonly number: string | null;
  /** What its status follows from. */
  readonly facts: LinkFacts;
  readonly statusReason: string;
  /** When the worker turns to it next; null when that is now, or not planned. */
  readonly nextTryAt: Instant | null;
  /** Name of whoever paused it. */
  readonly pausedBy: string | null;
  readonly openDeadLetterId: string | null;
  /** Verdict on replaying the open dead letter; null without one. */
  /** Why the dead letter that waits died; null without one. */
  readonly openDeadLetterReason: DeadLetterReason | null;
  /** Halves of the base, and both sides as last seen; null where one of the two is missing. */
  readonly base: BaseHalves | null;
  readonly present: BaseHalves | null;
  /** Whether internal invoicing showed it as gone when it was seen last. */
  readonly isGone: boolean;
  readonly taxVariance: TaxVariance | null;
  /** The conflict whose decision is on its way. */
  readonly applyingConflictId: string | null;
};

export type LockedDeadLetter = {
  readonly id: string;
  readonly companyId: CompanyId;
  readonly link: LockedLink;
  readonly event: KnownEvent;
  readonly version: number;
  readonly status: 'OPEN' | 'REPLAYING' | 'REPLAYED' | 'DISCARDED' | 'SUPERSEDED';
  /** What a replay would come to now. */
  readonly verdict: ReplayVerdict;
};

/** An event that may be sent round again. */
export type KnownEvent = {
  readonly id: EventId;
  readonly companyId: CompanyId;
  readonly linkId: string | null;
  readonly kind: ChangeKind;
  readonly direction: Direction;
  readonly subject: Subject;
  readonly ended: boolean;
};

/** A pairing as a request finds it, locked until the request is over. */
export type LockedReference = Required<Omit<Reference, 'version'>> & {
  readonly id: string;
  readonly companyId: CompanyId;
  readonly version: number;
};

/** A conflict with its invoice and its company. */
export type KnownConflict = {
  readonly id: string;
  readonly companyId: CompanyId;
  readonly link: LockedLink;
  readonly version: number;
  readonly status: ConflictStatus;
  readonly disputes: readonly Disputed[];
  readonly resolution: Resolution | null;
  readonly company: Company;
};

export type ConflictStatus = 'OPEN' | 'UNDO_WINDOW' | 'APPLYING' | 'RESOLVED' | 'SUPERSEDED';

export type LockedCompany = {
  readonly id: CompanyId;
  readonly version: number;
  readonly name: string;
  readonly status: Company['status'];
  readonly pausedDirections: readonly Direction[];
  readonly undoWindowSeconds: number;
};

/** What undoing puts back. */
export type UndoBefore = UndoDiscard | UndoDecision | UndoFieldPolicy | UndoBulkDecision;

/** Those of its decisions whose own window is open are taken back, and it goes no further. */
export type UndoBulkDecision = { readonly kind: 'bulk-decision' };

/** The conflict is open again, and the events made for the decision end. */
export type UndoDecision = { readonly kind: 'decision'; readonly eventIds: readonly string[] };
export type UndoDiscard = {
  readonly kind: 'discard';
  readonly statusReason: string;
  readonly base: BaseHalves | null;
  /** The base as the discard left it: once it has moved on, there is nothing to take back any more. */
  readonly baseAfter: BaseHalves | null;
  /** Payments that were accepted as they stood before; absent where the discard accepted none. */
  readonly acceptedPayments?: AcceptedPayments | null | undefined;
};

/** The right to take something back, locked. */
export type LockedUndo = {
  readonly companyId: CompanyId;
  readonly callerId: string;
  readonly subjectType: string;
  readonly subjectId: string;
  readonly label: string;
  readonly before: UndoBefore;
  readonly state: 'open' | 'expired' | 'used';
};

/** An event that a person's request makes; it is stored with its first two stages. */
export type RequestedEvent = {
  readonly id: EventId;
  readonly kind: ChangeKind;
  readonly direction: Direction;
  readonly subject: Subject;
  /** Null leaves it to the worker to find the invoice. */
  readonly linkId: string | null;
  readonly derivedFromId: EventId | null;
  readonly replayOfId: string | null;
  /** Said where the event waits. */
  readonly note: string;
  readonly payload: JsonObject;
  /** Waits so long before it may cross; at once unless said. */
  readonly dueInSeconds?: number;
};

export type RequestedLinkChange = {
  readonly id: string;
  /** Due at once, ahead of all that is due; both sides are read anew and its failures are forgotten. */
  readonly dueNow?: boolean;
  /** Due then, and QuickBooks is read anew. */
  readonly dueInSeconds?: number;
  /** Not due any more, unless another event of it waits for its turn. */
  readonly isUndue?: true;
  readonly openConflictId?: string | null;
  /** Name of whoever paused it; null restarts it. */
  readonly pausedBy?: string | null;
  readonly openDeadLetterId?: string | null;
  readonly base?: BaseHalves;
  /** Null forgets what was accepted before. */
  readonly acceptedPayments?: AcceptedPayments | null;
  readonly statusReason?: string;
};

export type RequestedDeadLetterChange = {
  readonly id: string;
  readonly status: LockedDeadLetter['status'];
  readonly ended: boolean;
  readonly discard: { readonly actor: Actor; readonly reason: string } | null;
};

/** The two records of a pairing, or the wish that the bridge make the missing one. */
export type RequestedPairing = Pick<
  LockedReference,
  'internalId' | 'internalName' | 'quickbooksId' | 'quickbooksName' | 'status' | 'request'
> & {
  readonly id: string;
  /** Another row of one of the records, which this one takes the place of. */
  readonly replacesId: string | null;
};

/** A decision as it is asked for; the database says when. */
export type RequestedResolution = Omit<Resolution, 'decidedAt'>;

export type RequestedConflictChange = {
  readonly id: string;
  readonly status: ConflictStatus;
  /** With `UNDO_WINDOW`: what was decided. Nothing of it leaves before its undo has expired. */
  readonly resolution?: RequestedResolution;
  readonly disputes?: readonly Disputed[];
};

export type RequestedUndo = {
  readonly token: string;
  readonly callerId: string;
  readonly subjectType: string;
  readonly subjectId: string;
  readonly label: string;
  readonly before: UndoBefore;
  readonly windowSeconds: number;
};

/** All that a request changes in one company, with its audit entries and its stream events. */
export type RequestedChange = {
  readonly companyId: CompanyId;
  readonly linkId: string | null;
  readonly correlationId: CorrelationId;
  readonly actor: Actor;
  readonly event?: RequestedEvent;
  readonly link?: RequestedLinkChange;
  readonly deadLetter?: RequestedDeadLetterChange;
  readonly conflict?: RequestedConflictChange;
  /** Events that end because what they were made for was taken back; those the worker holds are left to it. */
  readonly ended?: { readonly ids: readonly string[]; readonly note: string };
  readonly pausedDirections?: readonly Direction[];
  readonly pairing?: RequestedPairing;
  readonly undo?: RequestedUndo;
  readonly undone?: string;
  readonly reconcile?: RequestedReconcile;
  readonly planning?: RequestedPlanning;
  /** Comes before the event, which finds the link by its internal id. */
  readonly linking?: RequestedLinking;
  /** Two documents that a person links, or the link that is cut; both before the event. */
  readonly joining?: RequestedJoining;
  readonly cutting?: RequestedCutting;
  readonly fieldPolicy?: RequestedFieldPolicy;
  readonly company?: CompanyChange;
  /** Accepts a bulk operation with its frozen items. */
  readonly bulk?: NewBulkOperation;
  /** Stops a bulk operation by id; what is done stays done. */
  readonly bulkCancelled?: string;
  readonly audit: readonly AuditEntry[];
  readonly stream: readonly StreamRecord[];
};

/** Rows as one request sees and changes them: each is locked as it is read, a link before what hangs on it. */
export interface LockedRows extends NumbersTaken {
  readonly apiClients: LockedApiClients;
  readonly administration: LockedAdministration;
  readonly reconciles: LockedReconciles;
  readonly planning: LockedPlanning;
  /** The link that holds a side's document, if there is any. */
  linkHolding(companyId: CompanyId, side: Side, externalId: string): Promise<LockedLink | null>;
  link(id: string): Promise<LockedLink | null>;
  deadLetter(id: string): Promise<LockedDeadLetter | null>;
  /** What is remembered of a link's payments; they change only while the link is claimed. */
  payments(link: LockedLink): Promise<StoredPayments>;
  company(id: string): Promise<LockedCompany | null>;
  undo(token: string): Promise<LockedUndo | null>;
  reference(id: string): Promise<LockedReference | null>;
  /** The pairing of an internal record, if there is any. */
  referenceOf(
    companyId: CompanyId,
    kind: ReferenceKind,
    internalId: string,
  ): Promise<LockedReference | null>;
  /** Not locked: what is told of an event is never edited away. */
  event(id: string): Promise<KnownEvent | null>;
  /** Not locked either: for requests about something in the company. */
  companyNow(id: CompanyId): Promise<LockedCompany | null>;
  bulkOperation(id: string): Promise<BulkProgress | null>;
  /** Null while the company never made a rule for the pattern; its company is to be locked first. */
  fieldPolicy(companyId: CompanyId, pattern: string): Promise<LockedFieldPolicy | null>;
  /** Not locked: the company's rules that are in force now. */
  rulesInForce(companyId: CompanyId): Promise<RuleBook>;
  /** Not locked: open conflicts of the company, oldest first, at most `limit`. */
  openConflicts(companyId: CompanyId, limit: number): Promise<readonly OpenConflict[]>;
  /** Not locked: a conflict while it is open. */
  openConflict(id: string): Promise<OpenConflict | null>;
  /** Not locked: the dead letters that match now, oldest first, at most `limit`; `visible` as the caller's companies. */
  selectDeadLetters(
    selection: DeadLetterSelection,
    visible: readonly string[] | null,
    limit: number,
  ): Promise<readonly SelectedDeadLetter[]>;
  /** Not locked, likewise. */
  selectConflicts(
    selection: ConflictSelection,
    visible: readonly string[] | null,
    limit: number,
  ): Promise<readonly SelectedConflict[]>;
  /** Items of a bulk operation in one state, in their order, at the version they were chosen at; not locked. */
  bulkItems(
    operationId: string,
    state: 'SUCCEEDED',
  ): Promise<readonly Pick<BulkItem, 'subjectId' | 'version'>[]>;
  /** Not locked: conflicts of the company, whatever became of them, newest first, at most `limit`. */
  pastConflicts(companyId: CompanyId, limit: number): Promise<readonly PastConflict[]>;
  conflict(id: string): Promise<KnownConflict | null>;
  /** Pairings by their own id or by that of either record; not locked. */
  references(companyId: CompanyId, ids: readonly string[]): Promise<readonly StoredReference[]>;
  record(change: RequestedChange): Promise<void>;
}

/** What can be looked at without locking anything, for previews. */
export type ReadRows = NumbersTaken &
  Pick<LockedRows, 'companyNow' | 'selectDeadLetters' | 'conflict' | 'references'> &
  Pick<LockedRows, 'rulesInForce' | 'pastConflicts'>;

/** Where people's requests take effect, each at most once for its key. */
export interface ChangeRequests {
  /**
   * Runs the work in one transaction with its claim of the key. A repeat waits for a running one at most 10 s, then for
   * nobody; a refusal, an error or a lost connection leaves nothing of it.
   */
  once(
    key: RequestKey,
    work: (rows: LockedRows) => Promise<Touched | Refusal>,
  ): Promise<RequestOutcome>;
  /** Looks without changing anything; rows are not locked. */
  look<Value>(work: (rows: ReadRows) => Promise<Value>): Promise<Value>;
}
