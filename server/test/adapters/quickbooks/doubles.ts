import { createServer, type ServerResponse } from 'node:http';
import { toCompanyId, toInstant } from '#core/brand.ts';
import type { CallCounts } from '#ports/call-counts.ts';
import type { Clock } from '#ports/clock.ts';
import type { Credentials, Tokens } from '#ports/credentials.ts';
import type { Lease } from '#ports/store.ts';
import type { QuickBooksOAuth } from '../../../src/adapters/quickbooks/oauth.ts';

export const companyId = toCompanyId('company-1');

export const lease: Lease = { companyId, epoch: 1n, holder: 'worker' };

/** Counts that nobody looks at; the lease is never lost. */
export const uncounted: Pick<CallCounts, 'count' | 'lastMinute'> = {
  count: () => Promise.resolve(true),
  lastMinute: () => Promise.resolve([]),
};

/** The machine's own time; these tests measure deadlines and nothing else. */
export const realClock: Clock = {
  now: () => toInstant(Date.now()),
  monotonicMs: () => performance.now(),
  wait: (ms, signal) =>
    new Promise((resolve) => {
      const timer = setTimeout(resolve, ms);
      signal?.addEventListener('abort', () => {
        clearTimeout(timer);
        resolve();
      });
    }),
};

/** Tokens good for an hour. */
export const tokensNamed = (name: string): Tokens => ({
  accessToken: `${name}-access`,
  refreshToken: `${name}-refresh`,
  previousRefreshToken: null,
  accessExpiresAt: toInstant(Date.now() + 3_600_000),
  refreshExpiresAt: toInstant(Date.now() + 86_400_000),
});

/** Credentials in memory, rotating like the stored ones: whoever holds an older set gets the newer. */
export function heldTokens(
  first: Tokens | null,
): Credentials & { readonly held: () => Tokens | null } {
  let held = first;
  return {
    held: () => held,
    tokens: () => Promise.resolve(held),
    rotate: async (_, seen, refresh) => {
      if (held !== null && held.accessToken !== seen.accessToken) return held;
      held = await refresh(held ?? seen);
      return held;
    },
    invoicing: () => Promise.resolve({ baseUrl: '', token: '' }),
  };
}

/** A token server that gives each refresh the next name. */
export function countingOAuth(refresh?: QuickBooksOAuth['refresh']): QuickBooksOAuth & {
  readonly refreshed: () => number;
} {
  let count = 0;
  return {
    refreshed: () => count,
    authorizationUrl: () => '',
    exchange: () => Promise.resolve(tokensNamed('exchanged')),
    refresh: (held) => {
      count += 1;
      return refresh === undefined ? Promise.resolve(tokensNamed(`new-${count}`)) : refresh(held);
    },
    revoke: () => Promise.resolve(),
  };
}

export type Received = {
  readonly method: string;
  readonly url: URL;
  readonly body: string;
  readonly authorization: string | undefined;
  readonly contentType: string | undefined;
};

export type Listener = {
  readonly url: string;
  readonly received: readonly Received[];
  readonly close: () => Promise<void>;
};

/** A small server that keeps what it receives and answers as told; `reply` may also destroy or never answer. */
export async function listen(
  reply: (request: Received, response: ServerResponse) => void,
): Promise<Listener> {
  const received: Received[] = [];
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const each: Received = {
        method: request.method ?? '',
        url: new URL(request.url ?? '/', 'http://localhost'),
        body: Buffer.concat(chunks).toString(),
        authorization: request.headers.authorization,
        contentType: request.headers['content-type'],
      };
      received.push(each);
      reply(each, response);
    });
  });
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  const address = server.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;
  return {
    url: `http://127.0.0.1:${port}`,
    received,
    close: () =>
      new Promise((resolve) => {
        server.closeAllConnections();
        server.close(() => resolve());
      }),
  };
}

/** Answers with JSON as QuickBooks does. */
export function json(response: ServerResponse, status: number, body: unknown): void {
  response.writeHead(status, {
    'content-type': 'application/json',
    intuit_tid: 'tid-1',
  });
  response.end(JSON.stringify(body));
}
