import type { CallFailure } from './failure.ts';

/** What a failure leads to. */
export type Disposition = {
  readonly next:
    | 'observe-again'
    | 'snooze'
    | 'retry'
    | 'settle-by-evidence'
    | 'dead-letter'
    | 'reconnect';
  readonly costsAttempt: boolean;
};

/** The whole failure policy, total by type (architecture.md §3, "Failures lead by kind"). */
export const dispositionOf = {
  'stale-version': { next: 'observe-again', costsAttempt: false }, // someone else wrote first: merge anew, never force
  throttled: { next: 'snooze', costsAttempt: false }, // nobody's fault
  'not-sent': { next: 'retry', costsAttempt: true },
  'read-failed': { next: 'retry', costsAttempt: true },
  'no-answer': { next: 'settle-by-evidence', costsAttempt: false }, // it may have happened: look before writing
  refused: { next: 'dead-letter', costsAttempt: false }, // the same request would be refused again
  'not-found': { next: 'observe-again', costsAttempt: false }, // gone meanwhile: look by id and plan anew
  'access-lapsed': { next: 'reconnect', costsAttempt: false }, // a person must reconnect; nothing is burnt
} as const satisfies Record<CallFailure['kind'], Disposition>;
