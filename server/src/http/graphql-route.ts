import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { CallFacts } from '#ports/access.ts';
import { bytesOf, takeRawBodies } from './raw-body.ts';
import { factsOf } from './request-facts.ts';

/** GraphQL as this server passes requests to it. */
export type GraphqlEndpoint = {
  readonly handle: (request: Request, facts: CallFacts) => Promise<Response>;
  readonly upgrade: (request: IncomingMessage, socket: Duplex, head: Buffer) => void;
  readonly dispose: () => Promise<void>;
};

const path = '/graphql';

/** `/graphql` over HTTP and server-sent events; a reader that goes away is told to whoever feeds it. */
export async function graphqlRoute(
  app: FastifyInstance,
  { graphql }: { readonly graphql: GraphqlEndpoint },
): Promise<void> {
  takeRawBodies(app);
  app.all(path, async (request, reply) => {
    const response = await graphql.handle(requestOf(request, reply), factsOf(request));
    return reply.send(response);
  });
}

function requestOf(request: FastifyRequest, reply: FastifyReply): Request {
  const gone = new AbortController();
  reply.raw.once('close', () => {
    if (!reply.raw.writableFinished) gone.abort();
  });
  const headers = new Headers();
  for (const [name, value] of Object.entries(request.headers)) {
    if (value !== undefined) headers.set(name, Array.isArray(value) ? value.join(', ') : value);
  }
  const { method } = request;
  const hasBody = method !== 'GET' && method !== 'HEAD';
  const body = hasBody ? { body: bytesOf(request.body) } : {};
  const url = new URL(request.url, 'http://localhost');
  return new Request(url, { method, headers, signal: gone.signal, ...body });
}

/** Sockets are served at the same path and nowhere else. */
export function upgradesTo(graphql: GraphqlEndpoint) {
  return (request: IncomingMessage, socket: Duplex, head: Buffer): void => {
    const { pathname } = new URL(request.url ?? '/', 'http://localhost');
    if (pathname === path) graphql.upgrade(request, socket, head);
    else socket.destroy();
  };
}
