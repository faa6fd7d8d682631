import type { PoolClient } from 'pg';
import type {
  RequestedChange,
  RequestedConflictChange,
  RequestedEvent,
  RequestedUndo,
} from '#ports/change-requests.ts';
import { acceptBulk, cancelBulk } from './bulk-rows.ts';
import { changeCompany } from './locked-administration.ts';
import { cutByHand, joinByHand } from './hand-links.ts';
import { recordPlanning } from './locked-planning.ts';
import { linkDocuments, recordReconcile } from './locked-reconciles.ts';
import { writeFieldPolicy } from './field-policies.ts';

/** What a person made due is read anew in QuickBooks (`looks`). Ahead of the queue: before the oldest that is due, so that it is the next one claimed (contract, SyncInvoiceNowInput). */
const changeLink = `
UPDATE link l SET version = l.version + 1,
  next_sequence = l.next_sequence + CASE WHEN $3 THEN 1 ELSE 0 END,
  due_at = CASE WHEN (set->>'dueNow')::boolean THEN least(l.due_at, clock_timestamp(), (
    SELECT min(o.due_at) - interval '1 millisecond' FROM link o
    WHERE o.company_id = l.company_id AND o.due_at IS NOT NULL AND o.claim_epoch IS NULL))
    WHEN set ? 'dueInSeconds' THEN least(l.due_at, clock_timestamp() + (set->>'dueInSeconds')::double precision * interval '1 second')
    WHEN set ? 'isUndue' AND NOT EXISTS (
      SELECT 1 FROM outbox_event e WHERE e.link_id = l.id AND e.ended_at IS NULL AND e.stage <> 'HELD') THEN NULL
    ELSE l.due_at END,
  quickbooks_fresh = l.quickbooks_fresh AND NOT looks,
  quickbooks_news = l.quickbooks_news + looks::int,
  failures = CASE WHEN (set->>'dueNow')::boolean THEN 0 ELSE l.failures END,
  first_failed_at = CASE WHEN (set->>'dueNow')::boolean THEN NULL ELSE l.first_failed_at END,
  paused = CASE WHEN set ? 'pausedBy' THEN set->>'pausedBy' IS NOT NULL ELSE l.paused END,
  paused_by = CASE WHEN set ? 'pausedBy' THEN set->>'pausedBy' ELSE l.paused_by END,
  open_dead_letter_id = CASE WHEN set ? 'openDeadLetterId' THEN (set->>'openDeadLetterId')::uuid ELSE l.open_dead_letter_id END,
  open_conflict_id = CASE WHEN set ? 'openConflictId' THEN (set->>'openConflictId')::uuid ELSE l.open_conflict_id END,
  base_internal = coalesce(set#>'{base,internal}', l.base_internal),
  base_quickbooks = coalesce(set#>'{base,quickbooks}', l.base_quickbooks),
  accepted_payments = CASE WHEN set ? 'acceptedPayments' THEN nullif(set->'acceptedPayments', 'null') ELSE l.accepted_payments END,
  status_reason = coalesce(set->>'statusReason', l.status_reason)
FROM (SELECT set, coalesce((set->>'dueNow')::boolean, false) OR set ? 'dueInSeconds' AS looks FROM (SELECT $2::jsonb AS set) AS wanted) AS change
WHERE l.id = $1`;

/** Stored like any other event, under its own id as key; its place among the invoice's events was counted just before. */
const insertEvent = `
INSERT INTO outbox_event (id, company_id, source, event_key, direction, kind, subject_side, subject_kind, subject_id,
  subject_invoice_id, link_id, sequence, stage, stage_history, derived_from_id, replay_of_id, actor, occurred_at, received_at,
  available_at, correlation_id, payload)
SELECT t.id, $2, 'OPERATOR', t.id::text, t.direction, t.kind, t."subjectSide", t."subjectKind", t."subjectId", t."subjectInvoiceId",
  t."linkId", (SELECT next_sequence - 1 FROM link WHERE id = t."linkId"), 'QUEUED',
  jsonb_build_array(
    jsonb_build_object('stage', 'DETECTED', 'at', floor(extract(epoch FROM clock_timestamp()) * 1000), 'note', NULL),
    jsonb_build_object('stage', 'QUEUED', 'at', floor(extract(epoch FROM clock_timestamp()) * 1000), 'note', t.note)),
  t."derivedFromId", t."replayOfId", $3, clock_timestamp(), clock_timestamp(),
  clock_timestamp() + coalesce(t."dueInSeconds", 0) * interval '1 second', $4, t.payload
FROM jsonb_to_record($1::jsonb) AS t(id uuid, direction direction, kind change_kind, "subjectSide" side, "subjectKind" text,
  "subjectId" text, "subjectInvoiceId" text, "linkId" uuid, "derivedFromId" uuid, "replayOfId" uuid, note text, payload jsonb,
  "dueInSeconds" double precision)`;

/** What was decided may leave when its undo has expired, and not a moment before. */
const changeConflict = `
UPDATE conflict SET version = version + 1, status = $2::conflict_status,
  resolution = CASE WHEN $2 = 'SUPERSEDED' THEN resolution ELSE $3::jsonb ||
    jsonb_build_object('decidedAt', floor(extract(epoch FROM clock_timestamp()) * 1000)) END, fields = coalesce($4::jsonb, fields),
  kept = CASE WHEN $3::jsonb IS NULL THEN kept END,
  apply_after = (SELECT expires_at FROM undo WHERE token = ($3::jsonb->>'undoToken')::uuid),
  ended_at = CASE WHEN $2 IN ('RESOLVED', 'SUPERSEDED') THEN clock_timestamp() END
WHERE id = $1`;

const endEvents = `
WITH ended AS (
  UPDATE outbox_event e SET stage = 'SKIPPED', ended_at = clock_timestamp(), version = e.version + 1,
    stage_history = e.stage_history || jsonb_build_object('stage', 'SKIPPED', 'at', floor(extract(epoch FROM clock_timestamp()) * 1000), 'note', $2::text)
  FROM (SELECT id, stage FROM outbox_event WHERE id = ANY ($1::uuid[]) AND ended_at IS NULL FOR NO KEY UPDATE) was
  WHERE e.id = was.id AND NOT EXISTS (SELECT 1 FROM link k WHERE k.id = e.link_id AND k.claim_epoch IS NOT NULL)
  RETURNING e.id, e.company_id, e.link_id, e.correlation_id, was.stage AS before
)
INSERT INTO stream_event (id, company_id, link_id, type, summary, detail, at, correlation_id)
SELECT gen_random_uuid(), company_id, link_id, 'STAGE_CHANGED', $2,
  jsonb_build_object('eventId', id, 'from', before, 'to', 'SKIPPED', 'note', $2::text), clock_timestamp(), correlation_id
FROM ended`;

const changeDeadLetter = `
UPDATE dead_letter SET version = version + 1, status = $2, ended_at = CASE WHEN $3 THEN clock_timestamp() END, discard = $4 WHERE id = $1`;

const pauseCompany = `
UPDATE company SET paused_directions = $2::text[]::direction[], version = version + 1 WHERE id = $1`;

const replacePairing = `DELETE FROM reference WHERE id = $1 AND status <> 'MATCHED'`;

const pair = `
UPDATE reference SET status = t.status, internal_id = t."internalId", internal_name = t."internalName", quickbooks_id = t."quickbooksId",
  quickbooks_name = t."quickbooksName", request = t.request, version = version + 1, updated_at = clock_timestamp()
FROM jsonb_to_record($1::jsonb) AS t(id uuid, status reference_status, "internalId" text, "internalName" text, "quickbooksId" text,
  "quickbooksName" text, request reference_request)
WHERE reference.id = t.id`;

const insertUndo = `
INSERT INTO undo (token, company_id, caller, subject_type, subject_id, label, before, expires_at)
VALUES ($1, $2, $3, $4, $5, $6, $7, clock_timestamp() + $8 * interval '1 second')`;

const useUndo = `UPDATE undo SET used_at = clock_timestamp() WHERE token = $1`;

/** Last, as everywhere: the head of the audit chain is held as briefly as can be. */
const tell = `
WITH told AS (
  INSERT INTO stream_event (id, company_id, link_id, type, summary, detail, at, correlation_id)
  SELECT gen_random_uuid(), $1::uuid, $2::uuid, (t.value->>'type')::sync_event_type, t.value->>'summary', t.value->'detail',
    clock_timestamp(), $3
  FROM jsonb_array_elements($4::jsonb) WITH ORDINALITY AS t(value, place) ORDER BY t.place
)
SELECT append_audit($1::text, $1::uuid, $5::jsonb)`;

/** Writes a request's change with its audit entries and its stream events, inside the request's transaction. */
export async function recordRequest(client: PoolClient, change: RequestedChange): Promise<void> {
  const { companyId, event, link, deadLetter, conflict, ended, pairing, undo } = change;
  if (ended !== undefined) await client.query(endEvents, [ended.ids, ended.note]);
  if (change.joining !== undefined) await joinByHand(client, companyId, change.joining);
  if (change.cutting !== undefined) {
    const waiting = await cutByHand(client, change.cutting);
    await client.query(endEvents, [waiting, change.cutting.because]);
  }
  if (change.linking !== undefined) await linkDocuments(client, companyId, change.linking);
  if (link !== undefined)
    await client.query(changeLink, [link.id, JSON.stringify(link), event !== undefined]);
  if (event !== undefined)
    await client.query(insertEvent, [
      JSON.stringify(eventRow(event)),
      companyId,
      JSON.stringify(change.actor),
      change.correlationId,
    ]);
  if (deadLetter !== undefined) {
    const discard = deadLetter.discard === null ? null : JSON.stringify(deadLetter.discard);
    await client.query(changeDeadLetter, [
      deadLetter.id,
      deadLetter.status,
      deadLetter.ended,
      discard,
    ]);
  }
  if (change.pausedDirections !== undefined)
    await client.query(pauseCompany, [companyId, change.pausedDirections]);
  if (change.company !== undefined) await changeCompany(client, companyId, change.company);
  if (pairing !== undefined) {
    if (pairing.replacesId !== null) await client.query(replacePairing, [pairing.replacesId]);
    await client.query(pair, [JSON.stringify(pairing)]);
  }
  if (undo !== undefined) await client.query(insertUndo, undoRow(companyId, undo));
  if (conflict !== undefined) await client.query(changeConflict, conflictRow(conflict));
  if (change.undone !== undefined) await client.query(useUndo, [change.undone]);
  if (change.planning !== undefined) await recordPlanning(client, change, change.planning);
  if (change.reconcile !== undefined) await recordReconcile(client, change, change.reconcile);
  if (change.fieldPolicy !== undefined)
    await writeFieldPolicy(client, companyId, change.actor, change.fieldPolicy);
  if (change.bulk !== undefined) await acceptBulk(client, change.bulk);
  if (change.bulkCancelled !== undefined) await cancelBulk(client, change.bulkCancelled);
  await client.query(tell, [
    companyId,
    change.linkId,
    change.correlationId,
    JSON.stringify(change.stream),
    JSON.stringify(change.audit),
  ]);
}

const eventRow = ({ subject, ...event }: RequestedEvent) => ({
  ...event,
  subjectSide: subject.side.toUpperCase(),
  subjectKind: subject.kind,
  subjectId: subject.id,
  subjectInvoiceId: subject.invoiceId,
});

const conflictRow = ({ id, status, resolution, disputes }: RequestedConflictChange): unknown[] => [
  id,
  status,
  resolution === undefined ? null : JSON.stringify(resolution),
  disputes === undefined ? null : JSON.stringify(disputes),
];

const undoRow = (companyId: string, undo: RequestedUndo): unknown[] => [
  undo.token,
  companyId,
  undo.callerId,
  undo.subjectType,
  undo.subjectId,
  undo.label,
  JSON.stringify(undo.before),
  undo.windowSeconds,
];
