import type { DriftKind, DriftStatus } from './graphql/generated/graphql.ts';

/** States the drifts of a run narrow to, in the order offered. */
export const driftStatuses: readonly DriftStatus[] = ['OPEN', 'REPAIRING', 'REPAIRED', 'ACCEPTED'];

/** Kinds the drifts of a run narrow to. */
export const driftKinds: readonly DriftKind[] = [
  'FIELD_MISMATCH',
  'MISSING_IN_QUICKBOOKS',
  'MISSING_INTERNALLY',
  'SUSPECTED_DUPLICATE',
  'BROKEN_LINK',
  'BEFORE_GO_LIVE',
  'UNEXPLAINED_TOTAL',
];
