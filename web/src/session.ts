import { paths } from './paths.ts';

/** No foreign page can send it (http.md §2). */
const own = { 'x-ledgerbridge-csrf': '1' };

/** Why somebody was not signed in, as they read it; null when they were. */
export async function signIn(apiKey: string): Promise<string | null> {
  const answer = await ask('POST', { 'content-type': 'application/json' }, { apiKey });
  if (answer === null) return 'LedgerBridge did not answer. Try again in a moment.';
  if (answer.ok) return null;
  if (answer.status === 401) return 'This API key is not known, or it was revoked.';
  return 'Signing in did not work. Try again in a moment.';
}

/** Ends the session here and on the server; false when the server could not be reached. */
export async function signOut(): Promise<boolean> {
  return (await ask('DELETE', {}))?.ok === true;
}

async function ask(
  method: 'POST' | 'DELETE',
  headers: Readonly<Record<string, string>>,
  body?: object,
): Promise<Response | null> {
  const sent = body === undefined ? {} : { body: JSON.stringify(body) };
  try {
    return await fetch(paths.session(), { method, headers: { ...own, ...headers }, ...sent });
  } catch {
    // The network's own words mean nothing to a person; both callers say what it means.
    return null;
  }
}

/** Remembers that the server no longer knows who is asking. */
export function createSignedOut() {
  let isSignedOut = false;
  const listeners = new Set<() => void>();
  return {
    get: () => isSignedOut,
    note: () => {
      isSignedOut = true;
      for (const changed of listeners) changed();
    },
    subscribe: (changed: () => void) => {
      listeners.add(changed);
      return () => void listeners.delete(changed);
    },
  };
}
export type SignedOut = ReturnType<typeof createSignedOut>;
