import { describe, expect, test } from 'vitest';
import { dispositionOf } from '#core/attempt/disposition.ts';

describe('the disposition of a failure', () => {
  test('is the table of the architecture, kind by kind', () => {
    expect(dispositionOf).toEqual({
      'stale-version': { next: 'observe-again', costsAttempt: false },
      throttled: { next: 'snooze', costsAttempt: false },
      'not-sent': { next: 'retry', costsAttempt: true },
      'read-failed': { next: 'retry', costsAttempt: true },
      'no-answer': { next: 'settle-by-evidence', costsAttempt: false },
      refused: { next: 'dead-letter', costsAttempt: false },
      'not-found': { next: 'observe-again', costsAttempt: false },
      'access-lapsed': { next: 'reconnect', costsAttempt: false },
    });
  });

  test('lets only what is simply tried again cost an attempt', () => {
    const costing = Object.values(dispositionOf).filter(({ costsAttempt }) => costsAttempt);

    expect(costing.every(({ next }) => next === 'retry')).toBe(true);
  });
});
