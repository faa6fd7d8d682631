import { describe, expect, test } from 'vitest';
import { deadLetterOf, fixFor, type DeadLetterReason } from '#core/attempt/dead-letter.ts';
import type { Fault, RefusalReason } from '#core/attempt/failure.ts';

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
  const refused = (reason: RefusalReason, fault: Omit<Fault, 'message'>) =>
    ({
      kind: 'refused',
      reason,
      httpStatus: 400,
      fault: { message: 'Refused', ...fault },
      existingId: null,
      mayHaveCommitted: false,
    }) as const;
  const refusal = (reason: RefusalReason, code: string, element: string | null) =>
    deadLetterOf(refused(reason, { code, detail: null, element }), 'quickbooks');

  test.each(reasons)('of %s says what to do', (reason) => {
    expect(fixFor(reason).length).toBeGreaterThan(0);
    expect(fixFor(reason).every((text) => text.endsWith('.'))).toBe(true);
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

  test('of a refusal by internal invoicing names the field and what is wrong with it', () => {
    const failure = refused('VALIDATION', {
      code: '422',
      element: 'lines[0].taxCode',
      detail: 'is not known',
    });

    const letter = deadLetterOf(failure, 'internal');

    expect(letter.explanation).toBe(
      'Internal invoicing refused the change made in QuickBooks, so nothing was written there: lines[0].taxCode: is not known',
    );
    expect(letter.suggestedFix[0]).toMatch(/^Correct the invoice in QuickBooks/);
    expect(letter.cause).not.toBe(deadLetterOf(failure, 'quickbooks').cause);
  });
});
