import { LoaderCircle } from 'lucide-react';
import { useEffect, useId, useState } from 'react';
import type { ReactNode } from 'react';
import { announce } from '../announcements.ts';
import type { Scope } from '../graphql/generated/graphql.ts';
import { Button } from '../ui/button.tsx';
import { useWhyNot } from './use-rights.ts';

/** Faster than this nothing needs to be said (api-and-web.md §3.4). */
const slowMs = 300;

type ActionButtonProps = {
  /** The right that the act needs. */
  readonly needs: Scope;
  /** Does it; what it answers is said to readers: how the act ended, in one sentence. */
  readonly act: () => Promise<string | null>;
  readonly kind?: 'plain' | 'quiet' | 'strong';
  /** Why it cannot be done, for a reason of the page's own. */
  readonly whyNot?: string | null;
  readonly className?: string;
  readonly children: ReactNode;
};

/**
 * A button whose act takes a moment: it keeps its width, shows progress only when the act is slow, and cannot be pressed
 * twice. What may not be pressed stays visible and reachable and says why.
 */
export function ActionButton({ needs, act, whyNot, children, ...look }: ActionButtonProps) {
  const [isBusy, setBusy] = useState(false);
  const isSlow = useIsSlow(isBusy);
  const reasonId = useId();
  const general = useWhyNot(needs);
  const reason = whyNot ?? general;
  const press = async () => {
    if (isBusy || reason !== null) return;
    setBusy(true);
    try {
      const sentence = await act();
      if (sentence !== null) announce(sentence);
    } finally {
      setBusy(false);
    }
  };
  return (
    <>
      <Button
        {...look}
        aria-disabled={reason !== null}
        aria-busy={isBusy}
        aria-describedby={reason === null ? undefined : reasonId}
        title={reason ?? undefined}
        onClick={() => void press()}
      >
        <span className="relative inline-flex items-center gap-1.5">
          <span className={`inline-flex items-center gap-1.5 ${isSlow ? 'opacity-0' : ''}`}>
            {children}
          </span>
          {isSlow && (
            <span className="absolute inset-0 grid place-items-center">
              <LoaderCircle aria-hidden="true" className="size-4 animate-spin" />
            </span>
          )}
        </span>
      </Button>
      {reason !== null && (
        <span id={reasonId} className="sr-only">
          {reason}
        </span>
      )}
    </>
  );
}

function useIsSlow(isBusy: boolean): boolean {
  const [isSlow, setSlow] = useState(false);

  useEffect(() => {
    if (!isBusy) return undefined;
    const timer = setTimeout(() => setSlow(true), slowMs);
    return () => {
      clearTimeout(timer);
      setSlow(false);
    };
  }, [isBusy]);

  return isSlow;
}
