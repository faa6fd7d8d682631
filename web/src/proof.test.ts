import { expect, test } from 'vitest';
import type { ProofRunFragment } from './graphql/generated/graphql.ts';
import { isEqual, isExplained, proofsOf } from './proof.ts';

const company = { id: 'acme', name: 'Acme Books' };
const usd = (amount: string) => ({ amount, currency: 'USD' });

const run = (
  id: string,
  status: ProofRunFragment['status'],
  differences: readonly string[],
): ProofRunFragment => ({
  id,
  version: 1,
  status,
  scope: 'FULL',
  progress: 1,
  startedAt: `2026-11-30T0${id}:00:00Z`,
  finishedAt: `2026-11-30T0${id}:01:00Z`,
  driftCount: 0,
  compared: 10,
  company,
  controlTotals: differences.map((difference) => ({
    currency: 'USD',
    internalTotal: usd('100.00'),
    quickbooksTotal: usd('100.00'),
    difference: usd(difference),
  })),
  residual: [],
});

test('the newest run that counted both sides is the proof, and the last equal one is remembered', () => {
  const runs = [
    run('4', 'RUNNING', []),
    run('3', 'DRIFT_FOUND', ['12.00']),
    run('2', 'CLEAN', ['0.00']),
  ];
  const [proof] = proofsOf([company], runs);
  expect(proof?.running?.id).toBe('4');
  expect(proof?.counted?.id).toBe('3');
  expect(proof?.equalAt).toBe('2026-11-30T02:01:00Z');
});

test('a run that failed, or counted nothing, proves nothing', () => {
  const [proof] = proofsOf([company], [run('3', 'FAILED', ['0.00']), run('2', 'CLEAN', [])]);
  expect(proof).toMatchObject({ counted: null, equalAt: null, running: null });
});

test('totals are equal only when they are so in every currency', () => {
  expect(isEqual(run('1', 'CLEAN', ['0.00', '-0.00']))).toBe(true);
  expect(isEqual(run('1', 'DRIFT_FOUND', ['0.00', '0.01']))).toBe(false);
});

test('a difference is explained only where every reason for it needs nobody', () => {
  const apart = (...reasons: readonly string[]) => ({
    residual: reasons.map((reason) => ({ reason, invoiceCount: 1, amount: usd('649.00') })),
  });
  expect(isExplained(apart('before go-live', 'in flight'))).toBe(true);
  expect(isExplained(apart('before go-live', 'unlinked'))).toBe(false);
  expect(isExplained(apart('unexplained'))).toBe(false);
  expect(isExplained(apart())).toBe(false);
});
