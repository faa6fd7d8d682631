import { AsyncLocalStorage } from 'node:async_hooks';
import { createRequire } from 'node:module';

/**
 * The two outside libraries as they really are. Their types do not match what they export (quickbooks.md §8.19), and both
 * call an axios of their own that no import of ours reaches (§8.11).
 */

type Callback = (error: unknown, data: unknown, response: unknown) => void;
type Change = (entity: object, callback: Callback) => void;
type Read = (id: string, callback: Callback) => void;
type Find = (criteria: string, callback: Callback) => void;

/** One connection of node-quickbooks; only the methods the bridge calls. */
export type Library = {
  token: string;
  endpoint: string;
  readonly createInvoice: Change;
  readonly updateInvoice: Change;
  readonly voidInvoice: Change;
  readonly createPayment: Change;
  readonly updatePayment: Change;
  readonly deletePayment: Change;
  readonly createCustomer: Change;
  readonly updateCustomer: Change;
  readonly createItem: Change;
  readonly updateItem: Change;
  readonly createTerm: Change;
  readonly updateTerm: Change;
  readonly getInvoice: Read;
  readonly getPayment: Read;
  readonly getCustomer: Read;
  readonly getItem: Read;
  readonly getTaxCode: Read;
  readonly getTerm: Read;
  readonly getPaymentMethod: Read;
  readonly getAccount: Read;
  readonly getCompanyInfo: Read;
  readonly getPreferences: (callback: Callback) => void;
  readonly findInvoices: Find;
  readonly findCustomers: Find;
  readonly findItems: Find;
  readonly findTaxCodes: Find;
  readonly findTerms: Find;
  readonly findPaymentMethods: Find;
  readonly findAccounts: Find;
  readonly findPayments: Find;
  readonly findCreditMemos: Find;
  readonly changeDataCapture: (
    entities: readonly string[],
    since: string,
    callback: Callback,
  ) => void;
};

type Constructor = new (options: {
  readonly consumerKey: string;
  readonly consumerSecret: string;
  readonly token: string;
  readonly tokenSecret: false;
  readonly realmId: string;
  readonly useSandbox: boolean;
  readonly debug: false;
  readonly minorversion: number;
  readonly oauthversion: '2.0';
  readonly refreshToken: null;
}) => Library;

const load = createRequire(import.meta.url);

const isConstructor = (value: unknown): value is Constructor => typeof value === 'function';

/** Minor versions below are ignored, the default is this one (quickbooks.md §2.2). */
const minorVersion = 75;

/** A connection to one realm. The token is set before each call, so that a new one reaches the next call. */
export function openLibrary(apiBaseUrl: string, realmId: string): Library {
  const library: unknown = load('node-quickbooks');
  if (!isConstructor(library)) throw new Error('node-quickbooks does not export its constructor');
  const connection = new library({
    consumerKey: '',
    consumerSecret: '',
    token: '',
    tokenSecret: false,
    realmId,
    useSandbox: true,
    debug: false,
    minorversion: minorVersion,
    oauthversion: '2.0',
    refreshToken: null,
  });
  connection.endpoint = `${apiBaseUrl.replace(/\/+$/, '')}/v3/company/`;
  return connection;
}

/** What an axios request config has that matters here. */
type Config = {
  data?: unknown;
  signal?: AbortSignal;
  timeout?: number;
  maxRedirects?: number;
  transformRequest?: readonly ((data: unknown) => unknown)[];
  headers: { set(name: string, value: string): unknown };
};
type Interceptors<Value> = {
  use(
    fulfilled: (value: Value) => Value,
    rejected: ((error: unknown) => never) | undefined,
  ): unknown;
};
type Axios = {
  readonly interceptors: {
    readonly request: Interceptors<Config>;
    readonly response: Interceptors<unknown>;
  };
};

const isAxios = (value: unknown): value is Axios =>
  typeof value === 'function' && 'interceptors' in value;

/** One exchange over a library's axios: what it must keep to, and what came back. */
export type Exchange = {
  readonly signal: AbortSignal;
  readonly deadlineMs: number;
  /** Bytes to send instead of the library's own; null where there are none of ours. */
  readonly body: string | null;
  /** The response, as axios has it; undefined until there is one. */
  response: unknown;
};

/** Surrounds a library call; its axios finds the exchange through the call's own context. */
export const exchanges = new AsyncLocalStorage<Exchange>();

const guarded = new Set<Axios>();

/** Makes the axios that `library` uses obey the exchange of each call; calls outside an exchange stay as they are. */
export function guardAxiosOf(library: 'node-quickbooks' | 'intuit-oauth'): void {
  const axios: unknown = createRequire(load.resolve(library))('axios');
  if (!isAxios(axios)) throw new Error(`the axios of ${library} is not reachable`);
  if (guarded.has(axios)) return;
  guarded.add(axios);
  axios.interceptors.request.use(obey, undefined);
  axios.interceptors.response.use(keep, keepRefused);
}

/** Deadline, no redirects (they would carry the token along), and the recorded bytes instead of a new rendering. */
function obey(config: Config): Config {
  const exchange = exchanges.getStore();
  if (exchange === undefined) return config;
  config.signal = exchange.signal;
  config.timeout = exchange.deadlineMs;
  config.maxRedirects = 0;
  if (exchange.body === null) return config;
  config.data = exchange.body;
  config.transformRequest = [(data) => data];
  config.headers.set('Content-Type', 'application/json');
  return config;
}

function keep(response: unknown): unknown {
  const exchange = exchanges.getStore();
  if (exchange !== undefined) exchange.response = response;
  return response;
}

function keepRefused(error: unknown): never {
  const exchange = exchanges.getStore();
  const hasResponse = typeof error === 'object' && error !== null && 'response' in error;
  if (exchange !== undefined && hasResponse) exchange.response = error.response;
  throw error;
}
