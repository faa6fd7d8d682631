import type { Instant } from '../brand.ts';

/** Step of a crossing, in the order the live view draws them; the last four are exits. */
export const stages = [
  'DETECTED',
  'QUEUED',
  'CLAIMED',
  'MAPPED',
  'COMPARED',
  'SENDING',
  'ACKNOWLEDGED',
  'VERIFIED',
  'SETTLED',
  'RETRY_SCHEDULED',
  'HELD',
  'DEAD_LETTERED',
  'SKIPPED',
] as const;
export type Stage = (typeof stages)[number];

/** A stage entered, as it is kept on the event. */
export type StageMark = {
  readonly stage: Stage;
  readonly at: Instant;
  /** Plain note for the person who watches. */
  readonly note: string | null;
};

/** Where an event may go from each stage; a stage without moves ends it. */
export const stageMoves = {
  DETECTED: ['QUEUED'],
  QUEUED: ['CLAIMED', 'SKIPPED'],
  CLAIMED: ['CLAIMED', 'MAPPED', 'SENDING', 'RETRY_SCHEDULED', 'DEAD_LETTERED', 'SKIPPED'],
  MAPPED: ['COMPARED'],
  COMPARED: ['SENDING', 'SETTLED', 'HELD', 'DEAD_LETTERED', 'SKIPPED'],
  SENDING: ['ACKNOWLEDGED', 'CLAIMED', 'RETRY_SCHEDULED', 'DEAD_LETTERED'],
  ACKNOWLEDGED: ['VERIFIED'],
  VERIFIED: ['SETTLED', 'HELD', 'CLAIMED'],
  RETRY_SCHEDULED: ['CLAIMED'],
  HELD: ['CLAIMED', 'SKIPPED'],
  DEAD_LETTERED: [],
  SETTLED: [],
  SKIPPED: [],
} as const satisfies Record<Stage, readonly Stage[]>;

/** Whether a crossing in this stage needs nothing more by itself. */
export const isEnded = (stage: Stage): boolean =>
  stage === 'SETTLED' || stage === 'SKIPPED' || stage === 'DEAD_LETTERED';
