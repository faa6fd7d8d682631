import type { FastifyRequest } from 'fastify';
import type { CallFacts } from '#ports/access.ts';

/** No foreign page can set it without asking first, which we refuse (http.md §2). */
export const csrfHeader = 'x-ledgerbridge-csrf';

/** What is known of a request before anybody believes it; the peer is the socket's, never a header's. */
export function factsOf({ headers, method, raw }: FastifyRequest): CallFacts {
  const header = (name: string): string | undefined => {
    const value = headers[name];
    return Array.isArray(value) ? value.join(', ') : value;
  };
  return {
    peerAddress: raw.socket.remoteAddress,
    header,
    authorization: headers.authorization,
    isOwn: method === 'GET' || method === 'HEAD' || header(csrfHeader) !== undefined,
  };
}
