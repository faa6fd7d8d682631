import { afterAll, beforeEach, expect, test } from 'vitest';
import { recordedJson, recordedNames, recordedText } from '../../recorded.ts';
import {
  isObject,
  listOf,
  textOf,
  type Json,
  type JsonObject,
} from '../../../simulator/quickbooks/json.ts';
import {
  at,
  listIn,
  objectIn,
  saleLine,
  startSimulator,
  type Running,
  type Seen,
} from './running-simulator.ts';

const simulator: Running = await startSimulator();
afterAll(() => simulator.close());
beforeEach(async () => {
  await simulator.control('POST', '/reset', {});
});

const recordedObject = (path: string): JsonObject => {
  const value = recordedJson(path);
  if (!isObject(value)) throw new Error(`${path} holds no object`);
  return value;
};

/** Keys and the types of their values, at every depth; of a list the union of its entries. */
function shapeOf(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(shapeOf);
  if (!isObject(value)) return value === null ? 'null' : typeof value;
  return Object.fromEntries(Object.entries(value).map(([key, member]) => [key, shapeOf(member)]));
}

const invoice = { CustomerRef: { value: '1' }, Line: [saleLine(1)] };

async function staleInvoice(path: string): Promise<Seen> {
  const { body } = await simulator.post('/invoice', invoice);
  const id = String(at(body, 'Invoice', 'Id'));
  await simulator.human({ action: 'edit', entity: 'Invoice', id, set: { PrivateNote: 'x' } });
  return simulator.post(path, { Id: id, SyncToken: '0', sparse: true });
}

async function staleSalesReceipt(): Promise<Seen> {
  const { body } = await simulator.post('/salesreceipt', invoice);
  const id = String(at(body, 'SalesReceipt', 'Id'));
  await simulator.human({ action: 'edit', entity: 'SalesReceipt', id, set: { PrivateNote: 'x' } });
  return simulator.post('/salesreceipt?operation=update&include=void', { Id: id, SyncToken: '0' });
}

async function inactiveItem(): Promise<Seen> {
  await simulator.control('PUT', '/behaviour', { inactiveReference: '2500' });
  await simulator.human({ action: 'deactivate', entity: 'Item', id: '1' });
  return simulator.post('/invoice', invoice);
}

async function duplicateRate(): Promise<Seen> {
  const body = (TaxCode: string) => ({
    TaxCode,
    TaxRateDetails: [{ TaxRateName: 'One', RateValue: '5' }],
  });
  await simulator.post('/taxservice/taxcode', body('First'));
  return simulator.post('/taxservice/taxcode', body('Second'));
}

async function expired(): Promise<Seen> {
  const { accessToken } = await simulator.connect();
  await simulator.control('PUT', '/clock', { advanceMs: 3_600_000 });
  return simulator.company('GET', '/customer/1', undefined, {
    authorization: `Bearer ${accessToken}`,
  });
}

const elsewhere = async (): Promise<Seen> => {
  const { accessToken } = await simulator.connect('9130000000000002');
  return simulator.company('GET', '/customer/1', undefined, {
    authorization: `Bearer ${accessToken}`,
  });
};

/** The request that brings each recorded JSON fault about. */
const provocations: Readonly<Record<string, () => Promise<Seen>>> = {
  'exquickbooks-create-item-error.json': () => simulator.post('/item', { Type: 'Service' }),
  'exquickbooks-query-error.json': () => simulator.query('select * from NULL'),
  'exquickbooks-read-item-error.json': () => simulator.get('/item/9999'),
  'exquickbooks-update-item-error.json': () => staleInvoice('/invoice'),
  'exquickbooks-void-sales-receipt-error.json': staleSalesReceipt,
  'issue-oauth-jsclient-2-authorization-failed.json': elsewhere,
  'issue-python-quickbooks-250-malformed-bearer.json': () =>
    simulator.company('GET', '/customer/1', undefined, { authorization: 'Bearer x' }),
  'issue-quickbooks-php-sdk-95-invalid-reference.json': inactiveItem,
  'minimul-error-400-1.json': () => simulator.query('SELECT * FROM Custmoer'),
  'minimul-error-400_json-0.json': () => simulator.post('/invoice', { ...invoice, BadJson: 1 }),
  'minimul-error-401-0.json': expired,
  'minimul-error-500-0.json': () => simulator.get('/customer/1/5'),
  'ruckus-tax-service-error-dup.json': duplicateRate,
};

/** Texts that hold names, tokens, paths and lists of a real company: compared by code and shape only. */
const proseDiffers = new Set([
  'exquickbooks-update-item-error.json',
  'exquickbooks-void-sales-receipt-error.json',
  'issue-oauth-jsclient-2-authorization-failed.json',
  'minimul-error-400_json-0.json',
  'minimul-error-401-0.json',
  'minimul-error-500-0.json',
]);

/** Recorded, and not brought about: why. */
const notReproduced: Readonly<Record<string, string>> = {
  'javasdk-l77.json': 'a pre-release of 2012: another fault type, no Detail',
  'minimul-error-validation-0.json':
    'the same 6240 as ruckus, with no element and "null" for its sentence',
};

test('every recorded JSON fault has its request or its reason', () => {
  const names = recordedNames('faults').filter((name) => name.endsWith('.json'));
  expect(names.toSorted()).toEqual(
    [...Object.keys(provocations), ...Object.keys(notReproduced)].toSorted(),
  );
});

test.each(Object.keys(provocations))('the fault %s comes back key by key', async (name) => {
  const recorded = recordedObject(`faults/${name}`);
  const seen = await (provocations[name] ?? (() => Promise.reject(new Error(name))))();
  const status = at(recordedJson('faults/index.json'), name, 'status');
  if (typeof status === 'number') expect(seen.status).toBe(status);
  expect(withoutDetailNull(shapeOf(seen.body))).toEqual(withoutDetailNull(shapeOf(recorded)));

  const errorOf = (body: JsonObject): JsonObject =>
    body['Fault'] === undefined
      ? objectIn(body, 'fault', 'error', 0)
      : objectIn(body, 'Fault', 'Error', 0);
  const [mine, theirs] = [errorOf(seen.body), errorOf(recorded)];
  expect(mine['code']).toBe(theirs['code']);
  expect(mine['element']).toBe(theirs['element']);
  if (proseDiffers.has(name)) return;
  expect(mine).toEqual(theirs);
});

/** `time` counts as present in either; the recorded detail of a 401 may be a text or null. */
function withoutDetailNull(shape: unknown): unknown {
  return JSON.parse(
    JSON.stringify(shape).replaceAll('"detail":"null"', '"detail":"string"'),
  ) as unknown;
}

test('the recorded throttle faults in XML come back word for word', async () => {
  await simulator.control('PUT', '/limits', { perSecond: 0 });
  const seen = await simulator.get('/customer/1');
  await simulator.control('PUT', '/limits', { perSecond: null });
  const squeeze = (text: string): string =>
    text
      .replaceAll(/>\s+</g, '><')
      .replaceAll(/ (time|xmlns)="[^"]*"/g, '')
      .trim();
  expect(squeeze(seen.text)).toBe(
    squeeze(recordedText('faults/issue-quickbooks-php-sdk-54-throttle-429.xml')),
  );
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

test('the other recorded pages have the shape of the answer to an equal request', async () => {
  for (const [name, entity] of [
    ['bitframe-au-rates.json', 'TaxRate'],
    ['bitframe-au-agencies.json', 'TaxAgency'],
    ['exquickbooks-item-query.json', 'Item'],
  ] as const) {
    const recorded = recordedObject(`query/${name}`);
    await simulator.control('POST', '/reset', {
      company: { [entity]: listIn(recorded, 'QueryResponse', entity) },
    });
    const seen = await simulator.query(`select * from ${entity} maxresults 1000`);
    expect(Object.keys(objectIn(seen.body, 'QueryResponse')).toSorted()).toEqual(
      Object.keys(objectIn(recorded, 'QueryResponse')).toSorted(),
    );
    const names = (body: JsonObject) =>
      listIn(body, 'QueryResponse', entity).map((row) => row['Id']);
    expect(names(seen.body), 'in the recorded order').toEqual(names(recorded));
  }
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
