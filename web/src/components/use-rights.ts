import { ViewerDocument } from '../graphql/generated/graphql.ts';
import type { Scope } from '../graphql/generated/graphql.ts';
import { useLiveQuery } from '../graphql/use-live-query.ts';
import { useStream } from '../stream/stream-context.tsx';

const rightWords: Record<Scope, string> = {
  READ: 'to read',
  OPERATE: 'to settle, replay and pause',
  ADMIN: 'to change rules, companies and keys',
};

/** Whether the one who is signed in holds a right; undefined until that is known. */
export function useMay(right: Scope): boolean | undefined {
  return useLiveQuery({ query: ViewerDocument, variables: {} }).data?.viewer.scopes.includes(right);
}

/**
 * Why an act cannot be done from here now, in a sentence; null when it can. Nothing that moves money is queued for
 * later, so offline means no (api-and-web.md §3.4).
 */
export function useWhyNot(right: Scope): string | null {
  const connection = useStream((stream) => stream.connection);
  const may = useMay(right);
  if (connection === 'offline')
    return 'You are offline. Nothing is kept for later, so this waits until you are back.';
  if (may !== false) return null;
  return `This needs the right ${right}, ${rightWords[right]}. An administrator can give it to you under Settings, API keys.`;
}
