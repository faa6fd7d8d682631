import { RightsDocument } from '../graphql/generated/graphql.ts';
import type { Scope } from '../graphql/generated/graphql.ts';
import { useLiveQuery } from '../graphql/use-live-query.ts';
import { useStream } from '../stream/stream-context.tsx';

const missing: Record<Scope, string> = {
  READ: 'This key may not read. Somebody with an ADMIN key can make one that may.',
  OPERATE:
    'You may look but not act: this needs a key with the right OPERATE, made by somebody with ADMIN.',
  ADMIN: 'This needs a key with the right ADMIN; sign in with one.',
};

/** Why something that needs this right cannot be done now, in a sentence; null when it can. */
export function useWhyNot(scope: Scope): string | null {
  const { data } = useLiveQuery({ query: RightsDocument, variables: {} });
  const isOffline = useStream((stream) => stream.connection === 'offline');
  if (isOffline) return 'You are offline. Nothing is sent until the connection is back.';
  if (data === undefined || data.viewer.scopes.includes(scope)) return null;
  return missing[scope];
}
