import type { CallFailure } from './failure.ts';

/** What a failure leads to. */
export type Disposition = {
  readonly then:
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
  'stale-version': { then: 'observe-again', costsAttempt: false }, // someone else wrote first: merge anew, never force
  throttled: { then: 'snooze', costsAttempt: false }, // nobody's fault
  'not-sent': { then: 'retry', costsAttempt: true },
  'read-failed': { then: 'retry', costsAttempt: true },
  'no-answer': { then: 'settle-by-evidence', costsAttempt: false }, // it may have happened: look before writing
  refused: { then: 'dead-letter', costsAttempt: false }, // the same request would be refused again
  'not-found': { then: 'observe-again', costsAttempt: false }, // gone meanwhile: look by id and plan anew
  'access-lapsed': { then: 'reconnect', costsAttempt: false }, // a person must reconnect; nothing is burnt
} as const satisfies Record<CallFailure['kind'], Disposition>;
