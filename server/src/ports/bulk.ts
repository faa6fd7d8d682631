import type { ReplaySafety, ReplayVerdict } from '#core/attempt/replay-verdict.ts';
import type { CompanyId, CorrelationId } from '#core/brand.ts';
import type { JsonObject } from '#core/json.ts';
import type { Caller } from './access.ts';
import type { LockedRows } from './change-requests.ts';

/** What a bulk operation does to each of its items. */
export type BulkKind =
  | 'REPLAY_DEAD_LETTERS'
  | 'RESOLVE_CONFLICTS'
  | 'APPLY_FIELD_POLICY'
  | 'REPAIR_DRIFTS';

/** Who started it, as far as its items need to know. */
export type BulkCaller = Pick<Caller, 'kind' | 'id' | 'name'>;

/** An item as it was chosen; one that is left out from the start says why. */
export type ChosenItem = {
  readonly companyId: CompanyId;
  readonly subjectId: string;
  readonly version: number;
  readonly leftOut: string | null;
};

/** A bulk operation about to be accepted with its frozen set of items. */
export type NewBulkOperation = {
  readonly id: string;
  readonly kind: BulkKind;
  readonly label: string;
  readonly parameters: JsonObject;
  readonly ratePerMinute: number;
  /** No item is taken before this right to take something back has expired; at once without one. */
  readonly startsAfterUndo?: string;
  readonly caller: BulkCaller;
  readonly idempotencyKey: string;
  readonly correlationId: CorrelationId;
  readonly items: readonly ChosenItem[];
};

/** An item taken up, with what its operation asks for. */
export type BulkItem = {
  readonly operation: Pick<
    NewBulkOperation,
    'id' | 'kind' | 'label' | 'parameters' | 'caller' | 'idempotencyKey' | 'correlationId'
  >;
  readonly companyId: CompanyId;
  readonly subjectId: string;
  /** Version it was chosen at. */
  readonly version: number;
};

/** What became of an item; what was skipped or failed leaves nothing behind but its reason. */
export type ItemOutcome =
  | { readonly kind: 'succeeded' }
  | { readonly kind: 'skipped'; readonly why: string }
  | { readonly kind: 'failed'; readonly why: string };

/** What looking for an item came to. */
export type BulkTurn =
  | { readonly kind: 'worked'; readonly companyId: CompanyId }
  /** Nothing may be done now; null when nothing waits at all. */
  | { readonly kind: 'idle'; readonly dueInMs: number | null };

/** Bulk operations as the worker takes them forward. */
export interface BulkOperations {
  /**
   * Takes the next item whose turn has come, at its operation's rate, and runs `work` in the transaction that marks it: an
   * item takes effect exactly once, whoever crashes when.
   */
  takeNext(work: (rows: LockedRows, item: BulkItem) => Promise<ItemOutcome>): Promise<BulkTurn>;
}

/** Which dead letters, in own ids; moments as ISO text, so that equal selections are equal text. */
export type DeadLetterSelection =
  | { readonly ids: readonly string[] }
  | {
      readonly filter: {
        readonly companyIds: readonly string[] | null;
        readonly statuses: readonly string[] | null;
        readonly reasons: readonly string[] | null;
        readonly fingerprint: string | null;
        readonly direction: string | null;
        readonly safeties: readonly ReplaySafety[] | null;
        readonly diedFrom: string | null;
        readonly diedBefore: string | null;
      };
    };

export type SelectedDeadLetter = {
  readonly id: string;
  readonly companyId: CompanyId;
  readonly version: number;
  /** What a replay would come to now. */
  readonly verdict: ReplayVerdict;
  readonly currency: string | null;
  readonly amount: string | null;
};

/** Which conflicts, likewise. */
export type ConflictSelection =
  | { readonly ids: readonly string[] }
  | {
      readonly filter: {
        readonly companyIds: readonly string[] | null;
        readonly statuses: readonly string[] | null;
        /** `[*]` stands for any line. */
        readonly path: string | null;
        readonly currency: string | null;
        readonly amountMin: string | null;
        readonly amountMax: string | null;
        readonly detectedFrom: string | null;
        readonly detectedBefore: string | null;
      };
    };

export type SelectedConflict = Pick<SelectedDeadLetter, 'id' | 'companyId' | 'version'>;
