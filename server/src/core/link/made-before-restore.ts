/** A QuickBooks document that is like an invoice that is about to be created. */
export type Alike = {
  readonly id: string;
  /** The internal invoice whose mark it carries. */
  readonly counterpartId: string | null;
  readonly isGone: boolean;
  /** Its number is the same, or its total where there is no number to go by. */
  readonly isSame: boolean;
  /** It is linked to another internal invoice. */
  readonly isLinked: boolean;
};

/** What the documents say about a create that the database may have forgotten. */
export type Lost =
  | { readonly kind: 'none' }
  /** The bridge made it before. */
  | { readonly kind: 'ours'; readonly id: string }
  | { readonly kind: 'several'; readonly ids: readonly string[] }
  /** It may be this invoice, and nothing proves it. */
  | { readonly kind: 'doubtful'; readonly id: string };

/**
 * Only the mark proves that the bridge made a document; a living one comes before one that is gone. What is linked is another
 * invoice's. Pure.
 */
export function findLost(alike: readonly Alike[], internalId: string): Lost {
  const free = alike.filter(({ isLinked }) => !isLinked);
  const ours = free.filter(({ counterpartId }) => counterpartId === internalId);
  const living = ours.filter(({ isGone }) => !isGone);
  if (living.length > 1) return { kind: 'several', ids: living.map(({ id }) => id) };
  const [first] = [...living, ...ours];
  if (first !== undefined) return { kind: 'ours', id: first.id };
  const [other] = free.filter(
    ({ counterpartId, isGone, isSame }) => counterpartId === null && !isGone && isSame,
  );
  return other === undefined ? { kind: 'none' } : { kind: 'doubtful', id: other.id };
}
