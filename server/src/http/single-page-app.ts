import path from 'node:path';
import fastifyStatic from '@fastify/static';
import type { FastifyInstance } from 'fastify';

/** Only what the app's own files need; no inline script, no other host. */
const policy = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src 'self' data:",
  "font-src 'self'",
  "connect-src 'self'",
  "manifest-src 'self'",
  "base-uri 'none'",
  "form-action 'self'",
  "frame-ancestors 'none'",
].join('; ');

const yearSeconds = 31_536_000;

/** Whether a browser asks for a page of the app rather than for a file or for data. */
const wantsPage = (method: string, accept: string | undefined): boolean =>
  (method === 'GET' || method === 'HEAD') && (accept ?? '').includes('text/html');

/** The web app's files; every other address a browser opens is a page of the app. */
export async function singlePageApp(
  app: FastifyInstance,
  { webDir }: { readonly webDir: string },
): Promise<void> {
  await app.register(fastifyStatic, {
    root: webDir,
    wildcard: true,
    cacheControl: false,
    setHeaders: (response, file) => {
      const hashed = path.relative(webDir, file).startsWith(`assets${path.sep}`);
      response.header(
        'cache-control',
        hashed ? `public, max-age=${yearSeconds}, immutable` : 'no-cache',
      );
      response.header('content-security-policy', policy);
    },
  });
  app.setNotFoundHandler((request, reply) => {
    if (!wantsPage(request.method, request.headers.accept)) {
      return reply.code(404).send({ message: 'There is nothing at this address.' });
    }
    return reply.sendFile('index.html');
  });
}
