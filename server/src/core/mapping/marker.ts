/** First word of the line by which the bridge finds its own documents again (architecture.md §3, "Uncertain"). */
const word = 'LedgerBridge';

const lastLine = new RegExp(`(?:^|\\n)${word} (\\S[^\\n]*)$`);

/** Last line of the private note of a document that the bridge made for this internal id. */
export const markerFor = (internalId: string): string => `${word} ${internalId}`;

/** A private note without its marker, and the internal id the marker names. */
export function splitMarker(note: string): {
  readonly note: string | null;
  readonly internalId: string | null;
} {
  const match = lastLine.exec(note);
  const text = match === null ? note : note.slice(0, match.index);
  return { note: text === '' ? null : text, internalId: match?.[1] ?? null };
}

/** A private note with the marker as its last line; null when there is nothing to say. */
export function joinMarker(note: string | null, marker: string | null): string | null {
  const parts = [note, marker].filter((part) => part !== null && part !== '');
  return parts.length === 0 ? null : parts.join('\n');
}
