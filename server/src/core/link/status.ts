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
 * Moves of a link between statuses, for the diagram and for the test that watches them. Any status may become `PAUSED` and
 * leave it to where it was.
 */
export const linkMoves = {
  UNLINKED: ['PENDING', 'IN_FLIGHT', 'PAUSED'],
  PENDING: ['IN_FLIGHT', 'PAUSED'],
  IN_FLIGHT: ['IN_SYNC', 'UNCERTAIN', 'CONFLICT', 'DEAD_LETTERED', 'PENDING', 'UNLINKED', 'PAUSED'],
  UNCERTAIN: ['IN_FLIGHT', 'IN_SYNC', 'PENDING', 'DEAD_LETTERED'],
  CONFLICT: ['IN_FLIGHT', 'PAUSED'],
  DEAD_LETTERED: ['IN_FLIGHT', 'PAUSED'],
  PAUSED: ['UNLINKED', 'PENDING', 'CONFLICT', 'DEAD_LETTERED', 'IN_SYNC', 'IN_FLIGHT'],
  IN_SYNC: ['PENDING', 'IN_FLIGHT', 'PAUSED'],
} as const satisfies Record<LinkStatus, readonly LinkStatus[]>;
