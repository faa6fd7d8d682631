import { readFileSync } from 'node:fs';
import path from 'node:path';
import { parseSync, Visitor } from 'oxc-parser';
import { expect, test } from 'vitest';

const folder = import.meta.dirname;
const page = readFileSync(
  path.resolve(folder, '../../../../docs/simulator-differences.md'),
  'utf8',
);

type Trap = { readonly number: number; readonly tests: readonly (readonly [string, string])[] };

/** The rows of the table of traps: number, and file and name of each test. */
const traps: readonly Trap[] = [
  ...page.slice(page.indexOf('## The thirty traps')).matchAll(/^\|\s*(\d+)\s*\|[^|]+\|(.+)\|$/gm),
].map(([, number = '', tests = '']) => ({
  number: Number(number),
  tests: [...tests.matchAll(/`([\w/-]+)` "([^"]+)"/g)].map(([, file = '', name = '']) => [
    file,
    name,
  ]),
}));

/** The names of the tests of a file that run: `test('name'` and `test.each(…)('name'`. */
function testNames(file: string): readonly string[] {
  const name = file.includes('/') ? `../${file}.test.ts` : `${file}.test.ts`;
  const names: string[] = [];
  const { program } = parseSync(name, readFileSync(path.resolve(folder, name), 'utf8'));
  new Visitor({
    CallExpression({ callee, arguments: [first] }) {
      const isPlain = callee.type === 'Identifier' && callee.name === 'test';
      const isTable =
        callee.type === 'CallExpression' &&
        callee.callee.type === 'MemberExpression' &&
        callee.callee.object.type === 'Identifier' &&
        callee.callee.object.name === 'test' &&
        callee.callee.property.type === 'Identifier' &&
        callee.callee.property.name === 'each';
      if (!isPlain && !isTable) return;
      if (first?.type === 'Literal' && typeof first.value === 'string') names.push(first.value);
    },
  }).visit(program);
  return names;
}

test('the table names thirty traps in order, each with a test', () => {
  expect(traps.map(({ number }) => number)).toEqual(Array.from({ length: 30 }, (_, at) => at + 1));
  expect(traps.filter(({ tests }) => tests.length === 0)).toEqual([]);
});

test('tests are found by their names, and only tests', () => {
  const own = testNames('traps');
  expect(own).toContain('tests are found by their names, and only tests');
  expect(own).not.toContain('utf8');
});

test.each(traps.map(({ number, tests }) => [number, tests] as const))(
  'trap %i is sprung by tests that exist',
  (_number, tests) => {
    const absent = tests.filter(([file, name]) => !testNames(file).includes(name));
    expect(absent).toEqual([]);
  },
);
