import type { StreamEvent } from './stream-store.ts';

const atMs = ({ at }: StreamEvent): number => Date.parse(at);

/**
 * The tail with stored events that it does not hold, newest first. They are from before it, unless a gap was left out of
 * the stream: then they belong in between.
 */
export function withBefore(
  tail: readonly StreamEvent[],
  stored: readonly StreamEvent[],
): readonly StreamEvent[] {
  const told = new Set(tail.map(({ id }) => id));
  const more = stored.filter(({ id }) => !told.has(id)).toReversed();
  const [newest] = more;
  const oldest = tail.at(-1);
  const all = [...tail, ...more];
  if (newest === undefined || oldest === undefined || atMs(newest) <= atMs(oldest)) return all;
  return all.toSorted((one, other) => atMs(other) - atMs(one));
}
