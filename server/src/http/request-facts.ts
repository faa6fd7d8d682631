import type { FastifyRequest } from 'fastify';
import type { CallFacts } from '#ports/access.ts';

/** What is known of a request before anybody believes it; the peer is the socket's, never a header's. */
export function factsOf({ headers, raw }: FastifyRequest): CallFacts {
  const header = (name: string): string | undefined => {
    const value = headers[name];
    return Array.isArray(value) ? value.join(', ') : value;
  };
  return { peerAddress: raw.socket.remoteAddress, header, authorization: headers.authorization };
}
