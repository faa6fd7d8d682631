import { expect, test } from 'vitest';
import { faultRulesBody, FaultRules } from '../../../simulator/control/faults.ts';
import { seededRandom } from '../../../simulator/control/random.ts';

const create = { operation: 'create', entity: 'Invoice', requestId: 'r1' } as const;
const read = { operation: 'read', entity: 'Invoice', requestId: null } as const;

function rulesOf(rules: unknown): FaultRules {
  const faults = new FaultRules(seededRandom('faults'));
  faults.replace(faultRulesBody.parse({ rules }).rules);
  return faults;
}

test('a rule fires only for what it names; entities compare without case', () => {
  const faults = rulesOf([
    { match: { operation: 'create', entity: 'invoice', requestId: 'r1' }, effect: 'drop-after' },
  ]);

  expect(faults.match(create)?.effect).toBe('drop-after');
  expect(faults.match(read)).toBeNull();
  expect(faults.match({ ...create, entity: 'Payment' })).toBeNull();
  expect(faults.match({ ...create, requestId: 'r2' })).toBeNull();
});

test('a rule without a match fires for everything, and the first one that fires wins', () => {
  const faults = rulesOf([
    { effect: 'latency', params: { ms: 5 }, times: 1 },
    { effect: 'status', params: { status: 503, code: 4001 } },
  ]);

  expect(faults.match(read)?.effect).toBe('latency');
  expect(faults.match(read)?.params).toEqual({ status: 503, code: '4001' });
});

test('nth fires exactly at that request, and with times for that many from there on', () => {
  const fired = (rule: object) => {
    const faults = rulesOf([rule]);
    return Array.from({ length: 6 }, () => faults.match(create) !== null);
  };

  expect(fired({ match: { nth: 2 }, effect: 'status' })).toEqual([
    false,
    true,
    false,
    false,
    false,
    false,
  ]);
  expect(fired({ match: { nth: 3 }, times: 2, effect: 'status' })).toEqual([
    false,
    false,
    true,
    true,
    false,
    false,
  ]);
  expect(fired({ times: 2, effect: 'status' })).toEqual([true, true, false, false, false, false]);
});

test('nth counts requests that fit, not those of another operation', () => {
  const faults = rulesOf([{ match: { operation: 'create', nth: 2 }, effect: 'drop-before' }]);

  expect([read, create, read, create].map((query) => faults.match(query)?.effect ?? null)).toEqual([
    null,
    null,
    null,
    'drop-before',
  ]);
});

test('stale answers once unless told otherwise', () => {
  const faults = rulesOf([{ effect: 'stale' }]);
  expect([faults.match(create)?.effect, faults.match(create)]).toEqual(['stale', null]);
});

test('probability is drawn from the seed', () => {
  const draw = () => {
    const faults = rulesOf([{ match: { probability: 0.5 }, effect: 'status' }]);
    return Array.from({ length: 40 }, () => faults.match(create) !== null);
  };

  expect(draw()).toEqual(draw());
  expect(new Set(draw()).size).toBe(2);
});

test('new rules take the place of all old ones', () => {
  const faults = rulesOf([{ effect: 'status' }]);
  faults.replace([]);
  expect(faults.match(create)).toBeNull();
});

test.each([
  [{ rules: [{ effect: 'explode' }] }, 'rules.0.effect'],
  [{ rules: [{ match: { operation: 'guess' }, effect: 'status' }] }, 'rules.0.match.operation'],
  [{ rules: [{ match: { probability: 2 }, effect: 'status' }] }, 'rules.0.match.probability'],
  [{ rules: [{ match: {}, effect: 'status', params: { status: 200 } }] }, 'rules.0.params.status'],
  [{ rules: [{ effect: 'status', times: 0 }] }, 'rules.0.times'],
  [{ rules: 'none' }, 'rules'],
])('a body that is not a list of rules is refused naming the place: %j', (body, path) => {
  const parsed = faultRulesBody.safeParse(body);
  expect(parsed.error?.issues.map((issue) => issue.path.join('.'))).toContain(path);
});
