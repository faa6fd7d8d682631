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

async function invoice(): Promise<string> {
  const seen = await simulator.post('/invoice', {
    CustomerRef: { value: '1' },
    Line: [saleLine(5)],
  });
  return idOf(objectIn(seen.body, 'Invoice'));
}

const cdc = (entities: string, since: string) =>
  simulator.get(`/cdc?entities=${entities}&changedSince=${since}`);
const anHourAgo = (): string => new Date(Date.now() - 3_600_000).toISOString();

test('changed rows come whole, deleted ones as stubs, unchanged types as empty objects', async () => {
  const [kept, gone] = [await invoice(), await invoice()];
  await simulator.human({ action: 'delete', entity: 'Invoice', id: gone });
  const seen = await cdc('Invoice,customer,Term', anHourAgo());

  const [invoices, customers, terms] = listIn(seen.body, 'CDCResponse', '0', 'QueryResponse');
  expect(listIn(invoices, 'Invoice')).toMatchObject([
    { Id: kept, DocNumber: '1001', Line: expect.any(Array) },
    { domain: 'QBO', status: 'Deleted', Id: gone },
  ]);
  expect(Object.keys(objectIn(invoices, 'Invoice', 1))).toEqual([
    'domain',
    'status',
    'Id',
    'MetaData',
  ]);
  expect(invoices).toMatchObject({ startPosition: 1, maxResults: 2 });
  expect(listIn(customers, 'Customer')).toMatchObject([{ Id: '1', Balance: 5, SyncToken: '0' }]);
  expect(terms).toEqual({});
});

test.each([
  ['a look back beyond 30 days', 'Invoice', '2020-01-01T00:00:00Z', '500'],
  ['a type without change data', 'Invoice,TaxCode', anHourAgo(), '4001'],
  ['a plus sign that was not encoded', 'Invoice', '2026-11-01T00:00:00+09:00', '2060'],
  ['no instant', 'Invoice', '', '2020'],
])('%s is refused', async (_story, entities, since, code) => {
  expect(codeOf(await cdc(entities, since))).toBe(code);
});

test('an instant without a zone is Pacific', async () => {
  await invoice();
  const pacific = new Intl.DateTimeFormat('sv-SE', {
    timeZone: 'America/Los_Angeles',
    dateStyle: 'short',
    timeStyle: 'medium',
  });
  const local = (ms: number): string => pacific.format(ms).replace(' ', 'T');
  expect(
    listIn(
      (await cdc('Invoice', local(Date.now() - 600_000))).body,
      'CDCResponse',
      '0',
      'QueryResponse',
      '0',
      'Invoice',
    ),
  ).toHaveLength(1);
  expect(
    listIn(
      (await cdc('Invoice', local(Date.now() + 600_000))).body,
      'CDCResponse',
      '0',
      'QueryResponse',
      '0',
      'Invoice',
    ),
  ).toHaveLength(0);
});

test('one answer holds 1000 rows of all types together', async () => {
  const stamp = new Date().toISOString().slice(0, 19);
  const row = (id: number): JsonObject => ({
    Id: String(id),
    SyncToken: '0',
    MetaData: { LastUpdatedTime: `${stamp}Z` },
  });
  const many = (count: number) => Array.from({ length: count }, (_, index) => row(index + 1));
  await simulator.control('POST', '/reset', {
    company: { Invoice: many(900), Payment: many(900) },
  });
  const response = listIn(
    (await cdc('Invoice,Payment', anHourAgo())).body,
    'CDCResponse',
    '0',
    'QueryResponse',
  );
  expect(response.map((part) => part['maxResults'])).toEqual([900, 100]);
});

test('the feed lies where real ones were seen to lie', async () => {
  const id = await invoice();
  await simulator.control('PUT', '/behaviour', { cdcFalseDeleted: [`Invoice/${id}`] });
  const lie = await cdc('Invoice', anHourAgo());
  expect(listIn(lie.body, 'CDCResponse', '0', 'QueryResponse', '0', 'Invoice')).toMatchObject([
    { Id: id, status: 'Deleted' },
  ]);
  expect((await simulator.get(`/invoice/${id}`)).status).toBe(200);

  await simulator.control('PUT', '/behaviour', { cdcPoison: [`Invoice/${id}`] });
  expect(codeOf(await cdc('Invoice', anHourAgo()))).toBe('4002');
});

test('rows of the very second of the cursor are in, or not, as the knob says', async () => {
  const id = await invoice();
  const read = await simulator.get(`/invoice/${id}`);
  const time = new Date(
    String(at(read.body, 'Invoice', 'MetaData', 'LastUpdatedTime')),
  ).toISOString();
  const count = async (): Promise<number> =>
    listIn((await cdc('Invoice', time)).body, 'CDCResponse', '0', 'QueryResponse', '0', 'Invoice')
      .length;
  expect(await count()).toBe(1);
  await simulator.control('PUT', '/behaviour', { cdcBoundary: 'exclusive' });
  expect(await count()).toBe(0);
});

test('node-quickbooks asks for changes with a date of its own making', async () => {
  await invoice();
  const { ask } = simulator.client();
  const changes = await ask(
    'changeDataCapture',
    ['Invoice', 'Payment'],
    new Date(Date.now() - 60_000).toISOString(),
  );
  expect(listIn(changes, 'CDCResponse', '0', 'QueryResponse', '0', 'Invoice')).toHaveLength(1);
});
