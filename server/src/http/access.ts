import type { Access, ApiKeys, Caller, Sessions } from '#ports/access.ts';
import { cookieIn, sessionCookie } from './cookies.ts';
import { isNeighbour } from './loopback.ts';

export type AccessOptions = {
  readonly apiKeys: Pick<ApiKeys, 'holderOf'>;
  readonly sessions: Pick<Sessions, 'holderOf'>;
  readonly demo: boolean;
  /** The address that was configured; null when none was. */
  readonly publicUrl: string | null;
};

/** Anybody on this machine while demo mode is on: may operate, may not administer. */
const demoCaller: Caller = {
  kind: 'demo',
  id: 'demo',
  name: 'demo',
  scope: 'OPERATE',
  companyIds: null,
  documents: 'open',
  sessionId: null,
};

const bearer = /^Bearer +(\S+)$/i;

/**
 * An API key, the playground's bearer, the session cookie, or in demo mode a neighbour without credentials; wrong
 * credentials never fall back to the demo.
 */
export function createAccess({ apiKeys, sessions, demo, publicUrl }: AccessOptions): Access {
  const holderOf = async (token: string): Promise<Caller | null> =>
    (await sessions.holderOf('playground', token)) ?? apiKeys.holderOf(token);
  return {
    callerOf: async (facts) => {
      const { authorization } = facts;
      if (authorization !== undefined) {
        const token = bearer.exec(authorization)?.[1];
        return token === undefined ? null : holderOf(token);
      }
      const cookie = cookieIn(facts.header('cookie'), sessionCookie);
      if (cookie !== undefined) return facts.isOwn ? sessions.holderOf('cookie', cookie) : null;
      return demo && isNeighbour(facts, publicUrl) ? demoCaller : null;
    },
  };
}
