import Fastify, { type FastifyInstance } from 'fastify';
import type { Access } from '#ports/access.ts';
import type { Log } from '#ports/log.ts';
import type { WebhookReaders } from '#ports/webhooks.ts';
import type { Ingest } from '#sync/ingest.ts';
import { authorizationRoutes, type AuthorizationRoutes } from './authorization.ts';
import { demoRoutes, type Demo } from './demo.ts';
import { graphqlRoute, upgradesTo, type GraphqlEndpoint } from './graphql-route.ts';
import { healthRoutes, type HealthChecks } from './health.ts';
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
  readonly log: Log;
};

export type HttpServer = {
  /** Resolves with the port once requests are answered. */
  readonly listen: (host: string, port: number) => Promise<number>;
  /** Ends sockets and requests, then resolves. */
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
  const app = Fastify({ bodyLimit: bodyBytesMax, forceCloseConnections: true });
  const said = dependencies.sessions.isSecure ? { ...headers, ...transportHeaders } : headers;
  app.addHook('onSend', async (_request, reply) => {
    reply.headers(said);
  });
  answerErrors(app, dependencies.log);
  addRoutes(app, dependencies);
  app.server.on('upgrade', upgradesTo(dependencies.graphql));
  return {
    listen: async (host, port) => {
      await app.listen({ host, port });
      const address = app.server.address();
      return typeof address === 'object' && address !== null ? address.port : port;
    },
    close: async () => {
      await dependencies.graphql.dispose();
      await app.close();
    },
  };
}

function addRoutes(app: FastifyInstance, dependencies: HttpDependencies): void {
  const { graphql, access, demo, webDir, metrics, log } = dependencies;
  const { webhooks: readers, ingest, health } = dependencies;
  app.register(graphqlRoute, { graphql });
  app.register(sessionRoutes, { ...dependencies.sessions, access });
  app.register(authorizationRoutes, { ...dependencies.authorization, access });
  app.register(webhookRoutes, { readers, ingest, metrics, log });
  app.get('/demo', async () => ({ isOn: demo !== null }));
  if (demo !== null) app.register(demoRoutes, { demo, access });
  healthRoutes(app, health);
  app.get('/metrics', async (_request, reply) =>
    reply.type(metrics.contentType).send(await metrics.text()),
  );
  if (webDir !== null) app.register(singlePageApp, { webDir });
}

/** Refusals of the server itself keep their status; anything else is a bug and says no more than that. */
function answerErrors(app: FastifyInstance, log: Log): void {
  app.setErrorHandler((error, request, reply) => {
    const status = statusOf(error);
    if (status < 500) return reply.code(status).send({ message: messages[status] ?? 'Refused.' });
    const cause = error instanceof Error ? (error.stack ?? error.message) : String(error);
    log.error('a request failed', { method: request.method, url: request.url, cause });
    return reply.code(status).send({ message: 'Something went wrong on our side.' });
  });
}

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
