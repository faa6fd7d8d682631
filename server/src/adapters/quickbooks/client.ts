import type { AccountingWrite, CallOptions } from '#ports/accounting-system.ts';
import { exchanges, guardAxiosOf, openLibrary, type Exchange, type Library } from './library.ts';

/** What came of a call: an answer of whatever status and shape, or none. */
export type Answer =
  | {
      readonly kind: 'answered';
      readonly status: number;
      readonly body: unknown;
      /** Intuit's id of the request; its support asks for it (quickbooks.md §2.1). */
      readonly traceId: string | null;
      readonly retryAfter: string | null;
      readonly date: string | null;
    }
  | {
      readonly kind: 'unanswered';
      /** False only when it is certain that nothing reached the network. */
      readonly left: boolean;
      readonly cause: string;
    };

/** A library call in the callback style. */
type Start = (library: Library, done: () => void) => void;

/** node-quickbooks for one realm, as promises with deadlines; knows nothing of what bodies mean. */
export interface QuickBooksClient {
  read(kind: ReadKind, id: string, token: string, options: CallOptions): Promise<Answer>;
  preferences(token: string, options: CallOptions): Promise<Answer>;
  /** `statement` is what follows `select * from <entity>`. */
  query(entity: QueryKind, statement: string, token: string, options: CallOptions): Promise<Answer>;
  /** `since` as ISO text that ends in Z: the library would send a date without a zone, read as Pacific (quickbooks.md §2.8). */
  changes(
    entities: readonly string[],
    since: string,
    token: string,
    options: CallOptions,
  ): Promise<Answer>;
  /** Sends exactly `write.body`, with `write.requestId` on the wire. */
  write(write: AccountingWrite, token: string, options: CallOptions): Promise<Answer>;
}

const readers = {
  Invoice: 'getInvoice',
  Payment: 'getPayment',
  Customer: 'getCustomer',
  Item: 'getItem',
  TaxCode: 'getTaxCode',
  Term: 'getTerm',
  PaymentMethod: 'getPaymentMethod',
  Account: 'getAccount',
  CompanyInfo: 'getCompanyInfo',
} as const satisfies Readonly<Record<string, keyof Library>>;
type ReadKind = keyof typeof readers;

const finders = {
  Invoice: 'findInvoices',
  Customer: 'findCustomers',
  Item: 'findItems',
  TaxCode: 'findTaxCodes',
  Term: 'findTerms',
  PaymentMethod: 'findPaymentMethods',
  Account: 'findAccounts',
  Payment: 'findPayments',
  CreditMemo: 'findCreditMemos',
} as const satisfies Readonly<Record<string, keyof Library>>;
export type QueryKind = keyof typeof finders;

/** The bridge deletes no invoice (architecture.md §4), and names are lists: they are put out of use, never removed. */
const writers = {
  'Invoice CREATED': 'createInvoice',
  'Invoice UPDATED': 'updateInvoice',
  'Invoice VOIDED': 'voidInvoice',
  'Invoice DELETED': null,
  'Payment CREATED': 'createPayment',
  'Payment UPDATED': 'updatePayment',
  'Payment VOIDED': null,
  'Payment DELETED': 'deletePayment',
  'Customer CREATED': 'createCustomer',
  'Customer UPDATED': 'updateCustomer',
  'Customer VOIDED': null,
  'Customer DELETED': null,
  'Item CREATED': 'createItem',
  'Item UPDATED': 'updateItem',
  'Item VOIDED': null,
  'Item DELETED': null,
  'Term CREATED': 'createTerm',
  'Term UPDATED': 'updateTerm',
  'Term VOIDED': null,
  'Term DELETED': null,
} as const satisfies Record<
  `${AccountingWrite['object']} ${AccountingWrite['operation']}`,
  keyof Library | null
>;

/** Opens node-quickbooks on one realm. One instance a company; the token is the caller's, call by call. */
export function createQuickBooksClient(apiBaseUrl: string, realmId: string): QuickBooksClient {
  guardAxiosOf('node-quickbooks');
  const library = openLibrary(apiBaseUrl, realmId);
  const call = (
    token: string,
    body: string | null,
    options: CallOptions,
    start: Start,
  ): Promise<Answer> => exchange(library, token, body, options, start);
  return {
    read: (kind, id, token, options) =>
      call(token, null, options, (on, done) => on[readers[kind]](encodeURIComponent(id), done)),
    preferences: (token, options) =>
      call(token, null, options, (on, done) => on.getPreferences(done)),
    query: (entity, statement, token, options) =>
      call(token, null, options, (on, done) => on[finders[entity]](statement, done)),
    changes: (entities, since, token, options) =>
      call(token, null, options, (on, done) => on.changeDataCapture(entities, since, done)),
    write: (write, token, options) => {
      const method = writers[`${write.object} ${write.operation}`];
      if (method === null) {
        const cause = `the bridge never has a ${write.object} ${write.operation}`;
        return Promise.resolve({ kind: 'unanswered', left: false, cause });
      }
      return call(token, write.body, options, (on, done) => on[method](entityFor(write), done));
    },
  };
}

/**
 * A fresh object each time: the library takes `requestId` off the object it is given, so sending one twice would lose it
 * (quickbooks.md §8.10). Its content only steers the library; the bytes on the wire are the recorded ones.
 */
function entityFor(write: AccountingWrite): object {
  const recorded: unknown = JSON.parse(write.body);
  return { ...(typeof recorded === 'object' ? recorded : {}), requestId: write.requestId };
}

async function exchange(
  library: Library,
  token: string,
  body: string | null,
  options: CallOptions,
  start: Start,
): Promise<Answer> {
  const signal = signalFor(options);
  if (signal.aborted) return { kind: 'unanswered', left: false, cause: 'cancelled before sending' };
  const state: Exchange = {
    signal,
    deadlineMs: Math.ceil(options.deadlineMs),
    body,
    response: undefined,
  };
  // The callback only settles: thrown at, the library would call it a second time (quickbooks.md §8.4).
  const failure = await new Promise<unknown>((resolve) => {
    library.token = token;
    exchanges.run(state, () => {
      try {
        start(library, (...results: readonly unknown[]) => resolve(results[0]));
      } catch (error) {
        resolve(new NothingSent(error));
      }
    });
  });
  return answered(state.response) ?? unanswered(failure, signal);
}

class NothingSent extends Error {
  constructor(cause: unknown) {
    super(cause instanceof Error ? cause.message.slice(0, 200) : 'the library refused the call');
  }
}

/** The library has no deadline of its own (quickbooks.md §8.5). */
function signalFor({ deadlineMs, signal }: CallOptions): AbortSignal {
  const deadline = AbortSignal.timeout(Math.max(0, Math.ceil(deadlineMs)));
  return signal === undefined ? deadline : AbortSignal.any([signal, deadline]);
}

const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null;

/** The response itself, whatever the library made of it: it calls HTML a success and unwraps at will (§8.6, §8.13). */
function answered(response: unknown): Answer | null {
  if (!isRecord(response) || typeof response['status'] !== 'number') return null;
  const header = (name: string): string | null => {
    const value = isRecord(response['headers']) ? response['headers'][name] : undefined;
    return typeof value === 'string' ? value : null;
  };
  return {
    kind: 'answered',
    status: response['status'],
    body: response['data'],
    traceId: header('intuit_tid'),
    retryAfter: header('retry-after'),
    date: header('date'),
  };
}

/** Failures of name look-up, of connecting and of the TLS handshake: the request was never put on the wire. */
const neverLeft =
  /^(ECONNREFUSED|ENOTFOUND|EAI_AGAIN|EHOSTUNREACH|ENETUNREACH|EADDRNOTAVAIL|ERR_INVALID_URL|ERR_BAD_OPTION|CERT_|DEPTH_ZERO_|SELF_SIGNED_|UNABLE_TO_|ERR_TLS_)/;

/** Never the error itself: an AxiosError holds the token and the payload (quickbooks.md §8.2). */
function unanswered(failure: unknown, signal: AbortSignal): Answer {
  if (failure instanceof NothingSent)
    return { kind: 'unanswered', left: false, cause: failure.message };
  const code = isRecord(failure) && typeof failure['code'] === 'string' ? failure['code'] : null;
  const cause = signal.aborted ? 'no answer within the deadline' : (code ?? 'no answer');
  return { kind: 'unanswered', left: code === null || !neverLeft.test(code), cause };
}
