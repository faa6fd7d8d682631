import { createRequire } from 'node:module';
import { promisify } from 'node:util';
import { z } from 'zod';
import { isObject, textOf, type JsonObject } from '../../../simulator/quickbooks/json.ts';
import {
  createQuickBooksSimulator,
  type QuickBooksSimulatorOptions,
} from '../../../simulator/quickbooks/server.ts';

export const demoRealm = '9130000000000001';

/** An answer with its status, headers and body, parsed when it is JSON. */
export type Seen = {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
  readonly body: JsonObject;
};

/** A started simulator and short ways to talk to it over HTTP. */
export type Running = Awaited<ReturnType<typeof startSimulator>>;

/** Starts a simulator on a free port, connected to its demo realm. */
export async function startSimulator(options: QuickBooksSimulatorOptions = {}) {
  const simulator = await createQuickBooksSimulator(options);
  const { url } = simulator;
  const control = async (method: string, path: string, body?: unknown): Promise<JsonObject> => {
    const seen = await call(`${url}/_control${path}`, { method, ...jsonBody(body) });
    if (seen.status !== 200) throw new Error(`${path} answered ${seen.status}: ${seen.text}`);
    return seen.body;
  };
  const connect = async (realm = demoRealm) =>
    tokens.parse(await control('POST', `/realms/${realm}/token`));
  const pair = await connect();

  const company = (method: string, path: string, body?: unknown, headers: object = {}) =>
    call(`${url}/v3/company/${demoRealm}${path}`, {
      method,
      ...jsonBody(body),
      headers: {
        accept: 'application/json',
        authorization: `Bearer ${pair.accessToken}`,
        'content-type': 'application/json',
        ...headers,
      },
    });
  return {
    url,
    ...pair,
    connect,
    control,
    company,
    get: (path: string) => company('GET', path),
    post: (path: string, body: unknown) => company('POST', path, body),
    query: (statement: string) => company('GET', `/query?query=${encodeURIComponent(statement)}`),
    human: (action: JsonObject) => control('POST', `/realms/${demoRealm}/human`, action),
    mutations: async () =>
      listIn(await control('GET', `/realms/${demoRealm}/mutations`), 'mutations'),
    client: () => nodeQuickBooks(url, pair.accessToken, pair.refreshToken),
    close: () => simulator.close(),
  };
}

const tokens = z.object({ accessToken: z.string(), refreshToken: z.string() });

/** One HTTP request. */
export async function call(url: string, init: RequestInit): Promise<Seen> {
  const response = await fetch(url, init);
  const text = await response.text();
  return { status: response.status, headers: response.headers, text, body: parse(text) };
}

function parse(text: string): JsonObject {
  try {
    const value: unknown = JSON.parse(text);
    return isObject(value) ? value : {};
  } catch {
    return {};
  }
}

function jsonBody(body: unknown): { body?: string } {
  if (body === undefined) return {};
  return { body: typeof body === 'string' ? body : JSON.stringify(body) };
}

/** The objects of a list inside an answer. */
export function listIn(holder: unknown, ...path: readonly string[]): readonly JsonObject[] {
  const found = at(holder, ...path);
  return Array.isArray(found) ? found.filter(isObject) : [];
}

/** The object at a path inside an answer. */
export function objectIn(holder: unknown, ...path: readonly (string | number)[]): JsonObject {
  const found = at(holder, ...path);
  if (!isObject(found))
    throw new Error(`nothing at ${path.join('.')} of ${JSON.stringify(holder)}`);
  return found;
}

/** Whatever is at a path. */
export function at(holder: unknown, ...path: readonly (string | number)[]): unknown {
  return path.reduce<unknown>((place, step) => {
    if (Array.isArray(place)) return place[Number(step)];
    return isObject(place) ? place[step] : undefined;
  }, holder);
}

/** The Id of an object, as text. */
export function idOf(object: JsonObject): string {
  return textOf(object, 'Id') ?? '';
}

/** The code of the first error of a fault. */
export function codeOf(seen: Seen | JsonObject): unknown {
  const body = 'body' in seen && isObject(seen['body']) ? seen['body'] : seen;
  return at(body, 'Fault', 'Error', 0, 'code');
}

type Callback = (error: unknown, value: unknown, response: unknown) => void;
type Method = (...values: unknown[]) => void;
type Client = Record<string, Method | string | undefined>;

/** The real node-quickbooks, pointed at the simulator, with promises (quickbooks.md §8). */
function nodeQuickBooks(url: string, accessToken: string, refreshToken: string) {
  const require = createRequire(import.meta.url);
  const constructorOf = z.custom<(new (settings: object) => Client) & Record<string, unknown>>(
    (value) => typeof value === 'function',
  );
  const QuickBooks = constructorOf.parse(require('node-quickbooks'));
  QuickBooks['TOKEN_URL'] = `${url}/oauth2/v1/tokens/bearer`;
  QuickBooks['REVOKE_URL'] = `${url}/v2/oauth2/tokens/revoke`;
  const client = new QuickBooks({
    consumerKey: 'simulator-client',
    consumerSecret: 'simulator-secret',
    token: accessToken,
    tokenSecret: false,
    realmId: demoRealm,
    useSandbox: true,
    debug: false,
    minorversion: null,
    oauthversion: '2.0',
    refreshToken,
  });
  client['endpoint'] = `${url}/v3/company/`;

  const run = (name: string, ...values: unknown[]): Promise<unknown> => {
    const method = client[name];
    if (typeof method !== 'function') throw new Error(`node-quickbooks has no ${name}`);
    return promisify((callback: (error: unknown, value?: unknown) => void) => {
      const settle: Callback = (error, value) => callback(error, value);
      method.call(client, ...values, settle);
    })();
  };
  const ask = (name: string, ...values: unknown[]): Promise<JsonObject> =>
    run(name, ...values).then((value) => (isObject(value) ? value : {}));
  return { ask, run, client };
}

/** A line that sells an item of the demo company. */
export function saleLine(amount: number, more: JsonObject = {}, itemId = '1'): JsonObject {
  return {
    Amount: amount,
    DetailType: 'SalesItemLineDetail',
    SalesItemLineDetail: { ItemRef: { value: itemId }, ...more },
  };
}
