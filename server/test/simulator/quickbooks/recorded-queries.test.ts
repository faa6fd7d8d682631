import { afterAll, beforeEach, expect, test } from 'vitest';
import { recordedJson, recordedNames } from '../../recorded.ts';
import {
  isObject,
  listOf,
  textOf,
  type Json,
  type JsonObject,
} from '../../../simulator/quickbooks/json.ts';
import { recordedObject, shapeOf } from './recorded-shape.ts';
import { at, listIn, objectIn, startSimulator, type Running } from './running-simulator.ts';

const simulator: Running = await startSimulator();
afterAll(() => simulator.close());
beforeEach(async () => {
  await simulator.control('POST', '/reset', {});
});

/** The queries that were recorded with their requests. */
const queries = Object.entries(recordedObject('query/index.json')).flatMap(([name, about]) => {
  const request = isObject(about) ? about['request'] : undefined;
  if (!isObject(request)) return [];
  const fromPath = new URL(textOf(request, 'path') ?? '', 'http://x').searchParams.get('query');
  const statement = fromPath ?? at(request, 'params', 'query');
  return typeof statement === 'string'
    ? [{ name, statement, method: textOf(request, 'method') ?? 'GET' }]
    : [];
});

test('there are ten recorded queries', () => {
  expect(queries).toHaveLength(10);
});

test.each(queries)(
  '$name: "$statement" sent as recorded is answered in the same shape',
  async ({ name, statement, method }) => {
    const recorded = recordedObject(`query/${name}`);
    const rows = objectIn(recorded, 'QueryResponse');
    const company = Object.fromEntries(
      Object.entries(rows).filter(([, value]) => Array.isArray(value)),
    );
    await simulator.control('POST', '/reset', {
      company: { ...company, ...paddingFor(statement, rows) },
    });
    const seen = await simulator.company(method, `/query?query=${encodeURIComponent(statement)}`);

    expect(seen.status).toBe(200);
    expect(Object.keys(seen.body)).toEqual(['QueryResponse', 'time']);
    expect(shapeOf(rowsOnly(seen.body))).toEqual(shapeOf(rowsOnly(recorded)));
    const counts = ['startPosition', 'maxResults', 'totalCount'];
    for (const count of counts)
      expect(at(seen.body, 'QueryResponse', count), count).toBe(rows[count]);
  },
);

function rowsOnly(body: JsonObject): JsonObject {
  const rows = Object.entries(objectIn(body, 'QueryResponse')).filter(([, value]) =>
    Array.isArray(value),
  );
  return Object.fromEntries(rows);
}

/** Rows the recorded company had besides those of the page: as many as the count says, or those of the pages before. */
function paddingFor(statement: string, rows: JsonObject): Record<string, Json> {
  const total = Number(rows['totalCount'] ?? 0);
  const start = Number(rows['startPosition'] ?? 1);
  const shown = listOf(rows, 'Customer');
  if (!/customer/i.test(statement) || (total === 0 && start === 1)) return {};
  const ids = /Id IN/.test(statement)
    ? ['5', '6', '7', '8', '9', '10']
    : Array.from({ length: total }, (_, index) => String(index + 1));
  const known = new Set(shown.map((customer) => textOf(customer, 'Id')));
  const padding = ids
    .filter((id) => !known.has(id))
    .map((id): JsonObject => {
      const isBefore = Number(id) < Number(textOf(shown[0] ?? {}, 'Id') ?? 0);
      const name = `${isBefore ? ' ' : '~'} ${id.padStart(4, '0')}`;
      return { Id: id, SyncToken: '0', DisplayName: name, FullyQualifiedName: name, Active: true };
    });
  return { Customer: [...shown, ...padding] };
}

/** Pages whose requests were not recorded: the statement that fits them, and how many rows of the page were kept. */
const otherPages = [
  ['bitframe-au-rates.json', 'TaxRate', 'select * from TaxRate maxresults 1000'],
  ['bitframe-au-agencies.json', 'TaxAgency', 'select * from TaxAgency'],
  ['exquickbooks-item-query.json', 'Item', 'select * from Item'],
  ['javasdk-query-account-l109.json', 'Account', 'select * from Account'],
] as const;

/** Of this page of 100 the recording keeps four. */
const shortened = 'javasdk-query-account-l109.json';

test.each(otherPages)(
  '%s has the shape of the answer to an equal request',
  async (name, entity, statement) => {
    const recorded = objectIn(recordedObject(`query/${name}`), 'QueryResponse');
    await simulator.control('POST', '/reset', { company: { [entity]: listIn(recorded, entity) } });
    const seen = await simulator.query(statement);
    expect([seen.status, Object.keys(seen.body)]).toEqual([200, ['QueryResponse', 'time']]);

    const found = objectIn(seen.body, 'QueryResponse');
    expect(shapeOf(found)).toEqual(shapeOf(recorded));
    const inOrder = (page: JsonObject) => listIn(page, entity).map((row) => row['Id']);
    expect(inOrder(found), 'in the recorded order').toEqual(inOrder(recorded));
    for (const count of ['startPosition', 'maxResults', 'totalCount']) {
      const isKnown = name !== shortened || count !== 'maxResults';
      if (isKnown) expect(found[count], count).toBe(recorded[count]);
    }
  },
);

test('every recorded page is compared, here or with the other envelopes', () => {
  const compared = [...queries, ...otherPages.map(([name]) => ({ name }))].map(({ name }) => name);
  expect([...compared, 'ruckus-delete-invoice-response.json'].toSorted()).toEqual(
    recordedNames('query').toSorted(),
  );
});

test('every recorded invoice is loaded as it is and printed with the same numbers', async () => {
  for (const company of recordedNames('quickbooks').filter((name) =>
    recordedNames(`quickbooks/${name}`).includes('Invoice.json'),
  )) {
    const recorded = recordedJson(`quickbooks/${company}/Invoice.json`);
    await simulator.control('POST', '/reset', { company: { Invoice: recorded } });
    const state = await simulator.control('GET', '/realms/9130000000000001/state');
    expect(state['Invoice']).toEqual(recorded);
  }
});
