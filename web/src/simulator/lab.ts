import { paths } from '../paths.ts';

/** One write that took effect in a simulator: the ground truth of what happened. */
export type Mutation = {
  readonly seq: number;
  readonly entity: string;
  readonly id: string;
  readonly operation: string;
  readonly requestId: string | null;
  readonly actor: 'api' | 'human';
};

/** One request that a simulator received. */
export type ReceivedRequest = {
  readonly seq: number;
  readonly method: string;
  readonly path: string;
  readonly requestId: string | null;
  readonly status: number | null;
  readonly finishedAt: string | null;
  readonly fault: string | null;
};

/** An invoice as its own book holds it; `mark` names the internal invoice a QuickBooks copy belongs to. */
export type BookInvoice = {
  readonly id: string;
  readonly number: string | null;
  readonly total: string;
  readonly mark: string | null;
  readonly isGone: boolean;
};

/** What the sender of webhooks may do wrong, and what it did. */
export type Webhooks = {
  readonly drop: number;
  readonly duplicate: number;
  readonly shuffle: number;
  readonly counts: { readonly acknowledged: number };
};

/** How the worker process fares. */
export type Worker = {
  readonly isRunning: boolean;
  readonly isFrozen: boolean;
  readonly startedCount: number;
};

/** A rule of `PUT /_control/faults`. */
export type FaultRule = {
  readonly match: {
    readonly operation?: string;
    readonly entity?: string;
    readonly probability?: number;
    readonly nth?: number;
  };
  readonly effect: string;
  readonly params?: Readonly<Record<string, string | number>>;
};

/** Which of the two simulators. */
export type Book = 'quickbooks' | 'invoicing';

/** The realm that the demo company is connected to. */
const realm = '9130000000000001';

/** What a simulator refused, in its own words. */
export class LabRefusal extends Error {}

async function call<Answer>(method: string, path: string, body?: object): Promise<Answer> {
  const response = await fetch(path, {
    method,
    headers: { 'content-type': 'application/json', 'x-ledgerbridge-csrf': '1' },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  const answer: Answer & Refused = await response.json();
  if (!response.ok) throw new LabRefusal(answer.detail ?? answer.message ?? answer.error?.message);
  return answer;
}

type Refused = {
  readonly message?: string;
  readonly detail?: string;
  readonly error?: { readonly message?: string };
};

const quickbooks = (rest: string) => paths.demoControl('quickbooks', `realms/${realm}/${rest}`);
const invoicing = (rest: string) => paths.demoControl('invoicing', rest);
const of = (book: Book, rest: string) =>
  book === 'quickbooks' ? quickbooks(rest) : invoicing(rest);

/** The controls of both simulators and of the worker (http.md §2, §5, §6); rejects with a `LabRefusal`. */
export const lab = {
  mutations: async (book: Book, after: number) =>
    (
      await call<{ readonly mutations: readonly Mutation[] }>(
        'GET',
        of(book, `mutations?after=${after}`),
      )
    ).mutations,
  requests: async (book: Book, after: number) =>
    (
      await call<{ readonly requests: readonly ReceivedRequest[] }>(
        'GET',
        of(book, `requests?after=${after}`),
      )
    ).requests,
  invoices: async (book: Book) =>
    (await call<{ readonly invoices: readonly BookInvoice[] }>('GET', of(book, 'invoices')))
      .invoices,
  webhooks: (book: Book) => call<Webhooks>('GET', paths.demoControl(book, 'webhooks')),
  setWebhooks: (book: Book, knobs: object) =>
    call<Webhooks>('PUT', paths.demoControl(book, 'webhooks'), knobs),
  faults: async (book: Book) =>
    (await call<{ readonly rules: readonly FaultRule[] }>('GET', paths.demoControl(book, 'faults')))
      .rules,
  setFaults: (book: Book, rules: readonly FaultRule[]) =>
    call('PUT', paths.demoControl(book, 'faults'), { rules }),
  limits: () =>
    call<{ readonly perSecond: number | null }>('GET', paths.demoControl('quickbooks', 'limits')),
  setLimits: (limits: object) => call('PUT', paths.demoControl('quickbooks', 'limits'), limits),
  activity: () =>
    call<{ readonly perMinute: number }>('GET', paths.demoControl('invoicing', 'activity')),
  setActivity: (perMinute: number) =>
    call('PUT', paths.demoControl('invoicing', 'activity'), { perMinute }),
  human: (book: Book, action: object) =>
    call<{ readonly id: string }>('POST', of(book, 'human'), action),
  worker: () => call<Worker>('GET', paths.demoWorker()),
  signal: (signal: 'KILL' | 'STOP' | 'CONT') => call('POST', paths.demoWorker(), { signal }),
};
