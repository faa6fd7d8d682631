import type pg from 'pg';
import type { Lease } from '#ports/store.ts';
import { prepared } from './prepared.ts';

/** A document whose place another one has taken (architecture.md §4, "Gone is one value"): what is told of it leads nowhere. */
const isReplaced = `EXISTS (SELECT 1 FROM replaced_document r WHERE r.company_id = outbox_event.company_id AND r.side = subject_side
    AND r.external_id = coalesce(subject_invoice_id, subject_id))`;

const leadsTo = `CASE
  WHEN ${isReplaced} THEN 'replaced'
  WHEN subject_side = 'INTERNAL' AND (subject_kind = 'invoice' OR subject_invoice_id IS NOT NULL) THEN 'link'
  WHEN subject_side = 'QUICKBOOKS' AND (subject_kind = 'invoice' OR subject_invoice_id IS NOT NULL) THEN 'known'
  ELSE 'none'
END`;

/**
 * What waits to be resolved; payments, customers and items of QuickBooks are looked at by themselves. `early` is news of an invoice that no link holds while a create of ours is open on that side: it
 * may be about that very create, whose id is about to be heard, so it waits for it. `strange` is news of an invoice that
 * QuickBooks alone is known to have and that no person unlinked, where the company imports or where a refused create of ours may have made it after all.
 */
const look = prepared(`
WITH looked AS (
  SELECT id, subject_side, coalesce(subject_invoice_id, subject_id) AS invoice_id, received_at, kind, subject_kind, ${leadsTo} AS leads_to
  FROM outbox_event
  WHERE company_id = $1 AND link_id IS NULL AND ended_at IS NULL AND available_at <= clock_timestamp()
    AND NOT (subject_side = 'QUICKBOOKS' AND subject_kind IN ('payment', 'customer', 'item') AND subject_invoice_id IS NULL)
  ORDER BY received_at, id LIMIT $2
),
judged AS MATERIALIZED (
  -- Beside each row, not joined to it: on tables that were just filled a plan knows no better than to do all of it once a row.
  SELECT w.*, (w.leads_to = 'link' AND NOT EXISTS (SELECT 1 FROM link k WHERE k.company_id = $1 AND k.internal_id = w.invoice_id))
    OR (w.leads_to = 'known' AND NOT EXISTS (SELECT 1 FROM link k WHERE k.company_id = $1 AND k.quickbooks_id = w.invoice_id)) AS unheld
  FROM looked w
)
SELECT w.id, w.invoice_id, w.unheld AND EXISTS (
    SELECT 1 FROM intent n WHERE n.company_id = $1 AND n.side = w.subject_side AND n.object_kind = 'Invoice' AND n.operation = 'CREATED'
      AND n.state IN ('PREPARED', 'SENT', 'UNCERTAIN') AND n.created_at <= w.received_at) AS early,
  w.unheld AND w.leads_to = 'known' AND w.subject_kind = 'invoice' AND w.kind NOT IN ('VOIDED', 'DELETED')
    AND NOT EXISTS (SELECT 1 FROM link k WHERE k.company_id = $1 AND k.unlinked_from = w.invoice_id) AND (
    (SELECT import_from_quickbooks FROM company WHERE id = $1) OR EXISTS (
      SELECT 1 FROM intent n JOIN link k ON k.id = n.link_id WHERE n.company_id = $1 AND n.side = 'QUICKBOOKS'
        AND n.object_kind = 'Invoice' AND n.operation = 'CREATED' AND n.state = 'REFUSED' AND k.quickbooks_id IS NULL)) AS strange
FROM judged w`);

const held = `EXISTS (SELECT 1 FROM company_lease WHERE company_id = $1 AND epoch = $2)`;

const putOff = prepared(`
UPDATE outbox_event SET available_at = clock_timestamp() + $4::double precision * interval '1 millisecond'
WHERE id = ANY ($3::uuid[]) AND ${held}`);

/** A link of one side; the crossing finds out whose invoice it is. */
const meet = prepared(`
INSERT INTO link (id, company_id, quickbooks_id, changed_at, status_reason)
SELECT gen_random_uuid(), $1, invoice_id, clock_timestamp(), 'A change is waiting for its turn.'
FROM unnest($3::text[]) AS s(invoice_id) WHERE ${held}
ON CONFLICT (company_id, quickbooks_id) DO NOTHING`);

/**
 * Subjects of internal events become links by their invoice id. Events of QuickBooks find the link that holds their id; one
 * that no link holds, not even one that was just made for it, is passed over. A payment of QuickBooks names no invoice: it
 * is read first and passed on. Other subjects end at once, said so. One statement changes a row once at most, so a
 * link that both sides tell of is made due by `made` for both; `nudged` has only those that internal invoicing lacks.
 */
const resolve = prepared(`
WITH held AS (SELECT company_id FROM company_lease WHERE company_id = $1 AND epoch = $2 FOR SHARE),
waiting AS (
  SELECT id, subject_side, coalesce(subject_invoice_id, subject_id) AS invoice_id, received_at,
    ${leadsTo} AS leads_to
  FROM outbox_event
  WHERE id = ANY ($3::uuid[]) AND link_id IS NULL AND ended_at IS NULL AND EXISTS (SELECT 1 FROM held) FOR NO KEY UPDATE SKIP LOCKED
),
before AS (
  SELECT k.id, k.status, k.number, k.internal_id FROM link k JOIN waiting w
    ON (w.leads_to = 'link' AND k.internal_id = w.invoice_id) OR (w.leads_to = 'known' AND k.quickbooks_id = w.invoice_id)
  WHERE k.company_id = $1 ORDER BY k.id FOR NO KEY UPDATE OF k
),
aimed AS (
  SELECT w.id, w.received_at, w.leads_to, w.invoice_id, CASE WHEN w.leads_to = 'link' THEN w.invoice_id ELSE k.internal_id END AS internal_id
  FROM waiting w LEFT JOIN link k ON w.leads_to = 'known' AND k.company_id = $1 AND k.quickbooks_id = w.invoice_id
  -- The links are held first: a step that ends just now must not change between the status read and the one audited.
  WHERE (SELECT count(*) FROM before) >= 0
),
wanted AS (
  SELECT internal_id AS invoice_id, count(*)::int AS events, bool_or(leads_to = 'known') AS theirs
  FROM aimed WHERE internal_id IS NOT NULL GROUP BY internal_id
),
made AS (
  INSERT INTO link (id, company_id, internal_id, due_at, changed_at, status_reason, next_sequence)
  SELECT gen_random_uuid(), $1, invoice_id, clock_timestamp(), clock_timestamp(), 'A change is waiting for its turn.', 1 + events
  FROM wanted ORDER BY invoice_id
  ON CONFLICT (company_id, internal_id) DO UPDATE SET
    due_at = least(link.due_at, clock_timestamp()), version = link.version + 1, changed_at = clock_timestamp(),
    next_sequence = link.next_sequence + excluded.next_sequence - 1, status_reason = excluded.status_reason,
    quickbooks_fresh = link.quickbooks_fresh AND NOT EXISTS (SELECT 1 FROM wanted w WHERE w.invoice_id = excluded.internal_id AND w.theirs),
    quickbooks_news = link.quickbooks_news + (SELECT count(*)::int FROM wanted w WHERE w.invoice_id = excluded.internal_id AND w.theirs)
  RETURNING id, internal_id, next_sequence
),
told AS (SELECT invoice_id, count(*)::int AS events FROM aimed WHERE leads_to = 'known' AND internal_id IS NULL GROUP BY invoice_id),
nudged AS (
  UPDATE link SET due_at = least(link.due_at, clock_timestamp()), version = link.version + 1, quickbooks_fresh = false,
    quickbooks_news = link.quickbooks_news + 1, next_sequence = link.next_sequence + told.events
  FROM told WHERE link.company_id = $1 AND link.quickbooks_id = told.invoice_id
  RETURNING link.id, link.quickbooks_id, link.next_sequence
),
found AS (
  SELECT s.id, m.id AS link_id, m.next_sequence - w.events AS first_sequence, s.received_at
    FROM aimed s JOIN wanted w ON w.invoice_id = s.internal_id JOIN made m ON m.internal_id = s.internal_id
  UNION ALL
  SELECT s.id, n.id, n.next_sequence - t.events, s.received_at
    FROM aimed s JOIN told t USING (invoice_id) JOIN nudged n ON n.quickbooks_id = s.invoice_id WHERE s.internal_id IS NULL AND s.leads_to = 'known'
),
placed AS (
  UPDATE outbox_event e SET link_id = f.link_id, sequence = f.first_sequence + f.place, version = e.version + 1
  FROM (SELECT found.*, (row_number() OVER (PARTITION BY link_id ORDER BY received_at, id) - 1)::int AS place FROM found) f
  WHERE e.id = f.id
),
announced AS (
  -- Rows that the publisher holds just now are left to it: waiting for each other would be a deadlock.
  UPDATE stream_event s SET link_id = f.link_id FROM found f
  WHERE s.seq IN (
    SELECT t.seq FROM stream_event t WHERE t.link_id IS NULL AND t.detail->>'eventId' IN (SELECT id::text FROM found)
    FOR UPDATE SKIP LOCKED)
    AND s.detail->>'eventId' = f.id::text
),
unmoved AS (
  UPDATE outbox_event e SET stage = 'SKIPPED', ended_at = clock_timestamp(), version = e.version + 1,
    stage_history = e.stage_history || jsonb_build_object('stage', 'SKIPPED', 'at', floor(extract(epoch FROM clock_timestamp()) * 1000),
      'note', w.why)
  FROM (SELECT id, CASE leads_to WHEN 'replaced' THEN 'A new document has taken its place.'
      ELSE 'It concerns nothing that the bridge carries.' END AS why FROM waiting) w
  WHERE e.id = w.id AND w.id NOT IN (SELECT id FROM found)
  RETURNING e.id, e.company_id, e.subject_id, e.correlation_id, w.why
),
ended AS (
  INSERT INTO stream_event (id, company_id, type, summary, detail, at, correlation_id)
  SELECT gen_random_uuid(), company_id, 'STAGE_CHANGED', subject_id || ' needed nothing: ' || lower(left(why, 1)) || substr(why, 2),
    jsonb_build_object('eventId', id, 'from', 'QUEUED', 'to', 'SKIPPED', 'note', why),
    clock_timestamp(), correlation_id
  FROM unmoved
)
SELECT count(*)::int AS resolved, (
  SELECT append_audit($1::text, $1::uuid, jsonb_agg(jsonb_build_object(
    'actor', jsonb_build_object('kind', 'system', 'name', 'worker'), 'action', 'STATE_CHANGED',
    'summary', coalesce(b.number, n.internal_id, 'An invoice') || ' has a change waiting for its turn.',
    'subject', jsonb_build_object('type', 'Invoice', 'id', n.id), 'linkId', n.id, 'note', NULL,
    'correlationId', (SELECT e.correlation_id FROM found f JOIN outbox_event e ON e.id = f.id WHERE f.link_id = n.id LIMIT 1),
    'changes', jsonb_build_array(jsonb_build_object('path', 'status', 'side', NULL, 'before', b.status, 'after', 'PENDING'))) ORDER BY n.id))
  FROM (SELECT id, internal_id FROM made UNION ALL SELECT id, quickbooks_id FROM nudged) n LEFT JOIN (SELECT DISTINCT * FROM before) b ON b.id = n.id
  WHERE b.status IS NULL OR b.status IN ('IN_SYNC', 'UNLINKED') HAVING count(*) > 0
) AS audited
FROM waiting`);

/** Until news that may be about an open create of ours is looked at again. */
const putOffMs = 250;

type Waiting = { id: string; invoice_id: string; early: boolean; strange: boolean };

/** Returns how many events it placed; fewer than the limit means that none waits any more but for a create of ours. */
export async function resolveSubjects(pool: pg.Pool, lease: Lease, limit: number): Promise<number> {
  const { companyId } = lease;
  const epoch = lease.epoch.toString();
  const { rows: waiting } = await pool.query<Waiting>(look([companyId, limit]));
  const early = waiting.filter((event) => event.early).map(({ id }) => id);
  const ready = waiting.filter((event) => !event.early);
  if (early.length > 0) await pool.query(putOff([companyId, epoch, early, putOffMs]));
  if (ready.length === 0) return 0;
  const strange = new Set(ready.filter((event) => event.strange).map((event) => event.invoice_id));
  if (strange.size > 0) await pool.query(meet([companyId, epoch, [...strange].toSorted()]));
  const ids = ready.map(({ id }) => id);
  const { rows } = await pool.query<{ resolved: number }>(resolve([companyId, epoch, ids]));
  return rows[0]?.resolved ?? 0;
}
