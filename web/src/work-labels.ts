import type {
  BulkStatus,
  DeadLetterReason,
  DeadLetterStatus,
  DriftKind,
  DriftStatus,
  ReconcileScope,
  ReconcileStatus,
  ReferenceKind,
  ReplaySafety,
} from './graphql/generated/graphql.ts';
import type { StateLabel, Tone } from './state-labels.ts';

const say = (label: string, tone: Tone, help: string): StateLabel => ({ label, tone, help });

/** Why a change stopped. */
export const deadLetterReasonLabels: Record<DeadLetterReason, string> = {
  RETRIES_EXHAUSTED: 'Tried many times',
  VALIDATION: 'Refused',
  PERIOD_CLOSED: 'Books closed',
  MISSING_REFERENCE: 'Record missing',
  DUPLICATE_NUMBER: 'Number taken',
  AUTHORIZATION: 'No access',
  MAPPING: 'Not translated',
  AMBIGUOUS_WRITE: 'Outcome unknown',
};

/** Where a dead letter stands. */
export const deadLetterStatusLabels: Record<DeadLetterStatus, StateLabel> = {
  OPEN: say('Waits for you', 'waiting-on-you', 'It stays where it is until a person acts.'),
  REPLAYING: say('On its way again', 'moving', 'Sent round again; compared anew, never forced.'),
  REPLAYED: say('Went across', 'done', 'Sent round again, and it settled.'),
  DISCARDED: say('Discarded', 'quiet', 'A person decided that it is not needed.'),
  SUPERSEDED: say('Healed by news', 'done', 'A newer change of the invoice made it moot.'),
};

/** Whether a replay could do harm. */
export const replaySafetyLabels: Record<ReplaySafety, StateLabel> = {
  SAFE: say('Safe to replay', 'done', 'A repeat cannot write twice.'),
  RECHECKED: say('Compared again', 'moving', 'It is compared anew first, and never forced.'),
  POINTLESS: say('Pointless until fixed', 'quiet', 'It would fail the same way.'),
  RISKY: say('Risky', 'waiting-on-you', 'It could make a second document.'),
};

/** What a bulk replay does with each verdict. */
export const replaySafetyInBulk: Record<ReplaySafety, string> = {
  SAFE: 'Safe to replay',
  RECHECKED: 'Compared again first',
  POINTLESS: 'Left out, pointless until fixed',
  RISKY: 'Left out, each needs its number typed',
};

/** Where a bulk operation stands. */
export const bulkStatusLabels: Record<BulkStatus, StateLabel> = {
  QUEUED: say('Starting', 'moving', 'Accepted; it begins in a moment.'),
  RUNNING: say('Running', 'moving', 'Taken forward one by one.'),
  SUCCEEDED: say('Done', 'done', 'Every item is done.'),
  PARTIAL: say('Done in part', 'waiting-on-you', 'Done; some items failed.'),
  CANCELLED: say('Stopped', 'quiet', 'Stopped by a person; finished items stay finished.'),
};

/** Where a reconcile run stands. */
export const reconcileStatusLabels: Record<ReconcileStatus, StateLabel> = {
  QUEUED: say('Starting', 'moving', 'It begins in a moment.'),
  RUNNING: say('Comparing', 'moving', 'Both sides are being compared.'),
  CLEAN: say('No drift', 'done', 'Everything compared agrees, or is explained.'),
  DRIFT_FOUND: say(
    'Drift found',
    'waiting-on-you',
    'Some invoices disagree outside the usual way.',
  ),
  CANCELLED: say('Stopped', 'quiet', 'A person stopped it.'),
  FAILED: say('Could not finish', 'waiting-on-you', 'It could not finish; start another one.'),
};

/** What a reconcile run covers. */
export const reconcileScopeLabels: Record<ReconcileScope, string> = {
  FULL: 'Every invoice',
  INCREMENTAL: 'What changed since the last clean run',
  WINDOW: 'Between two dates',
};

/** What kind of disagreement was found. */
export const driftKindLabels: Record<DriftKind, { readonly label: string; readonly help: string }> =
  {
    MISSING_IN_QUICKBOOKS: {
      label: 'Missing in QuickBooks',
      help: 'It is on the internal side only.',
    },
    MISSING_INTERNALLY: { label: 'Missing internally', help: 'It is in QuickBooks only.' },
    FIELD_MISMATCH: {
      label: 'A field differs',
      help: 'Linked, but a field differs and no change is on its way.',
    },
    SUSPECTED_DUPLICATE: {
      label: 'Looks like a duplicate',
      help: 'Two QuickBooks documents look like one invoice; both are held.',
    },
    BROKEN_LINK: { label: 'Counterpart gone', help: 'What it was linked to was deleted.' },
    BEFORE_GO_LIVE: {
      label: 'From before go-live',
      help: 'An invoice dated before go-live changed on one side.',
    },
    UNEXPLAINED_TOTAL: {
      label: 'Total not explained',
      help: 'The totals differ and nothing explains it.',
    },
  };

/** Where a drift stands. */
export const driftStatusLabels: Record<DriftStatus, StateLabel> = {
  OPEN: say('Waits for you', 'waiting-on-you', 'Found; nobody has acted yet.'),
  REPAIRING: say('Being repaired', 'moving', 'Its repair is crossing.'),
  REPAIRED: say('Repaired', 'done', 'Repaired, and checked.'),
  ACCEPTED: say('Accepted', 'quiet', 'A person accepted the difference, with a reason.'),
};

/** Kinds of records that invoices refer to. */
export const referenceKindLabels: Record<ReferenceKind, string> = {
  CUSTOMER: 'Customer',
  ITEM: 'Item',
  TAX_CODE: 'Tax code',
  TERMS: 'Payment terms',
  PAYMENT_METHOD: 'Payment method',
  INCOME_ACCOUNT: 'Income account',
};
