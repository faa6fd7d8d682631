import { heldForDuplicate } from '#core/reconcile/drift.ts';
import { storingEvents } from './ingest.ts';
import { prepared } from './prepared.ts';

/** The run and the lease, both ours: nothing of a statement happens without them. A run that was cancelled is no longer ours. */
const held = (runId: string, epoch: string): string => `
held AS (
  SELECT r.id, r.company_id, r.correlation_id, r.scope, r.started_at FROM reconcile_run r JOIN company_lease l ON l.company_id = r.company_id
  WHERE r.id = ${runId} AND r.status = 'RUNNING' AND l.epoch = ${epoch} AND l.expires_at > clock_timestamp()
  FOR NO KEY UPDATE OF r FOR SHARE OF l
)`;

/** How many, in words: '1 invoice', '2 invoices'. */
const counted = (count: string, one: string): string =>
  `${count} || CASE WHEN ${count} = 1 THEN ' ${one}' ELSE ' ${one}s' END`;

const systemActor = `jsonb_build_object('kind', 'system', 'name', 'reconciler')`;

/** Begins the daily run when its day has come and none is under way. */
export const beginDaily = prepared(`
WITH due AS (
  SELECT c.id, c.writes_held_until FROM company c JOIN company_lease l ON l.company_id = c.id
  WHERE c.id = $1 AND l.epoch = $2 AND c.status = 'ACTIVE' AND (c.reconcile_due_at <= clock_timestamp() OR c.writes_held_until <= clock_timestamp())
    AND NOT EXISTS (SELECT 1 FROM reconcile_run r WHERE r.company_id = c.id AND r.status IN ('QUEUED', 'RUNNING'))
  FOR NO KEY UPDATE OF c
),
put_on AS (UPDATE company SET reconcile_due_at = clock_timestamp() + interval '1 day' FROM due WHERE company.id = due.id),
begun AS (
  INSERT INTO reconcile_run (id, company_id, scope, trigger, started_by, correlation_id, started_at, due_at)
  SELECT $3, id, 'FULL', CASE WHEN writes_held_until IS NULL THEN 'DAILY' ELSE 'RESTORE' END::reconcile_trigger, ${systemActor}, $4,
    clock_timestamp(), greatest(clock_timestamp(), writes_held_until) FROM due
  ON CONFLICT DO NOTHING RETURNING id, company_id, correlation_id
)
SELECT append_audit(company_id::text, company_id, jsonb_build_array(jsonb_build_object(
  'actor', ${systemActor}, 'action', 'RECONCILED', 'summary', 'The daily reconcile was started.',
  'subject', jsonb_build_object('type', 'ReconcileRun', 'id', id), 'linkId', NULL, 'note', NULL, 'correlationId', correlation_id, 'changes', '[]'::jsonb))) FROM begun`);

/**
 * The run that is due, running from now on. A narrower run looks back to the last one that ended, less the overlap; QuickBooks is
 * left alone while it throttles or cannot be reached.
 */
export const takeUp = prepared(`
WITH due AS (
  SELECT r.id, r.status FROM reconcile_run r JOIN company c ON c.id = r.company_id JOIN company_lease l ON l.company_id = c.id
  WHERE r.company_id = $1 AND l.epoch = $2 AND c.status = 'ACTIVE' AND r.status IN ('QUEUED', 'RUNNING') AND r.due_at <= clock_timestamp()
    AND coalesce(c.throttled_until, '-infinity') <= clock_timestamp() AND coalesce(c.breaker_open_until, '-infinity') <= clock_timestamp()
  FOR NO KEY UPDATE OF r FOR SHARE OF l
),
begun AS (
  UPDATE reconcile_run r SET status = 'RUNNING', version = r.version + 1, started_at = clock_timestamp(),
    expected = (SELECT count(*) FROM link k WHERE k.company_id = r.company_id AND k.quickbooks_id IS NOT NULL),
    since = CASE WHEN r.scope = 'INCREMENTAL' THEN coalesce(
      (SELECT max(p.started_at) FROM reconcile_run p WHERE p.company_id = r.company_id AND p.trigger <> 'POLL' AND (p.status = 'CLEAN' OR (p.status = 'DRIFT_FOUND' AND p.scope = 'FULL'))),
      (SELECT min(w.starts_at) FROM watermark w WHERE w.company_id = r.company_id)) - $3 * interval '1 millisecond' END
  FROM due WHERE r.id = due.id AND due.status = 'QUEUED' RETURNING r.*
),
told AS (
  INSERT INTO stream_event (id, company_id, type, summary, detail, at, correlation_id)
  SELECT gen_random_uuid(), company_id, 'RECONCILE_CHANGED', 'A reconcile is comparing both sides.', jsonb_build_object('reconcileRunId', id),
    clock_timestamp(), correlation_id FROM begun
)
SELECT r.id, r.company_id, r.scope, r.from_date::text, r.to_date::text, r.since, r.correlation_id, r.phase, r.cursor, r.expected, r.compared, r.failures,
  (SELECT count(*) FROM reconcile_item i WHERE i.run_id = r.id
    AND i.side = (CASE WHEN r.phase = 'internal' THEN 'INTERNAL' ELSE 'QUICKBOOKS' END)::side)::int AS staged
FROM (SELECT * FROM begun UNION ALL SELECT r.* FROM reconcile_run r JOIN due ON due.id = r.id AND due.status = 'RUNNING') r`);

/** Drifts in $5; what stands already is not raised again, only seen again. */
const raising = `
found AS (
  SELECT t.* FROM jsonb_to_recordset($5::jsonb) AS t(id uuid, kind drift_kind, status drift_status, "subjectKey" text, fingerprint text,
    "linkId" uuid, "internalId" text, "quickbooksId" text, "eventId" uuid, amount numeric, currency text, "proposedRepair" text, evidence jsonb, summary text)
),
raised AS (
  INSERT INTO drift AS d (id, company_id, run_id, seen_run_id, link_id, kind, status, subject_key, fingerprint, internal_id, quickbooks_id,
    event_id, amount, currency, proposed_repair, evidence, found_at, correlation_id)
  SELECT f.id, h.company_id, h.id, h.id, f."linkId", f.kind, f.status, f."subjectKey", f.fingerprint, f."internalId", f."quickbooksId",
    f."eventId", f.amount, f.currency, f."proposedRepair", f.evidence, clock_timestamp(), h.correlation_id
  FROM found f CROSS JOIN held h ORDER BY f.kind, f."subjectKey"
  ON CONFLICT (company_id, kind, subject_key) WHERE status IN ('OPEN', 'REPAIRING') DO UPDATE SET
    seen_run_id = excluded.seen_run_id, status = excluded.status, fingerprint = excluded.fingerprint, evidence = excluded.evidence,
    amount = excluded.amount, currency = excluded.currency, proposed_repair = excluded.proposed_repair,
    link_id = coalesce(excluded.link_id, d.link_id), quickbooks_id = excluded.quickbooks_id,
    event_id = coalesce(excluded.event_id, d.event_id), version = d.version + 1
  RETURNING d.id, d.company_id, d.link_id, d.kind, d.subject_key, d.correlation_id, (xmax = 0) AS is_new
),
worded AS (SELECT r.*, f.summary FROM raised r JOIN found f ON f.kind = r.kind AND f."subjectKey" = r.subject_key WHERE r.is_new),
drift_told AS (
  INSERT INTO stream_event (id, company_id, link_id, type, summary, detail, at, correlation_id)
  SELECT gen_random_uuid(), company_id, link_id, 'DRIFT_CHANGED', summary, jsonb_build_object('driftId', id), clock_timestamp(), correlation_id FROM worded
)`;

/** Rows of $6, staged for the first time or shown again by a page that overlaps. */
const staging = `
staged AS (
  INSERT INTO reconcile_item AS s (run_id, side, external_id, link_id, existence, number, customer_id, counterpart_id, currency, total,
    issue_date, in_scope, content, reason, staged_at)
  SELECT h.id, t.side, t.id, t."linkId", t.existence, t.number, t."customerId", t."counterpartId", t.currency, t.total, t."issueDate", t."inScope",
    t.content, t.reason, to_timestamp($10::double precision / 1000)
  FROM jsonb_to_recordset($6::jsonb) AS t(side side, id text, "linkId" uuid, existence text, number text, "customerId" text, "counterpartId" text,
    currency text, total numeric, "issueDate" date, "inScope" boolean, content jsonb, reason text) CROSS JOIN held h
  ON CONFLICT (run_id, side, external_id) DO UPDATE SET link_id = excluded.link_id, existence = excluded.existence, number = excluded.number,
    customer_id = excluded.customer_id, counterpart_id = excluded.counterpart_id, currency = excluded.currency, total = excluded.total,
    issue_date = excluded.issue_date, in_scope = s.in_scope OR excluded.in_scope, content = excluded.content, reason = excluded.reason,
    staged_at = excluded.staged_at
),
judged AS (
  SELECT t.* FROM jsonb_to_recordset($7::jsonb) AS t("linkId" uuid, "internalId" text, "quickbooksId" text, reason text)
),
marked AS (
  UPDATE reconcile_item i SET link_id = j."linkId", reason = j.reason, in_scope = true, content = NULL FROM judged j, held h
  WHERE i.run_id = h.id AND i.side = 'INTERNAL' AND i.external_id = j."internalId"
),
marked_too AS (
  UPDATE reconcile_item i SET link_id = j."linkId", reason = j.reason, in_scope = true, content = NULL FROM judged j, held h
  WHERE i.run_id = h.id AND i.side = 'QUICKBOOKS' AND i.external_id = j."quickbooksId"
)`;

/** Why a link is held, as its page says it. */
const heldWords = 'QuickBooks may hold this invoice twice; it waits until a person has looked.';

const holding = `
kept_back AS (
  UPDATE link k SET paused = true, paused_by = '${heldForDuplicate}', version = k.version + 1, status_reason = '${heldWords}'
  FROM held h WHERE k.company_id = h.company_id AND k.id = ANY ($8::uuid[]) AND NOT k.paused RETURNING k.id, k.number, k.internal_id, h.company_id, h.correlation_id
),
kept_told AS (
  INSERT INTO stream_event (id, company_id, link_id, type, summary, detail, at, correlation_id)
  SELECT gen_random_uuid(), company_id, id, 'INVOICE_CHANGED', coalesce(number, internal_id, 'An invoice') || ': ${heldWords}',
    jsonb_build_object('linkId', id), clock_timestamp(), correlation_id FROM kept_back
)`;

/** One slice: what it staged, judged, found and told, and the run's new place; $9 is the run's part of it. */
export const storeSlice = `
WITH ${held('$2', '$3')}, ${storingEvents('WHERE EXISTS (SELECT 1 FROM held)')},
${raising}, ${staging}, ${holding},
moved AS (
  UPDATE reconcile_run r SET version = r.version + 1, phase = $9::jsonb->>'phase', cursor = $9::jsonb->>'cursor', failures = 0,
    due_at = clock_timestamp(), progress = greatest(r.progress, ($9::jsonb->>'progress')::double precision),
    compared = r.compared + ($9::jsonb->>'compared')::int, matched = r.matched + ($9::jsonb->>'matched')::int,
    drift_count = r.drift_count + (SELECT count(*) FROM raised)
  FROM held h WHERE r.id = h.id RETURNING r.id, r.company_id, r.compared, r.drift_count, r.correlation_id
),
run_told AS (
  INSERT INTO stream_event (id, company_id, type, summary, detail, at, correlation_id)
  SELECT gen_random_uuid(), company_id, 'RECONCILE_CHANGED', 'A reconcile has compared ' || ${counted('compared', 'invoice')} || ' and found ' || ${counted('drift_count', 'disagreement')} || '.',
    jsonb_build_object('reconcileRunId', id), clock_timestamp(), correlation_id FROM moved
)
SELECT (SELECT count(*) FROM moved)::int AS stored, (
  SELECT append_audit($4::text, $4::uuid, jsonb_agg(entry)) FROM (
    SELECT jsonb_build_object('actor', ${systemActor}, 'action', 'DRIFT_FOUND', 'summary', summary,
      'subject', jsonb_build_object('type', 'Drift', 'id', id), 'linkId', link_id, 'note', NULL, 'correlationId', correlation_id, 'changes', '[]'::jsonb) AS entry
    FROM worded
    UNION ALL
    SELECT jsonb_build_object('actor', ${systemActor}, 'action', 'PAUSED', 'summary', coalesce(number, internal_id, 'An invoice') || ': ${heldWords}',
      'subject', jsonb_build_object('type', 'Invoice', 'id', id), 'linkId', id, 'note', NULL, 'correlationId', correlation_id, 'changes', '[]'::jsonb) FROM kept_back
  ) entries HAVING count(*) > 0
) AS audited`;

/**
 * Ends the run. What waited for a person and was not seen by a full run any more is over; a link that was held for it goes on.
 */
export const finishRun = `
WITH ${held('$1', '$2')},
done AS (
  UPDATE reconcile_run r SET version = r.version + 1, status = CASE WHEN r.drift_count = 0 THEN 'CLEAN' ELSE 'DRIFT_FOUND' END::reconcile_status,
    finished_at = clock_timestamp(), progress = 1, phase = 'totals', cursor = NULL, control_totals = $4::jsonb, residual = $5::jsonb
  FROM held h WHERE r.id = h.id RETURNING r.id, r.company_id, r.status, r.drift_count, r.compared, r.correlation_id, r.scope, r.trigger
),
put_on AS (
  UPDATE company c SET reconcile_due_at = greatest(c.reconcile_due_at, clock_timestamp() + interval '1 day'),
    writes_held_until = CASE WHEN done.trigger = 'RESTORE' THEN NULL ELSE c.writes_held_until END
  FROM done WHERE c.id = done.company_id AND done.scope = 'FULL'
),
emptied AS (DELETE FROM reconcile_item i USING done WHERE i.run_id = done.id),
healed AS (
  UPDATE drift d SET status = 'REPAIRED', ended_at = clock_timestamp(), version = d.version + 1 FROM held h
  WHERE d.company_id = h.company_id AND h.scope = 'FULL' AND d.status = 'OPEN' AND d.seen_run_id IS DISTINCT FROM h.id AND d.found_at < h.started_at
  RETURNING d.id, d.company_id, d.link_id, d.kind, d.correlation_id
),
let_go AS (
  UPDATE link k SET paused = false, paused_by = NULL, version = k.version + 1, status_reason = 'The second document is gone.' FROM healed
  WHERE k.id = healed.link_id AND healed.kind = 'SUSPECTED_DUPLICATE' AND k.paused_by = '${heldForDuplicate}'
),
told AS (
  INSERT INTO stream_event (id, company_id, link_id, type, summary, detail, at, correlation_id)
  SELECT gen_random_uuid(), company_id, NULL::uuid, 'RECONCILE_CHANGED'::sync_event_type, 'A reconcile compared ' || ${counted('compared', 'invoice')} || ' and found ' || ${counted('drift_count', 'disagreement')} || '.',
    jsonb_build_object('reconcileRunId', id), clock_timestamp(), correlation_id FROM done
  UNION ALL
  SELECT gen_random_uuid(), company_id, link_id, 'DRIFT_CHANGED', 'A disagreement is gone: the last reconcile did not see it any more.',
    jsonb_build_object('driftId', id), clock_timestamp(), correlation_id FROM healed
)
SELECT append_audit($3::text, $3::uuid, (
  SELECT jsonb_agg(entry) FROM (
    SELECT jsonb_build_object('actor', ${systemActor}, 'action', 'RECONCILED',
      'summary', CASE WHEN trigger = 'RESTORE' THEN 'After the restore of the database both sides were compared: ' || ${counted('compared', 'invoice')} || ', '
        || ${counted('drift_count', 'disagreement')} || ' with the backup. The bridge writes again.'
        ELSE 'A reconcile compared ' || ${counted('compared', 'invoice')} || ' and found ' || ${counted('drift_count', 'disagreement')} || '.' END,
      'subject', jsonb_build_object('type', 'ReconcileRun', 'id', id), 'linkId', NULL, 'note', NULL, 'correlationId', correlation_id,
      'changes', jsonb_build_array(jsonb_build_object('path', 'status', 'side', NULL, 'before', 'RUNNING', 'after', status))) AS entry FROM done
    UNION ALL
    SELECT jsonb_build_object('actor', ${systemActor}, 'action', 'RECONCILED', 'summary', 'A disagreement is gone: the last reconcile did not see it any more.',
      'subject', jsonb_build_object('type', 'Drift', 'id', id), 'linkId', link_id, 'note', NULL, 'correlationId', correlation_id,
      'changes', jsonb_build_array(jsonb_build_object('path', 'status', 'side', NULL, 'before', 'OPEN', 'after', 'REPAIRED'))) FROM healed
  ) entries)) FROM done`;

/** Also of a run that its last slice has just ended. */
export const noteReads = `
UPDATE reconcile_run r SET quickbooks_reads = r.quickbooks_reads + $3, version = r.version + 1 FROM company_lease l
WHERE r.id = $1 AND l.company_id = r.company_id AND l.epoch = $2 AND l.expires_at > clock_timestamp()`;

/** Nothing failed: the run waits for what it may not spend now. */
export const restRun = `
WITH ${held('$1', '$2')}
UPDATE reconcile_run r SET version = r.version + 1, due_at = clock_timestamp() + $3::double precision * interval '1 millisecond'
FROM held h WHERE r.id = h.id`;

/** With $5 the run ends as failed; its rows go, what it found stays. */
export const putOffRun = `
WITH ${held('$1', '$2')},
failed AS (
  UPDATE reconcile_run r SET version = r.version + 1, failures = r.failures + 1, due_at = clock_timestamp() + $4::double precision * interval '1 millisecond',
    status = CASE WHEN $5::text IS NULL THEN r.status ELSE 'FAILED' END, finished_at = CASE WHEN $5::text IS NULL THEN NULL ELSE clock_timestamp() END
  FROM held h WHERE r.id = h.id RETURNING r.id, r.company_id, r.status, r.correlation_id
),
emptied AS (DELETE FROM reconcile_item i USING failed WHERE i.run_id = failed.id AND failed.status = 'FAILED'),
told AS (
  INSERT INTO stream_event (id, company_id, type, summary, detail, at, correlation_id)
  SELECT gen_random_uuid(), company_id, 'RECONCILE_CHANGED', 'A reconcile could not finish: ' || $5::text, jsonb_build_object('reconcileRunId', id),
    clock_timestamp(), correlation_id FROM failed WHERE status = 'FAILED'
)
SELECT append_audit($3::text, $3::uuid, jsonb_build_array(jsonb_build_object(
  'actor', ${systemActor}, 'action', 'RECONCILED', 'summary', 'A reconcile could not finish: ' || $5::text,
  'subject', jsonb_build_object('type', 'ReconcileRun', 'id', id), 'linkId', NULL, 'note', NULL, 'correlationId', correlation_id,
  'changes', jsonb_build_array(jsonb_build_object('path', 'status', 'side', NULL, 'before', 'RUNNING', 'after', 'FAILED'))))) FROM failed WHERE status = 'FAILED'`;

/**
 * A repair is over when its event has ended: with the invoice in sync it is repaired, with a dead letter or nothing done a person
 * has to look. A conflict leaves it standing: its resolution repairs it.
 */
export const settleRepairs = `
WITH held AS (SELECT company_id FROM company_lease WHERE company_id = $1 AND epoch = $2 AND expires_at > clock_timestamp() FOR SHARE),
judged AS (
  SELECT d.id, d.kind, k.id AS link_id, CASE WHEN k.status = 'IN_SYNC' THEN 'REPAIRED' ELSE 'OPEN' END AS becomes,
    coalesce(k.number, k.internal_id, d.internal_id, d.quickbooks_id) AS name
  FROM drift d JOIN outbox_event e ON e.id = d.event_id LEFT JOIN link k ON k.id = coalesce(e.link_id, d.link_id)
  WHERE d.company_id = $1 AND d.status = 'REPAIRING' AND e.ended_at IS NOT NULL AND EXISTS (SELECT 1 FROM held)
    AND (k.id IS NULL OR k.status IN ('IN_SYNC', 'DEAD_LETTERED', 'UNLINKED'))
),
settled AS (
  UPDATE drift d SET status = j.becomes::drift_status, link_id = coalesce(d.link_id, j.link_id), version = d.version + 1,
    ended_at = CASE WHEN j.becomes = 'REPAIRED' THEN clock_timestamp() END
  FROM judged j WHERE d.id = j.id RETURNING d.id, d.company_id, d.link_id, d.status, d.correlation_id, j.name
),
told AS (
  INSERT INTO stream_event (id, company_id, link_id, type, summary, detail, at, correlation_id)
  SELECT gen_random_uuid(), company_id, link_id, 'DRIFT_CHANGED',
    name || CASE WHEN status = 'REPAIRED' THEN ' agrees again on both sides.' ELSE ' could not be repaired; a person has to look.' END,
    jsonb_build_object('driftId', id), clock_timestamp(), correlation_id FROM settled
)
SELECT append_audit($1::text, $1::uuid, jsonb_agg(jsonb_build_object('actor', ${systemActor}, 'action', 'RECONCILED',
  'summary', name || CASE WHEN status = 'REPAIRED' THEN ' agrees again on both sides.' ELSE ' could not be repaired; a person has to look.' END,
  'subject', jsonb_build_object('type', 'Drift', 'id', id), 'linkId', link_id, 'note', NULL, 'correlationId', correlation_id,
  'changes', jsonb_build_array(jsonb_build_object('path', 'status', 'side', NULL, 'before', 'REPAIRING', 'after', status))))) FROM settled HAVING count(*) > 0`;

/** Standing documents of both sides in scope, by currency. */
export const controlTotals = `
SELECT currency, count(*) FILTER (WHERE side = 'INTERNAL')::int AS internal_count,
  coalesce(sum(total) FILTER (WHERE side = 'INTERNAL'), 0)::text AS internal_total,
  count(*) FILTER (WHERE side = 'QUICKBOOKS')::int AS quickbooks_count,
  coalesce(sum(total) FILTER (WHERE side = 'QUICKBOOKS'), 0)::text AS quickbooks_total
FROM reconcile_item WHERE run_id = $1 AND in_scope AND existence = 'present' AND currency IS NOT NULL
GROUP BY currency ORDER BY currency`;

/**
 * Every invoice's share of the difference under the reason it was judged by, so that the shares add up to the difference exactly. What
 * was linked while the run went on is in flight.
 */
export const residual = `
WITH taken AS (
  SELECT i.*, CASE WHEN i.link_id IS NOT NULL OR i.reason IS NOT NULL THEN i.link_id
    WHEN i.side = 'INTERNAL' THEN (SELECT k.id FROM link k WHERE k.company_id = $2 AND k.internal_id = i.external_id)
    ELSE (SELECT k.id FROM link k WHERE k.company_id = $2 AND k.quickbooks_id = i.external_id) END AS held_by
  FROM reconcile_item i WHERE i.run_id = $1 AND i.in_scope AND i.existence = 'present' AND i.currency IS NOT NULL
),
shares AS (
  SELECT currency, held_by AS link_id, coalesce(held_by::text, side || external_id) AS invoice,
    coalesce(reason, CASE WHEN held_by IS NOT NULL THEN 'in flight' ELSE 'unexplained' END) AS reason,
    CASE WHEN side = 'INTERNAL' THEN total ELSE -total END AS amount
  FROM taken
),
invoices AS (
  SELECT currency, reason, invoice, min(link_id::text) AS link_id, sum(amount) AS amount FROM shares
  WHERE reason <> 'matched' GROUP BY currency, reason, invoice
)
SELECT currency, reason, sum(amount)::text AS amount, count(*)::int AS invoice_count,
  (array_agg(link_id ORDER BY abs(amount) DESC, link_id) FILTER (WHERE link_id IS NOT NULL))[1:20] AS link_ids
FROM invoices WHERE amount <> 0 GROUP BY currency, reason ORDER BY currency, reason`;
