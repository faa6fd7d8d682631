import { heldForDuplicate } from '#core/reconcile/drift.ts';
import { storingEvents } from './ingest.ts';
import { recordingReferences } from './record-references.ts';

/** The pass and the lease, both ours: nothing of a statement happens without them. */
const heldBy = (passId: string, epoch: string): string => `
held AS (
  SELECT p.id, p.company_id, p.correlation_id FROM planning_pass p JOIN company_lease l ON l.company_id = p.company_id
  WHERE p.id = ${passId} AND p.status = 'RUNNING' AND l.epoch = ${epoch} AND l.expires_at > clock_timestamp()
  FOR NO KEY UPDATE OF p FOR SHARE OF l
)`;

const held = heldBy('$1', '$2');

const systemActor = `jsonb_build_object('kind', 'system', 'name', 'planner')`;

const moving = (phase: string, cursor: string): string => `
moved AS (
  UPDATE planning_pass p SET phase = ${phase}, cursor = ${cursor}, failures = 0, due_at = clock_timestamp()
  FROM held h WHERE p.id = h.id RETURNING p.id
)`;

/** The company says what happens with it; its page and its trail show the same sentence. */
const telling = (from: string, summary: string): string => `
told AS (
  INSERT INTO stream_event (id, company_id, type, summary, detail, at, correlation_id)
  SELECT gen_random_uuid(), company_id, 'COMPANY_CHANGED', ${summary}, jsonb_build_object('companyId', company_id), clock_timestamp(), correlation_id
  FROM ${from}
)`;

const auditing = (from: string, summary: string): string => `
SELECT append_audit(company_id::text, company_id, jsonb_build_array(jsonb_build_object('actor', ${systemActor}, 'action', 'COMPANY_CHANGED',
  'summary', ${summary}, 'subject', jsonb_build_object('type', 'Company', 'id', company_id), 'linkId', NULL, 'note', NULL,
  'correlationId', correlation_id, 'changes', '[]'::jsonb))) FROM ${from}`;

const began = `'Both sides are looked at to plan what would be written; nothing is.'`;

/** The pass that is due, running from now on; QuickBooks is left alone while it throttles or cannot be reached. */
export const takeUp = `
WITH due AS (
  SELECT p.id, p.status FROM planning_pass p JOIN company c ON c.id = p.company_id JOIN company_lease l ON l.company_id = c.id
  WHERE p.company_id = $1 AND l.epoch = $2 AND c.status = 'ACTIVE' AND c.mode = 'SHADOW' AND p.status IN ('QUEUED', 'RUNNING')
    AND p.due_at <= clock_timestamp()
    AND coalesce(c.throttled_until, '-infinity') <= clock_timestamp() AND coalesce(c.breaker_open_until, '-infinity') <= clock_timestamp()
  FOR NO KEY UPDATE OF p FOR SHARE OF l
),
begun AS (UPDATE planning_pass p SET status = 'RUNNING' FROM due WHERE p.id = due.id AND due.status = 'QUEUED' RETURNING p.*),
${telling('begun', began)}
SELECT p.id, p.company_id, p.correlation_id, p.phase, p.cursor, p.failures, p.terms
FROM (SELECT * FROM begun UNION ALL SELECT p.* FROM planning_pass p JOIN due ON due.id = p.id AND due.status = 'RUNNING') p`;

export const beginPass = `
WITH ${held} UPDATE planning_pass p SET terms = $3 FROM held h WHERE p.id = h.id`;

export const movePass = `WITH ${held}, ${moving('$3', '$4')} SELECT count(*) FROM moved`;

export const restPass = `
WITH ${held} UPDATE planning_pass p SET due_at = clock_timestamp() + $3::double precision * interval '1 millisecond' FROM held h WHERE p.id = h.id`;

/** With $4 the pass ends as failed; its documents go. */
export const putOffPass = `
WITH ${held},
failed AS (
  UPDATE planning_pass p SET failures = p.failures + 1, due_at = clock_timestamp() + $3::double precision * interval '1 millisecond',
    status = CASE WHEN $4::text IS NULL THEN p.status ELSE 'FAILED' END
  FROM held h WHERE p.id = h.id RETURNING p.id, p.company_id, p.status, p.correlation_id
),
over AS (SELECT * FROM failed WHERE status = 'FAILED'),
emptied AS (DELETE FROM planning_document d USING over WHERE d.pass_id = over.id),
${telling('over', `'What would be written could not be planned: ' || $4::text`)}
${auditing('over', `'What would be written could not be planned: ' || $4::text`)}`;

/** Rows of $3, staged for the first time or shown again by a page that overlaps. */
export const stageDocuments = `
WITH ${held}, ${moving('$4', '$5')},
staged AS (
  INSERT INTO planning_document AS s (pass_id, side, external_id, existence, number, customer_id, counterpart_id, currency, total, issue_date, content)
  SELECT h.id, t.side, t.id, t.existence, t.number, t."customerId", t."counterpartId", t.currency, t.total, t."issueDate", t.content
  FROM jsonb_to_recordset($3::jsonb) AS t(side side, id text, existence text, number text, "customerId" text, "counterpartId" text,
    currency text, total numeric, "issueDate" date, content jsonb) CROSS JOIN held h
  ON CONFLICT (pass_id, side, external_id) DO UPDATE SET existence = excluded.existence, number = excluded.number,
    customer_id = excluded.customer_id, counterpart_id = excluded.counterpart_id, currency = excluded.currency, total = excluded.total,
    issue_date = excluded.issue_date, content = excluded.content
)
SELECT count(*) FROM moved`;

/** One document of each customer says what the customer is called. */
export const selectCustomers = `
SELECT DISTINCT ON (i.customer_id) i.customer_id, i.content FROM planning_document i
WHERE i.pass_id = $1 AND i.side = 'INTERNAL' AND i.existence IN ('present', 'void') AND i.customer_id > $3
  AND EXISTS (SELECT 1 FROM planning_document q WHERE q.pass_id = i.pass_id AND q.side = 'QUICKBOOKS' AND q.number = i.number)
  AND NOT EXISTS (SELECT 1 FROM reference r
    WHERE r.company_id = $2 AND r.kind = 'CUSTOMER' AND r.internal_id = i.customer_id AND r.status = 'MATCHED')
ORDER BY i.customer_id, i.external_id LIMIT $4`;

export const storePassReferences = `
WITH ${held}, ${moving('$4', '$5')}, ${recordingReferences('held', '$3::jsonb')}
SELECT count(*) FROM moved`;

/** A document that no pair holds, that no person keeps apart and that nothing is under way for. */
const freeHere = (document: string): string => `NOT EXISTS (SELECT 1 FROM link k
  WHERE k.company_id = h.company_id AND k.internal_id = ${document} AND (k.quickbooks_id IS NOT NULL OR k.unlinked_from IS NOT NULL
    OR k.claim_epoch IS NOT NULL OR k.uncertain))`;
const freeThere = (document: string): string => `NOT EXISTS (SELECT 1 FROM link k
  WHERE k.company_id = h.company_id AND ((k.quickbooks_id = ${document} AND (k.internal_id IS NOT NULL OR k.claim_epoch IS NOT NULL))
    OR k.unlinked_from = ${document}))`;

/** How the customer of an internal document is known in QuickBooks. */
const customerThere = (document: string): string => `(SELECT r.quickbooks_id FROM reference r
  WHERE r.company_id = h.company_id AND r.kind = 'CUSTOMER' AND r.status = 'MATCHED' AND r.internal_id = ${document}.customer_id)`;

const paired = 'Both sides have it; it waits to be compared.';

/**
 * Pairs what is one on both sides. A cancelled document asks for nothing, whatever total its side still shows. The bridge's own
 * mark says more than any likeness, as long as one document alone carries it.
 */
export const pairDocuments = `
WITH ${held},
document AS (
  SELECT d.side, d.external_id, d.number, d.currency, d.counterpart_id, d.existence <> 'present' AS is_gone,
    CASE WHEN d.existence = 'present' THEN d.total ELSE 0 END AS total,
    CASE WHEN d.side = 'INTERNAL' THEN ${customerThere('d')} ELSE d.customer_id END AS customer
  FROM planning_document d JOIN held h ON h.id = d.pass_id WHERE d.existence IN ('present', 'void')
),
alike AS (
  SELECT i.external_id AS internal_id, q.external_id AS quickbooks_id FROM document i JOIN document q ON q.side = 'QUICKBOOKS'
    AND q.number = i.number AND q.customer = i.customer AND q.currency = i.currency AND q.total = i.total AND q.is_gone = i.is_gone
  WHERE i.side = 'INTERNAL'
  UNION
  SELECT i.external_id, q.external_id FROM document i JOIN document q ON q.side = 'QUICKBOOKS' AND q.counterpart_id = i.external_id
  WHERE i.side = 'INTERNAL'
  UNION
  SELECT i.external_id, q.external_id FROM document i JOIN held h ON true JOIN company c ON c.id = h.company_id
    JOIN document q ON q.side = 'QUICKBOOKS' AND i.counterpart_id = 'quickbooks:' || c.realm_id || ':' || q.external_id
  WHERE i.side = 'INTERNAL'
),
sole AS (
  SELECT internal_id, quickbooks_id FROM (
    SELECT a.*, count(*) OVER (PARTITION BY internal_id) AS here, count(*) OVER (PARTITION BY quickbooks_id) AS there FROM alike a) a
  WHERE here = 1 AND there = 1
),
free AS (
  SELECT o.*, h.company_id, h.correlation_id, EXISTS (
    SELECT 1 FROM link k WHERE k.company_id = h.company_id AND k.quickbooks_id = o.quickbooks_id) AS is_stray
  FROM sole o CROSS JOIN held h WHERE ${freeHere('o.internal_id')} AND ${freeThere('o.quickbooks_id')}
  ORDER BY o.internal_id LIMIT $3
),
made AS (
  INSERT INTO link AS l (id, company_id, internal_id, quickbooks_id, changed_at, status_reason)
  SELECT gen_random_uuid(), company_id, internal_id, CASE WHEN is_stray THEN NULL ELSE quickbooks_id END, clock_timestamp(), '${paired}' FROM free
  ON CONFLICT (company_id, internal_id) DO UPDATE SET quickbooks_id = coalesce(excluded.quickbooks_id, l.quickbooks_id), quickbooks_fresh = false,
    quickbooks_news = l.quickbooks_news + 1, paused = l.paused AND l.paused_by IS DISTINCT FROM '${heldForDuplicate}', version = l.version + 1, changed_at = excluded.changed_at,
    status_reason = excluded.status_reason
  RETURNING l.id, l.company_id, l.internal_id, l.quickbooks_id, l.number
),
worded AS (
  SELECT m.*, f.correlation_id, coalesce(m.number, m.internal_id) || ' of internal invoicing and ' || f.quickbooks_id
    || ' of QuickBooks are one invoice: number, customer, currency and total are the same.' AS summary
  FROM made m JOIN free f USING (internal_id) WHERE m.quickbooks_id IS NOT NULL
),
told AS (
  INSERT INTO stream_event (id, company_id, link_id, type, summary, detail, at, correlation_id)
  SELECT gen_random_uuid(), company_id, id, 'INVOICE_CHANGED', summary, jsonb_build_object('linkId', id), clock_timestamp(), correlation_id FROM worded
)
SELECT (SELECT count(*) FROM worded)::int AS paired,
  coalesce((SELECT jsonb_agg(jsonb_build_object('internalId', internal_id, 'quickbooksId', quickbooks_id)) FROM free WHERE is_stray), '[]') AS strays,
  (SELECT append_audit(min(company_id::text), min(company_id::text)::uuid, jsonb_agg(jsonb_build_object('actor', ${systemActor}, 'action', 'LINK_CHANGED',
    'summary', summary, 'subject', jsonb_build_object('type', 'Invoice', 'id', id), 'linkId', id, 'note', NULL, 'correlationId', correlation_id,
    'changes', jsonb_build_array(jsonb_build_object('path', 'quickbooksId', 'side', NULL, 'before', NULL, 'after', quickbooks_id))) ORDER BY internal_id))
    FROM worded HAVING count(*) > 0) AS audited`;

/** Of documents that stand on both sides and share a number, or currency and total; a few of each. */
export const selectAlike = `
WITH h AS (SELECT id, company_id FROM planning_pass WHERE id = $1),
here AS (
  SELECT i.external_id, i.number, i.currency, i.total, i.content, ${customerThere('i')} AS customer FROM planning_document i JOIN h ON h.id = i.pass_id
  WHERE i.side = 'INTERNAL' AND i.existence = 'present' AND i.external_id > $2 AND ${freeHere('i.external_id')}
  ORDER BY i.external_id LIMIT $3
)
SELECT i.external_id, i.content AS internal, q.content AS quickbooks, coalesce(q.customer_id = i.customer, false) AS is_same_customer
FROM here i LEFT JOIN LATERAL (
  SELECT q.content, q.customer_id FROM planning_document q JOIN h ON h.id = q.pass_id
  WHERE q.side = 'QUICKBOOKS' AND q.existence = 'present' AND (q.number = i.number OR (q.currency = i.currency AND q.total = i.total))
    AND ${freeThere('q.external_id')}
  ORDER BY q.number = i.number DESC NULLS LAST, q.customer_id = i.customer DESC NULLS LAST, q.external_id LIMIT 5
) q ON true
ORDER BY i.external_id`;

/** What was held before and restarted by a person is two documents to them, and is not held for the same ones again. */
export const storeSuggestions = `
WITH ${held}, ${moving('$5', '$6')},
suggested AS (
  INSERT INTO match_suggestion (id, company_id, pass_id, internal_id, quickbooks_id, internal, quickbooks, score, reason)
  SELECT t.id, h.company_id, h.id, t.internal->>'id', t.quickbooks->>'id', t.internal, t.quickbooks, t.score, t.reason
  FROM jsonb_to_recordset($3::jsonb) AS t(id uuid, internal jsonb, quickbooks jsonb, score double precision, reason text) CROSS JOIN held h
),
alike AS (
  SELECT t.* FROM jsonb_to_recordset($4::jsonb) AS t("internalId" text, number text, "quickbooksIds" jsonb, why text, hash text, entries jsonb)
),
kept AS (
  INSERT INTO link AS l (id, company_id, internal_id, number, paused, paused_by, changed_at, status_reason)
  SELECT gen_random_uuid(), h.company_id, a."internalId", a.number, true, '${heldForDuplicate}', clock_timestamp(), a.why FROM alike a CROSS JOIN held h
  ON CONFLICT (company_id, internal_id) DO UPDATE SET paused = true, paused_by = '${heldForDuplicate}', status_reason = excluded.status_reason,
    version = l.version + 1
    WHERE l.quickbooks_id IS NULL AND (NOT l.paused OR l.paused_by = '${heldForDuplicate}') AND NOT EXISTS (
      SELECT 1 FROM link_plan p JOIN alike a ON a."internalId" = l.internal_id
      WHERE p.link_id = l.id AND NOT l.paused AND p.alike_ids @> ARRAY(SELECT jsonb_array_elements_text(a."quickbooksIds")))
  RETURNING l.id, l.company_id, l.internal_id, l.number
),
planned AS (
  INSERT INTO link_plan (link_id, company_id, planned_at, hash, writes, left_out, alike_ids)
  SELECT k.id, k.company_id, clock_timestamp(), a.hash, a.entries, 'looks like another document', ARRAY(SELECT jsonb_array_elements_text(a."quickbooksIds"))
  FROM kept k JOIN alike a ON a."internalId" = k.internal_id
  ON CONFLICT (link_id) DO UPDATE SET planned_at = excluded.planned_at, hash = excluded.hash, writes = excluded.writes, left_out = excluded.left_out,
    alike_ids = excluded.alike_ids
),
told AS (
  INSERT INTO stream_event (id, company_id, link_id, type, summary, detail, at, correlation_id)
  SELECT gen_random_uuid(), k.company_id, k.id, 'INVOICE_CHANGED', coalesce(k.number, k.internal_id) || ': ' || a.why, jsonb_build_object('linkId', k.id),
    clock_timestamp(), h.correlation_id FROM kept k JOIN alike a ON a."internalId" = k.internal_id CROSS JOIN held h
)
SELECT (SELECT append_audit(min(k.company_id::text), min(k.company_id::text)::uuid, jsonb_agg(jsonb_build_object('actor', ${systemActor}, 'action', 'PAUSED',
  'summary', coalesce(k.number, k.internal_id) || ': ' || a.why, 'subject', jsonb_build_object('type', 'Invoice', 'id', k.id), 'linkId', k.id,
  'note', NULL, 'correlationId', h.correlation_id, 'changes', '[]'::jsonb)))
  FROM kept k JOIN alike a ON a."internalId" = k.internal_id CROSS JOIN held h HAVING count(*) > 0) AS audited`;

/** Why nothing is planned for a document; a pair is planned as long as it may cross. */
const whyLeftOut = `CASE
  WHEN d.existence = 'unknown' THEN 'not understood'
  WHEN k.paused THEN CASE WHEN k.paused_by = '${heldForDuplicate}' THEN 'looks like another document' ELSE 'paused' END
  WHEN k.internal_id IS NOT NULL AND k.quickbooks_id IS NOT NULL THEN NULL
  WHEN k.unlinked_from IS NOT NULL OR apart.id IS NOT NULL THEN 'kept apart by a person'
  WHEN d.existence <> 'present' THEN 'cancelled'
  WHEN d.issue_date < c.go_live_date THEN 'before go-live'
  WHEN d.side = 'QUICKBOOKS' AND NOT c.import_from_quickbooks THEN 'made in QuickBooks'
  WHEN d.side = 'QUICKBOOKS' AND EXISTS (SELECT 1 FROM match_suggestion m JOIN link_plan p ON p.left_out = 'looks like another document'
      AND p.company_id = c.id AND d.external_id = ANY (p.alike_ids) WHERE m.pass_id = d.pass_id AND m.quickbooks_id = d.external_id)
    THEN 'looks like another document'
END`;

/** Documents with their links, which are not handed over and not left out yet. */
const waitingDocuments = `planning_document d JOIN held h ON h.id = d.pass_id JOIN company c ON c.id = h.company_id
  LEFT JOIN link k ON k.company_id = c.id AND CASE d.side WHEN 'INTERNAL' THEN k.internal_id ELSE k.quickbooks_id END = d.external_id
  LEFT JOIN link apart ON d.side = 'QUICKBOOKS' AND apart.company_id = c.id AND apart.unlinked_from = d.external_id`;

/** What was planned of them before is planned no more. */
export const leaveOut = `
WITH ${held},
judged AS (
  SELECT d.pass_id, d.side, d.external_id, k.id AS link_id, ${whyLeftOut} AS why FROM ${waitingDocuments} WHERE d.left_out IS NULL AND d.event_id IS NULL
),
marked AS (
  UPDATE planning_document d SET left_out = j.why FROM judged j
  WHERE j.why IS NOT NULL AND d.pass_id = j.pass_id AND d.side = j.side AND d.external_id = j.external_id
)
UPDATE link_plan p SET writes = '[]', hash = '', left_out = NULL FROM judged j
WHERE p.link_id = j.link_id AND j.why IS NOT NULL AND j.why <> 'looks like another document'`;

/** The QuickBooks document of a pair comes along with the internal one, where that is listed. */
export const selectToPlan = `
WITH ${held}
SELECT d.side, d.external_id, d.existence FROM ${waitingDocuments}
WHERE d.left_out IS NULL AND d.event_id IS NULL AND (d.side = 'INTERNAL' OR k.internal_id IS NULL OR NOT EXISTS (
  SELECT 1 FROM planning_document i WHERE i.pass_id = d.pass_id AND i.side = 'INTERNAL' AND i.external_id = k.internal_id))
ORDER BY d.side, d.external_id LIMIT $3`;

/** $1 are the events, as everywhere. */
export const handOverDocuments = `
WITH ${heldBy('$2', '$3')}, ${storingEvents('WHERE EXISTS (SELECT 1 FROM held)')},
marked AS (
  UPDATE planning_document d SET event_id = t.id FROM told t, held h
  WHERE d.pass_id = h.id AND d.side = t."subjectSide" AND d.external_id = t."subjectId"
)
UPDATE planning_pass p SET due_at = clock_timestamp(), failures = 0 FROM held h WHERE p.id = h.id`;

/** What waits for a person, or is paused meanwhile, is through. */
export const countUnplanned = `
SELECT count(*)::int AS left FROM planning_document d JOIN outbox_event e ON e.id = d.event_id LEFT JOIN link k ON k.id = e.link_id
WHERE d.pass_id = $1 AND e.ended_at IS NULL AND (k.id IS NULL OR ((k.due_at IS NOT NULL OR k.claim_epoch IS NOT NULL) AND NOT k.paused))`;

/** Both documents of a pair are one invoice and count once. */
export const countLeftOut = `
SELECT reason, count(*)::int AS count FROM (
  SELECT d.left_out AS reason FROM planning_document d JOIN planning_pass p ON p.id = d.pass_id
  WHERE d.pass_id = $1 AND d.left_out IS NOT NULL AND NOT (d.side = 'QUICKBOOKS' AND EXISTS (
    SELECT 1 FROM link k WHERE k.company_id = p.company_id AND k.quickbooks_id = d.external_id AND k.internal_id IS NOT NULL))
  UNION ALL
  SELECT l.left_out FROM link_plan l JOIN planning_pass p ON p.company_id = l.company_id
  WHERE p.id = $1 AND l.left_out IS NOT NULL AND l.left_out <> 'looks like another document'
) left_out GROUP BY reason ORDER BY count(*) DESC, reason`;

/** Snapshots that are shown to nobody any more: all but the newest few, and the one that was approved. */
const snapshotsKept = 3;

/** A record that several invoices need is made once. */
export const keepSnapshot = `
WITH ${held},
entry AS (
  SELECT p.link_id, p.hash, k.number, e.value AS entry, e.place FROM held h JOIN link_plan p ON p.company_id = h.company_id JOIN link k ON k.id = p.link_id
    CROSS JOIN jsonb_array_elements(p.writes) WITH ORDINALITY AS e(value, place)
),
record AS (
  SELECT DISTINCT ON (e.entry->'reference') r.id AS reference_id, e.entry FROM entry e CROSS JOIN held h
  JOIN reference r ON r.company_id = h.company_id AND r.kind::text = e.entry#>>'{reference,kind}'
    AND CASE e.entry#>>'{reference,side}' WHEN 'internal' THEN r.internal_id ELSE r.quickbooks_id END = e.entry#>>'{reference,id}'
  WHERE e.entry->'reference' <> 'null' ORDER BY e.entry->'reference', e.link_id, e.place
),
shown AS (
  SELECT link_id, NULL::uuid AS reference_id, hash, entry, number, place FROM entry WHERE entry->'reference' = 'null'
  UNION ALL
  SELECT NULL, reference_id, NULL, entry, NULL, 1 FROM record
),
kept AS (
  INSERT INTO planned_write (id, company_id, pass_id, position, link_id, reference_id, side, kind, changes, reason, problem, amount, currency, hash)
  SELECT gen_random_uuid(), h.company_id, h.id,
    row_number() OVER (ORDER BY (s.entry->>'amount')::numeric DESC NULLS LAST, s.number, s.link_id, s.place, s.reference_id),
    s.link_id, s.reference_id, upper(s.entry->>'side')::side, (s.entry->>'change')::change_kind, s.entry->'fields', s.entry->>'reason',
    s.entry->>'problem', (s.entry->>'amount')::numeric, s.entry->>'currency', s.hash
  FROM shown s CROSS JOIN held h RETURNING id
),
whole AS (
  UPDATE planning_pass p SET status = 'WHOLE', planned_at = clock_timestamp(), write_count = (SELECT count(*) FROM kept), left_out = $3::jsonb, cursor = NULL
  FROM held h WHERE p.id = h.id RETURNING p.id, p.company_id, p.correlation_id, p.write_count
),
emptied AS (DELETE FROM planning_document d USING whole w WHERE d.pass_id = w.id),
over AS (
  SELECT p.id FROM planning_pass p JOIN whole w ON w.company_id = p.company_id AND w.id <> p.id WHERE p.approved_at IS NULL
  ORDER BY p.requested_at DESC OFFSET ${snapshotsKept - 1}
),
pruned AS (DELETE FROM planned_write d USING over WHERE d.pass_id = over.id),
pruned_too AS (DELETE FROM match_suggestion d USING over WHERE d.pass_id = over.id),
${telling('whole', '$4')}
SELECT (SELECT write_count FROM whole) AS write_count, (SELECT append_audit(company_id::text, company_id, jsonb_build_array(jsonb_build_object(
  'actor', ${systemActor}, 'action', 'COMPANY_CHANGED', 'summary', $4::text, 'subject', jsonb_build_object('type', 'Company', 'id', company_id),
  'linkId', NULL, 'note', NULL, 'correlationId', correlation_id, 'changes', '[]'::jsonb))) FROM whole) AS audited`;

/** How many writes the snapshot would have, for the sentence that tells of it. */
export const countPlanned = `
SELECT (SELECT count(*) FROM link_plan p CROSS JOIN jsonb_array_elements(p.writes) AS e(value) WHERE p.company_id = $1 AND e.value->'reference' = 'null')::int
  + (SELECT count(DISTINCT e.value->'reference') FROM link_plan p CROSS JOIN jsonb_array_elements(p.writes) AS e(value)
     WHERE p.company_id = $1 AND e.value->'reference' <> 'null')::int AS planned`;

/** What was approved is used up; where another plan goes out, the snapshot and the trail say so. */
export const settleApproved = `
WITH held AS (SELECT company_id FROM company_lease WHERE company_id = $1 AND epoch = $2 AND expires_at > clock_timestamp() FOR SHARE),
used AS (
  DELETE FROM link_plan p USING held h WHERE p.company_id = h.company_id AND p.link_id = $3 AND p.approved_pass_id IS NOT NULL
  RETURNING p.link_id, p.company_id, p.approved_pass_id
),
anew AS (
  SELECT u.*, coalesce(k.number, k.internal_id, k.quickbooks_id) || ': ' || $4::text AS summary FROM used u JOIN link k ON k.id = u.link_id WHERE $4::text IS NOT NULL
),
marked AS (
  UPDATE planned_write w SET problem = $4::text FROM anew a WHERE w.pass_id = a.approved_pass_id AND w.link_id = a.link_id
),
told AS (
  INSERT INTO stream_event (id, company_id, link_id, type, summary, detail, at, correlation_id)
  SELECT gen_random_uuid(), company_id, link_id, 'INVOICE_CHANGED', summary, jsonb_build_object('linkId', link_id), clock_timestamp(), $5::text FROM anew
)
SELECT append_audit(company_id::text, company_id, jsonb_build_array(jsonb_build_object('actor', ${systemActor}, 'action', 'LINK_CHANGED',
  'summary', summary, 'subject', jsonb_build_object('type', 'Invoice', 'id', link_id), 'linkId', link_id, 'note', NULL, 'correlationId', $5::text,
  'changes', '[]'::jsonb))) FROM anew`;
