import { describe, expect, test } from 'vitest';
import {
  deadLetterReasons,
  replayFacts,
  replayVerdict,
  storedWithVerdict,
  verdictOn,
  type ReplayFact,
} from '#core/attempt/replay-verdict.ts';

const everySet = replayFacts.reduce<readonly (readonly ReplayFact[])[]>(
  (all, fact) => [...all, ...all.map((facts) => [...facts, fact])],
  [[]],
);
const every = deadLetterReasons.flatMap((reason) =>
  everySet.map((facts) => ({ reason, facts, verdict: replayVerdict(reason, new Set(facts)) })),
);
const has = (facts: readonly ReplayFact[], ...some: readonly ReplayFact[]) =>
  some.some((fact) => facts.includes(fact));
const stopped: readonly ReplayFact[] = ['NOT_CONNECTED', 'PAUSED'];

describe('the verdict on a replay', () => {
  test.each([
    ['VALIDATION', [], 'POINTLESS'],
    ['VALIDATION', ['MOVED'], 'RECHECKED'],
    ['DUPLICATE_NUMBER', [], 'POINTLESS'],
    ['DUPLICATE_NUMBER', ['GONE'], 'RECHECKED'],
    ['PERIOD_CLOSED', [], 'SAFE'],
    ['PERIOD_CLOSED', ['CLOSED'], 'RECHECKED'],
    ['MISSING_REFERENCE', [], 'RECHECKED'],
    ['MISSING_REFERENCE', ['REFERENCES_THERE'], 'SAFE'],
    ['MAPPING', [], 'RECHECKED'],
    ['RETRIES_EXHAUSTED', [], 'SAFE'],
    ['RETRIES_EXHAUSTED', ['IN_DOUBT'], 'RECHECKED'],
    ['RETRIES_EXHAUSTED', ['NOT_CONNECTED'], 'POINTLESS'],
    ['AUTHORIZATION', ['NOT_CONNECTED'], 'POINTLESS'],
    ['AUTHORIZATION', [], 'SAFE'],
    ['AMBIGUOUS_WRITE', ['MOVED', 'GONE'], 'RISKY'],
    ['RETRIES_EXHAUSTED', ['SUSPECTED_TWIN'], 'RISKY'],
  ] as const)('of %s with %j known is %s', (reason, facts, safety) => {
    expect(replayVerdict(reason, new Set(facts)).safety).toBe(safety);
  });

  test('is pointless wherever nothing can be sent, whatever else holds', () => {
    for (const { facts, verdict } of every)
      if (has(facts, ...stopped)) expect(verdict.safety).toBe('POINTLESS');
  });

  test('warns of every replay that could make a second document, and of no other', () => {
    for (const { reason, facts, verdict } of every) {
      const isRisky = reason === 'AMBIGUOUS_WRITE' || has(facts, 'SUSPECTED_TWIN');
      expect(verdict.safety === 'RISKY').toBe(isRisky && !has(facts, ...stopped));
    }
  });

  test('calls nothing safe that is in doubt, gone or has moved, or that is dated in closed books', () => {
    for (const { reason, facts, verdict } of every)
      if (
        has(facts, 'IN_DOUBT', 'GONE', 'MOVED') ||
        (reason === 'PERIOD_CLOSED' && has(facts, 'CLOSED'))
      )
        expect(verdict.safety).not.toBe('SAFE');
  });

  test('says why in one sentence', () => {
    for (const { verdict } of every) expect(verdict.why).toMatch(/^[A-Z].*\.$/);
  });
});

describe('a filter by verdict', () => {
  test('finds each dead letter under the one verdict it has', () => {
    const found = (['SAFE', 'RECHECKED', 'POINTLESS', 'RISKY'] as const).flatMap((safety) => {
      const stored = storedWithVerdict([safety]);
      for (const text of stored) expect(verdictOn(text).safety).toBe(safety);
      return stored;
    });
    expect(new Set(found).size).toBe(every.length);
    expect(found).toHaveLength(every.length);
  });
});
