/** Where an invoice stands as a whole; exactly one at any time. */
export type LinkStatus =
  | 'UNCERTAIN'
  | 'IN_FLIGHT'
  | 'PAUSED'
  | 'DEAD_LETTERED'
  | 'CONFLICT'
  | 'PENDING'
  | 'UNLINKED'
  | 'IN_SYNC';

/** The facts of a link that its status is derived from. */
export type LinkFacts = {
  readonly uncertain: boolean;
  readonly claimed: boolean;
  readonly paused: boolean;
  readonly deadLettered: boolean;
  readonly inConflict: boolean;
  readonly due: boolean;
  readonly onBothSides: boolean;
};

/** The first that holds (architecture.md §4); the column `link.status` says the same in SQL, and a test compares both. */
export function statusOf(facts: LinkFacts): LinkStatus {
  if (facts.uncertain) return 'UNCERTAIN';
  if (facts.claimed) return 'IN_FLIGHT';
  if (facts.paused) return 'PAUSED';
  if (facts.deadLettered) return 'DEAD_LETTERED';
  if (facts.inConflict) return 'CONFLICT';
  if (facts.due) return 'PENDING';
  return facts.onBothSides ? 'IN_SYNC' : 'UNLINKED';
}

/**
 * Moves of a link between statuses, for the diagram and for the test that reaches every one of them. An uncertain link that
 * is taken up stays `UNCERTAIN`, since that comes first; only the audit trail writes the taking up as `IN_FLIGHT`.
 */
export const linkMoves = {
  UNLINKED: ['PENDING', 'PAUSED', 'DEAD_LETTERED'],
  PENDING: ['IN_FLIGHT', 'PAUSED', 'DEAD_LETTERED'],
  IN_FLIGHT: ['IN_SYNC', 'UNCERTAIN', 'CONFLICT', 'DEAD_LETTERED', 'PENDING', 'UNLINKED', 'PAUSED'],
  UNCERTAIN: ['IN_FLIGHT', 'IN_SYNC', 'PENDING', 'CONFLICT', 'DEAD_LETTERED', 'PAUSED'],
  CONFLICT: ['IN_FLIGHT', 'PAUSED', 'DEAD_LETTERED'],
  DEAD_LETTERED: ['IN_FLIGHT', 'PENDING', 'CONFLICT', 'IN_SYNC', 'UNLINKED', 'PAUSED'],
  PAUSED: ['UNLINKED', 'PENDING', 'CONFLICT', 'DEAD_LETTERED', 'IN_SYNC'],
  IN_SYNC: ['PENDING', 'PAUSED', 'DEAD_LETTERED'],
} as const satisfies Record<LinkStatus, readonly LinkStatus[]>;
