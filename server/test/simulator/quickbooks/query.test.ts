import { afterAll, beforeAll, expect, test } from 'vitest';
import {
  at,
  codeOf,
  listIn,
  objectIn,
  saleLine,
  startSimulator,
  type Running,
} from './running-simulator.ts';

let simulator: Running;
beforeAll(async () => {
  simulator = await startSimulator();
  for (let number = 1; number <= 130; number += 1) {
    await simulator.post('/invoice', {
      CustomerRef: { value: String(1 + (number % 3)) },
      TxnDate: `2026-0${1 + (number % 9)}-15`,
      Line: [saleLine(number * 10)],
      PrivateNote: number === 7 ? "O'Hara & Sons 100% + more" : `note ${number}`,
    });
  }
});
afterAll(() => simulator.close());

async function rows(statement: string, entity = 'Invoice') {
  const seen = await simulator.query(statement);
  expect(seen.status, seen.text).toBe(200);
  return listIn(seen.body, 'QueryResponse', entity);
}

async function countOf(statement: string): Promise<unknown> {
  return at((await simulator.query(statement)).body, 'QueryResponse', 'totalCount');
}

test('without MAXRESULTS a page has 100 rows, the oldest first, and says how many it has', async () => {
  const seen = await simulator.query('SELECT * FROM Invoice');
  const response = objectIn(seen.body, 'QueryResponse');
  expect(listIn(response, 'Invoice')).toHaveLength(100);
  expect(response).toMatchObject({ startPosition: 1, maxResults: 100 });
  expect(at(response, 'Invoice', 0, 'DocNumber')).toBe('1001');
  expect(response).not.toHaveProperty('totalCount');
});

test('STARTPOSITION and MAXRESULTS come in either order, and entities in any case', async () => {
  const one = await rows('select * from invoice startposition 101 maxresults 1000');
  const other = await rows('select * from Invoice MAXRESULTS 1000 STARTPOSITION 101');
  expect(one).toHaveLength(30);
  expect(other).toEqual(one);
});

test('no rows: the entity key is absent', async () => {
  const seen = await simulator.query("select * from Invoice where DocNumber = 'nothing'");
  expect(seen.body['QueryResponse']).toEqual({});
});

test('counting counts what matches', async () => {
  expect(await countOf('SELECT COUNT(*) FROM Invoice')).toBe(130);
  expect(await countOf("select count(*) from Invoice where TotalAmt > '1290.00'")).toBe(1);
});

test.each([
  ["DocNumber = '1005'", 1],
  ["DocNumber IN ('1005', '1006')", 2],
  ["DocNumber LIKE '100%'", 9],
  ['TotalAmt <= 100', 10],
  ["TxnDate >= '2026-09-01' and TxnDate < '2026-10-01'", 14],
  ["CustomerRef = '2'", 44],
  ["CustomerRef.value = '2' AND Balance > 0", 44],
  ["PrivateNote = 'O\\'Hara & Sons 100% + more'", 1],
  ["MetaData.LastUpdatedTime > '2020-01-01T00:00:00Z'", 130],
  ["MetaData.LastUpdatedTime > '2099-01-01'", 0],
  ["DueDate = ' '", 0],
  ["PONumber = ' '", 130],
])('where %s', async (condition, count) => {
  expect(await countOf(`select count(*) from Invoice where ${condition}`)).toBe(count);
});

test('rows are ordered as asked', async () => {
  const found = await rows('select * from Invoice orderby TotalAmt desc maxresults 3');
  expect(found.map((row) => row['TotalAmt'])).toEqual([1300, 1290, 1280]);
  const byDate = await rows(
    'select Id, TxnDate from Invoice ORDER BY TxnDate ASC, DocNumber DESC maxresults 1',
  );
  expect(byDate[0]).toMatchObject({ TxnDate: '2026-01-15', sparse: true });
  expect(byDate[0]).not.toHaveProperty('TotalAmt');
});

test.each([
  ['select * from Custmoer', '4001', 'QueryValidationError: invalid context declaration: Custmoer'],
  ["select * from Invoice where Colour = 'red'", '4001', /Property Colour not found/],
  [
    'select * from Invoice startposition 0',
    '4001',
    'QueryValidationError: value 0 is too small. Min allowed value is 1',
  ],
  [
    'select * from NULL',
    '4000',
    'QueryParserError: Encountered " "null" "NULL "" at line 1, column 15.\nWas expecting:\n    <IDENTIFIER> ...\n    ',
  ],
  ["select * from Invoice where Id = '1' or Id = '2'", '4000', /Encountered/],
  ['select * from Invoice group by Id', '4000', /Encountered/],
  ['delete from Invoice', '4000', /Encountered/],
  ["select * from Invoice where DocNumber = 'open", '4000', /Lexical error/],
])('%s is refused with %s', async (statement, code, detail) => {
  const seen = await simulator.query(statement);
  expect([seen.status, codeOf(seen)]).toEqual([400, code]);
  expect(at(seen.body, 'Fault', 'Error', 0, 'Detail')).toEqual(
    typeof detail === 'string' ? detail : expect.stringMatching(detail),
  );
});

test('startposition 0 can be let through, as one connector relies on', async () => {
  await simulator.control('PUT', '/behaviour', { startPositionZero: 'accept' });
  const found = await rows('select * from Invoice startposition 0 maxresults 1');
  await simulator.control('PUT', '/behaviour', { startPositionZero: 'refuse' });
  expect(found[0]).toMatchObject({ DocNumber: '1001' });
});

test('a query by POST carries the statement as its body; none at all is a fault under 200', async () => {
  const posted = await simulator.company('POST', '/query', 'select count(*) from Customer', {
    'content-type': 'application/text',
  });
  expect(posted.body['QueryResponse']).toEqual({ totalCount: 24 });
  const bare = await simulator.get('/query');
  expect([bare.status, at(bare.body, 'Fault', 'type')]).toEqual([200, 'SystemFault']);
});

test('lists come by name, put-away entries only when asked for', async () => {
  await simulator.human({ action: 'deactivate', entity: 'Item', id: '2' });
  const names = (await rows('select * from Item maxresults 3', 'Item')).map((item) => item['Name']);
  expect(names).toEqual(['Acoustic Panel', 'Assembly', 'Bookcase']);
  const away = await rows('select * from Item where Active = false', 'Item');
  expect(away.map((item) => item['Name'])).toEqual(['Task Chair (deleted)']);
  expect(await countOf('select count(*) from Item where Active in (true, false)')).toBe(18);
});

test('rows of a query may lag behind, reads by id do not', async () => {
  await simulator.control('PUT', '/behaviour', { queryLagMs: 60_000 });
  await simulator.human({
    action: 'edit',
    entity: 'Invoice',
    id: '1',
    set: { PrivateNote: 'fresh' },
  });
  const statement = "select * from Invoice where Id = '1'";
  expect((await rows(statement))[0]).toMatchObject({ SyncToken: '0' });
  expect(objectIn((await simulator.get('/invoice/1')).body, 'Invoice')).toMatchObject({
    SyncToken: '1',
  });
  await simulator.control('PUT', '/clock', { advanceMs: 60_001 });
  expect((await rows(statement))[0]).toMatchObject({ SyncToken: '1' });
  await simulator.control('PUT', '/behaviour', { queryLagMs: 0 });
});

test('node-quickbooks finds with its own spelling, escapes and paging', async () => {
  const { accessToken, refreshToken } = await simulator.connect();
  expect(accessToken).not.toBe(refreshToken);
  const { ask, client } = simulator.client();
  client['token'] = accessToken;
  const found = await ask('findInvoices', { PrivateNote: "O'Hara & Sons 100% + more" });
  expect(listIn(found, 'QueryResponse', 'Invoice')).toHaveLength(1);
  const all = await ask('findInvoices', { fetchAll: true, limit: 50 });
  expect(listIn(all, 'QueryResponse', 'Invoice')).toHaveLength(130);
  expect(at(await ask('findInvoices', { count: true }), 'QueryResponse', 'totalCount')).toBe(130);
  const latest = await ask('findInvoices', [
    { field: 'TotalAmt', value: 1000, operator: '>' },
    { field: 'desc', value: 'MetaData.LastUpdatedTime' },
    { field: 'limit', value: 5 },
  ]);
  expect(listIn(latest, 'QueryResponse', 'Invoice')).toHaveLength(5);
});
