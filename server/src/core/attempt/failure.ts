import type { Version } from '../brand.ts';

/** An error as a side states it, kept for the person who reads the attempt. */
export type Fault = {
  readonly code: string;
  readonly message: string;
  readonly detail: string | null;
  /** Element that side complains about, as it names it. */
  readonly element: string | null;
};

/** Code of the one refusal of a void that names its own cause: payments forbid it (http.md §4). */
export const paymentsForbid = 'PAYMENTS_FORBID';

/** Code of the refusal to make a record at all: that system's people make those themselves (http.md §4, 405). */
export const makingForbidden = 'MAKING_FORBIDDEN';

/** Why a side refused for good, in the operator's terms. */
export type RefusalReason =
  | 'VALIDATION'
  | 'PERIOD_CLOSED'
  | 'MISSING_REFERENCE'
  | 'DUPLICATE_NUMBER'
  | 'MAPPING';

/** What went wrong with one call to a side, sorted by what must happen next. */
export type CallFailure =
  /** Someone else wrote first (QuickBooks 5010, HTTP 412). */
  | { readonly kind: 'stale-version'; readonly held: Version | null; readonly fault: Fault | null }
  /** That side asked us to slow down; 60 s when it did not say how long (quickbooks.md §5). */
  | { readonly kind: 'throttled'; readonly retryAfterMs: number }
  /** Nothing left us: no connection, no name, our own breaker. */
  | { readonly kind: 'not-sent'; readonly cause: string }
  /** A read that failed; nothing was changed by it. */
  | {
      readonly kind: 'read-failed';
      readonly cause: string;
      readonly httpStatus: number | null;
      readonly fault: Fault | null;
    }
  /** A write that left us and got no answer, a 5xx or an unreadable one: it may have happened. */
  | {
      readonly kind: 'no-answer';
      readonly cause: string;
      readonly httpStatus: number | null;
      readonly fault: Fault | null;
    }
  /** The same request would be refused again. */
  | {
      readonly kind: 'refused';
      readonly reason: RefusalReason;
      readonly httpStatus: number | null;
      readonly fault: Fault;
      /** The document that holds the number already, when the refusal names it (quickbooks.md §3, 6140). */
      readonly existingId: string | null;
      /** True where that side is known to refuse and yet commit (quickbooks.md §4.2, 6000). */
      readonly mayHaveCommitted: boolean;
    }
  /** The object is not there (any more). */
  | { readonly kind: 'not-found'; readonly fault: Fault | null }
  /** Access was revoked or ran out; a person must reconnect. */
  | { readonly kind: 'access-lapsed'; readonly cause: string; readonly fault: Fault | null };

/** Whether a failure counts for the company's breaker: nothing left us, or a read failed (architecture.md §3). */
export const isUnreached = ({ kind }: CallFailure): boolean =>
  kind === 'not-sent' || kind === 'read-failed';

export type CallOutcome<Value> =
  | { readonly ok: true; readonly value: Value }
  | { readonly ok: false; readonly failure: CallFailure };

export const succeeded = <Value>(value: Value): CallOutcome<Value> => ({ ok: true, value });
export const failed = (
  failure: CallFailure,
): { readonly ok: false; readonly failure: CallFailure } => ({ ok: false, failure });
