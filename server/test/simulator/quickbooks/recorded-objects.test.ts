import { afterAll, beforeAll, expect, test } from 'vitest';
import { recordedJson, recordedNames } from '../../recorded.ts';
import {
  isObject,
  listOf,
  textOf,
  without,
  type JsonObject,
} from '../../../simulator/quickbooks/json.ts';
import { differences } from './recorded-shape.ts';
import { at, idOf, objectIn, saleLine, startSimulator, type Running } from './running-simulator.ts';

/** The consistent recorded company, and the masters that were recorded of its twin (data/README.md). */
const companies = ['nango-craigs-2026', 'airbyte-craigs-2023'] as const;
const ofTheTwin = ['Term', 'TaxCode', 'TaxRate', 'PaymentMethod'];

let simulator: Running;
beforeAll(async () => {
  const [main, twin] = companies;
  const own = recordedNames(`quickbooks/${main}`).filter((name) => name.endsWith('.json'));
  const files = [
    ...own.map((name) => `${main}/${name}`),
    ...ofTheTwin.map((entity) => `${twin}/${entity}.json`),
  ];
  const company = Object.fromEntries(
    files.map((file) => [entityOf(file), recordedJson(`quickbooks/${file}`)]),
  );
  simulator = await startSimulator();
  await simulator.control('POST', '/reset', { company });
});
afterAll(() => simulator.close());

const entityOf = (file: string): string => file.split('/').at(-1)?.replace('.json', '') ?? '';

function recordedOf(entity: string): readonly JsonObject[] {
  const list = recordedJson(`quickbooks/nango-craigs-2026/${entity}.json`);
  return Array.isArray(list) ? list.filter(isObject) : [];
}

/** What QuickBooks makes itself, and what only the original can have: its links, number and name. */
const notSent =
  'Id SyncToken MetaData domain sparse DocNumber LinkedTxn Balance BalanceWithJobs FullyQualifiedName V4IDPseudonym Level'.split(
    ' ',
  );

async function createLike(entity: string, recorded: JsonObject): Promise<JsonObject> {
  const body: Record<string, JsonObject[string]> = { ...without(recorded, ...notSent) };
  for (const name of ['DisplayName', 'Name']) {
    if (textOf(body, name) !== undefined) body[name] = `${textOf(body, name)} again`;
  }
  if (entity === 'Payment') body['Line'] = await Promise.all(settled(recorded));
  const seen = await simulator.post(`/${entity.toLowerCase()}`, body);
  expect(seen.status, seen.text).toBe(200);
  return objectIn(seen.body, entity);
}

/** The recorded invoices are paid; an equal payment pays new ones of the same customer. */
function settled(payment: JsonObject): readonly Promise<JsonObject>[] {
  return listOf(payment, 'Line').map(async (line) => {
    const Amount = Number(line['Amount']);
    const body = { CustomerRef: payment['CustomerRef'], Line: [saleLine(Amount, {}, '2')] };
    const made = await simulator.post('/invoice', body);
    expect(made.status, made.text).toBe(200);
    const TxnId = idOf(objectIn(made.body, 'Invoice'));
    return { Amount, LinkedTxn: [{ TxnId, TxnType: 'Invoice' }] };
  });
}

type Allowed = { readonly added?: RegExp; readonly missing?: RegExp };

/** How new objects differ from recorded ones: links only the original has, and cosmetics that no client acts on. */
const allowed: Readonly<Record<string, Allowed>> = {
  Invoice: {
    added: /^LinkedTxn empty list$/,
    missing: /^(LinkedTxn\.\d+\.(TxnId|TxnType)|MetaData\.LastModifiedByRef\.value) string$/,
  },
  Customer: { missing: /^V4IDPseudonym string$/ },
  Item: {},
  CreditMemo: {},
  Payment: { missing: /^(LinkedTxn\.\d+\.(TxnId|TxnType) string|Line\.\d+\.LineEx\..*)$/ },
};

test.each(Object.entries(allowed))(
  'every %s created like a recorded one comes back in the recorded shape, but for what is listed',
  async (entity, { added, missing }) => {
    const recorded = recordedOf(entity);
    expect(recorded.length).toBeGreaterThan(3);
    for (const original of recorded) {
      const found = differences(await createLike(entity, original), original);
      const isOther = (pattern: RegExp | undefined) => (path: string) =>
        pattern === undefined || !pattern.test(path);
      expect(
        {
          added: found.added.filter(isOther(added)),
          missing: found.missing.filter(isOther(missing)),
        },
        `${entity} ${String(at(original, 'Id'))}`,
      ).toEqual({ added: [], missing: [] });
    }
  },
);
