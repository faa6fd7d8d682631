import type { FastifyInstance, FastifyReply } from 'fastify';
import { z } from 'zod';
import { holds, type Access, type Caller } from '#ports/access.ts';
import type { FinishedAuthorization, Returned } from '#sync/finish-company-authorization.ts';
import type { StartedAuthorization } from '#sync/start-company-authorization.ts';
import { cookieIn, setCookie } from './cookies.ts';
import { factsOf } from './request-facts.ts';

export type AuthorizationRoutes = {
  readonly access: Access;
  readonly start: (
    caller: Caller,
    asked: { readonly companyId: string; readonly returnPath: string },
  ) => Promise<StartedAuthorization>;
  readonly finish: (returned: Returned) => Promise<FinishedAuthorization>;
  /** Whether others reach us by TLS, so that the cookie never leaves it. */
  readonly isSecure: boolean;
};

const nonceCookie = 'ledgerbridge_connecting';

/** As long as a state counts (http.md §2). */
const nonceSeconds = 600;

/** The cookie that ties a state to the browser that began. */
export const connectingCookie = (nonce: string, isSecure: boolean): string =>
  setCookie(nonceCookie, nonce, { maxAgeSeconds: nonceSeconds, isSecure });

const started = z.object({
  companyId: z.string().min(1).max(200),
  returnPath: z.string().optional(),
});
const one = z.string().min(1).max(2_000).optional();
const returned = z.object({ state: one, code: one, realmId: one, error: one });

/** To Intuit's page and back (http.md §2). */
export async function authorizationRoutes(
  app: FastifyInstance,
  { access, start, finish, isSecure }: AuthorizationRoutes,
): Promise<void> {
  app.get('/oauth/quickbooks/connect', async (request, reply) => {
    const caller = await access.callerOf(factsOf(request));
    if (caller === null)
      return page(reply, 401, 'Sign in first', 'Sign in to LedgerBridge as an administrator.');
    if (!holds(caller, 'ADMIN'))
      return page(reply, 403, 'Not allowed', 'Connecting a company needs the right ADMIN.');
    const asked = started.safeParse(request.query);
    if (!asked.success)
      return page(reply, 400, 'No company named', 'Name the company: ?companyId=…');
    const { companyId, returnPath = '/companies' } = asked.data;
    const { outcome, authorizationUrl, nonce } = await start(caller, { companyId, returnPath });
    if (authorizationUrl === null) {
      const issues = outcome.kind === 'invalid' ? outcome.issues : [];
      const words = issues.map(({ message }) => message).join(' ');
      return page(reply, 400, 'Connecting cannot begin', words || 'Try again in a moment.');
    }
    if (nonce !== null) reply.header('set-cookie', connectingCookie(nonce, isSecure));
    return reply.header('cache-control', 'no-store').redirect(authorizationUrl, 302);
  });

  app.get('/oauth/quickbooks/callback', async (request, reply) => {
    const given = returned.safeParse(request.query);
    const { state = '', code = null, realmId = null, error = null } = given.data ?? {};
    const nonce = cookieIn(request.headers.cookie, nonceCookie) ?? null;
    const finished = await finish({ state, code, realmId, error, nonce });
    if (finished.kind === 'refused') return page(reply, 400, finished.title, finished.explanation);
    return reply
      .header('set-cookie', setCookie(nonceCookie, '', { maxAgeSeconds: 0, isSecure }))
      .header('cache-control', 'no-store')
      .redirect(finished.returnPath, 302);
  });
}

const escapes: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};
const escaped = (text: string): string => text.replace(/[&<>"']/g, (sign) => escapes[sign] ?? '');

/** A page for a person; what others wrote in it is text and nothing else. */
const page = (reply: FastifyReply, status: number, title: string, text: string): FastifyReply =>
  reply
    .code(status)
    .header('cache-control', 'no-store')
    .header('content-security-policy', "default-src 'none'; style-src 'unsafe-inline'")
    .type('text/html; charset=utf-8').send(`<!doctype html>
<html lang="en"><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<title>${escaped(title)} · LedgerBridge</title>
<style>body{font:1rem/1.5 system-ui,sans-serif;max-width:38rem;margin:15vh auto;padding:0 1.5rem}</style>
<h1>${escaped(title)}</h1>
<p>${escaped(text)}</p>
<p><a href="/">Back to LedgerBridge</a></p>
</html>
`);
