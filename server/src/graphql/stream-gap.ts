import type { StreamPlace } from './stream-cursor.ts';
import type { StreamHead } from './stream-source.ts';

/** Why reading cannot go on from a place, in one sentence; null when it can. */
export function gapBefore(place: StreamPlace | null, head: StreamHead): string | null {
  if (place === null) return 'The cursor is not one of ours.';
  if (place.generation !== head.generation) {
    return 'The stream was started anew since this cursor was given.';
  }
  if (place.position > head.position) return 'The cursor is ahead of the stream.';
  if (place.position < head.tailPosition) return 'Events after this cursor are no longer kept.';
  return null;
}
