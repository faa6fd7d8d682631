import type { FastifyInstance } from 'fastify';

/** Largest body of a delivery and of a GraphQL request. */
export const bodyBytesMax = 1024 * 1024;

/** Bodies stay bytes here, whatever they say they are: signatures are over the bytes. */
export function takeRawBodies(app: FastifyInstance): void {
  app.removeAllContentTypeParsers();
  app.addContentTypeParser(
    '*',
    { parseAs: 'buffer', bodyLimit: bodyBytesMax },
    (_request, body, done) => done(null, body),
  );
}

/** The bytes of a request; none when it had no body. */
export const bytesOf = (body: unknown): Uint8Array<ArrayBuffer> =>
  body instanceof Uint8Array ? new Uint8Array(body) : new Uint8Array();
