import Fastify, { type FastifyInstance } from 'fastify';
import type { Access } from '#ports/access.ts';
import type { Log } from '#ports/log.ts';
import type { WebhookReaders } from '#ports/webhooks.ts';
import type { Ingest } from '#sync/ingest.ts';
import { authorizationRoutes, type AuthorizationRoutes } from './authorization.ts';
import { demoRoutes, type Demo } from './demo.ts';
import { graphqlRoute, upgradesTo, type GraphqlEndpoint } from './graphql-route.ts';
import { healthRoutes, type HealthChecks } from './health.ts';
import { leavingOf } from './leaving.ts';
import type { Metrics } from './metrics.ts';
import { bodyBytesMax } from './raw-body.ts';
import { sessionRoutes, type SessionRoutes } from './session.ts';
import { singlePageApp } from './single-page-app.ts';
import { webhookRoutes } from './webhooks.ts';

export type HttpDependencies = {
  readonly graphql: GraphqlEndpoint;
  readonly access: Access;
  readonly sessions: Omit<SessionRoutes, 'access'>;
  readonly authorization: Omit<AuthorizationRoutes, 'access'>;
  readonly webhooks: WebhookReaders;
  readonly ingest: Ingest;
  readonly health: HealthChecks;
  readonly metrics: Metrics;
  /** Null unless demo mode is on. */
  readonly demo: Demo | null;
  /** Folder of the built web app; null when it was not built. */
  readonly webDir: string | null;
  /** How long it says that it is about to stop while it still serves, in milliseconds. */
  readonly drainMs: number;
  /** Whether an error says that the database was away, and nothing of what was asked. */
  readonly isUnavailable: (error: unknown) => boolean;
  readonly log: Log;
};

export type HttpServer = {
  /** Resolves with the port once requests are answered. */
  readonly listen: (host: string, port: number) => Promise<number>;
  /** Sends callers elsewhere, ends sockets, lets requests finish, then resolves. */
  readonly close: () => Promise<void>;
};

/** Said of every answer, whoever gives it. */
const headers = {
  'x-content-type-options': 'nosniff',
  'referrer-policy': 'no-referrer',
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-resource-policy': 'same-origin',
} as const;

/** Said where others reach us by TLS: for a year a browser does not even try without it; other names of the domain are not ours to bind. */
const transportHeaders = { 'strict-transport-security': 'max-age=31536000' } as const;

/** The one HTTP server: GraphQL, webhooks, health, metrics, the demo's controls and the web app. */
export function createHttpServer(dependencies: HttpDependencies): HttpServer {
  const app = Fastify({
    bodyLimit: bodyBytesMax,
    forceCloseConnections: 'idle',
    // We say it ourselves, with Retry-After.
    return503OnClosing: false,
  });
  const leaving = leavingOf(app, dependencies.drainMs);
  const said = dependencies.sessions.isSecure ? { ...headers, ...transportHeaders } : headers;
  app.addHook('onSend', async (_request, reply) => {
    reply.headers(said);
  });
  answerErrors(app, dependencies);
  addRoutes(app, dependencies, leaving.isLeaving);
  app.server.on('upgrade', upgradesTo(dependencies.graphql));
  return {
    listen: async (host, port) => {
      await app.listen({ host, port });
      const address = app.server.address();
      return typeof address === 'object' && address !== null ? address.port : port;
    },
    close: () => leaving.leave(() => dependencies.graphql.dispose()),
  };
}

function addRoutes(
  app: FastifyInstance,
  dependencies: HttpDependencies,
  isLeaving: () => boolean,
): void {
  const { graphql, access, demo, webDir, metrics, log } = dependencies;
  const { webhooks: readers, ingest, health } = dependencies;
  app.register(graphqlRoute, { graphql });
  app.register(sessionRoutes, { ...dependencies.sessions, access });
  app.register(authorizationRoutes, { ...dependencies.authorization, access });
  app.register(webhookRoutes, { readers, ingest, metrics, log });
  app.get('/demo', async () => ({ isOn: demo !== null }));
  if (demo !== null) app.register(demoRoutes, { demo, access });
  healthRoutes(app, health, isLeaving);
  app.get('/metrics', async (_request, reply) =>
    reply.type(metrics.contentType).send(await metrics.text()),
  );
  if (webDir !== null) app.register(singlePageApp, { webDir });
}

/** Refusals of the server itself keep their status; a database that is away passes; anything else is a bug and says no more than that. */
function answerErrors(
  app: FastifyInstance,
  { isUnavailable, log }: Pick<HttpDependencies, 'isUnavailable' | 'log'>,
): void {
  app.setErrorHandler((error, request, reply) => {
    const status = statusOf(error);
    if (status < 500) return reply.code(status).send({ message: messages[status] ?? 'Refused.' });
    const cause = error instanceof Error ? (error.stack ?? error.message) : String(error);
    log.error('a request failed', { method: request.method, url: request.url, cause });
    if (isUnavailable(error)) return reply.code(503).header('retry-after', '2').send(away);
    return reply.code(status).send({ message: 'Something went wrong on our side.' });
  });
}

const away = {
  message:
    'The database cannot be reached right now. Ask again; a mutation under the same key is done once.',
};

const messages: Readonly<Record<number, string>> = {
  400: 'The request cannot be read.',
  404: 'There is nothing at this address.',
  413: 'The body is larger than 1 MiB.',
  415: 'This kind of body is not taken here.',
};

const statusOf = (error: unknown): number =>
  typeof error === 'object' &&
  error !== null &&
  'statusCode' in error &&
  typeof error.statusCode === 'number'
    ? error.statusCode
    : 500;
