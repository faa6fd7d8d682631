import { afterAll, beforeAll, expect, test } from 'vitest';
import type { JsonObject } from '../../../simulator/quickbooks/json.ts';
import { at, listIn, startSimulator, type Running } from './running-simulator.ts';

let simulator: Running;
const names = ["O'Brien & Sons #1", '100 % Cotton + Silk', 'a=b <c>', 'Café Zoë'];

/** 2,300 items: more than two pages of the greatest size. */
beforeAll(async () => {
  simulator = await startSimulator();
  const plain = Array.from({ length: 2_296 }, (_, index) => `Item ${1_000 + index}`);
  const company = {
    Item: [...names, ...plain].map((Name, index) => ({
      Id: String(index + 1),
      SyncToken: '0',
      Name,
      FullyQualifiedName: Name,
      UnitPrice: index % 10,
      Active: index % 100 !== 99,
      MetaData: { CreateTime: '2026-01-05T10:00:00-08:00', LastUpdatedTime: created(index) },
    })),
  };
  await simulator.control('POST', '/reset', { company });
});
afterAll(() => simulator.close());

const created = (index: number): string =>
  `2026-01-05T10:${String(Math.floor(index / 60)).padStart(2, '0')}:${String(index % 60).padStart(2, '0')}-08:00`;

async function findItems(criteria?: unknown): Promise<JsonObject> {
  const { ask } = simulator.client();
  const answer = await (criteria === undefined ? ask('findItems') : ask('findItems', criteria));
  const rows = at(answer, 'QueryResponse');
  return typeof rows === 'object' && rows !== null ? { ...rows } : {};
}
const idsOf = (rows: JsonObject): readonly unknown[] =>
  listIn(rows, 'Item').map((row) => row['Id']);

/** The README's section on queries, case by case; ids of the rows in their order. */
const cases: readonly (readonly [string, unknown, readonly string[]])[] = [
  ['a map of values', { UnitPrice: 3, Name: 'Café Zoë' }, ['4']],
  ['a list of values becomes IN', { Id: ['2', '3'] }, ['2', '3']],
  [
    'operators',
    [
      { field: 'UnitPrice', value: 9, operator: '>=' },
      { field: 'Id', value: '30', operator: '<' },
    ],
    ['10', '20'],
  ],
  ['LIKE', [{ field: 'Name', value: '%Silk', operator: 'LIKE' }], ['2']],
  ['ascending', { asc: 'MetaData.LastUpdatedTime', limit: 2 }, ['1', '2']],
  ['descending', { desc: 'MetaData.LastUpdatedTime', limit: 2 }, ['2299', '2298']],
  ['limit and offset', { asc: 'Id', limit: 3, offset: 3 }, ['3', '4', '5']],
  ['inactive ones when asked for', { Active: false, limit: 2, asc: 'Id' }, ['100', '200']],
  [
    'several conditions',
    [
      { field: 'Active', value: [true, false], operator: 'IN' },
      { field: 'Id', value: '100' },
    ],
    ['100'],
  ],
  ['a where clause as text', " where Name = 'Item 1000'", ['5']],
];

test.each(cases)('%s', async (_story, criteria, expected) => {
  expect(idsOf(await findItems(criteria))).toEqual(expected);
});

test.each(names)('the name %s survives the way into a query', async (name) => {
  const rows = await findItems({ Name: name });
  expect(listIn(rows, 'Item')).toMatchObject([{ Name: name }]);
});

test('a count takes the place of rows', async () => {
  expect(await findItems({ count: true })).toEqual({ totalCount: 2_277 });
  expect(await findItems([{ count: true }, { field: 'UnitPrice', value: 0 }])).toEqual({
    totalCount: 230,
  });
});

test('without criteria, or with text, the default of 100 rows holds; with a map it is 1000', async () => {
  expect(idsOf(await findItems())).toHaveLength(100);
  expect(idsOf(await findItems(' where UnitPrice >= 0'))).toHaveLength(100);
  expect(idsOf(await findItems({}))).toHaveLength(1_000);
});

test('fetchAll walks all pages, each row once', async () => {
  const before = await requestsSoFar();
  const rows = await findItems({ fetchAll: true });
  expect(new Set(idsOf(rows)).size).toBe(2_277);
  expect(rows['maxResults']).toBe(2_277);
  expect((await requestsSoFar()) - before).toBe(3);
});

test('nothing found is an answer without rows', async () => {
  expect(await findItems({ Name: 'Nobody' })).toEqual({});
});

async function requestsSoFar(): Promise<number> {
  const log = await simulator.control('GET', '/realms/9130000000000001/requests');
  return listIn(log, 'requests').length;
}
