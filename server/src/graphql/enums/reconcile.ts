import { builder } from '../builder.ts';

/** Words of reconcile runs and bulk operations. */
export const ReconcileStatusEnum = builder.enumType('ReconcileStatus', {
  description: 'Life of a reconcile run.',
  values: {
    QUEUED: { description: 'Waiting to start.' },
    RUNNING: { description: 'Comparing.' },
    CLEAN: { description: 'Finished with no drift.' },
    DRIFT_FOUND: { description: 'Finished and found drift.' },
    CANCELLED: { description: 'Stopped by a person.' },
    FAILED: { description: 'Could not finish.' },
  } as const,
});

export const ReconcileTriggerEnum = builder.enumType('ReconcileTrigger', {
  description: 'Why a reconcile was run.',
  values: {
    POLL: { description: 'The regular look at what changed, every few minutes.' },
    DAILY: { description: 'The full sweep of the day.' },
    PERSON: { description: 'A person asked for it.' },
    RESTORE: { description: 'The database was restored; nothing is written before its end.' },
  } as const,
});

export const ReconcileScopeEnum = builder.enumType('ReconcileScope', {
  description: 'What a reconcile run covers.',
  values: {
    FULL: { description: 'Every linked or linkable invoice.' },
    INCREMENTAL: { description: 'Only what changed since the last clean run.' },
    WINDOW: { description: 'A given date window.' },
  } as const,
});

export const DriftKindEnum = builder.enumType('DriftKind', {
  description: 'What kind of disagreement a reconcile found.',
  values: {
    MISSING_IN_QUICKBOOKS: { description: 'On the internal side only.' },
    MISSING_INTERNALLY: { description: 'In QuickBooks only.' },
    FIELD_MISMATCH: { description: 'Linked, but a field differs with no change in flight.' },
    SUSPECTED_DUPLICATE: { description: 'Two QuickBooks documents look like the same invoice.' },
    BROKEN_LINK: { description: 'The link points at something deleted.' },
    BEFORE_GO_LIVE: { description: 'An invoice dated before go-live changed on one side.' },
    UNEXPLAINED_TOTAL: { description: 'Totals differ and nothing explains it.' },
  } as const,
});

export const DriftStatusEnum = builder.enumType('DriftStatus', {
  description: 'Life of a drift.',
  values: {
    OPEN: { description: 'Found, nobody acted.' },
    REPAIRING: { description: 'Repair is crossing.' },
    REPAIRED: { description: 'Repaired and verified.' },
    ACCEPTED: { description: 'A person accepted the difference, with a reason.' },
  } as const,
});
