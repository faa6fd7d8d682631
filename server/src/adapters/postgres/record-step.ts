import { DatabaseError, type Pool } from 'pg';
import type { Intent } from '#core/attempt/intent.ts';
import { disputedPaths, patternOf, type Disputed } from '#core/resolution/dispute.ts';
import type { Lease, Step, StepOutcome } from '#ports/store.ts';
import { joinLinks, joinStrayHere } from './links.ts';
import { recordingReferences } from './record-references.ts';
import { paymentsRow, recordingPayments } from './record-payments.ts';
import {
  disputedConflict,
  supersededConflict,
  takenConflict,
  takesUpNothing,
} from './conflict-steps.ts';
import { prepared } from './prepared.ts';

/**
 * One statement for a whole step: nothing in it happens unless the lease still has our epoch and the link is still claimed
 * under it. Stream events draw their `seq` after the link's row lock, so their order per link is the order of commits.
 */
const record = prepared(`
WITH held AS (SELECT company_id FROM company_lease WHERE company_id = $1 AND epoch = $2 FOR SHARE),
${takenConflict},
seen AS (
  SELECT * FROM jsonb_to_recordset($4::jsonb) AS t(id uuid, side side, "externalId" text, "externalVersion" text, content jsonb,
    raw jsonb, "contentHash" text, "capturedAt" double precision, "modifiedAt" double precision)
),
shown AS (SELECT content FROM seen ORDER BY side LIMIT 1),
change AS (SELECT $5::jsonb AS set),
the_link AS (
  UPDATE link l SET
    version = l.version + 1,
    internal_id = coalesce(set->>'internalId', l.internal_id),
    quickbooks_id = coalesce(set->>'quickbooksId', l.quickbooks_id),
    base_internal = coalesce(set#>'{base,internal}', l.base_internal),
    base_quickbooks = coalesce(set#>'{base,quickbooks}', l.base_quickbooks),
    -- News of QuickBooks that came since the claim: what we hold may be old already. Only columns of this row are read: the row
    -- may have changed since the statement began, and anything else would still show it as it was then.
    quickbooks_fresh = coalesce((set->>'quickbooksFresh')::boolean AND l.quickbooks_news = $21, l.quickbooks_fresh),
    uncertain = coalesce((set->>'uncertain')::boolean, l.uncertain),
    failures = coalesce((set->>'failures')::int, l.failures),
    first_failed_at = CASE WHEN set ? 'firstFailedAt' THEN to_timestamp((set->>'firstFailedAt')::double precision / 1000) ELSE l.first_failed_at END,
    crash_marks = coalesce((set->>'crashMarks')::int, l.crash_marks),
    open_dead_letter_id = CASE WHEN set ? 'openDeadLetterId' THEN (set->>'openDeadLetterId')::uuid ELSE l.open_dead_letter_id END,
    open_conflict_id = CASE WHEN set ? 'openConflictId' THEN (set->>'openConflictId')::uuid ELSE l.open_conflict_id END,
    tax_variance = CASE WHEN set ? 'taxVariance' THEN nullif(set->'taxVariance', 'null') ELSE l.tax_variance END,
    status_reason = coalesce(set->>'statusReason', l.status_reason),
    last_in_sync_at = CASE WHEN set ? 'inSyncAt' THEN to_timestamp((set->>'inSyncAt')::double precision / 1000) ELSE l.last_in_sync_at END,
    claim_epoch = CASE WHEN set ? 'release' THEN NULL ELSE l.claim_epoch END,
    claimed_at = CASE WHEN set ? 'release' THEN NULL ELSE l.claimed_at END,
    due_at = CASE WHEN set#>>'{release,dueInMs}' IS NULL THEN l.due_at
      ELSE least(l.due_at, clock_timestamp() + (set#>>'{release,dueInMs}')::double precision * interval '1 millisecond') END,
    internal_observation_id = coalesce((SELECT id FROM seen WHERE side = 'INTERNAL'), l.internal_observation_id),
    quickbooks_observation_id = coalesce((SELECT id FROM seen WHERE side = 'QUICKBOOKS'), l.quickbooks_observation_id),
    number = coalesce((SELECT content->>'number' FROM shown), l.number),
    customer_name = coalesce((SELECT content#>>'{customer,name}' FROM shown), l.customer_name),
    memo = coalesce((SELECT content->>'customerMemo' FROM shown), l.memo),
    currency = coalesce((SELECT content->>'currency' FROM shown), l.currency),
    total = coalesce((SELECT (content#>>'{derived,total}')::numeric FROM shown), l.total),
    due_date = coalesce((SELECT (content->>'dueDate')::date FROM shown), l.due_date),
    changed_at = greatest(l.changed_at, (SELECT to_timestamp(max("modifiedAt") / 1000) FROM seen))
  FROM change WHERE l.id = $3 AND l.claim_epoch = $2 AND EXISTS (SELECT 1 FROM held)
    AND (${takesUpNothing} OR EXISTS (SELECT 1 FROM taken))
  RETURNING l.id, l.company_id, l.currency, l.total, l.status
),
observed AS (
  INSERT INTO observation (id, company_id, link_id, side, external_id, external_version, content, raw, content_hash, captured_at, modified_at)
  SELECT s.id, k.company_id, k.id, s.side, s."externalId", s."externalVersion", s.content, s.raw, s."contentHash",
    to_timestamp(s."capturedAt" / 1000), to_timestamp(s."modifiedAt" / 1000)
  FROM seen s CROSS JOIN the_link k
),
tried AS (
  INSERT INTO attempt (id, company_id, link_id, event_id, number, epoch, started_at, ended_at, outcome, decision, fault, next_attempt_at)
  SELECT t.id, k.company_id, k.id, t."eventId", t.number, $2, to_timestamp(t."startedAt" / 1000), to_timestamp(t."endedAt" / 1000),
    t.outcome, t.decision, nullif(t.fault, 'null'), to_timestamp(t."nextAttemptAt" / 1000)
  FROM jsonb_to_recordset($6::jsonb) AS t(id uuid, "eventId" uuid, number int, "startedAt" double precision, "endedAt" double precision,
    outcome attempt_outcome, decision jsonb, fault jsonb, "nextAttemptAt" double precision) CROSS JOIN the_link k
  ON CONFLICT (id) DO UPDATE SET ended_at = excluded.ended_at, outcome = excluded.outcome, fault = excluded.fault,
    decision = coalesce(nullif(excluded.decision, 'null'), attempt.decision), next_attempt_at = excluded.next_attempt_at
),
prepared AS (
  INSERT INTO intent (id, company_id, link_id, attempt_id, side, object_kind, object_key, operation, state, epoch, body, body_hash,
    rests_on_version, external_id, sent_at)
  SELECT t.id, k.company_id, k.id, t."attemptId", t.side, t.object, t."objectKey", t.operation, t.state, $2, t.body, t."bodyHash",
    t."restsOnVersion", t."externalId", ARRAY[clock_timestamp()]
  FROM jsonb_to_recordset($7::jsonb) AS t(id uuid, "attemptId" uuid, side side, object object_kind, "objectKey" text,
    operation change_kind, state intent_state, body text, "bodyHash" text, "restsOnVersion" text, "externalId" text) CROSS JOIN the_link k
),
driven AS (
  UPDATE intent n SET state = t.state, epoch = $2, external_id = coalesce(t."externalId", n.external_id),
    sent_at = CASE WHEN t."sentAt" IS NULL THEN n.sent_at ELSE n.sent_at || clock_timestamp() END,
    settled_at = coalesce(to_timestamp(t."settledAt" / 1000), n.settled_at), evidence = coalesce(t.evidence, n.evidence),
    http_status = coalesce(t."httpStatus", n.http_status), fault = coalesce(nullif(t.fault, 'null'), n.fault),
    trace_id = coalesce(t."traceId", n.trace_id), response = coalesce(nullif(t.response, 'null'), n.response)
  FROM jsonb_to_recordset($8::jsonb) AS t(id uuid, state intent_state, "sentAt" double precision, "settledAt" double precision,
    evidence text, "externalId" text, "httpStatus" int, fault jsonb, "traceId" text, response jsonb)
  WHERE n.id = t.id AND n.link_id = $3 AND EXISTS (SELECT 1 FROM the_link)
),
moved AS (
  UPDATE outbox_event e SET version = e.version + 1,
    stage = coalesce(($10::jsonb->-1->>'stage')::sync_stage, e.stage), stage_history = e.stage_history || $10::jsonb,
    changed_paths = CASE WHEN cardinality($11::text[]) > 0 THEN $11 ELSE e.changed_paths END,
    coalesced_into_id = CASE WHEN $12 AND e.id <> ($9::uuid[])[1] THEN ($9::uuid[])[1] ELSE e.coalesced_into_id END,
    available_at = CASE WHEN $5::jsonb#>>'{release,dueInMs}' IS NULL THEN e.available_at
      ELSE clock_timestamp() + ($5::jsonb#>>'{release,dueInMs}')::double precision * interval '1 millisecond' END,
    ended_at = CASE WHEN $12 THEN clock_timestamp() END
  -- What a person ended meanwhile stays ended.
  WHERE e.id = ANY ($9::uuid[]) AND e.ended_at IS NULL AND EXISTS (SELECT 1 FROM the_link)
),
died AS (
  INSERT INTO dead_letter (id, company_id, link_id, event_id, reason, explanation, suggested_fix, fingerprint, fault,
    waits_for, currency, amount, died_at)
  SELECT t.id, k.company_id, k.id, ($9::uuid[])[1], t.reason, t.explanation, ARRAY(SELECT jsonb_array_elements_text(t."suggestedFix")),
    t.fingerprint, nullif(t.fault, 'null'),
    ARRAY(SELECT jsonb_array_elements_text(t."waitsFor")), k.currency, k.total, clock_timestamp()
  FROM jsonb_to_recordset($13::jsonb) AS t(id uuid, reason dead_letter_reason, explanation text, "suggestedFix" jsonb, fingerprint text,
    fault jsonb, "waitsFor" jsonb) CROSS JOIN the_link k
),
healed AS (
  UPDATE dead_letter d SET version = d.version + 1, ended_at = clock_timestamp(),
    -- A replay that died again did not settle: the dead letter it leaves takes this one's place.
    status = CASE WHEN d.status = 'REPLAYING' AND jsonb_array_length($13::jsonb) = 0 THEN 'REPLAYED' ELSE 'SUPERSEDED' END::dead_letter_status
  FROM the_link k WHERE $14 AND d.link_id = k.id AND d.status IN ('OPEN', 'REPLAYING')
),
${recordingReferences('the_link', '$15::jsonb')},
${disputedConflict},
ruled AS (
  INSERT INTO conflict (id, company_id, link_id, status, fields, pattern, paths, detected_at, ended_at)
  SELECT t.id, k.company_id, k.id, 'RESOLVED', t.fields, t.pattern, ARRAY(SELECT jsonb_array_elements_text(t.paths)),
    clock_timestamp(), clock_timestamp()
  FROM jsonb_to_recordset($20::jsonb->'ruledConflicts') AS t(id uuid, fields jsonb, pattern text, paths jsonb) CROSS JOIN the_link k
),
kept AS (
  INSERT INTO decision_context (company_id, hash, content)
  SELECT k.company_id, t.hash, t.content
  FROM jsonb_to_recordset($20::jsonb->'decisionContexts') AS t(hash text, content jsonb) CROSS JOIN the_link k
  ON CONFLICT (company_id, hash) DO NOTHING
),
${recordingPayments},
${supersededConflict},
planned AS (
  INSERT INTO link_plan (link_id, company_id, planned_at, hash, writes, left_out)
  SELECT k.id, k.company_id, clock_timestamp(), t.hash, t.entries, t."leftOut"
  FROM jsonb_to_recordset($20::jsonb->'plan') AS t(hash text, entries jsonb, "leftOut" text) CROSS JOIN the_link k
  ON CONFLICT (link_id) DO UPDATE SET planned_at = excluded.planned_at, hash = excluded.hash, writes = excluded.writes,
    left_out = excluded.left_out, approved_pass_id = NULL
),
replaced AS (
  INSERT INTO replaced_document (company_id, side, external_id, link_id, replaced_at)
  SELECT k.company_id, t.side, t.id, k.id, clock_timestamp()
  FROM jsonb_to_recordset($20::jsonb->'replaced') AS t(side side, id text) CROSS JOIN the_link k
  ON CONFLICT (company_id, side, external_id) DO NOTHING
),
told AS (
  INSERT INTO stream_event (id, company_id, link_id, type, summary, detail, at, correlation_id)
  SELECT gen_random_uuid(), k.company_id, k.id, (t.value->>'type')::sync_event_type, t.value->>'summary', t.value->'detail',
    clock_timestamp(), $17
  FROM the_link k CROSS JOIN jsonb_array_elements($18::jsonb) WITH ORDINALITY AS t(value, place) ORDER BY t.place
)
SELECT CASE WHEN jsonb_array_length($19::jsonb) > 0 THEN append_audit(company_id::text, company_id, (
  -- Where the link stands is derived: news that came meanwhile, or a conflict that stays open, counts before what this step meant.
  SELECT jsonb_agg(CASE WHEN e.value->>'action' = 'STATE_CHANGED' AND e.value#>>'{changes,0,path}' = 'status'
    THEN jsonb_set(e.value, '{changes,0,after}', to_jsonb(the_link.status)) ELSE e.value END ORDER BY e.place)
  FROM jsonb_array_elements($19::jsonb) WITH ORDINALITY AS e(value, place))) END FROM the_link`);

const uniqueViolation = '23505';

/** Records a step whole or not at all. */
export const recordStep = (pool: Pool, lease: Lease, step: Step): Promise<StepOutcome> =>
  recorded(pool, lease, step, false);

async function recorded(
  pool: Pool,
  lease: Lease,
  step: Step,
  isJoined: boolean,
): Promise<StepOutcome> {
  try {
    const { rowCount } = await pool.query(record(valuesOf(lease, step)));
    if (rowCount === 1) return 'done';
    return (await isTakenBack(pool, step)) ? 'taken-back' : 'fenced';
  } catch (error) {
    if (violates(error, 'intent_open_key')) return 'busy';
    // A holder that is not of one side alone is no stray: it would be met again.
    if (isJoined) throw error;
    const joined = await joinHolder(pool, lease, step, error);
    return joined ? recorded(pool, lease, step, true) : 'fenced';
  }
}

/** Why a step that takes up a decision came to nothing: the decision is not waiting any more. */
async function isTakenBack(pool: Pool, { conflict }: Step): Promise<boolean> {
  if (conflict === undefined) return false;
  const { rowCount } = await pool.query(
    `SELECT 1 FROM conflict WHERE id = $1 AND status NOT IN ('UNDO_WINDOW', 'APPLYING')`,
    [conflict.id],
  );
  return rowCount === 1;
}

const violates = (error: unknown, constraint: string): boolean =>
  error instanceof DatabaseError &&
  error.code === uniqueViolation &&
  error.constraint === constraint;

/** News of what we made came before its answer and has a link of its own by now: the two are one. */
function joinHolder(
  pool: Pool,
  lease: Lease,
  { linkId: intoId, correlationId, link: { quickbooksId, internalId } }: Step,
  error: unknown,
): Promise<boolean> {
  if (quickbooksId !== undefined && violates(error, 'link_company_quickbooks_key')) {
    const because = `${quickbooksId} of QuickBooks is the invoice that was made there.`;
    return joinLinks(pool, lease, { intoId, quickbooksId, because, correlationId });
  }
  if (internalId !== undefined && violates(error, 'link_company_internal_key')) {
    const because = `${internalId} of internal invoicing is the invoice that was made there.`;
    return joinStrayHere(pool, lease, { intoId, internalId, because, correlationId });
  }
  throw error;
}

function valuesOf(lease: Lease, step: Step): unknown[] {
  return [
    lease.companyId,
    lease.epoch.toString(),
    step.linkId,
    JSON.stringify(step.observations.map(observationRow)),
    JSON.stringify(step.link),
    JSON.stringify(step.attempt === null ? [] : [step.attempt]),
    JSON.stringify(step.newIntents.map(intentRow)),
    JSON.stringify(step.intentChanges),
    step.eventIds,
    JSON.stringify(step.events.marks),
    step.events.changedPaths,
    step.events.end,
    JSON.stringify(step.deadLetter === null ? [] : [step.deadLetter]),
    step.healsDeadLetter,
    JSON.stringify(step.references),
    step.conflictFields === null ? null : JSON.stringify(step.conflictFields),
    step.correlationId,
    JSON.stringify(step.stream),
    JSON.stringify(step.audit),
    JSON.stringify({
      ruledConflicts: (step.ruledConflicts ?? []).map(({ id, fields }) => ({
        id,
        ...disputeRow(fields),
      })),
      dispute: step.conflictFields === null ? null : disputeRow(step.conflictFields),
      amountAtStake: step.amountAtStake ?? '0',
      conflict: step.conflict ?? null,
      decisionContexts: step.decisionContexts ?? [],
      payments: paymentsRow(step.payments),
      plan: step.plan === undefined ? [] : [step.plan],
      replaced: replacedRow(step),
    }),
    step.quickbooksNews,
  ];
}

const disputeRow = (disputes: readonly Disputed[]) => ({
  fields: disputes,
  pattern: patternOf(disputes),
  paths: disputes.flatMap(disputedPaths),
});

const observationRow = ({
  id,
  side,
  seen,
  contentHash,
  capturedAt,
}: Step['observations'][number]) => ({
  id,
  side: side.toUpperCase(),
  externalId: seen.invoice.id,
  externalVersion: seen.invoice.version,
  content: seen.invoice,
  raw: seen.raw,
  contentHash,
  capturedAt,
  modifiedAt: seen.invoice.modifiedAt,
});

const replacedRow = ({ link: { replaced } }: Step) =>
  replaced === undefined ? [] : [{ side: replaced.side.toUpperCase(), id: replaced.id }];

const intentRow = (intent: Intent) => ({ ...intent, side: intent.side.toUpperCase() });
