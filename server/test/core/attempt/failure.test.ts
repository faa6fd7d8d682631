import { describe, expect, test } from 'vitest';
import { failed, succeeded } from '#core/attempt/failure.ts';

describe('the outcome of a call', () => {
  test('is a value or a failure, told apart by one flag', () => {
    expect(succeeded(7)).toEqual({ ok: true, value: 7 });
    expect(failed({ kind: 'throttled', retryAfterMs: 1 })).toEqual({
      ok: false,
      failure: { kind: 'throttled', retryAfterMs: 1 },
    });
  });
});
