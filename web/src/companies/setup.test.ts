import { expect, test } from 'vitest';
import { neighboursOf, reachable, stepFor } from './setup.ts';

test.each([
  ['AWAITING_AUTHORIZATION', 'SHADOW', 'plan', 'connect'],
  ['NEEDS_RECONNECT', 'LIVE', undefined, 'connect'],
  ['ACTIVE', 'SHADOW', undefined, 'checks'],
  ['ACTIVE', 'SHADOW', 'plan', 'plan'],
  ['ACTIVE', 'LIVE', undefined, 'live'],
] as const)('a company that is %s and %s, asked for %s, shows %s', (status, mode, asked, shown) => {
  expect(stepFor({ status, mode }, asked)).toBe(shown);
});

test('no step opens before both sides are connected', () => {
  expect(reachable({ status: 'AWAITING_AUTHORIZATION', mode: 'SHADOW' })).toBe('connect');
  expect(neighboursOf('connect').before).toBeUndefined();
  expect(neighboursOf('live').after).toBeUndefined();
});
