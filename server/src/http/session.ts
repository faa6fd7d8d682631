import type { FastifyInstance, FastifyReply } from 'fastify';
import { z } from 'zod';
import type { Access, OpenedSession, Sessions } from '#ports/access.ts';
import type { Clock } from '#ports/clock.ts';
import { cookieIn, sessionCookie, setCookie } from './cookies.ts';
import { csrfHeader, factsOf } from './request-facts.ts';

export type SessionRoutes = {
  readonly sessions: Sessions;
  readonly access: Access;
  readonly clock: Clock;
  /** Whether others reach us by TLS, so that the cookie never leaves it. */
  readonly isSecure: boolean;
};

const signIn = z.object({ apiKey: z.string().min(1).max(200) });

/** Sign-in and sign-out of the web app, and the playground's own bearer (http.md §2). */
export async function sessionRoutes(
  app: FastifyInstance,
  { sessions, access, clock, isSecure }: SessionRoutes,
): Promise<void> {
  const refuseForeign = (reply: FastifyReply) =>
    reply.code(403).send({ message: `Send the header ${csrfHeader}: only our own pages can.` });
  const secondsLeft = ({ expiresAt }: OpenedSession): number =>
    Math.max(0, Math.floor((expiresAt - clock.now()) / 1_000));

  app.post('/session', async (request, reply) => {
    if (!factsOf(request).isOwn) return refuseForeign(reply);
    const asked = signIn.safeParse(request.body);
    if (!asked.success) return reply.code(400).send({ message: 'Send {"apiKey": "…"}.' });
    const opened = await sessions.open(asked.data.apiKey);
    if (opened === null)
      return reply.code(401).send({ message: 'This API key is not known, or it was revoked.' });
    // A new token at every sign-in, and the old one ends: nobody can plant one beforehand.
    const before = cookieIn(request.headers.cookie, sessionCookie);
    if (before !== undefined) await sessions.close(before);
    const cookie = { maxAgeSeconds: secondsLeft(opened), isSecure };
    return reply
      .header('set-cookie', setCookie(sessionCookie, opened.token, cookie))
      .header('cache-control', 'no-store')
      .send({
        displayName: opened.caller.name,
        expiresAt: new Date(opened.expiresAt).toISOString(),
      });
  });

  app.delete('/session', async (request, reply) => {
    if (!factsOf(request).isOwn) return refuseForeign(reply);
    const token = cookieIn(request.headers.cookie, sessionCookie);
    if (token !== undefined) await sessions.close(token);
    return reply
      .code(204)
      .header('set-cookie', setCookie(sessionCookie, '', { maxAgeSeconds: 0, isSecure }))
      .send();
  });

  app.post('/session/playground', async (request, reply) => {
    const facts = factsOf(request);
    if (!facts.isOwn) return refuseForeign(reply);
    const caller = await access.callerOf(facts);
    const opened =
      caller === null || caller.sessionId === null ? null : await sessions.openPlayground(caller);
    if (opened === null) return reply.code(401).send({ message: 'Sign in first: POST /session.' });
    return reply
      .header('cache-control', 'no-store')
      .send({ token: opened.token, expiresAt: new Date(opened.expiresAt).toISOString() });
  });
}
