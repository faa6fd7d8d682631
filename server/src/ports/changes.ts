import type { CallOutcome } from '#core/attempt/failure.ts';
import type { Instant } from '#core/brand.ts';
import type { ChangeKind, Subject } from '#core/event/event.ts';
import type { JsonObject } from '#core/json.ts';
import type { ReferenceRecord } from '#core/mapping/reference.ts';
import type { CallOptions, Seen } from './accounting-system.ts';

/** One object of a side that changed, as its list of changes shows it: a hint, as every event is. */
export type ChangedRow = {
  readonly subject: Subject;
  readonly kind: ChangeKind;
  /** As that side names it, for example 'CreditMemo'. */
  readonly entity: string;
  /** By that side's clock; null where it does not say. */
  readonly changedAt: Instant | null;
  /** Invoices that are understood; a read by id says why one is not. */
  readonly seen: Seen | null;
  /** Customers and items. */
  readonly record: ReferenceRecord | null;
  readonly raw: JsonObject;
};

/** One page of a side's changes. */
export type ChangesPage = {
  readonly rows: readonly ChangedRow[];
  /** That side's own time as it answered; null when it did not say. */
  readonly asOf: Instant | null;
  /** Where to go on; null after the last page. */
  readonly next: string | null;
  /** False where it had to be asked in a way that hides what was deleted. */
  readonly showsDeleted: boolean;
};

/** Everything that changed at or after `since`, page by page: no cursor first, then the `next` of the page before. */
export type ChangesSince = (
  since: Instant,
  cursor: string | null,
  options: CallOptions,
) => Promise<CallOutcome<ChangesPage>>;
