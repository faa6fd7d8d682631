import type pg from 'pg';
import { toCompanyId, type CompanyId } from '#core/brand.ts';
import type { Company, QuickBooksFacts } from '#core/company/company.ts';
import { parseDecimal } from '#core/money/decimal.ts';
import { parseLocalDate } from '#core/time/local-date.ts';
import type { Lease } from '#ports/store.ts';
import { storedFacts, storedMode } from './row.ts';

type CompanyRow = {
  id: string;
  name: string;
  mode: string;
  status: Company['status'];
  realm_id: string | null;
  create_missing_references: boolean;
  import_from_quickbooks: boolean;
  go_live_date: string | null;
  tax_variance_tolerance: string;
  undo_window_seconds: number;
  mark_documents: boolean;
  income_account_id: string | null;
  quickbooks_facts: unknown;
  restored_on: string | null;
  holds_writes: boolean;
};

const select = `
SELECT id, name, mode, status, realm_id, create_missing_references, import_from_quickbooks, go_live_date::text, mark_documents,
  tax_variance_tolerance::text, undo_window_seconds, income_account_id, quickbooks_facts,
  (restored_at AT TIME ZONE 'UTC')::date::text AS restored_on, writes_held_until IS NOT NULL AS holds_writes
FROM company WHERE id = $1`;

export async function findCompany(
  pool: pg.Pool | pg.PoolClient,
  id: CompanyId,
): Promise<Company | null> {
  const { rows } = await pool.query<CompanyRow>(select, [id]);
  const [row] = rows;
  if (row === undefined) return null;
  const tolerance = parseDecimal(row.tax_variance_tolerance);
  if (tolerance === null) throw new Error('the tolerance column holds no decimal');
  return {
    id: toCompanyId(row.id),
    name: row.name,
    mode: storedMode.parse(row.mode),
    status: row.status,
    realmId: row.realm_id,
    settings: {
      createMissingReferences: row.create_missing_references,
      importFromQuickbooks: row.import_from_quickbooks,
      goLiveDate: row.go_live_date === null ? null : parseLocalDate(row.go_live_date),
      taxVarianceTolerance: tolerance,
      undoWindowSeconds: row.undo_window_seconds,
      markDocuments: row.mark_documents,
      incomeAccountId: row.income_account_id,
    },
    facts: row.quickbooks_facts === null ? null : storedFacts.parse(row.quickbooks_facts),
    restoredOn: row.restored_on === null ? null : parseLocalDate(row.restored_on),
    holdsWrites: row.holds_writes,
  };
}

const fenced = `EXISTS (SELECT 1 FROM company_lease l WHERE l.company_id = company.id AND l.epoch = $2 FOR SHARE)`;

/**
 * Stores the facts. A closing date that moved is audited, and every invoice that waits for closed books is looked at again:
 * an event for each, since only events make work.
 */
const saveAndWake = `
WITH was AS (SELECT id, books_closed_through AS through FROM company WHERE id = $1 AND ${fenced} FOR NO KEY UPDATE),
saved AS (
  UPDATE company SET quickbooks_facts = $3, home_currency = $4, books_closed_through = $5,
    income_account_id = coalesce(income_account_id, $6), version = version + 1
  FROM was WHERE company.id = was.id
  RETURNING company.id, was.through AS before, company.books_closed_through AS after
),
moved AS (SELECT * FROM saved WHERE before IS DISTINCT FROM after),
woken AS (
  UPDATE link k SET due_at = least(k.due_at, clock_timestamp()), version = k.version + 1, next_sequence = k.next_sequence + 1
  FROM dead_letter d, moved WHERE k.company_id = moved.id AND d.id = k.open_dead_letter_id AND d.reason = 'PERIOD_CLOSED'
  RETURNING k.id, k.company_id, k.internal_id, k.quickbooks_id, k.number, k.next_sequence - 1 AS sequence, moved.after
),
events AS (
  INSERT INTO outbox_event (id, company_id, source, event_key, direction, kind, subject_side, subject_kind, subject_id, link_id, sequence,
    stage, stage_history, actor, received_at, available_at, correlation_id, payload)
  SELECT gen_random_uuid(), company_id, 'POLL', 'closing-date:' || coalesce(after::text, 'none') || ':' || id || ':' || sequence,
    'TO_QUICKBOOKS', 'OTHER', 'INTERNAL', 'invoice', coalesce(internal_id, quickbooks_id, id::text), id, sequence, 'QUEUED',
    jsonb_build_array(
      jsonb_build_object('stage', 'DETECTED', 'at', floor(extract(epoch FROM clock_timestamp()) * 1000), 'note', NULL),
      jsonb_build_object('stage', 'QUEUED', 'at', floor(extract(epoch FROM clock_timestamp()) * 1000), 'note', $7::text)),
    jsonb_build_object('kind', 'side', 'side', 'quickbooks', 'name', 'QuickBooks user'), clock_timestamp(), clock_timestamp(), $8,
    jsonb_build_object('booksClosedThrough', after)
  FROM woken RETURNING id, company_id, link_id
),
told AS (
  INSERT INTO stream_event (id, company_id, link_id, type, summary, detail, at, correlation_id)
  SELECT gen_random_uuid(), e.company_id, e.link_id, 'STAGE_CHANGED'::sync_event_type, coalesce(w.number, w.internal_id, 'An invoice') || ': ' || $7,
    jsonb_build_object('eventId', e.id, 'from', 'DETECTED', 'to', 'QUEUED', 'note', $7::text), clock_timestamp(), $8
  FROM events e JOIN woken w ON w.id = e.link_id
  UNION ALL
  SELECT gen_random_uuid(), id, NULL::uuid, 'COMPANY_CHANGED'::sync_event_type, $7, jsonb_build_object('companyId', id), clock_timestamp(), $8 FROM moved
)
SELECT append_audit(id::text, id, jsonb_build_array(jsonb_build_object(
  'actor', jsonb_build_object('kind', 'system', 'name', 'worker'), 'action', 'COMPANY_CHANGED', 'summary', $7::text,
  'subject', jsonb_build_object('type', 'Company', 'id', id), 'linkId', NULL, 'note', NULL, 'correlationId', $8::text,
  'changes', jsonb_build_array(jsonb_build_object('path', 'booksClosedThrough', 'side', 'quickbooks', 'before', before, 'after', after))))) FROM moved`;

export async function saveFacts(
  pool: pg.Pool,
  lease: Lease,
  facts: QuickBooksFacts,
  correlationId: string,
): Promise<void> {
  const through = facts.booksClosedThrough;
  const summary =
    through === null
      ? 'QuickBooks has no closing date.'
      : `In QuickBooks the books are closed through ${through}.`;
  await pool.query(saveAndWake, [
    lease.companyId,
    lease.epoch.toString(),
    JSON.stringify(facts),
    facts.homeCurrency,
    through,
    facts.incomeAccountIds[0] ?? null,
    summary,
    correlationId,
  ]);
}

export async function throttle(pool: pg.Pool, lease: Lease, ms: number): Promise<void> {
  await pool.query(
    `UPDATE company SET throttled_until = greatest(throttled_until, clock_timestamp() + $3 * interval '1 millisecond')
     WHERE id = $1 AND ${fenced}`,
    [lease.companyId, lease.epoch.toString(), ms],
  );
}

const needsReconnect = `
WITH stopped AS (
  UPDATE company SET status = 'NEEDS_RECONNECT', version = version + 1 WHERE id = $1 AND status = 'ACTIVE' AND ${fenced} RETURNING id
),
told AS (
  INSERT INTO stream_event (id, company_id, type, summary, detail, at, correlation_id)
  SELECT gen_random_uuid(), id, 'COMPANY_CHANGED', $3, jsonb_build_object('companyId', id), clock_timestamp(), $4 FROM stopped
)
SELECT append_audit(id::text, id, jsonb_build_array(jsonb_build_object(
  'actor', jsonb_build_object('kind', 'system', 'name', 'worker'), 'action', 'COMPANY_CHANGED', 'summary', $3::text,
  'subject', jsonb_build_object('type', 'Company', 'id', id), 'linkId', NULL, 'note', NULL, 'correlationId', $4::text,
  'changes', jsonb_build_array(jsonb_build_object('path', 'status', 'side', NULL, 'before', 'ACTIVE', 'after', 'NEEDS_RECONNECT'))))) FROM stopped`;

export async function markNeedsReconnect(
  pool: pg.Pool,
  lease: Lease,
  cause: string,
  correlationId: string,
): Promise<void> {
  const summary = `QuickBooks access lapsed, so nothing is sent until someone reconnects: ${cause}`;
  await pool.query(needsReconnect, [
    lease.companyId,
    lease.epoch.toString(),
    summary,
    correlationId,
  ]);
}
