import { systemClock } from '#adapters/system/clock.ts';
import { createMetrics } from '#http/metrics.ts';
import { createHttpServer, type HttpDependencies } from '#http/server.ts';
import type { Caller } from '#ports/access.ts';
import { onTestFinished } from 'vitest';

const quiet = { debug: () => {}, info: () => {}, warn: () => {}, error: () => {} };

export const operator: Caller = {
  kind: 'client',
  id: 'operator',
  name: 'operator',
  scope: 'OPERATE',
  companyIds: null,
  documents: 'open',
  sessionId: null,
};

/** Nobody is signed in, and nobody can be. */
export const noSessions: HttpDependencies['sessions'] = {
  sessions: {
    open: async () => null,
    openPlayground: async () => null,
    holderOf: async () => null,
    close: async () => undefined,
  },
  clock: systemClock,
  isSecure: false,
};

/** The HTTP server with stand-ins behind its ports; closed when the test is over. */
export async function startServer(given: Partial<HttpDependencies>): Promise<string> {
  const { url, close } = await startLeaving(given);
  onTestFinished(close);
  return url;
}

/** The same for whoever closes it: how it leaves is looked at. */
export async function startLeaving(
  given: Partial<HttpDependencies>,
): Promise<{ readonly url: string; readonly close: () => Promise<void> }> {
  const server = createHttpServer({
    graphql: {
      handle: async () => new Response('{}'),
      upgrade: (_request, socket) => socket.destroy(),
      dispose: async () => {},
    },
    access: { callerOf: async () => null },
    sessions: noSessions,
    authorization: {
      isSecure: false,
      start: async () => ({
        outcome: { kind: 'not-found' },
        authorizationUrl: null,
        nonce: null,
      }),
      finish: async () => ({ kind: 'refused', title: 'No', explanation: 'Nothing is here.' }),
    },
    webhooks: {
      invoicing: async () => ({ kind: 'events', events: [], dropped: 0 }),
      quickbooks: async () => ({ kind: 'events', events: [], dropped: 0 }),
    },
    ingest: async () => ({ accepted: 0, duplicates: 0 }),
    health: {},
    metrics: createMetrics(),
    demo: null,
    webDir: null,
    drainMs: 0,
    isUnavailable: () => false,
    log: quiet,
    ...given,
  });
  const port = await server.listen('127.0.0.1', 0);
  return { url: `http://127.0.0.1:${port}`, close: () => server.close() };
}
