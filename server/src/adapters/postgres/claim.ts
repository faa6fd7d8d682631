import type pg from 'pg';
import {
  toAttemptId,
  toCompanyId,
  toCorrelationId,
  toEventId,
  toInstant,
  toIntentId,
  toLinkId,
  toVersion,
} from '#core/brand.ts';
import type { IntentState, WrittenObject, Intent } from '#core/attempt/intent.ts';
import type { ChangeKind, Direction } from '#core/event/event.ts';
import type { Stage } from '#core/event/stage.ts';
import type { Seen } from '#ports/accounting-system.ts';
import type { CarriedEvent, ClaimedLink, Lease, OpenIntent, StoredSeen } from '#ports/store.ts';
import { halfOpen, probe, resting } from './breaker.ts';
import { claimable } from './claimable.ts';
import { rulesInForceOf, storedRules } from './field-policies.ts';
import {
  storedConflict,
  storedDecision,
  storedInvoice,
  storedObject,
  storedVariance,
} from './row.ts';
import { prepared } from './prepared.ts';

/**
 * Links with crash marks are claimed alone ($4 true), so that one that kills the worker takes no other with it. After the
 * breaker's rest one link alone finds out whether the company is back (architecture.md §3).
 */
const claim = prepared(`
WITH held AS (
  SELECT l.company_id, ${halfOpen} AS probing FROM company_lease l JOIN company c ON c.id = l.company_id
  WHERE l.company_id = $1 AND l.epoch = $2 AND l.expires_at > clock_timestamp() AND c.status = 'ACTIVE' AND NOT ${resting}
  FOR SHARE OF l
),
due AS (
  SELECT l.id, l.status FROM link l JOIN company c ON c.id = l.company_id
  WHERE l.company_id = $1 AND l.claim_epoch IS NULL AND l.due_at <= clock_timestamp() AND (l.crash_marks > 0) = $4
    AND ${claimable} AND EXISTS (SELECT 1 FROM held)
  ORDER BY l.due_at, l.id LIMIT (SELECT CASE WHEN probing THEN 1 ELSE $3 END FROM held) FOR NO KEY UPDATE OF l SKIP LOCKED
),
claimed AS (
  UPDATE link SET claim_epoch = $2, claimed_at = clock_timestamp(), due_at = NULL, version = version + 1,
    status_reason = CASE WHEN uncertain THEN 'Checking whether the last write arrived.' ELSE 'Crossing right now.' END
  FROM due WHERE link.id = due.id
  RETURNING link.id, link.company_id, link.number, link.internal_id, due.status AS status_before, link.status AS status_after
),
probed AS (${probe} WHERE id = $1 AND EXISTS (SELECT 1 FROM held WHERE probing) AND EXISTS (SELECT 1 FROM claimed) RETURNING id),
was AS (
  SELECT e.id, e.link_id, e.stage, e.correlation_id, c.company_id, coalesce(c.number, c.internal_id, 'Invoice') AS name
  FROM outbox_event e JOIN claimed c ON c.id = e.link_id WHERE e.ended_at IS NULL ORDER BY e.sequence FOR NO KEY UPDATE OF e
),
carried AS (
  UPDATE outbox_event e SET stage = 'CLAIMED', version = e.version + 1, stage_history = e.stage_history ||
    jsonb_build_object('stage', 'CLAIMED', 'at', floor(extract(epoch FROM clock_timestamp()) * 1000), 'note', NULL)
  FROM was WHERE e.id = was.id
),
announced AS (
  INSERT INTO stream_event (id, company_id, link_id, type, summary, detail, at, correlation_id)
  SELECT gen_random_uuid(), company_id, link_id, 'STAGE_CHANGED', name || ' was taken up by the worker.',
    jsonb_build_object('eventId', id, 'from', stage, 'to', 'CLAIMED', 'note', NULL), clock_timestamp(), correlation_id
  FROM was
),
-- The company's row comes before the head of the audit chain, as everywhere: the probe is counted so that it is done first.
logged AS MATERIALIZED (
  SELECT append_audit($1::text, $1::uuid, jsonb_agg(jsonb_build_object(
    'actor', jsonb_build_object('kind', 'system', 'name', 'worker'), 'action', 'STATE_CHANGED',
    'summary', coalesce(number, internal_id, 'An invoice') || ' was taken up by the worker.',
    'subject', jsonb_build_object('type', 'Invoice', 'id', id), 'linkId', id, 'note', NULL,
    'correlationId', coalesce((SELECT correlation_id FROM was WHERE was.link_id = claimed.id LIMIT 1), ''),
    'changes', jsonb_build_array(jsonb_build_object('path', 'status', 'side', NULL, 'before', status_before, 'after', status_after))) ORDER BY id)
    FILTER (WHERE status_before <> status_after))
  FROM claimed CROSS JOIN (SELECT count(*) FROM probed) AS probes HAVING count(*) > 0
)
SELECT claimed.id FROM claimed CROSS JOIN logged`);

const load = prepared(`
SELECT l.id, l.company_id, l.internal_id, l.quickbooks_id, l.unlinked_from, l.base_internal, l.base_quickbooks, l.quickbooks_fresh, l.failures,
  l.first_failed_at, l.crash_marks, l.tax_variance, l.number, l.quickbooks_news,
  (SELECT p.hash FROM link_plan p WHERE p.link_id = l.id AND p.approved_pass_id IS NOT NULL) AS approved_plan,
  (SELECT jsonb_build_object('id', c.id, 'status', c.status, 'disputes', c.fields, 'resolution', c.resolution, 'applyInMs',
      CASE WHEN c.status = 'UNDO_WINDOW' THEN ceil(extract(epoch FROM c.apply_after - clock_timestamp()) * 1000) END)
    FROM conflict c WHERE c.link_id = l.id AND c.status IN ('OPEN', 'UNDO_WINDOW', 'APPLYING') ORDER BY c.detected_at DESC LIMIT 1) AS conflict,
  coalesce(l.open_dead_letter_id, (SELECT d.id FROM dead_letter d WHERE d.link_id = l.id AND d.status = 'REPLAYING' LIMIT 1)) AS open_dead_letter_id,
  (SELECT c.paused_directions::text[] FROM company c WHERE c.id = l.company_id) AS paused_directions,
  (SELECT d.quickbooks_id FROM drift d WHERE d.link_id = l.id AND d.kind = 'SUSPECTED_DUPLICATE' AND d.status = 'REPAIRING'
    AND NOT EXISTS (SELECT 1 FROM intent n WHERE n.link_id = l.id AND n.side = 'QUICKBOOKS' AND n.operation = 'VOIDED'
      AND n.external_id = d.quickbooks_id AND n.state = 'ACKNOWLEDGED') ORDER BY d.found_at LIMIT 1) AS second_id,
  ${rulesInForceOf('l.company_id')} AS rules, clock_timestamp() AS loaded_at,
  (SELECT n.response->>'version' FROM intent n WHERE n.link_id = l.id AND n.side = 'INTERNAL' AND n.object_kind = 'Invoice'
    AND n.state = 'ACKNOWLEDGED' ORDER BY n.settled_at DESC LIMIT 1) AS internal_own_version,
  (SELECT n.response->>'SyncToken' FROM intent n WHERE n.link_id = l.id AND n.side = 'QUICKBOOKS' AND n.object_kind = 'Invoice'
    AND n.state = 'ACKNOWLEDGED' AND n.external_id = l.quickbooks_id ORDER BY n.settled_at DESC LIMIT 1) AS quickbooks_own_version,
  i.id AS internal_observation_id, i.content AS internal_content, i.raw AS internal_raw,
  q.id AS quickbooks_observation_id, q.content AS quickbooks_content, q.raw AS quickbooks_raw,
  (SELECT coalesce(jsonb_agg(jsonb_build_object('id', e.id, 'kind', e.kind, 'direction', e.direction, 'stage', e.stage, 'correlationId', e.correlation_id,
      'toldAt', CASE WHEN e.subject_side = 'QUICKBOOKS' AND e.source IN ('QUICKBOOKS_WEBHOOK', 'POLL') THEN extract(epoch FROM e.occurred_at) * 1000 END,
      'askedAgoMs', CASE WHEN e.replay_of_id IS NOT NULL THEN ceil(extract(epoch FROM clock_timestamp() - e.received_at) * 1000) END,
      'attempts', (SELECT count(*) FROM attempt a WHERE a.event_id = e.id),
      'wrote', EXISTS (SELECT 1 FROM attempt a JOIN intent n ON n.attempt_id = a.id WHERE a.event_id = e.id AND n.state = 'ACKNOWLEDGED' AND n.object_kind IN ('Invoice', 'Payment'))) ORDER BY e.sequence), '[]')
    FROM outbox_event e WHERE e.link_id = l.id AND e.ended_at IS NULL AND e.stage = 'CLAIMED') AS events
FROM link l LEFT JOIN observation i ON i.id = l.internal_observation_id LEFT JOIN observation q ON q.id = l.quickbooks_observation_id
WHERE l.id = ANY ($1::uuid[]) ORDER BY l.id`);

const loadOpenIntents = prepared(`
SELECT n.id, n.link_id, n.attempt_id, n.side, n.object_kind, n.object_key, n.operation, n.state, n.body, n.body_hash,
  n.rests_on_version, n.external_id, n.sent_at, n.created_at, a.decision, o.content AS internal_then, o.raw AS internal_then_raw, q.content AS quickbooks_then, q.raw AS quickbooks_then_raw
FROM intent n JOIN attempt a ON a.id = n.attempt_id
  LEFT JOIN observation o ON o.id = (a.decision->>'internalObservationId')::uuid
  LEFT JOIN observation q ON q.id = (a.decision->>'quickbooksObservationId')::uuid
WHERE n.link_id = ANY ($1::uuid[]) AND (n.state IN ('PREPARED', 'SENT', 'UNCERTAIN')
  OR (n.state = 'REFUSED' AND n.operation = 'CREATED' AND n.object_kind = 'Invoice'))
ORDER BY n.created_at`);

type EventJson = {
  id: string;
  kind: ChangeKind;
  direction: Direction;
  stage: Stage;
  correlationId: string;
  attempts: number;
  wrote: boolean;
  toldAt: number | null;
  askedAgoMs: number | null;
};
type LinkRow = {
  id: string;
  company_id: string;
  internal_id: string | null;
  quickbooks_id: string | null;
  unlinked_from: string | null;
  second_id: string | null;
  base_internal: unknown;
  base_quickbooks: unknown;
  quickbooks_fresh: boolean;
  failures: number;
  first_failed_at: Date | null;
  crash_marks: number;
  open_dead_letter_id: string | null;
  paused_directions: Direction[];
  conflict: unknown;
  tax_variance: unknown;
  number: string | null;
  quickbooks_news: number;
  approved_plan: string | null;
  rules: unknown;
  loaded_at: Date;
  internal_own_version: string | null;
  quickbooks_own_version: string | null;
  internal_observation_id: string | null;
  internal_content: unknown;
  internal_raw: unknown;
  quickbooks_observation_id: string | null;
  quickbooks_content: unknown;
  quickbooks_raw: unknown;
  events: EventJson[];
};
type IntentRow = {
  id: string;
  link_id: string;
  attempt_id: string;
  side: 'INTERNAL' | 'QUICKBOOKS';
  object_kind: WrittenObject;
  object_key: string;
  operation: Intent['operation'];
  state: IntentState;
  body: string;
  body_hash: string;
  rests_on_version: string | null;
  external_id: string | null;
  sent_at: Date[];
  created_at: Date;
  decision: unknown;
  internal_then: unknown;
  internal_then_raw: unknown;
  quickbooks_then: unknown;
  quickbooks_then_raw: unknown;
};

/** Claims up to `limit` due links, oldest due first, and loads what one attempt for each needs. */
export async function claimLinks(
  pool: pg.Pool,
  lease: Lease,
  limit: number,
  marked: boolean,
): Promise<readonly ClaimedLink[]> {
  const claimed = await pool.query<{ id: string }>(
    claim([lease.companyId, lease.epoch.toString(), limit, marked]),
  );
  const ids = claimed.rows.map((row) => row.id);
  if (ids.length === 0) return [];
  const [links, intents] = await Promise.all([
    pool.query<LinkRow>(load([ids])),
    pool.query<IntentRow>(loadOpenIntents([ids])),
  ]);
  return links.rows.map((row) =>
    linkOf(
      row,
      intents.rows.filter((intent) => intent.link_id === row.id),
    ),
  );
}

function linkOf(row: LinkRow, intents: readonly IntentRow[]): ClaimedLink {
  const base =
    row.base_internal === null || row.base_quickbooks === null
      ? null
      : {
          internal: storedInvoice.parse(row.base_internal),
          quickbooks: storedInvoice.parse(row.base_quickbooks),
        };
  return {
    id: toLinkId(row.id),
    companyId: toCompanyId(row.company_id),
    internalId: row.internal_id,
    quickbooksId: row.quickbooks_id,
    unlinkedFrom: row.unlinked_from,
    secondId: row.second_id,
    base,
    internal: seenOf(row.internal_observation_id, row.internal_content, row.internal_raw),
    quickbooks: seenOf(row.quickbooks_observation_id, row.quickbooks_content, row.quickbooks_raw),
    quickbooksFresh: row.quickbooks_fresh,
    failures: row.failures,
    firstFailedAt: row.first_failed_at === null ? null : toInstant(row.first_failed_at.getTime()),
    crashMarks: row.crash_marks,
    openDeadLetterId: row.open_dead_letter_id,
    pausedDirections: row.paused_directions,
    conflict: row.conflict === null ? null : storedConflict.parse(row.conflict),
    taxVariance: row.tax_variance === null ? null : storedVariance.parse(row.tax_variance),
    number: row.number,
    quickbooksNews: row.quickbooks_news,
    approvedPlan: row.approved_plan,
    rules: storedRules.parse(row.rules),
    ownVersions: { internal: row.internal_own_version, quickbooks: row.quickbooks_own_version },
    claimedAt: toInstant(row.loaded_at.getTime()),
    events: row.events.map(eventOf),
    attempts: row.events[0]?.attempts ?? 0,
    openIntents: intents.filter((intent) => intent.state !== 'REFUSED').map(intentOf),
    refusedCreates: intents
      .filter(({ state }) => state === 'REFUSED')
      .map(intentOf)
      .filter((intent) => base === null || isInPlaceOf(row, intent)),
  };
}

function seenOf(id: string | null, content: unknown, raw: unknown): StoredSeen | null {
  return id === null
    ? null
    : { observationId: id, invoice: storedInvoice.parse(content), raw: storedObject.parse(raw) };
}

const eventOf = (event: EventJson): CarriedEvent => ({
  id: toEventId(event.id),
  kind: event.kind,
  direction: event.direction,
  stage: event.stage,
  correlationId: toCorrelationId(event.correlationId),
  wrote: event.wrote,
  toldAt: event.toldAt === null ? null : toInstant(event.toldAt),
  askedAgoMs: event.askedAgoMs,
});

/** A committed intent counts as sent: the moment it was written down is the latest it can be known not to have left. */
function intentOf(row: IntentRow): OpenIntent {
  const lastSentAt = row.sent_at.at(-1) ?? row.created_at;
  return {
    id: toIntentId(row.id),
    attemptId: toAttemptId(row.attempt_id),
    side: row.side === 'INTERNAL' ? 'internal' : 'quickbooks',
    object: row.object_kind,
    objectKey: row.object_key,
    operation: row.operation,
    state: row.state,
    body: row.body,
    bodyHash: row.body_hash,
    restsOnVersion: row.rests_on_version === null ? null : toVersion(row.rests_on_version),
    externalId: row.external_id,
    lastSentAt: toInstant(lastSentAt.getTime()),
    decision: storedDecision.parse(row.decision),
    internalThen: thenOf(row.internal_then, row.internal_then_raw),
    quickbooksThen: thenOf(row.quickbooks_then, row.quickbooks_then_raw),
  };
}

/** Whether a create was to take the place of the document that the link still has on that side. */
const isInPlaceOf = (
  { internal_id: internalId, quickbooks_id: quickbooksId }: LinkRow,
  { side, internalThen, quickbooksThen }: OpenIntent,
): boolean =>
  side === 'quickbooks'
    ? quickbooksId !== null && quickbooksThen?.invoice.id === quickbooksId
    : internalId !== null && internalThen?.invoice.id === internalId;

/** A side as it was seen when the write was decided. */
const thenOf = (content: unknown, raw: unknown): Seen | null =>
  content === null ? null : { invoice: storedInvoice.parse(content), raw: storedObject.parse(raw) };
