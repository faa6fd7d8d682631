import type { AttemptId, Instant, IntentId, Version } from '../brand.ts';
import type { ChangeKind } from '../event/event.ts';
import type { Side } from '../side.ts';

/** Where a write stands; the first two and the last are open: nothing else is planned for the object meanwhile. */
export type IntentState = 'PREPARED' | 'SENT' | 'ACKNOWLEDGED' | 'REFUSED' | 'UNCERTAIN';

/** Allowed moves; a committed intent counts as sent, since a crash may have followed the send (architecture.md §3). */
export const intentMoves = {
  PREPARED: ['SENT', 'ACKNOWLEDGED', 'REFUSED', 'UNCERTAIN'],
  SENT: ['ACKNOWLEDGED', 'REFUSED', 'UNCERTAIN'],
  UNCERTAIN: ['ACKNOWLEDGED', 'REFUSED', 'SENT'],
  ACKNOWLEDGED: [],
  REFUSED: ['ACKNOWLEDGED'], // refused and yet done, found later (quickbooks.md §4.2, 6000)
} as const satisfies Record<IntentState, readonly IntentState[]>;

export type WrittenObject = 'Invoice' | 'Payment' | 'Customer' | 'Item' | 'Term';

/** One write as it was recorded before it was sent. */
export type Intent = {
  readonly id: IntentId;
  readonly attemptId: AttemptId;
  readonly side: Side;
  readonly object: WrittenObject;
  /** Our id of the object: the internal id it is made from. */
  readonly objectKey: string;
  readonly operation: Extract<ChangeKind, 'CREATED' | 'UPDATED' | 'VOIDED' | 'DELETED'>;
  readonly state: IntentState;
  /** The exact bytes. */
  readonly body: string;
  readonly bodyHash: string;
  readonly restsOnVersion: Version | null;
  /** That side's id; null for a create until it is known. */
  readonly externalId: string | null;
  /** Newest moment it may have been sent: by database time once it is stored. */
  readonly lastSentAt: Instant;
};
