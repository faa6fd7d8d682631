import type { PoolClient } from 'pg';
import { toCompanyId, type CompanyId, type CorrelationId } from '#core/brand.ts';
import type { Actor } from '#core/event/event.ts';
import { unreachable } from '#core/unreachable.ts';
import type { LockedPass, LockedPlanning, RequestedPlanning } from '#ports/planning-requests.ts';
import { findAwaitedRule } from './field-policies.ts';

const selectPass = `
SELECT id, company_id, status, write_count, terms FROM planning_pass WHERE id = $1 FOR NO KEY UPDATE`;

const selectNewest = `
SELECT id FROM planning_pass WHERE company_id = $1 ORDER BY requested_at DESC, id DESC LIMIT 1`;

type PassRow = {
  readonly id: string;
  readonly company_id: string;
  readonly status: LockedPass['status'];
  readonly write_count: number;
  readonly terms: string | null;
};

/** Planning passes of one request, on the connection of its transaction. */
export const lockedPlanning = (client: PoolClient): LockedPlanning => ({
  pass: async (id) => {
    const { rows } = await client.query<PassRow>(selectPass, [id]);
    const [row] = rows;
    if (row === undefined) return null;
    const { company_id: companyId, status, write_count: writeCount, terms } = row;
    return { id: row.id, companyId: toCompanyId(companyId), status, writeCount, terms };
  },
  newestId: async (companyId) => {
    const { rows } = await client.query<{ id: string }>(selectNewest, [companyId]);
    return rows[0]?.id ?? null;
  },
  awaitedRule: (companyId) => findAwaitedRule(client, companyId),
});

const supersede = `
WITH over AS (
  UPDATE planning_pass SET status = 'SUPERSEDED' WHERE company_id = $1 AND status IN ('QUEUED', 'RUNNING') RETURNING id
)
DELETE FROM planning_document d USING over WHERE d.pass_id = over.id`;

/** Counted by the clock of the moment, so that of two of one transaction's time the later one is the newer. */
const insertPass = `
INSERT INTO planning_pass (id, company_id, requested_by, requested_at, due_at, correlation_id)
VALUES ($1, $2, $3, clock_timestamp(), clock_timestamp(), $4)`;

/** Before the first pass of a company that is connected: none is asked for twice. */
export const firstPass = `
INSERT INTO planning_pass (id, company_id, requested_by, requested_at, due_at, correlation_id)
SELECT gen_random_uuid(), c.id, jsonb_build_object('kind', 'system', 'name', 'onboarding'), clock_timestamp(), clock_timestamp(), $2
FROM company c WHERE c.id = $1 AND c.mode = 'SHADOW' AND NOT EXISTS (
  SELECT 1 FROM planning_pass p WHERE p.company_id = c.id AND p.status IN ('QUEUED', 'RUNNING'))`;

const note = 'The company went live; what was planned is looked at once more and goes out.';

/**
 * Everything that is planned becomes due. A link whose plan is not the one the pass shows keeps the hash of what was shown, so
 * that what goes out is known to be another plan; what needs nothing any more is said at once.
 */
const release = `
WITH live AS (
  UPDATE company SET mode = 'LIVE', version = version + 1, reconcile_due_at = least(reconcile_due_at, clock_timestamp() + interval '1 hour')
  WHERE id = $1 RETURNING id
),
approved AS (UPDATE planning_pass SET approved_at = clock_timestamp() WHERE id = $2),
planned AS (
  SELECT p.link_id, k.internal_id, k.quickbooks_id, k.status, k.number, k.next_sequence, gen_random_uuid() AS event_id,
    coalesce((SELECT w.hash FROM planned_write w WHERE w.pass_id = $2 AND w.link_id = p.link_id LIMIT 1), '') AS shown_hash
  FROM live JOIN link_plan p ON p.company_id = live.id JOIN link k ON k.id = p.link_id
  WHERE jsonb_array_length(p.writes) > 0 AND NOT k.paused ORDER BY k.id FOR NO KEY UPDATE OF k
),
kept AS (
  UPDATE link_plan p SET approved_pass_id = $2, hash = d.shown_hash FROM planned d WHERE p.link_id = d.link_id
),
needless AS (
  UPDATE planned_write w SET problem = 'It moved since it was planned, and nothing is to be written for it any more.'
  FROM link_plan p WHERE w.pass_id = $2 AND p.link_id = w.link_id AND p.company_id = $1 AND jsonb_array_length(p.writes) = 0
),
due AS (
  UPDATE link k SET due_at = least(k.due_at, clock_timestamp()), quickbooks_fresh = false, quickbooks_news = k.quickbooks_news + 1, next_sequence = k.next_sequence + 1, version = k.version + 1,
    status_reason = '${note}'
  FROM planned d WHERE k.id = d.link_id
),
told AS (
  INSERT INTO outbox_event (id, company_id, source, event_key, direction, kind, subject_side, subject_kind, subject_id, link_id, sequence, stage,
    stage_history, actor, occurred_at, received_at, available_at, correlation_id, payload)
  SELECT d.event_id, $1, 'OPERATOR', d.event_id::text,
    CASE WHEN d.internal_id IS NULL THEN 'TO_INTERNAL' ELSE 'TO_QUICKBOOKS' END::direction, 'UPDATED',
    CASE WHEN d.internal_id IS NULL THEN 'QUICKBOOKS' ELSE 'INTERNAL' END::side, 'invoice', coalesce(d.internal_id, d.quickbooks_id), d.link_id,
    d.next_sequence, 'QUEUED', jsonb_build_array(
      jsonb_build_object('stage', 'DETECTED', 'at', floor(extract(epoch FROM clock_timestamp()) * 1000), 'note', NULL),
      jsonb_build_object('stage', 'QUEUED', 'at', floor(extract(epoch FROM clock_timestamp()) * 1000), 'note', '${note}')),
    $3::jsonb, clock_timestamp(), clock_timestamp(), clock_timestamp(), $4, jsonb_build_object('planPassId', $2::text)
  FROM planned d
),
announced AS (
  INSERT INTO stream_event (id, company_id, link_id, type, summary, detail, at, correlation_id)
  SELECT gen_random_uuid(), $1, d.link_id, 'STAGE_CHANGED', coalesce(d.number, d.internal_id, d.quickbooks_id) || ': ${note}',
    jsonb_build_object('eventId', d.event_id, 'from', 'DETECTED', 'to', 'QUEUED', 'note', '${note}'), clock_timestamp(), $4 FROM planned d
)
SELECT append_audit($1::text, $1::uuid, jsonb_agg(jsonb_build_object('actor', $3::jsonb, 'action', 'STATE_CHANGED',
  'summary', coalesce(d.number, d.internal_id, d.quickbooks_id) || ': ${note}', 'subject', jsonb_build_object('type', 'Invoice', 'id', d.link_id),
  'linkId', d.link_id, 'note', NULL, 'correlationId', $4::text,
  'changes', jsonb_build_array(jsonb_build_object('path', 'status', 'side', NULL, 'before', d.status, 'after', 'PENDING')))) FILTER (WHERE d.status IN ('IN_SYNC', 'UNLINKED')))
FROM planned d HAVING count(*) FILTER (WHERE d.status IN ('IN_SYNC', 'UNLINKED')) > 0`;

type Requested = {
  readonly companyId: CompanyId;
  readonly correlationId: CorrelationId;
  readonly actor: Actor;
};

/** Writes a request's part about planning, inside its transaction. */
export async function recordPlanning(
  client: PoolClient,
  { companyId, correlationId, actor }: Requested,
  change: RequestedPlanning,
): Promise<void> {
  const by = JSON.stringify(actor);
  switch (change.kind) {
    case 'refresh':
      await client.query(supersede, [companyId]);
      await client.query(insertPass, [change.id, companyId, by, correlationId]);
      return;
    case 'go-live':
      await client.query(release, [companyId, change.passId, by, correlationId]);
      return;
    default:
      return unreachable(change);
  }
}
