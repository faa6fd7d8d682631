import { Pause, Play } from 'lucide-react';
import { formatCount } from '../format/money.ts';
import { useStream, useStreamStore } from '../stream/stream-context.tsx';
import { Button } from '../ui/button.tsx';

/** One control stops everything on the page that moves by itself (WCAG 2.2.2); the stream goes on behind it. */
export function PauseButton() {
  const store = useStreamStore();
  const isPaused = useStream((stream) => stream.isPaused);
  const waitingCount = useStream((stream) => stream.waitingCount);
  const Icon = isPaused ? Play : Pause;
  return (
    <Button
      kind={isPaused ? 'strong' : 'plain'}
      aria-keyshortcuts="Space"
      title="Space"
      onClick={() => store.setPaused(!isPaused)}
    >
      <Icon aria-hidden="true" className="size-3.5" />
      {isPaused ? 'Resume' : 'Pause'}
      {isPaused && waitingCount > 0 && <span>· {formatCount(waitingCount)} waiting</span>}
    </Button>
  );
}
