import { afterAll, beforeEach, expect, test } from 'vitest';
import { recordedJson, recordedNames, recordedText } from '../../recorded.ts';
import { isObject, type JsonObject } from '../../../simulator/quickbooks/json.ts';
import { recordedObject, shapeOf } from './recorded-shape.ts';
import {
  at,
  call,
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
  await simulator.control('PUT', '/limits', { perSecond: null });
});

const invoice = { CustomerRef: { value: '1' }, Line: [saleLine(1)] };
const asXml = { accept: 'application/xml' };

async function staleForm(entity: 'Invoice' | 'SalesReceipt', update: string): Promise<Seen> {
  const { body } = await simulator.post(`/${entity.toLowerCase()}`, invoice);
  const id = String(at(body, entity, 'Id'));
  await simulator.human({ action: 'edit', entity, id, set: { PrivateNote: 'x' } });
  return simulator.post(update, { Id: id, SyncToken: '0', sparse: true });
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

async function duplicateName(headers: object = {}): Promise<Seen> {
  const body = { DisplayName: 'Twice' };
  await simulator.post('/customer', body);
  return simulator.company('POST', '/customer', body, headers);
}

async function withoutSentence(): Promise<Seen> {
  await simulator.control('PUT', '/behaviour', { duplicateNameDetail: 'null' });
  return duplicateName();
}

async function expired(): Promise<Seen> {
  const { accessToken } = await simulator.connect();
  await simulator.control('PUT', '/clock', { advanceMs: 3_600_000 });
  return readWith(accessToken);
}

const readWith = (token: string, headers: object = {}): Promise<Seen> =>
  simulator.company('GET', '/customer/1', undefined, {
    authorization: `Bearer ${token}`,
    ...headers,
  });

const elsewhere = async (): Promise<Seen> =>
  readWith((await simulator.connect('9130000000000002')).accessToken);

/** A request without a realm: what follows stands in its place. */
const withoutRealm = (): Promise<Seen> =>
  call(`${simulator.url}/v3/company/customer?minorversion=8`, {
    method: 'POST',
    body: '<Customer/>',
    headers: { authorization: `Bearer ${simulator.accessToken}`, ...asXml },
  });

async function throttled(): Promise<Seen> {
  await simulator.control('PUT', '/limits', { perSecond: 0 });
  return simulator.get('/customer/1');
}

/** What stands before QuickBooks fails, whatever is asked: a rule of the simulator says how. */
async function failing(params: object): Promise<Seen> {
  await simulator.control('PUT', '/faults', { rules: [{ effect: 'status', params }] });
  return simulator.get('/customer/1');
}

type Provocation = (() => Promise<Seen>) | { readonly leftOut: string };

/** The request that brings each recorded fault about, or why none does. */
const provocations: Readonly<Record<string, Provocation>> = {
  'exquickbooks-create-item-error.json': () => simulator.post('/item', { Type: 'Service' }),
  'exquickbooks-query-error.json': () => simulator.query('select * from NULL'),
  'exquickbooks-read-item-error.json': () => simulator.get('/item/9999'),
  'exquickbooks-update-item-error.json': () => staleForm('Invoice', '/invoice'),
  'exquickbooks-void-sales-receipt-error.json': () =>
    staleForm('SalesReceipt', '/salesreceipt?operation=update&include=void'),
  'issue-java-sdk-47-502-html.html': () => failing({ status: 502 }),
  'issue-oauth-jsclient-2-authorization-failed.json': elsewhere,
  'issue-python-quickbooks-120-general-authentication.xml': () =>
    failing({ status: 401, code: '100', body: 'xml' }),
  'issue-python-quickbooks-250-malformed-bearer.json': () => readWith('x'),
  'issue-python-quickbooks-43-throttle-403.xml': () =>
    failing({ status: 403, code: '3001', body: 'xml' }),
  'issue-quickbooks-php-sdk-54-throttle-429.xml': throttled,
  'issue-quickbooks-php-sdk-95-invalid-reference.json': inactiveItem,
  'issue-sampleapp-crud-php-7-unsupported-operation.xml': withoutRealm,
  'javasdk-l77.json': {
    leftOut: 'a pre-release of 2012, before there was a version 3: another type, no Detail',
  },
  'minimul-error-400-1.json': () => simulator.query('SELECT * FROM Custmoer'),
  'minimul-error-400_json-0.json': () => simulator.post('/invoice', { ...invoice, BadJson: 1 }),
  'minimul-error-401-0.json': expired,
  'minimul-error-500-0.json': () => simulator.get('/customer/1/5'),
  'minimul-error-validation-0.json': withoutSentence,
  'ruckus-customer-duplicate-error.xml': () => duplicateName(asXml),
  'ruckus-generic-error.xml': () => failing({ status: 400, code: '10000', body: 'xml' }),
  'ruckus-query-validation-error.xml': () =>
    simulator.company(
      'GET',
      `/query?query=${encodeURIComponent('select * from Customer startposition 0')}`,
      undefined,
      asXml,
    ),
  'ruckus-tax-service-error-dup.json': duplicateRate,
  'ruckus-throttle-exceeded-error.xml': () => failing({ status: 403, code: '3001', body: 'xml' }),
};

/** Texts that hold names, tokens, paths and lists of a real company: compared by code and shape only. */
const proseDiffers = new Set([
  'exquickbooks-update-item-error.json',
  'exquickbooks-void-sales-receipt-error.json',
  'issue-oauth-jsclient-2-authorization-failed.json',
  'issue-sampleapp-crud-php-7-unsupported-operation.xml',
  'minimul-error-400_json-0.json',
  'minimul-error-401-0.json',
  'minimul-error-500-0.json',
  'ruckus-generic-error.xml',
]);

test('every recorded fault has its request or, one only, its reason', () => {
  expect(Object.keys(provocations).toSorted()).toEqual(recordedNames('faults').toSorted());
  const leftOut = Object.values(provocations).filter((entry) => typeof entry !== 'function');
  expect(leftOut).toHaveLength(1);
});

const reproduced = Object.entries(provocations).flatMap(([name, provoke]) =>
  typeof provoke === 'function' ? [{ name, provoke }] : [],
);
const endingIn = (suffix: string) => reproduced.filter(({ name }) => name.endsWith(suffix));

async function answerTo(name: string, provoke: () => Promise<Seen>): Promise<Seen> {
  const seen = await provoke();
  expect(seen.status).toBe(at(recordedJson('faults/index.json'), name, 'status'));
  return seen;
}

test.each(endingIn('.json'))('the fault $name comes back key by key', async ({ name, provoke }) => {
  const recorded = recordedObject(`faults/${name}`);
  const seen = await answerTo(name, provoke);
  expect(seen.headers.get('content-type')).toBe('application/json');
  expect(withoutDetailNull(shapeOf(seen.body))).toEqual(withoutDetailNull(shapeOf(recorded)));

  const [mine, theirs] = [errorOf(seen.body), errorOf(recorded)];
  expect(mine['code']).toBe(theirs['code']);
  expect(mine['element']).toBe(theirs['element']);
  if (!proseDiffers.has(name)) expect(mine).toEqual(theirs);
});

function errorOf(body: JsonObject): JsonObject {
  return isObject(body['fault'])
    ? objectIn(body, 'fault', 'error', 0)
    : objectIn(body, 'Fault', 'Error', 0);
}

/** The detail of a 401 was recorded both as a text and as null. */
function withoutDetailNull(shape: unknown): unknown {
  const text = JSON.stringify(shape).replaceAll('"detail":"null"', '"detail":"string"');
  const plain: unknown = JSON.parse(text);
  return plain;
}

test.each(endingIn('.xml'))('the fault $name comes back element by element', async (fault) => {
  const { name, provoke } = fault;
  const seen = await answerTo(name, provoke);
  expect(seen.headers.get('content-type')).toBe('application/xml');
  const withText = !proseDiffers.has(name);
  const recorded = elementsOf(recordedText(`faults/${name}`), withText);
  expect(recorded).toContain('Message');
  expect(elementsOf(seen.text, withText)).toEqual(recorded);
});

/** Elements in order, attributes in alphabetical order, no blanks between elements; an instant counts as one. */
function elementsOf(xml: string, withText: boolean): readonly string[] {
  const markup = xml.replace(/^<\?xml[^>]*\?>/, '').matchAll(/<(\/?\w+)([^>]*)>([^<]*)/g);
  return [...markup].flatMap(([, tag = '', attributes = '', text = '']) => [
    tag,
    ...[...attributes.matchAll(/(\w+)="([^"]*)"/g)]
      .map(([, key, value]) => `${key}=${key === 'time' ? 'instant' : value}`)
      .toSorted(),
    ...(withText && text.trim() !== '' ? [text.trim()] : []),
  ]);
}

test.each(endingIn('.html'))('the fault $name comes back as the same page', async (fault) => {
  const seen = await answerTo(fault.name, fault.provoke);
  expect(seen.headers.get('content-type')).toBe('text/html');
  const squeezed = (text: string): string => text.replaceAll(/\s+/g, '');
  // The recording begins after the first tag.
  expect(squeezed(seen.text)).toBe(squeezed(`<html>${recordedText(`faults/${fault.name}`)}`));
});
