import type pg from 'pg';
import { z } from 'zod';
import { toInstant, toCompanyId, toCorrelationId } from '#core/brand.ts';
import type { KnownPayment } from '#core/reconcile/judge-payments.ts';
import type { Standing } from '#core/reconcile/judge-pair.ts';
import { reconcilePhases } from '#core/reconcile/run.ts';
import type { Side } from '#core/side.ts';
import { parseLocalDate } from '#core/time/local-date.ts';
import type {
  ReconcileRun,
  StagedItem,
  StagedSide,
  StoredPair,
  StoredUnlinked,
} from '#ports/reconciles.ts';
import { storedAccepted } from './payments.ts';
import { storedInvoice, storedVariance } from './row.ts';

/** News about a document that the worker has not taken up yet; few, and gone after the next turn. */
const waiting = (id: string): string => `EXISTS (SELECT 1 FROM outbox_event e
  WHERE e.company_id = $2 AND e.link_id IS NULL AND e.ended_at IS NULL AND coalesce(e.subject_invoice_id, e.subject_id) = ${id})`;

const acceptedOf = (subject: string): string =>
  `ARRAY(SELECT d.fingerprint FROM drift d WHERE d.company_id = $2 AND d.status = 'ACCEPTED' AND d.subject_key = ${subject})`;

/** Payments of link `k`; none can be compared with a page that is older than a write of one of them. */
const paymentsOf = `CASE WHEN EXISTS (SELECT 1 FROM intent n WHERE n.link_id = k.id AND n.object_kind = 'Payment'
    AND n.settled_at >= least(i.staged_at, q.staged_at)) THEN NULL
  ELSE coalesce((SELECT jsonb_agg(jsonb_build_object('key', p.key, 'internalId', p.internal_id, 'quickbooksId', p.quickbooks_id,
      'base', jsonb_build_object('internal', p.base_internal, 'quickbooks', p.base_quickbooks)))
    FROM payment p WHERE p.link_id = k.id AND p.state = 'PAIRED'), '[]') END`;

/** A page may be older than what the worker saw since: the newer of the two counts. */
const pairColumns = `
k.id AS link_id, k.internal_id, k.quickbooks_id, k.number, k.base_internal, k.base_quickbooks, k.tax_variance,
k.accepted_payments,
io.content AS observed_internal, qo.content AS observed_quickbooks, standing_reason(k) AS standing, ${paymentsOf} AS payments,
${acceptedOf(`'link:' || k.id`)} AS accepted,
EXISTS (SELECT 1 FROM drift d WHERE d.link_id = k.id AND d.status = 'ACCEPTED')
  OR EXISTS (SELECT 1 FROM dead_letter d WHERE d.link_id = k.id AND d.status = 'DISCARDED') AS has_accepted,
CASE WHEN io.captured_at > coalesce(i.staged_at, r.started_at) THEN io.content->>'existence' ELSE i.existence END AS internal_existence,
CASE WHEN io.captured_at > coalesce(i.staged_at, r.started_at) THEN io.content ELSE i.content END AS internal_content,
CASE WHEN qo.captured_at > coalesce(q.staged_at, r.started_at) THEN qo.content->>'existence' ELSE q.existence END AS quickbooks_existence,
CASE WHEN qo.captured_at > coalesce(q.staged_at, r.started_at) THEN qo.content ELSE q.content END AS quickbooks_content
FROM reconcile_run r JOIN link k ON k.company_id = r.company_id
LEFT JOIN reconcile_item i ON i.run_id = r.id AND i.side = 'INTERNAL' AND i.external_id = k.internal_id
LEFT JOIN reconcile_item q ON q.run_id = r.id AND q.side = 'QUICKBOOKS' AND q.external_id = k.quickbooks_id
LEFT JOIN observation io ON io.id = k.internal_observation_id LEFT JOIN observation qo ON qo.id = k.quickbooks_observation_id
WHERE r.id = $1 AND k.company_id = $2 AND k.quickbooks_id IS NOT NULL AND (k.internal_id IS NOT NULL OR standing_reason(k) IS NOT NULL)`;

export const selectPairs = `SELECT ${pairColumns} AND k.quickbooks_id = ANY ($3::text[]) ORDER BY k.id`;

/** A full run looks at every link, a narrower one at those that a page showed inside it. */
export const selectUnjudgedPairs = `SELECT ${pairColumns} AND k.id > $3::uuid AND i.reason IS NULL AND q.reason IS NULL
  AND (r.scope = 'FULL' OR i.in_scope OR q.in_scope) ORDER BY k.id LIMIT $4`;

/**
 * Same number, currency and total, or the bridge's own marker. After a restore the number is enough: either side may have moved
 * since the bridge made the document and forgot.
 */
const alike = `(q.counterpart_id = i.external_id OR (q.number = i.number AND q.currency = i.currency
    AND (q.total = i.total OR EXISTS (SELECT 1 FROM reconcile_run a WHERE a.id = q.run_id AND a.trigger = 'RESTORE'))))`;

/** Linked, or on its way there; a link whose import ended without an internal invoice pairs nothing. */
const isLinked = (item: string): string =>
  `EXISTS (SELECT 1 FROM link o WHERE o.company_id = $2 AND o.quickbooks_id = ${item}.external_id
    AND (o.internal_id IS NOT NULL OR standing_reason(o) IS NOT NULL))`;

/** A person discarded what a link of one side alone died on. */
const isDiscarded = (link: string): string =>
  `EXISTS (SELECT 1 FROM dead_letter d WHERE d.link_id = ${link}.id AND d.status = 'DISCARDED')`;

const selectUnlinkedInternal = `
SELECT i.external_id, i.existence, i.content, k.id AS link_id, io.content AS observed, standing_reason(k) AS standing,
  k.unlinked_from IS NOT NULL AS is_apart, k.id IS NOT NULL AND ${isDiscarded('k')} AS is_discarded,
  (SELECT q.external_id FROM reconcile_item q WHERE q.run_id = i.run_id AND q.side = 'QUICKBOOKS' AND q.existence = 'present'
    AND ${alike} AND NOT ${isLinked('q')} ORDER BY q.counterpart_id IS DISTINCT FROM i.external_id, q.external_id LIMIT 1) AS twin_id,
  EXISTS (SELECT 1 FROM reconcile_item q WHERE q.run_id = i.run_id AND q.side = 'QUICKBOOKS' AND q.existence = 'present'
    AND q.counterpart_id = i.external_id AND NOT ${isLinked('q')}) AS twin_marked,
  NULL AS rival_link_id, NULL AS rival_internal_id, NULL AS rival_quickbooks_id, NULL AS rival_number,
  k.id IS NULL AND ${waiting('i.external_id')} AS in_flight, ${acceptedOf(`'internal:' || i.external_id`)} AS accepted
FROM reconcile_item i LEFT JOIN link k ON k.company_id = $2 AND k.internal_id = i.external_id
LEFT JOIN observation io ON io.id = k.internal_observation_id
WHERE i.run_id = $1 AND i.side = 'INTERNAL' AND i.in_scope AND i.reason IS NULL AND k.quickbooks_id IS NULL
ORDER BY i.external_id LIMIT $3`;

/** A create of the invoice whose marker it carries is under way: it may be that very document. */
const isBeingMade = (item: string): string => `EXISTS (
  SELECT 1 FROM intent n WHERE n.company_id = $2 AND n.side = 'QUICKBOOKS' AND n.object_kind = 'Invoice' AND n.operation = 'CREATED'
    AND n.state IN ('PREPARED', 'SENT', 'UNCERTAIN') AND n.object_key = ${item}.counterpart_id)`;

/** A rival is alive and linked: it carries the same marker, or shows the same number, customer and total. */
const selectUnlinkedQuickbooks = `
SELECT q.external_id, q.existence, q.content, NULL AS link_id, NULL AS standing,
  (SELECT qo.content FROM link o JOIN observation qo ON qo.id = o.quickbooks_observation_id
    WHERE o.company_id = $2 AND o.quickbooks_id = q.external_id) AS observed,
  EXISTS (SELECT 1 FROM link o WHERE o.company_id = $2 AND o.quickbooks_id = q.external_id AND ${isDiscarded('o')}) AS is_discarded,
  EXISTS (SELECT 1 FROM link o WHERE o.company_id = $2 AND o.unlinked_from = q.external_id) AS is_apart,
  (SELECT i.external_id FROM reconcile_item i WHERE i.run_id = q.run_id AND i.side = 'INTERNAL' AND i.existence = 'present' AND ${alike}
    AND NOT EXISTS (SELECT 1 FROM link o WHERE o.company_id = $2 AND o.internal_id = i.external_id AND o.quickbooks_id IS NOT NULL)
    ORDER BY i.external_id LIMIT 1) AS twin_id, false AS twin_marked,
  rival.id AS rival_link_id, rival.internal_id AS rival_internal_id, rival.quickbooks_id AS rival_quickbooks_id, rival.number AS rival_number,
  (${waiting('q.external_id')} OR ${isBeingMade('q')}) AS in_flight, ${acceptedOf(`'quickbooks:' || q.external_id`)} AS accepted
FROM reconcile_item q LEFT JOIN LATERAL (
  SELECT o.id, o.internal_id, o.quickbooks_id, o.number FROM link o
  WHERE o.company_id = $2 AND o.internal_id = q.counterpart_id AND o.quickbooks_id IS NOT NULL AND NOT EXISTS (
    SELECT 1 FROM reconcile_item s WHERE s.run_id = q.run_id AND s.side = 'QUICKBOOKS' AND s.external_id = o.quickbooks_id AND s.existence <> 'present')
  UNION ALL
  SELECT o.id, o.internal_id, o.quickbooks_id, o.number
  FROM reconcile_item s JOIN link o ON o.company_id = $2 AND o.quickbooks_id = s.external_id
  WHERE s.run_id = q.run_id AND s.side = 'QUICKBOOKS' AND s.existence = 'present' AND s.external_id <> q.external_id
    AND s.number = q.number AND s.customer_id = q.customer_id AND s.currency = q.currency AND s.total = q.total
  LIMIT 1
) rival ON true
WHERE q.run_id = $1 AND q.side = 'QUICKBOOKS' AND q.in_scope AND q.reason IS NULL AND NOT ${isLinked('q')}
ORDER BY q.external_id LIMIT $3`;

export type RunRow = {
  id: string;
  company_id: string;
  scope: ReconcileRun['scope'];
  from_date: string | null;
  to_date: string | null;
  since: Date | null;
  correlation_id: string;
  phase: string;
  cursor: string | null;
  expected: number;
  compared: number;
  staged: number;
  failures: number;
};

export function runOf(row: RunRow): ReconcileRun {
  const phase = reconcilePhases.find((known) => known === row.phase);
  if (phase === undefined)
    throw new Error(`a reconcile run stands in no known phase: ${row.phase}`);
  return {
    id: row.id,
    companyId: toCompanyId(row.company_id),
    scope: row.scope,
    from: row.from_date === null ? null : parseLocalDate(row.from_date),
    to: row.to_date === null ? null : parseLocalDate(row.to_date),
    since: row.since === null ? null : toInstant(row.since.getTime()),
    correlationId: toCorrelationId(row.correlation_id),
    phase,
    cursor: row.cursor,
    expected: row.expected,
    compared: row.compared,
    staged: row.staged,
    failures: row.failures,
  };
}

type PairRow = {
  link_id: string;
  internal_id: string | null;
  quickbooks_id: string;
  number: string | null;
  base_internal: unknown;
  base_quickbooks: unknown;
  tax_variance: unknown;
  has_accepted: boolean;
  observed_internal: unknown;
  observed_quickbooks: unknown;
  payments: unknown;
  accepted_payments: unknown;
  standing: Standing;
  accepted: string[];
  internal_existence: StagedItem['existence'] | null;
  internal_content: unknown;
  quickbooks_existence: StagedItem['existence'] | null;
  quickbooks_content: unknown;
};

const invoiceOf = (content: unknown) => (content === null ? null : storedInvoice.parse(content));

const stagedSide = (
  existence: StagedItem['existence'] | null,
  content: unknown,
): StagedSide | null => (existence === null ? null : { existence, invoice: invoiceOf(content) });

const knownPayments = z.array(z.custom<KnownPayment>((value) => typeof value === 'object'));

export async function findPairs(
  pool: pg.Pool,
  sql: string,
  values: readonly unknown[],
): Promise<readonly StoredPair[]> {
  const { rows } = await pool.query<PairRow>(sql, [...values]);
  return rows.map((row) => ({
    linkId: row.link_id,
    internalId: row.internal_id,
    quickbooksId: row.quickbooks_id,
    number: row.number,
    base:
      row.base_internal === null || row.base_quickbooks === null
        ? null
        : {
            internal: storedInvoice.parse(row.base_internal),
            quickbooks: storedInvoice.parse(row.base_quickbooks),
          },
    observed: {
      internal: invoiceOf(row.observed_internal),
      quickbooks: invoiceOf(row.observed_quickbooks),
    },
    payments: row.payments === null ? null : knownPayments.parse(row.payments),
    acceptedPayments: storedAccepted.parse(row.accepted_payments),
    standing: row.standing,
    taxVariance: row.tax_variance === null ? null : storedVariance.parse(row.tax_variance),
    hasAccepted: row.has_accepted,
    accepted: row.accepted,
    internal: stagedSide(row.internal_existence, row.internal_content),
    quickbooks: stagedSide(row.quickbooks_existence, row.quickbooks_content),
  }));
}

type UnlinkedRow = {
  external_id: string;
  existence: StagedItem['existence'];
  content: unknown;
  link_id: string | null;
  observed: unknown;
  standing: Standing;
  is_apart: boolean;
  is_discarded: boolean;
  twin_id: string | null;
  twin_marked: boolean;
  rival_link_id: string | null;
  rival_internal_id: string | null;
  rival_quickbooks_id: string | null;
  rival_number: string | null;
  in_flight: boolean;
  accepted: string[];
};

export async function findUnlinked(
  pool: pg.Pool,
  run: ReconcileRun,
  side: Side,
  limit: number,
): Promise<readonly StoredUnlinked[]> {
  const sql = side === 'internal' ? selectUnlinkedInternal : selectUnlinkedQuickbooks;
  const { rows } = await pool.query<UnlinkedRow>(sql, [run.id, run.companyId, limit]);
  return rows.map((row) => ({
    side,
    id: row.external_id,
    invoice: invoiceOf(row.content),
    existence: row.existence,
    linkId: row.link_id,
    observed: invoiceOf(row.observed),
    standing: row.in_flight ? 'in flight' : row.standing,
    isApart: row.is_apart,
    isDiscarded: row.is_discarded,
    twinId: row.twin_id,
    isTwinMarked: row.twin_marked,
    rival:
      row.rival_link_id === null || row.rival_quickbooks_id === null
        ? null
        : {
            linkId: row.rival_link_id,
            internalId: row.rival_internal_id,
            quickbooksId: row.rival_quickbooks_id,
            number: row.rival_number,
          },
    isInFlight: row.in_flight,
    accepted: row.accepted,
  }));
}
