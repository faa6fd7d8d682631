import { describe, expect, test } from 'vitest';
import {
  deadLetterOf,
  fixFor,
  safetyOf,
  type DeadLetterReason,
} from '#core/attempt/dead-letter.ts';
import type { RefusalReason } from '#core/attempt/failure.ts';

describe('a dead letter', () => {
  const reasons: readonly DeadLetterReason[] = [
    'VALIDATION',
    'PERIOD_CLOSED',
    'MISSING_REFERENCE',
    'DUPLICATE_NUMBER',
    'MAPPING',
    'RETRIES_EXHAUSTED',
    'AUTHORIZATION',
    'AMBIGUOUS_WRITE',
  ];
  const refusal = (reason: RefusalReason, code: string, element: string | null) =>
    deadLetterOf({
      kind: 'refused',
      reason,
      httpStatus: 400,
      fault: { code, message: 'Refused', detail: null, element },
      existingId: null,
      mayHaveCommitted: false,
    });

  test.each(reasons)('of %s says what to do and whether a replay could do harm', (reason) => {
    expect(fixFor(reason).length).toBeGreaterThan(0);
    expect([...fixFor(reason), safetyOf(reason).why].every((text) => text.endsWith('.'))).toBe(
      true,
    );
  });

  test('warns of a replay only where an earlier write may have made a document', () => {
    expect(reasons.filter((reason) => safetyOf(reason).safety === 'RISKY')).toEqual([
      'AMBIGUOUS_WRITE',
    ]);
  });

  test('of a refusal has the reason, its words and its fix', () => {
    expect(refusal('PERIOD_CLOSED', '6200', null)).toEqual({
      reason: 'PERIOD_CLOSED',
      explanation:
        'QuickBooks refused because the books are closed for that date, so nothing was written.',
      suggestedFix: fixFor('PERIOD_CLOSED'),
      cause: 'PERIOD_CLOSED:6200:',
    });
  });

  test('shares its cause with those of the same code and element alone', () => {
    const one = refusal('VALIDATION', '2050', 'DocNumber');

    expect(refusal('VALIDATION', '2050', 'DocNumber').cause).toBe(one.cause);
    expect(refusal('VALIDATION', '2050', 'PrivateNote').cause).not.toBe(one.cause);
    expect(refusal('VALIDATION', '2170', 'DocNumber').cause).not.toBe(one.cause);
  });
});
