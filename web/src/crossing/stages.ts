import type { SyncStage } from '../graphql/generated/graphql.ts';

/** The nine piers of the bridge, in the order a change passes them (api-and-web.md §2.2). */
export const piers = [
  'DETECTED',
  'QUEUED',
  'CLAIMED',
  'MAPPED',
  'COMPARED',
  'SENDING',
  'ACKNOWLEDGED',
  'VERIFIED',
  'SETTLED',
] as const satisfies readonly SyncStage[];

/** A stage on the way across. */
export type PierStage = (typeof piers)[number];

/** A place beside the way. */
export type ExitStage = Exclude<SyncStage, PierStage>;

const pierIndex: Record<SyncStage, number> = {
  DETECTED: 0,
  QUEUED: 1,
  CLAIMED: 2,
  MAPPED: 3,
  COMPARED: 4,
  SENDING: 5,
  ACKNOWLEDGED: 6,
  VERIFIED: 7,
  SETTLED: 8,
  RETRY_SCHEDULED: -1,
  HELD: -1,
  DEAD_LETTERED: -1,
  SKIPPED: -1,
};

/** Position among the piers, from 0; -1 for a place beside the way. */
export function pierIndexOf(stage: SyncStage): number {
  return pierIndex[stage];
}

/** True for a stage on the way across. */
export function isPier(stage: SyncStage): stage is PierStage {
  return pierIndex[stage] >= 0;
}

/** True for a place beside the way. */
export function isExit(stage: SyncStage): stage is ExitStage {
  return pierIndex[stage] < 0;
}

/** True when nothing more happens to this change by itself. */
export function hasEnded(stage: SyncStage): boolean {
  return (
    stage === 'SETTLED' || stage === 'SKIPPED' || stage === 'DEAD_LETTERED' || stage === 'HELD'
  );
}
