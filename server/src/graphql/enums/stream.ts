import { builder } from '../builder.ts';

/** Words of the event stream. */
export const SyncEventTypeEnum = builder.enumType('SyncEventType', {
  description: 'Type of a stream event.',
  values: {
    STAGE_CHANGED: { description: 'An invoice change moved to another stage.' },
    CONFLICT_OPENED: { description: 'A conflict was opened.' },
    CONFLICT_CHANGED: { description: 'A conflict changed (resolved, undone, superseded).' },
    DEAD_LETTERED: { description: 'A change was dead-lettered.' },
    DEAD_LETTER_CHANGED: { description: 'A dead letter changed (replayed, discarded).' },
    RECONCILE_CHANGED: { description: 'A reconcile run moved on.' },
    COMPANY_CHANGED: { description: "A company's status or health changed." },
    POLICY_CHANGED: { description: 'A field rule changed.' },
    BULK_CHANGED: { description: 'A bulk operation moved on.' },
    INVOICE_CHANGED: {
      description: 'An invoice changed otherwise (paused, linked, tax variance, back in sync).',
    },
    REFERENCE_CHANGED: { description: 'A reference changed.' },
    DRIFT_CHANGED: { description: 'A drift was found or changed.' },
  } as const,
});
