type Listener = (sentence: string) => void;

const listeners = new Set<Listener>();

/** Says how an act ended through the page's one polite live region (WCAG 4.1.3). */
export function announce(sentence: string): void {
  for (const hear of listeners) hear(sentence);
}

/** For that one region. */
export function onAnnouncement(hear: Listener): () => void {
  listeners.add(hear);
  return () => void listeners.delete(hear);
}
