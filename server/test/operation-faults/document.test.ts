import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { mishapNames, operationNames, table } from './cells.ts';
import { operationFaultsDocument } from './document.ts';

const root = new URL('../../../', import.meta.url);
const read = (path: string): string => readFileSync(new URL(path, root), 'utf8');

test('docs/operation-faults.md is what the table prints', () => {
  expect(read('docs/operation-faults.md')).toBe(operationFaultsDocument());
});

test('every operation is proven by a test file', () => {
  const proofs = ['quickbooks', 'internal', 'payments', 'imports']
    .map((name) => read(`server/test/engine/operation-fault-table-${name}.sim.test.ts`))
    .join('');

  for (const operation of operationNames)
    expect(proofs).toContain(`proveOperation('${operation}')`);
});

test('every effect of http.md §5 is in the table', () => {
  const effects = [
    ...read('server/simulator/control/faults.ts').matchAll(/^ {2}'([a-z-]+)', \/\//gm),
  ];
  const words = mishapNames.join(' ');
  const named = { status: 'unavailable', 'requestid-ignored': 'id-ignored' };
  const isNamed = (effect: string): effect is keyof typeof named => effect in named;

  expect(effects).toHaveLength(8);
  for (const [, effect = ''] of effects)
    expect(words).toContain(isNamed(effect) ? named[effect] : effect);
});

test('only what is made can be made twice, and only under a late commit with ids that protect from nothing', () => {
  const twice = operationNames.flatMap((operation) =>
    mishapNames
      .filter((mishap) => table[operation].cells[mishap] === 'twice')
      .map((mishap) => `${operation} ${mishap}`),
  );

  expect(twice).toEqual([
    'create commit-late+id-ignored',
    'pay commit-late+id-ignored',
    'pay-internally commit-late+id-ignored',
  ]);
});
