import { Pause, Play, RotateCw } from 'lucide-react';
import { useEffect } from 'react';
import { formatCount } from '../format/money.ts';
import { usePreferences } from '../preferences.ts';
import { useStream, useStreamStore } from '../stream/stream-context.tsx';
import { Button } from '../ui/button.tsx';

/** At the calm rate the screen moves once in this time. */
const calmMs = 5_000;

/** How long a single look lasts: long enough for the answers it asks for. */
const lookMs = 1_200;

/** One control stops everything on the page that moves by itself (WCAG 2.2.2); the stream goes on behind it. */
export function PauseButton() {
  const store = useStreamStore();
  const { updateRate } = usePreferences();
  const isPaused = useStream((stream) => stream.isPaused);
  const waitingCount = useStream((stream) => stream.waitingCount);
  useEffect(() => {
    if (updateRate === 'live') return undefined;
    const closing = setTimeout(() => store.setPaused(true), lookMs);
    const looking = updateRate === 'calm' ? setInterval(() => look(store), calmMs) : undefined;
    return () => {
      clearTimeout(closing);
      clearInterval(looking);
      store.setPaused(false);
    };
  }, [store, updateRate]);
  if (updateRate === 'calm') return null;
  if (updateRate === 'on-demand') {
    return (
      <Button aria-keyshortcuts="Space" title="Space" onClick={() => look(store)}>
        <RotateCw aria-hidden="true" className="size-3.5" />
        <span className="sr-only sm:not-sr-only">Update</span>
        {waitingCount > 0 && <span data-figures>{formatCount(waitingCount)}</span>}
      </Button>
    );
  }
  const Icon = isPaused ? Play : Pause;
  return (
    <Button
      kind={isPaused ? 'strong' : 'plain'}
      aria-keyshortcuts="Space"
      title="Space"
      onClick={() => store.setPaused(!isPaused)}
    >
      <Icon aria-hidden="true" className="size-3.5" />
      <span className="sr-only sm:not-sr-only">{isPaused ? 'Resume' : 'Pause'}</span>
      {isPaused && waitingCount > 0 && (
        <span>
          <span className="hidden sm:inline">· </span>
          {formatCount(waitingCount)}
          <span className="sr-only sm:not-sr-only"> waiting</span>
        </span>
      )}
    </Button>
  );
}

type Store = ReturnType<typeof useStreamStore>;

/** Lets the screen catch up once, then holds it still again. */
function look(store: Store): void {
  store.setPaused(false);
  setTimeout(() => store.setPaused(true), lookMs);
}
