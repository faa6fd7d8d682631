import type pg from 'pg';
import type { Lease } from '#ports/store.ts';
import { prepared } from './prepared.ts';

/**
 * Dead letters that wait for records which all have a counterpart by now, or are to be made, go round again as an event of
 * their own. It leans on the rows alone, so no pairing needs to know who waits for it.
 */
const resume = prepared(`
WITH held AS (SELECT company_id FROM company_lease WHERE company_id = $1 AND epoch = $2 FOR SHARE),
ready AS (
  SELECT l.id AS link_id, d.event_id, coalesce(l.number, l.internal_id, l.quickbooks_id) AS name
  FROM dead_letter d JOIN link l ON l.open_dead_letter_id = d.id
  WHERE d.company_id = $1 AND d.status = 'OPEN' AND d.waits_for <> '{}' AND l.due_at IS NULL AND l.claim_epoch IS NULL
    AND EXISTS (SELECT 1 FROM held)
    AND NOT EXISTS (
      SELECT 1 FROM unnest(d.waits_for) AS w(key)
      CROSS JOIN LATERAL (SELECT split_part(w.key, ':', 1)::reference_kind AS kind, split_part(w.key, ':', 2) AS side,
        substr(w.key, length(split_part(w.key, ':', 1)) + length(split_part(w.key, ':', 2)) + 3) AS id) AS k
      WHERE NOT EXISTS (
        SELECT 1 FROM reference r WHERE r.company_id = $1 AND r.kind = k.kind AND (r.status = 'MATCHED' OR r.request = 'MAKE')
          AND ((k.side = 'internal' AND r.internal_id = k.id) OR (k.side = 'quickbooks' AND r.quickbooks_id = k.id))))
  ORDER BY d.died_at, l.id LIMIT $3 FOR NO KEY UPDATE OF l SKIP LOCKED
),
nudged AS (
  UPDATE link l SET due_at = clock_timestamp(), version = l.version + 1, next_sequence = l.next_sequence + 1
  FROM ready WHERE l.id = ready.link_id RETURNING l.id, l.next_sequence
),
told AS (
  INSERT INTO outbox_event (id, company_id, source, event_key, direction, kind, subject_side, subject_kind, subject_id,
    subject_invoice_id, link_id, sequence, stage, stage_history, derived_from_id, actor, occurred_at, received_at, available_at,
    correlation_id, payload)
  SELECT n.id, e.company_id, 'OPERATOR', n.id::text, e.direction, e.kind, e.subject_side, e.subject_kind, e.subject_id,
    e.subject_invoice_id, nudged.id, nudged.next_sequence - 1, 'QUEUED',
    jsonb_build_array(
      jsonb_build_object('stage', 'DETECTED', 'at', floor(extract(epoch FROM clock_timestamp()) * 1000), 'note', NULL),
      jsonb_build_object('stage', 'QUEUED', 'at', floor(extract(epoch FROM clock_timestamp()) * 1000), 'note', $4::text)),
    e.id, jsonb_build_object('kind', 'system', 'name', 'worker'), clock_timestamp(), clock_timestamp(), clock_timestamp(),
    e.correlation_id, '{}'
  FROM ready JOIN nudged ON nudged.id = ready.link_id JOIN outbox_event e ON e.id = ready.event_id
  CROSS JOIN LATERAL (SELECT gen_random_uuid() AS id WHERE ready.link_id IS NOT NULL) n
  RETURNING id, link_id, correlation_id
)
INSERT INTO stream_event (id, company_id, link_id, type, summary, detail, at, correlation_id)
SELECT gen_random_uuid(), $1, told.link_id, 'STAGE_CHANGED', ready.name || ' goes on: ' || $4::text,
  jsonb_build_object('eventId', told.id, 'from', 'DETECTED', 'to', 'QUEUED', 'note', $4::text), clock_timestamp(), told.correlation_id
FROM told JOIN ready ON ready.link_id = told.link_id`);

const note = 'The record it waited for is there now.';

/** Returns how many go on. */
export async function resumeWaiting(pool: pg.Pool, lease: Lease, limit: number): Promise<number> {
  const values = [lease.companyId, lease.epoch.toString(), limit, note];
  const { rowCount } = await pool.query(resume(values));
  return rowCount ?? 0;
}
