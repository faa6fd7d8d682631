import { afterAll, beforeEach, expect, test } from 'vitest';
import type { JsonObject } from '../../../simulator/quickbooks/json.ts';
import {
  at,
  codeOf,
  idOf,
  listIn,
  objectIn,
  saleLine,
  startSimulator,
  type Running,
} from './running-simulator.ts';

const simulator: Running = await startSimulator();
afterAll(() => simulator.close());
beforeEach(async () => {
  await simulator.control('POST', '/reset', {});
});

const invoice = { CustomerRef: { value: '1' }, Line: [saleLine(5)] };
const create = (bId: string): JsonObject => ({ bId, operation: 'create', Invoice: invoice });
const batch = (items: readonly JsonObject[], query = '') =>
  simulator.post(`/batch${query}`, { BatchItemRequest: items });

test('items run one by one, fail for themselves, and the whole is 200', async () => {
  const created = await simulator.post('/invoice', invoice);
  const id = idOf(objectIn(created.body, 'Invoice'));
  const seen = await batch([
    create('1'),
    { bId: '2', operation: 'delete', Invoice: { Id: '999', SyncToken: '0' } },
    { bId: '3', operation: 'update', optionsData: 'void', Invoice: { Id: id, SyncToken: '0' } },
    {
      bId: '4',
      operation: 'update',
      Invoice: { Id: id, SyncToken: '0', sparse: true, PrivateNote: 'late' },
    },
    { bId: '5', Query: "select * from Invoice where TotalAmt > '1.00'" },
  ]);

  expect(seen.status).toBe(200);
  const items = listIn(seen.body, 'BatchItemResponse');
  expect(items.map((item) => [item['bId'], codeOf(item)])).toEqual([
    ['1', undefined],
    ['2', '610'],
    ['3', undefined],
    ['4', '5010'],
    ['5', undefined],
  ]);
  expect(at(items, 2, 'Invoice', 'PrivateNote')).toBe('Voided');
  expect(
    listIn(items[4], 'QueryResponse', 'Invoice'),
    'a query does not see what the batch created',
  ).toHaveLength(1);
});

test('a requestid protects the batch as a whole, with short ids for it and its items', async () => {
  const first = await batch([create('1'), create('2')], '?requestid=b1');
  const second = await batch([create('1'), create('2')], '?requestid=b1');
  expect(second.text).toBe(first.text);
  expect(await simulator.mutations()).toHaveLength(2);
  expect(codeOf(await batch([create('1')], `?requestid=${'b'.repeat(37)}`))).toBe('2130');
  expect(codeOf(await batch([create('a-long-item-id')], '?requestid=b2'))).toBe('2130');
});

test.each([
  ['none', 0, '2010'],
  ['more than 30', 31, '1040'],
])('%s items are refused', async (_story, count, code) => {
  const seen = await batch(Array.from({ length: count }, (_, index) => create(String(index))));
  expect([seen.status, codeOf(seen)]).toEqual([400, code]);
});

test('node-quickbooks sends a batch', async () => {
  const { ask } = simulator.client();
  const answer = await ask('batch', [
    create('1'),
    { bId: '2', Query: 'select count(*) from Customer' },
  ]);
  expect(listIn(answer, 'BatchItemResponse')).toMatchObject([
    { bId: '1', Invoice: { TotalAmt: 5 } },
    { bId: '2', QueryResponse: { totalCount: 24 } },
  ]);
});
