import { builder } from '../builder.ts';

/** Words of a crossing: what is told, where it goes, where it stands. */
export const SideEnum = builder.enumType('Side', {
  description: 'One of the two systems of record.',
  values: {
    INTERNAL: { description: 'The internal invoicing system.' },
    QUICKBOOKS: { description: 'QuickBooks Online.' },
  } as const,
});

export const DirectionEnum = builder.enumType('Direction', {
  description: 'Which way a change is travelling.',
  values: {
    TO_QUICKBOOKS: { description: 'Internal change on its way to QuickBooks.' },
    TO_INTERNAL: { description: 'QuickBooks change on its way to internal invoicing.' },
  } as const,
});

export const SyncStageEnum = builder.enumType('SyncStage', {
  description: 'Step of the crossing; the live view draws these in order.',
  values: {
    DETECTED: { description: 'A webhook, poll or internal write told us something changed.' },
    QUEUED: { description: 'Stored durably in the outbox; cannot be lost from here on.' },
    CLAIMED: { description: 'A worker holds the lease.' },
    MAPPED: { description: 'Both sides put in the same terms; references resolved.' },
    COMPARED: { description: 'Three-way compared with base; decided what to write.' },
    SENDING: { description: 'Request is on the wire.' },
    ACKNOWLEDGED: { description: 'The other side answered with success.' },
    VERIFIED: { description: "The answer's content was compared with what was meant." },
    SETTLED: { description: 'Base snapshot advanced; crossing is over.' },
    RETRY_SCHEDULED: { description: 'A temporary failure; another try is scheduled.' },
    HELD: { description: 'Stopped because of an open conflict.' },
    DEAD_LETTERED: { description: 'Stopped for good until a person acts.' },
    SKIPPED: { description: 'Nothing to do: our own echo, or already equal.' },
  } as const,
});

export const ChangeKindEnum = builder.enumType('ChangeKind', {
  description: 'What kind of change is crossing.',
  values: {
    CREATED: { description: 'Invoice created.' },
    UPDATED: { description: 'Fields edited.' },
    PAYMENT_APPLIED: { description: 'Payment applied.' },
    PAYMENT_CHANGED: { description: 'Payment changed.' },
    PAYMENT_REMOVED: { description: 'Payment removed.' },
    REFERENCE_CHANGED: { description: 'A customer, item or other referenced record changed.' },
    OTHER: { description: 'Anything else, kept and shown, acted on only as a hint.' },
    VOIDED: { description: 'Voided, amounts zeroed, number kept.' },
    DELETED: { description: 'Deleted on its side.' },
  } as const,
});

export const EventSourceEnum = builder.enumType('EventSource', {
  description: 'Who told the bridge that something changed.',
  values: {
    INVOICING_WEBHOOK: { description: 'Webhook of the internal invoicing system.' },
    QUICKBOOKS_WEBHOOK: { description: 'Webhook of QuickBooks.' },
    POLL: { description: 'Poll of what changed in QuickBooks or in internal invoicing.' },
    RECONCILE: { description: 'Reconcile run that found a disagreement.' },
    OPERATOR: { description: 'A person: replay, resolution, sync now.' },
  } as const,
});

export const AttemptOutcomeEnum = builder.enumType('AttemptOutcome', {
  description: 'How one attempt ended.',
  values: {
    SUCCEEDED: { description: 'Written and acknowledged.' },
    RETRYABLE: { description: 'Not sent, or a read that failed; worth another try.' },
    THROTTLED: { description: 'The other side throttled us.' },
    STALE: { description: 'The other side holds a newer version (QuickBooks SyncToken mismatch).' },
    REJECTED: { description: 'Refused for good (validation, closed period, missing reference).' },
    UNKNOWN: {
      description:
        'A write without a clear answer (none, a 5xx, an unreadable one); settled by evidence before anything else is tried.',
    },
  } as const,
});

export const IntentStateEnum = builder.enumType('IntentState', {
  description: 'Where a write stands.',
  values: {
    PREPARED: { description: 'Written down, not sent yet.' },
    SENT: { description: 'Sent, no answer yet.' },
    ACKNOWLEDGED: { description: 'Acknowledged, or found done.' },
    REFUSED: { description: 'Refused for good.' },
    UNCERTAIN: { description: 'No clear answer; being settled by evidence.' },
  } as const,
});
