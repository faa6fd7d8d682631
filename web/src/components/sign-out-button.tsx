import { LogOut } from 'lucide-react';
import { ViewerDocument } from '../graphql/generated/graphql.ts';
import { useLiveQuery } from '../graphql/use-live-query.ts';
import { signOut } from '../session.ts';
import { IconButton } from '../ui/button.tsx';

/** Ends the session of whoever signed in; the demo, which nobody signs in to, has no such button. */
export function SignOutButton() {
  const actor = useLiveQuery({ query: ViewerDocument, variables: {} }).data?.viewer.actor;
  if (actor?.__typename !== 'ApiClient') return null;
  const leave = async () => {
    if (await signOut()) window.location.reload();
  };
  return (
    <IconButton label={`Sign out (${actor.displayName})`} onClick={() => void leave()}>
      <LogOut aria-hidden="true" className="size-4" />
    </IconButton>
  );
}
