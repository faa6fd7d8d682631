import { accountingSystemOver } from '#adapters/quickbooks/accounting-system.ts';
import type { Answer, QuickBooksClient } from '#adapters/quickbooks/client.ts';
import { AccessLapsed, type QuickBooksOAuth } from '#adapters/quickbooks/oauth.ts';
import { createPace } from '#adapters/quickbooks/pace.ts';
import { quickBooksSpelling } from '#adapters/quickbooks/spelling.ts';
import type { Call } from '#adapters/invoicing-http/caller.ts';
import { noAnswer, readFailed } from '#adapters/invoicing-http/failures.ts';
import { invoicingSystemOver } from '#adapters/invoicing-http/invoicing-system.ts';
import { invoicingSpelling } from '#adapters/invoicing-http/spelling.ts';
import { failed, succeeded } from '#core/attempt/failure.ts';
import { later } from '#core/brand.ts';
import type { AccountingWrite, CallOptions } from '#ports/accounting-system.ts';
import type { CallCounts } from '#ports/call-counts.ts';
import type { Clock } from '#ports/clock.ts';
import type { Credentials, Tokens } from '#ports/credentials.ts';
import { createSideClock } from '#ports/side-clock.ts';
import type { Sides } from '#ports/sides.ts';
import {
  askInvoicing,
  askQuickBooks,
  invoicingRefusal,
  quickBooksRefusal,
  type Books,
  type QuickBooksRequest,
} from './books.ts';
import type { Errand, Heard, Network } from './network.ts';
import type { WorkerBody } from './worker-body.ts';

/** A write as it arrives at a side, before anything is done with it. */
export type Arrival = {
  readonly side: 'internal' | 'quickbooks';
  readonly requestId: string | null;
  readonly body: string;
};

/** Access to QuickBooks as the world has it: tokens run out, and a person may have to connect again. */
export type Access = {
  generation: number;
  /** False once the refresh token is dead, until a person connects again. */
  isGranted: boolean;
  /** The stored tokens: one row for all workers. */
  held: Tokens | null;
};

export type SidesOptions = {
  readonly books: Books;
  readonly network: Network;
  readonly access: Access;
  readonly body: WorkerBody;
  readonly clock: Clock;
  readonly counts: CallCounts;
  readonly arrived: (arrival: Arrival) => void;
  /** Told of each call to QuickBooks that leaves. */
  readonly leaves: () => void;
};

/** Both sides for one worker: the adapters as they are, over calls that go through the network in memory. */
export function createMemorySides(options: SidesOptions): Sides {
  const { clock, counts } = options;
  const pace = createPace({ clock, counts });
  const client = createMemoryClient(options);
  const call = createMemoryCall(options);
  return {
    spelling: quickBooksSpelling,
    invoicingSpelling,
    accounting: ({ id: companyId, realmId, facts }, lease) =>
      accountingSystemOver(client, {
        companyId,
        realmId: realmId ?? '',
        credentials: heldCredentials(options),
        apiBaseUrl: 'http://quickbooks.example',
        oauth: tokenServer(options),
        clock,
        pace: pace.under(lease),
        homeCurrency: facts?.homeCurrency ?? null,
      }),
    invoicing: () => {
      const sideClock = createSideClock(clock);
      const heard: Call = async (request, limits) => {
        const answer = await call(request, limits);
        if (answer.ok) sideClock.heard(answer.value.date);
        return answer;
      };
      return Promise.resolve(invoicingSystemOver(heard, clock, sideClock));
    },
  };
}

const tokenOf = ({ generation }: Access): string => `access-${generation}`;

function tokensOf({ access, clock }: SidesOptions): Tokens {
  return {
    accessToken: tokenOf(access),
    refreshToken: 'refresh',
    previousRefreshToken: null,
    accessExpiresAt: later(clock.now(), 3_600_000),
    refreshExpiresAt: later(clock.now(), 86_400_000),
  };
}

/** Whoever renews first, all others read what it stored. */
function heldCredentials(options: SidesOptions): Credentials {
  const { access } = options;
  const held = (): Tokens => (access.held ??= tokensOf(options));
  return {
    tokens: async () => held(),
    rotate: async (_company, seen, refresh) => {
      if (held().accessToken !== seen.accessToken) return held();
      access.held = await refresh(held());
      return access.held;
    },
    invoicing: async () => ({ baseUrl: '', token: '' }),
  };
}

function tokenServer(options: SidesOptions): QuickBooksOAuth {
  const refuse = (): Promise<never> => Promise.reject(new Error('nobody connects here'));
  return {
    authorizationUrl: () => '',
    exchange: refuse,
    refresh: async () => {
      await options.body.step('asks for a new access token');
      if (!options.access.isGranted) throw new AccessLapsed('the refresh token is dead');
      return tokensOf(options);
    },
    revoke: refuse,
  };
}

function createMemoryClient(options: SidesOptions): QuickBooksClient {
  const { books, network, access, body, arrived, leaves } = options;
  const ask = async (
    asked: QuickBooksRequest,
    token: string,
    limits: CallOptions,
    isWrite: boolean,
  ): Promise<Answer> => {
    await body.step(`asks QuickBooks ${asked.segments.join('/')}`);
    const errand: Errand = {
      side: 'quickbooks',
      isWrite,
      execute: () => {
        if (token !== tokenOf(access) || !access.isGranted)
          return quickBooksRefusal.unauthorized(books);
        if (isWrite)
          arrived({
            side: 'quickbooks',
            requestId: asked.query['requestid'] ?? null,
            body: asked.body,
          });
        return askQuickBooks(books, asked);
      },
      refusal: (kind) => {
        if (kind === 'throttled') return quickBooksRefusal.throttled(books, 2);
        if (kind === 'broken') return quickBooksRefusal.broken(books, 503);
        return quickBooksRefusal[kind](books);
      },
    };
    leaves();
    const heard = await network.call(errand, limits);
    await body.step(`hears from QuickBooks ${asked.segments.join('/')}`);
    return answerOf(heard, books);
  };
  const get = (segments: readonly string[], query: QuickBooksRequest['query'] = {}) =>
    ({ method: 'GET', segments, query, body: '' }) as const;
  return {
    read: (kind, id, token, limits) => {
      const isSingle = kind === 'CompanyInfo';
      const segments = isSingle ? [kind.toLowerCase()] : [kind.toLowerCase(), id];
      return ask(get(segments), token, limits, false);
    },
    preferences: (token, limits) => ask(get(['preferences']), token, limits, false),
    query: (entity, statement, token, limits) => {
      const query = `select * from ${entity} ${statement}`;
      return ask(get(['query'], { query }), token, limits, false);
    },
    changes: (entities, since, token, limits) => {
      const query = { entities: entities.join(','), changedSince: since };
      return ask(get(['cdc'], query), token, limits, false);
    },
    write: (write, token, limits) => ask(requestOf(write), token, limits, true),
  };
}

const operations = { UPDATED: 'update', VOIDED: 'void', DELETED: 'delete' } as const;

function requestOf({ requestId, object, operation, body }: AccountingWrite): QuickBooksRequest {
  const asked = operation === 'CREATED' ? {} : { operation: operations[operation] };
  const query = { requestid: requestId, ...asked };
  return { method: 'POST', segments: [object.toLowerCase()], query, body };
}

function answerOf(heard: Heard, { quickbooks }: Books): Answer {
  if (heard.kind === 'unanswered') return heard;
  const { status, body, retryAfter } = heard.answer;
  const date = quickbooks.clock.now().toUTCString();
  return { kind: 'answered', status, body, traceId: null, retryAfter, date };
}

function createMemoryCall({ books, network, body: worker, arrived }: SidesOptions): Call {
  return async ({ method, path, headers = {}, body }, limits) => {
    await worker.step(`asks internal invoicing ${method} ${path}`);
    const isWrite = method !== 'GET';
    const heard = await network.call(
      {
        side: 'internal',
        isWrite,
        execute: () => {
          const requestId = headers['idempotency-key'] ?? null;
          if (isWrite) arrived({ side: 'internal', requestId, body: body ?? '' });
          return askInvoicing(books, { method, path, headers, body });
        },
        refusal: (kind) => {
          if (kind === 'stale') return invoicingRefusal(412);
          // A refused token needs a person there; a proxy that has lost its way is what comes instead.
          if (kind === 'unauthorized') return invoicingRefusal(502);
          return kind === 'throttled' ? invoicingRefusal(429, 2) : invoicingRefusal(500);
        },
      },
      limits,
    );
    await worker.step(`hears from internal invoicing ${method} ${path}`);
    if (heard.kind === 'unanswered') {
      const { left, cause } = heard;
      if (!left) return failed({ kind: 'not-sent', cause });
      return failed(isWrite ? noAnswer(cause, null, null) : readFailed(cause, null, null));
    }
    const date = books.invoicing.clock.now().toUTCString();
    return succeeded({ ...heard.answer, date });
  };
}
