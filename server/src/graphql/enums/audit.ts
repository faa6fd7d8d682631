import { builder } from '../builder.ts';

/** Words of the audit trail. */
export const AuditActionEnum = builder.enumType('AuditAction', {
  description: 'What was done, for the audit trail.',
  values: {
    WRITE: { description: 'The bridge wrote to a side.' },
    BASE_ADVANCED: { description: 'The base snapshot moved.' },
    CONFLICT_RESOLVED: { description: 'A conflict was resolved.' },
    UNDONE: { description: 'A conflict decision was undone.' },
    REPLAYED: { description: 'A dead letter was replayed.' },
    DISCARDED: { description: 'A dead letter was discarded.' },
    POLICY_CHANGED: { description: 'A rule was changed.' },
    COMPANY_CHANGED: { description: 'A company was connected, paused, resumed or disconnected.' },
    LINK_CHANGED: { description: 'Two documents were linked or unlinked by hand.' },
    RECONCILED: { description: 'A reconcile was started, finished or repaired something.' },
    API_CLIENT_CHANGED: { description: 'An API client was made, rotated or revoked.' },
    STATE_CHANGED: { description: 'A link moved to another state.' },
    CONFLICT_OPENED: { description: 'A conflict was opened.' },
    CONFLICT_SUPERSEDED: { description: 'A conflict closed by itself because the sides agree.' },
    DEAD_LETTERED: { description: 'A change was dead-lettered.' },
    DRIFT_FOUND: { description: 'A drift was found.' },
    DRIFT_ACCEPTED: { description: 'A drift was accepted.' },
    REFERENCE_MAPPED: { description: 'A reference was mapped.' },
    PAUSED: { description: 'An invoice was paused or restarted.' },
    BULK: { description: 'A bulk operation was started, finished or cancelled.' },
  } as const,
});
