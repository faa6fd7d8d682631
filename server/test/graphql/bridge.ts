import { randomBytes } from 'node:crypto';
import { PrismaPg } from '@prisma/adapter-pg';
import { Pool } from 'pg';
import { z } from 'zod';
import { createApiBudgets } from '#adapters/postgres/api-budgets.ts';
import { createApiKeys, keyIssuer } from '#adapters/postgres/api-keys.ts';
import { createAuthorizations } from '#adapters/postgres/authorizations.ts';
import { createChangeRequests } from '#adapters/postgres/change-requests.ts';
import { createSessions } from '#adapters/postgres/sessions.ts';
import { isUnavailable } from '#adapters/postgres/unavailable.ts';
import { createStreamBell } from '#adapters/postgres/stream-bell.ts';
import { systemClock } from '#adapters/system/clock.ts';
import { systemDigest, systemIds } from '#adapters/system/ids.ts';
import { createSecrets } from '#adapters/system/secrets.ts';
import { toCorrelationId } from '#core/brand.ts';
import { PrismaClient } from '#generated/prisma/client.ts';
import { createGraphql } from '#graphql/server.ts';
import { connectingCookie } from '#http/authorization.ts';
import { createAccess } from '#http/access.ts';
import { createMetrics } from '#http/metrics.ts';
import { createHttpServer, type HttpDependencies } from '#http/server.ts';
import type { Clock } from '#ports/clock.ts';
import type { Json } from '#core/json.ts';
import type { Log } from '#ports/log.ts';
import { createActions } from '#sync/actions.ts';
import type { CheckConnection } from '#sync/check-connection.ts';
import { createTestDatabase } from '../database.ts';

export const adminKey = 'lb_test-administrator-key';

type Fact = { readonly fact: string; readonly about: { readonly [key: string]: Json } };

/** A log that keeps what it is told. */
export function createTestLog(): Log & { readonly facts: Fact[] } {
  const facts: Fact[] = [];
  const note = (fact: string, about: { readonly [key: string]: Json } = {}): void => {
    facts.push({ fact, about });
  };
  return { facts, debug: note, info: note, warn: note, error: note };
}

const answer = z.object({
  data: z.record(z.string(), z.unknown()).nullish(),
  errors: z
    .array(z.object({ message: z.string(), extensions: z.record(z.string(), z.unknown()) }))
    .optional(),
  extensions: z.record(z.string(), z.unknown()).optional(),
});

export type BridgeOptions = {
  readonly demo?: boolean;
  readonly publicUrl?: string | null;
  readonly clock?: Clock;
  readonly allowPrivateAddresses?: boolean;
  readonly checkConnection?: CheckConnection;
  readonly publishedDocuments?: Readonly<Record<string, string>>;
  readonly http?: Partial<HttpDependencies>;
};

export type Bridge = Awaited<ReturnType<typeof startBridge>>;

/** The API over HTTP on a database of its own, without engine or simulators. */
export async function startBridge(options: BridgeOptions = {}) {
  const database = await createTestDatabase();
  const pool = new Pool({ connectionString: database.url, max: 8 });
  pool.on('error', () => {});
  const statements: string[] = [];
  const rings: string[] = [];
  const prisma = new PrismaClient({
    adapter: new PrismaPg({ connectionString: database.url, max: 8 }),
    log: [{ emit: 'event', level: 'query' }],
  });
  prisma.$on('query', ({ query }) => statements.push(query));
  const log = createTestLog();
  const apiKeys = createApiKeys(pool, systemIds);
  await apiKeys.bootstrap(adminKey);
  const publicUrl = options.publicUrl ?? null;
  const sessions = createSessions(pool, systemIds);
  const access = createAccess({ apiKeys, sessions, demo: options.demo ?? false, publicUrl });
  const bell = createStreamBell(pool, log);
  await bell.start();
  const secrets = createSecrets(randomBytes(32), null);
  const feed = { announce: () => {} };
  const authorizations = createAuthorizations({ pool, secrets, ids: systemIds, feed });
  const actions = createActions({
    requests: createChangeRequests(pool, feed, systemClock),
    doorbell: { ring: (companyId) => void rings.push(companyId) },
    ids: systemIds,
    digest: systemDigest,
    keys: keyIssuer,
    administration: {
      secrets,
      clock: systemClock,
      allowPrivateAddresses: options.allowPrivateAddresses ?? false,
      demo: false,
      authorizations,
      consentUrl: (state) => `https://intuit.example/connect?state=${state}`,
    },
  });
  const graphql = createGraphql({
    prisma,
    bell,
    actions,
    checkConnection: options.checkConnection ?? (async () => []),
    connectingCookie: (nonce) => connectingCookie(nonce, false),
    clock: options.clock ?? systemClock,
    ids: systemIds,
    log,
    access,
    accessBell: bell,
    budgets: createApiBudgets(pool),
    publishedDocuments: options.publishedDocuments ?? {},
    build: 'test',
    publicUrl: publicUrl ?? 'http://127.0.0.1:4000',
    monthlyReads: 500_000,
  });
  const server = createHttpServer({
    graphql,
    access,
    sessions: { sessions, clock: systemClock, isSecure: false },
    authorization: {
      isSecure: false,
      start: (caller, input) =>
        actions.startCompanyAuthorization({
          caller,
          idempotencyKey: systemIds.next(),
          correlationId: toCorrelationId(systemIds.next()),
          input,
        }),
      finish: async () => ({ kind: 'refused', title: 'Not here', explanation: 'No QuickBooks.' }),
    },
    webhooks: {
      invoicing: async () => ({ kind: 'unknown-company' }),
      quickbooks: async () => ({ kind: 'bad-signature' }),
    },
    ingest: async () => ({ accepted: 0, duplicates: 0 }),
    health: {},
    metrics: createMetrics(),
    demo: null,
    webDir: null,
    drainMs: 0,
    isUnavailable,
    log,
    ...options.http,
  });
  const port = await server.listen('127.0.0.1', 0);
  const url = `http://127.0.0.1:${port}`;
  const post = (body: unknown, headers: Readonly<Record<string, string>> = {}) =>
    fetch(`${url}/graphql`, {
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        accept: 'application/graphql-response+json',
        authorization: `Bearer ${adminKey}`,
        ...headers,
      },
      body: JSON.stringify(body),
    });
  return {
    url,
    port,
    pool,
    prisma,
    bell,
    log,
    statements,
    secrets,
    authorizations,
    /** Companies whose bell was rung, oldest first. */
    rings,
    apiKeys,
    databaseUrl: database.url,
    post,
    /** Asks as the administrator and reads the answer. */
    ask: async (query: string, variables: object = {}, headers?: Record<string, string>) => {
      const response = await post({ query, variables }, headers);
      return { status: response.status, ...answer.parse(await response.json()) };
    },
    close: async () => {
      await server.close();
      bell.stop();
      await prisma.$disconnect();
      await pool.end();
      await database.drop();
    },
  };
}
