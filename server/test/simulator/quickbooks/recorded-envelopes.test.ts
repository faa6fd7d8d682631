import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import { recordedJson, recordedNames } from '../../recorded.ts';
import type { Json, JsonObject } from '../../../simulator/quickbooks/json.ts';
import { differences, recordedObject } from './recorded-shape.ts';
import {
  at,
  demoRealm,
  idOf,
  listIn,
  objectIn,
  saleLine,
  startSimulator,
  type Running,
} from './running-simulator.ts';
import { WebhookEndpoint } from './webhook-endpoint.ts';

let simulator: Running;
let endpoint: WebhookEndpoint;
beforeAll(async () => {
  simulator = await startSimulator();
});
afterAll(() => simulator.close());
beforeEach(async () => {
  // Reset first: what the last test's endpoint did not acknowledge must not reach this one.
  await simulator.control('POST', '/reset', {});
  endpoint = new WebhookEndpoint();
  await simulator.control('PUT', '/webhooks', { url: await endpoint.listen() });
});
afterEach(() => endpoint.close());

/** How the answer to an equal request differs from the recording, and why. */
type Comparison = {
  readonly answer: () => Promise<unknown>;
  readonly added?: readonly string[];
  readonly missing?: readonly string[];
  readonly why?: string;
};

async function ok(answer: ReturnType<Running['get']>): Promise<JsonObject> {
  const seen = await answer;
  expect(seen.status, seen.text).toBe(200);
  return seen.body;
}

async function deletedInvoice(): Promise<JsonObject> {
  const body = { CustomerRef: { value: '1' }, Line: [saleLine(5)] };
  const made = objectIn(await ok(simulator.post('/invoice', body)), 'Invoice');
  return ok(simulator.post('/invoice?operation=delete', { Id: idOf(made), SyncToken: '0' }));
}

const loaded = (company: Record<string, Json>) => simulator.control('POST', '/reset', { company });

/** Changes since an hour ago, the clock being where the recorded rows were just written. */
async function changesOf(entity: string, now: string, since: string): Promise<JsonObject> {
  await simulator.control('PUT', '/clock', { now });
  const { accessToken } = await simulator.connect();
  const headers = { authorization: `Bearer ${accessToken}` };
  const path = `/cdc?entities=${entity}&changedSince=${since}`;
  return ok(simulator.company('GET', path, undefined, headers));
}

async function changedDeposits(): Promise<JsonObject> {
  const recorded = recordedObject('cdc/javasdk-cdc-deposit.json');
  const deposits = at(recorded, 'CDCResponse', 0, 'QueryResponse', 0, 'Deposit');
  await loaded({ Deposit: asJson(deposits) });
  return changesOf('Deposit', '2015-09-08T17:31:09-07:00', '2015-09-07T00:00:00Z');
}

async function deletedInvoiceInCdc(): Promise<JsonObject> {
  await deletedInvoice();
  const since = new Date(Date.now() - 3_600_000).toISOString();
  return ok(simulator.get(`/cdc?entities=Invoice&changedSince=${since}`));
}

const asJson = (value: unknown): Json => {
  const copy: Json = JSON.parse(JSON.stringify(value));
  return copy;
};

/** The recorded batch of 2015: a deposit that gives cash back, and a query for chosen columns of one like it. */
async function depositBatch(): Promise<JsonObject> {
  const recorded = recordedObject('batch/javasdk-batch-l206.json');
  const kept = listIn(at(recorded, 'BatchItemResponse', 1), 'QueryResponse', 'Deposit');
  const account = (Id: string, Name: string): Json => ({ Id, Name, Active: true, SyncToken: '0' });
  await loaded({
    Preferences: [{ Id: '1', SyncToken: '0', CurrencyPrefs: { MultiCurrencyEnabled: true } }],
    Account: [account('94', 'Sales'), account('194', 'Bank'), account('411', 'Savings')],
    PaymentMethod: [{ Id: '1', Name: 'Cash', Active: true, SyncToken: '0' }],
    Deposit: kept.map((deposit) => ({ ...deposit, domain: 'QBO', sparse: false, ExchangeRate: 1 })),
  });
  const detail = { AccountRef: { value: '94' }, PaymentMethodRef: { value: '1' } };
  const deposit = {
    DepositToAccountRef: { value: '411' },
    CashBack: { AccountRef: { value: '194' }, Amount: 5, Memo: 'testLinkedTxn' },
    Line: [{ Amount: 11, DetailType: 'DepositLineDetail', DepositLineDetail: detail }],
  };
  const columns =
    'DepositToAccountRef, CashBack, TotalAmt, Line.DetailType, Line.DepositLineDetail';
  const items = [
    { bId: '1', operation: 'create', Deposit: deposit },
    { bId: '2', Query: `select ${columns} from Deposit` },
  ];
  return ok(simulator.post('/batch', { BatchItemRequest: items }));
}

/** The recorded batch of 2012: a customer changed, a query for one column, something not supported. */
async function mixedBatch(): Promise<JsonObject> {
  const recorded = recordedObject('batch/javasdk-batch-l100.json');
  const then = objectIn(recorded, 'BatchItemResponse', 0, 'Customer');
  const { status: _pending, ...customerThen } = then;
  await loaded({ Customer: [{ ...customerThen, Id: '7', SyncToken: '216', Active: true }] });
  const items = [
    {
      bId: '12',
      operation: 'update',
      Customer: { Id: '7', SyncToken: '216', sparse: true, Active: false },
    },
    { bId: '13', Query: 'select DisplayName from Customer where Active = true' },
    { bId: '14', operation: 'frobnicate', Customer: { DisplayName: 'x' } },
  ];
  return ok(simulator.post('/batch', { BatchItemRequest: items }));
}

async function delivered(
  format: 'cloudevents' | 'legacy',
  items: readonly JsonObject[],
): Promise<unknown> {
  await simulator.control('PUT', '/webhooks', { format });
  await ok(simulator.post('/batch', { BatchItemRequest: [...items] }));
  await expect.poll(() => endpoint.received.length, { timeout: 25_000 }).toBe(1);
  const body: unknown = JSON.parse(endpoint.received[0]?.body ?? '');
  return body;
}
const creation = (entity: string, body: JsonObject): JsonObject => ({
  bId: entity,
  operation: 'create',
  [entity]: body,
});
const account = creation('Account', { Name: 'Fees', AccountType: 'Income' });
const customer = creation('Customer', { DisplayName: 'New' });
const itemChange: JsonObject = {
  bId: 'change',
  operation: 'update',
  Item: { Id: '1', SyncToken: '0', sparse: true, UnitPrice: 5 },
};

const changeFeed = 'CDCResponse.0.QueryResponse.0';

const comparisons: Readonly<Record<string, Comparison>> = {
  'query/ruckus-delete-invoice-response.json': { answer: deletedInvoice },
  'cdc/javasdk-cdc-deposit.json': {
    answer: changedDeposits,
    added: ['maxResults', 'startPosition'].map((key) => `${changeFeed}.${key} number`),
    why: 'recorded in 2015; the recording of 2020 that quickbooks.md §2.3 quotes has both',
  },
  'cdc/ruckus-invoice-deleted.json': {
    answer: deletedInvoiceInCdc,
    added: [`${changeFeed}.startPosition number`],
    missing: [`${changeFeed}.totalCount number`],
    why: 'recorded in XML in 2014, where totalCount is an attribute; in JSON there is none (quickbooks.md §2.3)',
  },
  'batch/javasdk-batch-l206.json': { answer: depositBatch },
  'batch/javasdk-batch-l100.json': {
    answer: mixedBatch,
    added: [
      ...[
        'Balance number',
        'BalanceWithJobs number',
        'BillWithParent boolean',
        'CurrencyRef.value string',
        'FullyQualifiedName string',
        'IsProject boolean',
        'PreferredDeliveryMethod string',
        'PrintOnCheckName string',
        'Taxable boolean',
        'domain string',
        'sparse boolean',
      ].map((path) => `BatchItemResponse.0.Customer.${path}`),
      'BatchItemResponse.1.QueryResponse.Customer.0.sparse boolean',
      'BatchItemResponse.1.QueryResponse.totalCount number',
      'BatchItemResponse.2.Fault.Error.0.Detail string',
    ],
    missing: ['BatchItemResponse.0.Customer.status string'],
    why: 'a pre-release of 2012, with fewer fields and objects in a state called Pending',
  },
  'webhooks/dotnetsdk-legacy-two-entities.json': {
    answer: () => delivered('legacy', [itemChange, customer]),
  },
  'webhooks/fyle-webhook-payload-multi-entity.json': {
    answer: () => delivered('legacy', [account, itemChange]),
  },
  'webhooks/fyle-webhook-payload-single-entity.json': {
    answer: () => delivered('legacy', [itemChange]),
  },
  'webhooks/intuit-blog-cloudevents-account-created.json': {
    answer: () => delivered('cloudevents', [account]),
  },
  'webhooks/intuit-blog-legacy-account-create.json': {
    answer: () => delivered('legacy', [account]),
  },
  'webhooks/javasdk-legacy-customer-create.json': {
    answer: () => delivered('legacy', [customer]),
  },
};

test('every recorded batch, change feed and webhook has its comparison', () => {
  const recorded = ['batch', 'cdc', 'webhooks'].flatMap((folder) =>
    recordedNames(folder).map((name) => `${folder}/${name}`),
  );
  expect(Object.keys(comparisons)).toEqual(expect.arrayContaining(recorded));
});

test('every difference has its reason', () => {
  const silent = Object.entries(comparisons).filter(
    ([, { added, missing, why }]) => (added ?? missing) !== undefined && why === undefined,
  );
  expect(silent).toEqual([]);
});

test.each(Object.entries(comparisons))(
  '%s: an equal request is answered in the same shape, but for what is listed',
  async (name, { answer, added = [], missing = [] }) => {
    expect(differences(await answer(), recordedJson(name))).toEqual({ added, missing });
  },
);

test('in XML the counts of changes and what frames an object are attributes, with a totalCount', async () => {
  await deletedInvoice();
  const since = new Date(Date.now() - 3_600_000).toISOString();
  const path = `/cdc?entities=Invoice&changedSince=${since}`;
  const seen = await simulator.company('GET', path, undefined, { accept: 'application/xml' });
  expect(seen.text).toMatch(
    /<CDCResponse><QueryResponse startPosition="1" maxResults="1" totalCount="1"><Invoice domain="QBO" status="Deleted"><Id>1<\/Id><MetaData>/,
  );
});

test('a legacy delivery uses the documented words and instants', async () => {
  expect(await delivered('legacy', [account])).toEqual({
    eventNotifications: [
      {
        realmId: demoRealm,
        dataChangeEvent: {
          entities: [
            {
              name: 'Account',
              id: expect.stringMatching(/^\d+$/),
              operation: 'Create',
              lastUpdated: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/),
            },
          ],
        },
      },
    ],
  });
});
