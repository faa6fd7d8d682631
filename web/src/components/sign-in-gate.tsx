import { lazy, Suspense, useSyncExternalStore } from 'react';
import type { ReactNode } from 'react';
import type { SignedOut } from '../session.ts';

const SignInPage = lazy(async () => ({
  default: (await import('../pages/sign-in.tsx')).SignInPage,
}));

type SignInGateProps = { readonly signedOut: SignedOut; readonly children: ReactNode };

/** The app, until the server says that it does not know who is asking. */
export function SignInGate({ signedOut, children }: SignInGateProps) {
  const isSignedOut = useSyncExternalStore(signedOut.subscribe, signedOut.get);
  if (!isSignedOut) return children;
  return (
    <Suspense>
      <SignInPage />
    </Suspense>
  );
}
