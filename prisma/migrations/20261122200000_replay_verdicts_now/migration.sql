-- What is known now of a dead letter that decides whether a replay could do harm or good: its reason and the facts that hold,
-- as one text. core/attempt/replay-verdict.ts says what they come to, and lists and filters ask for the same text.
CREATE FUNCTION replay_facts(d dead_letter) RETURNS text LANGUAGE sql STABLE AS $$
  SELECT concat_ws(' ', d.reason::text,
    CASE WHEN c.status NOT IN ('ACTIVE', 'PAUSED') THEN 'NOT_CONNECTED' END,
    CASE WHEN l.paused OR e.direction = ANY (c.paused_directions) THEN 'PAUSED' END,
    CASE WHEN EXISTS (SELECT 1 FROM drift f WHERE f.link_id = l.id AND f.kind = 'SUSPECTED_DUPLICATE' AND f.status = 'OPEN')
      THEN 'SUSPECTED_TWIN' END,
    CASE WHEN EXISTS (SELECT 1 FROM intent n WHERE n.link_id = l.id AND n.state IN ('PREPARED', 'SENT', 'UNCERTAIN'))
      THEN 'IN_DOUBT' END,
    CASE WHEN i.content->>'existence' <> 'present' OR q.content->>'existence' <> 'present' THEN 'GONE' END,
    -- Times of the database alone: what a side says of its own time decides nothing.
    CASE WHEN EXISTS (SELECT 1 FROM outbox_event x WHERE x.link_id = l.id AND x.id <> d.event_id AND x.replay_of_id IS NULL
      AND x.received_at > d.died_at) THEN 'MOVED' END,
    CASE WHEN d.waits_for <> '{}' AND NOT EXISTS (
      SELECT 1 FROM unnest(d.waits_for) AS w(key) WHERE NOT EXISTS (
        SELECT 1 FROM reference r WHERE r.company_id = d.company_id AND r.kind::text = split_part(w.key, ':', 1)
          AND (r.status = 'MATCHED' OR r.request = 'MAKE')
          AND CASE split_part(w.key, ':', 2) WHEN 'internal' THEN r.internal_id ELSE r.quickbooks_id END
            = substr(w.key, length(split_part(w.key, ':', 1)) + length(split_part(w.key, ':', 2)) + 3)))
      THEN 'REFERENCES_THERE' END,
    CASE WHEN c.books_closed_through IS NOT NULL AND least((i.content->>'issueDate')::date, (q.content->>'issueDate')::date)
      <= c.books_closed_through THEN 'CLOSED' END)
  FROM link l
  JOIN company c ON c.id = l.company_id
  JOIN outbox_event e ON e.id = d.event_id
  LEFT JOIN observation i ON i.id = l.internal_observation_id
  LEFT JOIN observation q ON q.id = l.quickbooks_observation_id
  WHERE l.id = d.link_id
$$;

-- The verdict is no property of the dead letter: it follows from what is known whenever somebody asks.
ALTER TABLE "dead_letter" DROP COLUMN "safety", DROP COLUMN "safety_reason";
DROP TYPE "replay_safety";
