import type pg from 'pg';
import { describeArrival } from '#core/event/describe.ts';
import { directionOf, type IncomingEvent } from '#core/event/event.ts';
import { prepared } from './prepared.ts';

/**
 * The parts of a statement that store the events in $1 under their keys and announce the new ones; `stored` says which are
 * new. A gate, a WHERE clause, can hold all of them back.
 */
export const storingEvents = (gate = ''): string => `
told AS (
  SELECT * FROM jsonb_to_recordset($1::jsonb) AS t(
    id uuid, "companyId" uuid, source event_source, "eventKey" text, direction direction, kind change_kind,
    "subjectSide" side, "subjectKind" text, "subjectId" text, "subjectInvoiceId" text, actor jsonb,
    "occurredAt" double precision, "correlationId" text, payload jsonb, repeats int, summary text) ${gate}
),
stored AS (
  INSERT INTO outbox_event (id, company_id, source, event_key, duplicate_count, direction, kind, subject_side, subject_kind,
    subject_id, subject_invoice_id, stage, stage_history, actor, occurred_at, received_at, available_at, correlation_id, payload)
  SELECT id, "companyId", source, "eventKey", repeats, direction, kind, "subjectSide", "subjectKind",
    "subjectId", "subjectInvoiceId", 'QUEUED',
    jsonb_build_array(
      jsonb_build_object('stage', 'DETECTED', 'at', floor(extract(epoch FROM clock_timestamp()) * 1000), 'note', NULL),
      jsonb_build_object('stage', 'QUEUED', 'at', floor(extract(epoch FROM clock_timestamp()) * 1000), 'note', NULL)),
    actor, to_timestamp("occurredAt" / 1000), clock_timestamp(), clock_timestamp(), "correlationId", payload
  FROM told ORDER BY "companyId", source, "eventKey"
  ON CONFLICT (company_id, source, event_key)
    DO UPDATE SET duplicate_count = outbox_event.duplicate_count + 1 + excluded.duplicate_count, version = outbox_event.version + 1
  RETURNING id, company_id, (xmax = 0) AS is_new, correlation_id
),
announced AS (
  INSERT INTO stream_event (id, company_id, link_id, type, summary, detail, at, correlation_id)
  SELECT gen_random_uuid(), s.company_id,
    -- Whoever follows one invoice sees its event at once; the first event of all gets its link when it is resolved.
    CASE
      WHEN t."subjectSide" = 'INTERNAL' AND (t."subjectKind" = 'invoice' OR t."subjectInvoiceId" IS NOT NULL) THEN
        (SELECT k.id FROM link k WHERE k.company_id = s.company_id AND k.internal_id = coalesce(t."subjectInvoiceId", t."subjectId"))
      WHEN t."subjectSide" = 'QUICKBOOKS' AND t."subjectKind" = 'invoice' THEN
        (SELECT k.id FROM link k WHERE k.company_id = s.company_id AND k.quickbooks_id = t."subjectId")
    END, 'STAGE_CHANGED', t.summary,
    jsonb_build_object('eventId', s.id, 'from', 'DETECTED', 'to', 'QUEUED', 'note', NULL), clock_timestamp(), s.correlation_id
  FROM stored s JOIN told t ON t.id = s.id WHERE s.is_new
)`;

/**
 * Which side was heard of by webhook, per company, to the second. A company that somebody holds is left out: its time is
 * then a delivery older, and no sender waits for it.
 */
const heard = `
heard AS (
  SELECT "companyId" AS id, bool_or(source = 'INVOICING_WEBHOOK') AS internal, bool_or(source = 'QUICKBOOKS_WEBHOOK') AS quickbooks
  FROM told WHERE source IN ('INVOICING_WEBHOOK', 'QUICKBOOKS_WEBHOOK') GROUP BY "companyId"
),
outdated AS MATERIALIZED (
  SELECT c.id, heard.internal, heard.quickbooks FROM company c JOIN heard ON heard.id = c.id
  WHERE (heard.internal AND coalesce(c.last_internal_webhook_at, '-infinity') < clock_timestamp() - interval '1 second')
    OR (heard.quickbooks AND coalesce(c.last_webhook_at, '-infinity') < clock_timestamp() - interval '1 second')
  FOR NO KEY UPDATE OF c SKIP LOCKED
),
noted AS (
  UPDATE company SET
    last_internal_webhook_at = CASE WHEN outdated.internal THEN clock_timestamp() ELSE last_internal_webhook_at END,
    last_webhook_at = CASE WHEN outdated.quickbooks THEN clock_timestamp() ELSE last_webhook_at END
  FROM outdated WHERE company.id = outdated.id
)`;

const insertEvents = prepared(
  `WITH ${storingEvents()}, ${heard} SELECT count(*) FILTER (WHERE is_new)::int AS accepted FROM stored`,
);

/** Stores events under their keys; a repeat, in the same call or ever before, collapses into the first. */
export async function ingestEvents(
  pool: pg.Pool,
  events: readonly IncomingEvent[],
): Promise<{ accepted: number; duplicates: number }> {
  if (events.length === 0) return { accepted: 0, duplicates: 0 };
  const { rows } = await pool.query<{ accepted: number }>(insertEvents([toldAs(events)]));
  const accepted = rows[0]?.accepted ?? 0;
  return { accepted, duplicates: events.length - accepted };
}

/** Events as `storingEvents` takes them. One statement may not hold a key twice: PostgreSQL would refuse it (architecture.md §9). */
export function toldAs(events: readonly IncomingEvent[]): string {
  const byKey = Map.groupBy(events, (event) =>
    JSON.stringify([event.companyId, event.source, event.eventKey]),
  );
  const told = [...byKey.values()].flatMap(([event, ...repeats]) =>
    event === undefined ? [] : [rowOf(event, repeats.length)],
  );
  return JSON.stringify(told);
}

const rowOf = (event: IncomingEvent, repeats: number) => ({
  ...event,
  direction: directionOf(event.subject),
  subjectSide: event.subject.side.toUpperCase(),
  subjectKind: event.subject.kind,
  subjectId: event.subject.id,
  subjectInvoiceId: event.subject.invoiceId,
  repeats,
  summary: describeArrival(event),
});
