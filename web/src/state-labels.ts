import type {
  AttemptOutcome,
  AuditAction,
  ChangeKind,
  CompanyMode,
  CompanyStatus,
  ConflictStatus,
  Direction,
  EventSource,
  FieldChoice,
  FieldRule,
  FieldState,
  Health,
  IntentState,
  InvoiceState,
  NotificationKind,
  ReferenceStatus,
  InvoiceSyncStatus,
  Side,
  SyncStage,
} from './graphql/generated/graphql.ts';

/** Who has to move: grey is done, amber waits on the bridge, red waits on a person; `moving` is under way. */
export type Tone = 'done' | 'moving' | 'waiting-on-us' | 'waiting-on-you' | 'quiet';

/** Words for one state; `help` is the sentence a tooltip or a reader gets. */
export type StateLabel = { readonly label: string; readonly tone: Tone; readonly help: string };

const say = (label: string, tone: Tone, help: string): StateLabel => ({ label, tone, help });

/** Words for a direction, alone and within a sentence. */
export type DirectionLabel = {
  readonly label: string;
  readonly within: string;
  readonly arrow: '→' | '←';
};

/** Where an invoice stands. */
export const invoiceStatusLabels: Record<InvoiceSyncStatus, StateLabel> = {
  IN_SYNC: say('In sync', 'done', 'Both sides agree with what was last agreed.'),
  PENDING: say('Pending', 'waiting-on-us', 'A change is known and waits for its turn.'),
  IN_FLIGHT: say('In flight', 'moving', 'A change is being applied right now.'),
  UNCERTAIN: say(
    'Uncertain',
    'waiting-on-us',
    'A write got no answer; the bridge is checking whether it arrived.',
  ),
  CONFLICT: say(
    'Conflict',
    'waiting-on-you',
    'Both sides changed the same field; someone must choose.',
  ),
  DEAD_LETTERED: say(
    'Dead letter',
    'waiting-on-you',
    'The bridge stopped; it needs a fix or a replay.',
  ),
  UNLINKED: say('Unlinked', 'quiet', 'Not synced by choice.'),
  PAUSED: say('Paused', 'quiet', 'A person paused syncing.'),
};

/** Steps of a crossing. */
export const stageLabels: Record<SyncStage, StateLabel> = {
  DETECTED: say('Detected', 'moving', 'Something changed on one side.'),
  QUEUED: say('Queued', 'moving', 'Stored; it cannot be lost from here on.'),
  CLAIMED: say('Claimed', 'moving', 'A worker has taken it up.'),
  MAPPED: say('Mapped', 'moving', 'Both sides are in the same terms.'),
  COMPARED: say('Compared', 'moving', 'Decided what to write.'),
  SENDING: say('Sending', 'moving', 'The request is on the wire.'),
  ACKNOWLEDGED: say('Acknowledged', 'moving', 'The other side answered with success.'),
  VERIFIED: say('Verified', 'moving', 'The answer holds what was meant.'),
  SETTLED: say('Settled', 'done', 'Both sides agree; the crossing is over.'),
  RETRY_SCHEDULED: say(
    'Waiting to retry',
    'waiting-on-us',
    'A temporary failure; another try is scheduled.',
  ),
  HELD: say('Held', 'waiting-on-you', 'Stopped by an open conflict.'),
  DEAD_LETTERED: say('Dead letter', 'waiting-on-you', 'Stopped for good until a person acts.'),
  SKIPPED: say('Skipped', 'done', 'Nothing to do: our own echo, or already equal.'),
};

/** What kind of change is crossing. */
export const changeKindLabels: Record<ChangeKind, string> = {
  CREATED: 'Created',
  UPDATED: 'Updated',
  PAYMENT_APPLIED: 'Payment applied',
  PAYMENT_CHANGED: 'Payment changed',
  PAYMENT_REMOVED: 'Payment removed',
  REFERENCE_CHANGED: 'Reference changed',
  OTHER: 'Other change',
  VOIDED: 'Voided',
  DELETED: 'Deleted',
};

/** What a write does, as a verb before its object: "Create Invoice". */
export const operationVerbs: Record<ChangeKind, string> = {
  CREATED: 'Create',
  UPDATED: 'Update',
  PAYMENT_APPLIED: 'Apply',
  PAYMENT_CHANGED: 'Change',
  PAYMENT_REMOVED: 'Remove',
  REFERENCE_CHANGED: 'Change',
  OTHER: 'Write',
  VOIDED: 'Void',
  DELETED: 'Delete',
};

/** Who told the bridge. */
export const eventSourceLabels: Record<EventSource, string> = {
  INVOICING_WEBHOOK: 'Webhook of internal invoicing',
  QUICKBOOKS_WEBHOOK: 'Webhook of QuickBooks',
  POLL: 'Poll for changes',
  RECONCILE: 'Reconcile run',
  OPERATOR: 'A person',
};

/** How one attempt ended. */
export const attemptOutcomeLabels: Record<AttemptOutcome, StateLabel> = {
  SUCCEEDED: say('Succeeded', 'done', 'Written and acknowledged.'),
  RETRYABLE: say('Will be tried again', 'waiting-on-us', 'Not sent, or a read that failed.'),
  THROTTLED: say(
    'Throttled',
    'waiting-on-us',
    'The other side asked us to slow down; this costs no attempt.',
  ),
  STALE: say(
    'Moved meanwhile',
    'waiting-on-us',
    'The other side holds a newer version; compared anew.',
  ),
  REJECTED: say('Refused', 'waiting-on-you', 'Refused for good.'),
  UNKNOWN: say(
    'No clear answer',
    'waiting-on-us',
    'It may have arrived; settled by evidence before anything else is tried.',
  ),
};

/** Where a write stands. */
export const intentStateLabels: Record<IntentState, StateLabel> = {
  PREPARED: say('Prepared', 'moving', 'Written down, not sent yet.'),
  SENT: say('Sent', 'moving', 'No answer yet.'),
  ACKNOWLEDGED: say('Acknowledged', 'done', 'Acknowledged, or found done.'),
  REFUSED: say('Refused', 'waiting-on-you', 'Refused for good.'),
  UNCERTAIN: say('Uncertain', 'waiting-on-us', 'No clear answer; being settled by evidence.'),
};

/** How the two sides stand for one field. */
export const fieldStateLabels: Record<FieldState, StateLabel> = {
  SAME: say('Same', 'done', 'Equal everywhere.'),
  CHANGED_INTERNALLY: say('Changed internally', 'moving', 'Only the internal side changed.'),
  CHANGED_IN_QUICKBOOKS: say('Changed in QuickBooks', 'moving', 'Only QuickBooks changed.'),
  CONVERGED: say('Changed alike', 'done', 'Both changed, to the same value.'),
  DIVERGED: say('Differs', 'waiting-on-you', 'Both changed, to different values.'),
};

/** Where a conflict stands. */
export const conflictStatusLabels: Record<ConflictStatus, StateLabel> = {
  OPEN: say('Waits for you', 'waiting-on-you', 'Both sides changed the same field.'),
  UNDO_WINDOW: say('Decided', 'waiting-on-us', 'Decided; it can still be taken back.'),
  APPLYING: say('Crossing', 'moving', 'The decision is on its way to the sides that must change.'),
  RESOLVED: say('Both sides equal', 'done', 'Both sides hold what was decided.'),
  SUPERSEDED: say('Ended by itself', 'done', 'Later changes made the sides agree.'),
};

/** What was picked for a disputed field. */
export const fieldChoiceLabels: Record<FieldChoice, string> = {
  KEEP_INTERNAL: 'Internal',
  KEEP_QUICKBOOKS: 'QuickBooks',
  KEEP_BASE: 'Last agreed',
  CUSTOM: 'A value of one’s own',
};

/** What happens to a field that both sides change, beside its values. */
export const comparedRuleLabels: Record<FieldRule, string> = {
  ASK: 'A person decides',
  LATEST_WINS: 'The later change wins',
  INTERNAL_WINS: 'Internal wins',
  QUICKBOOKS_WINS: 'QuickBooks wins',
  READ_ONLY: 'Never written',
};

/** Status of an invoice as its own side sees it. */
export const invoiceStateLabels: Record<InvoiceState, string> = {
  DRAFT: 'Draft',
  OPEN: 'Open',
  PARTIALLY_PAID: 'Partly paid',
  PAID: 'Paid',
  VOID: 'Void',
  DELETED: 'Deleted',
};

/** The two systems of record. */
export const sideLabels: Record<Side, string> = {
  INTERNAL: 'Internal',
  QUICKBOOKS: 'QuickBooks',
};

/** Which way a change travels; internal is always drawn left, so the arrow is the way the data moves. */
export const directionLabels: Record<Direction, DirectionLabel> = {
  TO_QUICKBOOKS: { label: 'To QuickBooks', within: 'to QuickBooks', arrow: '→' },
  TO_INTERNAL: { label: 'To internal', within: 'to internal', arrow: '←' },
};

/** Traffic light, always with its word. */
export const healthLabels: Record<Health, StateLabel> = {
  OK: say('Working', 'done', 'Working.'),
  DEGRADED: say('Degraded', 'waiting-on-us', 'Slower or partly failing.'),
  DOWN: say('Down', 'waiting-on-you', 'Not working.'),
};

/** What a look at both sides found, before going live. */
export const findingLabels: Record<Health, StateLabel> = {
  OK: say('Fine', 'done', 'As the bridge needs it.'),
  DEGRADED: say('Have a look', 'waiting-on-us', 'It goes on, but not as well as it could.'),
  DOWN: say('In the way', 'waiting-on-you', 'Going live waits for it.'),
};

/** State of the link to a QuickBooks company. */
export const companyStatusLabels: Record<CompanyStatus, StateLabel> = {
  AWAITING_AUTHORIZATION: say(
    'Not connected',
    'waiting-on-you',
    'QuickBooks is not connected yet.',
  ),
  ACTIVE: say('Active', 'done', 'Authorised and syncing.'),
  PAUSED: say('Paused', 'quiet', 'A person paused it.'),
  NEEDS_RECONNECT: say(
    'Reconnect',
    'waiting-on-you',
    'Authorisation lapsed; a person must reconnect.',
  ),
  DISCONNECTED: say('Disconnected', 'quiet', 'Disconnected; history kept.'),
};

/** Whether writes leave the bridge. */
export const companyModeLabels: Record<CompanyMode, string> = {
  SHADOW: 'Shadow: writes are only planned',
  LIVE: 'Live',
};

/** What was done, for the audit trail. */
export const auditActionLabels: Record<AuditAction, string> = {
  WRITE: 'Write',
  BASE_ADVANCED: 'Base advanced',
  CONFLICT_RESOLVED: 'Conflict resolved',
  UNDONE: 'Undone',
  REPLAYED: 'Replayed',
  DISCARDED: 'Discarded',
  POLICY_CHANGED: 'Rule changed',
  COMPANY_CHANGED: 'Company changed',
  LINK_CHANGED: 'Link changed',
  RECONCILED: 'Reconciled',
  API_CLIENT_CHANGED: 'API client changed',
  STATE_CHANGED: 'State changed',
  CONFLICT_OPENED: 'Conflict opened',
  CONFLICT_SUPERSEDED: 'Conflict superseded',
  DEAD_LETTERED: 'Dead-lettered',
  DRIFT_FOUND: 'Drift found',
  DRIFT_ACCEPTED: 'Drift accepted',
  REFERENCE_MAPPED: 'Reference mapped',
  PAUSED: 'Paused or restarted',
  BULK: 'Bulk operation',
};

/** How a reference stands. */
export const referenceStatusLabels: Record<ReferenceStatus, StateLabel> = {
  MATCHED: say('Paired', 'done', 'Both sides know it.'),
  AMBIGUOUS: say('Which one?', 'waiting-on-you', 'Near matches exist; a person must pick.'),
  MISSING: say('Missing', 'waiting-on-you', 'The other side has no counterpart.'),
};

/** What people can be told about. */
export const notificationKindLabels: Record<NotificationKind, string> = {
  CONFLICT: 'A conflict was opened',
  DEAD_LETTER: 'A change was dead-lettered',
  ACCESS: 'QuickBooks access lapsed or will soon',
  DRIFT: 'A reconcile found drift that waits for a person',
};
