import { useEffect, useRef, useState } from 'react';
import { onAnnouncement } from '../announcements.ts';
import { useStream, useStreamEvents } from '../stream/stream-context.tsx';
import type { StreamEvent } from '../stream/stream-store.ts';
import { summariseEvents } from '../stream/summary.ts';

const everyMs = 5_000;

/** A space that nobody hears: the same sentence twice is a change, and so is said twice. */
const silent = '\u00a0';

/**
 * The one polite live region of the page (WCAG 4.1.3): how an act ended, at once; what crossed, at most a sentence
 * every five seconds, never a row.
 */
export function LiveAnnouncer() {
  const waiting = useRef<StreamEvent[]>([]);
  const [sentence, setSentence] = useState('');
  const isPaused = useStream((stream) => stream.isPaused);

  useStreamEvents((events) => {
    waiting.current.push(...events);
  });

  useEffect(
    () =>
      onAnnouncement((said) =>
        setSentence((before) => (before === said ? `${said}${silent}` : said)),
      ),
    [],
  );

  useEffect(() => {
    if (isPaused) return undefined;
    const timer = setInterval(() => {
      const summary = summariseEvents(waiting.current);
      waiting.current = [];
      if (summary !== null) setSentence(summary);
    }, everyMs);
    return () => clearInterval(timer);
  }, [isPaused]);

  return (
    <p aria-live="polite" className="sr-only" data-announcer>
      {sentence}
    </p>
  );
}
