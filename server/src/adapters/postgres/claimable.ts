/**
 * Whether a due link `l` of company `c` may be taken up: a pause of the invoice, or of the direction all its changes travel
 * in, stops new plans, never the settling of a write whose outcome is open (architecture.md §4). A change in the other
 * direction is not held up by the one that waits.
 */
export const claimable = `(l.uncertain OR (NOT l.paused AND (cardinality(c.paused_directions) = 0 OR NOT coalesce((
  SELECT bool_and(waiting.direction = ANY (c.paused_directions)) FROM outbox_event waiting
  WHERE waiting.link_id = l.id AND waiting.ended_at IS NULL), false))))`;
