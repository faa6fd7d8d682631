/**
 * Whether a due link `l` of company `c` may be taken up: a pause of the invoice, or of a direction one of its changes
 * travels in, stops new plans, never the settling of a write whose outcome is open (architecture.md §4).
 */
export const claimable = `(l.uncertain OR (NOT l.paused AND (cardinality(c.paused_directions) = 0 OR NOT EXISTS (
  SELECT 1 FROM outbox_event waiting
  WHERE waiting.link_id = l.id AND waiting.ended_at IS NULL AND waiting.direction = ANY (c.paused_directions)))))`;
