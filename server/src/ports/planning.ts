import type { CompanyId, CorrelationId } from '#core/brand.ts';
import type { IncomingEvent } from '#core/event/event.ts';
import type { Invoice } from '#core/invoice/invoice.ts';
import type { NeededReference, Reference } from '#core/mapping/reference.ts';
import type { RuleBook } from '#core/merge/policy.ts';
import type { PlannedEntry } from '#core/onboarding/planned-entry.ts';
import type { LeftOutCount, PlanningPhase } from '#core/onboarding/planning-pass.ts';
import type { Side } from '#core/side.ts';
import type { Lease } from './store.ts';

/** A pass that is under way, at its place. */
export type PlanningPass = {
  readonly id: string;
  readonly companyId: CompanyId;
  readonly correlationId: CorrelationId;
  readonly phase: PlanningPhase;
  readonly cursor: string | null;
  /** Slices that failed one after the other. */
  readonly failures: number;
  /** Hash of the settings and rules it plans under; null until it begins. */
  readonly terms: string | null;
};

/** Where a slice leaves the pass. */
export type PlanningPlace = { readonly phase: PlanningPhase; readonly cursor: string | null };

/** A document as a side's page showed it. */
export type PlanningDocument = {
  readonly side: Side;
  readonly id: string;
  /** Null for one that is deleted, or that the bridge does not understand. */
  readonly invoice: Invoice | null;
  readonly existence: 'present' | 'void' | 'deleted' | 'unknown';
};

/** Two unlinked documents that may be one invoice. */
export type AlikeDocuments = {
  readonly internal: Invoice;
  readonly quickbooks: Invoice;
  readonly isSameCustomer: boolean;
};

/** A suggestion ready to be stored. */
export type NewSuggestion = {
  readonly id: string;
  readonly internal: Invoice;
  readonly quickbooks: Invoice;
  readonly score: number;
  readonly reason: string;
};

/** An internal document that waits for a person, since making it in QuickBooks could double one that is there. */
export type HeldAlike = {
  readonly internalId: string;
  readonly number: string | null;
  /** Documents of QuickBooks it looks like. */
  readonly quickbooksIds: readonly string[];
  readonly why: string;
  readonly hash: string;
  readonly entries: readonly PlannedEntry[];
};

/** A document that the main path is to plan. */
export type DocumentToPlan = {
  readonly side: Side;
  readonly id: string;
  readonly existence: PlanningDocument['existence'];
};

/** A link that turned out to hold a document which has a link of its own. */
export type StrayPair = { readonly internalId: string; readonly quickbooksId: string };

/** Rows of planning passes; every write is fenced by the epoch and comes to nothing once the pass is no longer under way. */
export interface Planning {
  /** The pass to work on now; null when none is due, or its company is live. */
  next(lease: Lease): Promise<PlanningPass | null>;
  /** Remembers the settings and rules that the pass plans under. */
  begin(lease: Lease, pass: PlanningPass, terms: string): Promise<void>;
  rulesInForce(companyId: CompanyId): Promise<RuleBook>;
  /** Stages documents and moves the pass on. */
  stage(
    lease: Lease,
    pass: PlanningPass,
    documents: readonly PlanningDocument[],
    place: PlanningPlace,
  ): Promise<void>;
  /** Customers of internal documents whose number QuickBooks has too, without a pairing, in the order of their ids, after `after`. */
  customers(
    pass: PlanningPass,
    after: string | null,
    limit: number,
  ): Promise<readonly NeededReference[]>;
  storeReferences(
    lease: Lease,
    pass: PlanningPass,
    references: readonly Reference[],
    place: PlanningPlace,
  ): Promise<void>;
  /**
   * Links documents that are one: number, matched customer, currency, total and gone-ness equal and unique on both sides, or the
   * bridge's own mark. At most `limit`; answers how many, and those whose QuickBooks document has a link of its own.
   */
  pair(
    lease: Lease,
    pass: PlanningPass,
    limit: number,
  ): Promise<{ readonly paired: number; readonly strays: readonly StrayPair[] }>;
  /** Pairs of unlinked documents that share a number, or customer and total, of internal documents after `after`. */
  alike(
    pass: PlanningPass,
    after: string | null,
    limit: number,
  ): Promise<{ readonly pairs: readonly AlikeDocuments[]; readonly last: string | null }>;
  suggest(
    lease: Lease,
    pass: PlanningPass,
    suggestions: readonly NewSuggestion[],
    held: readonly HeldAlike[],
    place: PlanningPlace,
  ): Promise<void>;
  moveTo(lease: Lease, pass: PlanningPass, place: PlanningPlace): Promise<void>;
  /** Says of what is left out why, then answers what is to be planned and was not handed over yet. */
  toPlan(lease: Lease, pass: PlanningPass, limit: number): Promise<readonly DocumentToPlan[]>;
  /** Hands documents over to the main path by an event each. */
  handOver(lease: Lease, pass: PlanningPass, events: readonly IncomingEvent[]): Promise<void>;
  /** How many of them the main path is not through with. */
  unplanned(pass: PlanningPass): Promise<number>;
  /** Why documents were left out, most frequent first. */
  leftOut(pass: PlanningPass): Promise<readonly LeftOutCount[]>;
  /** Keeps what is planned as a snapshot; answers how many writes it has, null when the pass is no longer ours. */
  keep(lease: Lease, pass: PlanningPass, leftOut: readonly LeftOutCount[]): Promise<number | null>;
  /** Leaves the pass where it is and goes on later, though nothing failed. */
  rest(lease: Lease, pass: PlanningPass, ms: number): Promise<void>;
  /** Leaves the pass where it is and goes on later; with `gaveUp` it ends as failed. */
  putOff(lease: Lease, pass: PlanningPass, ms: number, gaveUp: string | null): Promise<void>;
  /** A live link has come to its approved plan: it goes out as approved, or was planned anew. */
  settleApproved(
    lease: Lease,
    linkId: string,
    outcome: ApprovedOutcome,
    correlationId: CorrelationId,
  ): Promise<void>;
}

/** `anew`: the link moved since, so that another plan goes out than the one a person saw. */
export type ApprovedOutcome =
  | { readonly kind: 'as-approved' }
  | { readonly kind: 'anew'; readonly because: string };
