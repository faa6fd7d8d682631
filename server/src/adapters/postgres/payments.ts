import type pg from 'pg';
import { z } from 'zod';
import { toInstant, type CompanyId, type LinkId } from '#core/brand.ts';
import type { AcceptedPayments } from '#core/payment/accepted-payments.ts';
import type { AccountingPayment, PaymentContent } from '#core/payment/payment.ts';
import type { Lease } from '#ports/store.ts';
import type { PaymentNews, StoredPayments, ToldPayment } from '#ports/stored-payments.ts';
import { storedObject } from './row.ts';
import { prepared } from './prepared.ts';

const storedContent = z.custom<PaymentContent>((value) => typeof value === 'object');
const storedPayment = z.custom<AccountingPayment>((value) => typeof value === 'object');

const pairsOf = prepared(`
SELECT key, internal_id, quickbooks_id, base_internal, base_quickbooks, made_in FROM payment
WHERE link_id = $1 AND state = 'PAIRED' ORDER BY created_at, key`);

const seenOf = prepared(`
SELECT content, raw, fresh FROM quickbooks_payment WHERE company_id = $1 AND (quickbooks_id = ANY ($3::text[])
  OR quickbooks_id IN (SELECT quickbooks_id FROM payment WHERE link_id = $2 AND state = 'PAIRED'))`);

const acceptedOf = prepared(`SELECT accepted_payments AS accepted FROM link WHERE id = $1`);

/** Written by `recordRequest` and nobody else. */
export const storedAccepted = z
  .custom<AcceptedPayments>((value) => typeof value === 'object' && value !== null)
  .nullable();

type SeenRow = { content: unknown; raw: unknown; fresh: boolean };

type PairRow = {
  key: string;
  internal_id: string;
  quickbooks_id: string;
  base_internal: unknown;
  base_quickbooks: unknown;
  made_in: 'INTERNAL' | 'QUICKBOOKS' | null;
};

/** What is remembered of a link's payments, and of the QuickBooks payments of those ids. */
export async function findPayments(
  pool: pg.Pool | pg.PoolClient,
  companyId: CompanyId,
  linkId: LinkId,
  quickbooksIds: readonly string[],
): Promise<StoredPayments> {
  const pairs = await pool.query<PairRow>(pairsOf([linkId]));
  const seen = await pool.query<SeenRow>(seenOf([companyId, linkId, quickbooksIds]));
  const accepted = await pool.query<{ accepted: unknown }>(acceptedOf([linkId]));
  return {
    pairs: pairs.rows.map((row) => ({
      key: row.key,
      internalId: row.internal_id,
      quickbooksId: row.quickbooks_id,
      base: {
        internal: storedContent.parse(row.base_internal),
        quickbooks: storedContent.parse(row.base_quickbooks),
      },
      madeIn: row.made_in === null ? null : row.made_in === 'INTERNAL' ? 'internal' : 'quickbooks',
    })),
    seen: seen.rows.map((row) => ({
      payment: storedPayment.parse(row.content),
      raw: storedObject.parse(row.raw),
      isFresh: row.fresh,
    })),
    accepted: storedAccepted.parse(accepted.rows[0]?.accepted ?? null),
  };
}

const waiting = prepared(`
SELECT e.subject_id AS id, (extract(epoch FROM max(e.occurred_at)) * 1000)::float8 AS "toldAt" FROM outbox_event e
WHERE e.company_id = $1 AND e.link_id IS NULL AND e.ended_at IS NULL AND e.subject_side = 'QUICKBOOKS'
  AND e.subject_kind = 'payment' AND e.subject_invoice_id IS NULL
  AND EXISTS (SELECT 1 FROM company_lease l JOIN company c ON c.id = l.company_id
    WHERE l.company_id = $1 AND l.epoch = $2 AND coalesce(c.throttled_until, '-infinity') <= clock_timestamp()
      AND coalesce(c.breaker_open_until, '-infinity') <= clock_timestamp())
GROUP BY 1 ORDER BY 1 LIMIT $3`);

/** QuickBooks payments that waiting events tell of. */
export async function findWaitingPayments(
  pool: pg.Pool,
  { companyId, epoch }: Lease,
  limit: number,
): Promise<readonly ToldPayment[]> {
  const values = [companyId, epoch.toString(), limit];
  const { rows } = await pool.query<{ id: string; toldAt: number | null }>(waiting(values));
  return rows.map(({ id, toldAt }) => ({ id, toldAt: toldAt === null ? null : toInstant(toldAt) }));
}

/**
 * One derived event for each invoice that the payment pays, paid when it was last seen, or is paired for; the event itself
 * ends, said so (architecture.md §3, step 4). A derived event names the invoice, so that it finds its link as an invoice's
 * own does. What it concerns is remembered as seen, so that no invoice has to read it again.
 */
const passOn = prepared(`
WITH held AS (SELECT company_id FROM company_lease WHERE company_id = $1 AND epoch = $2 FOR SHARE),
news AS (
  SELECT t.* FROM jsonb_to_recordset($3::jsonb) AS t(id text, content jsonb, raw jsonb, gone boolean, note text) WHERE EXISTS (SELECT 1 FROM held)
),
waiting AS (
  SELECT e.* FROM outbox_event e JOIN news n ON n.id = e.subject_id
  WHERE e.company_id = $1 AND e.link_id IS NULL AND e.ended_at IS NULL AND e.subject_side = 'QUICKBOOKS' AND e.subject_kind = 'payment'
    AND e.subject_invoice_id IS NULL
  ORDER BY e.received_at, e.id FOR NO KEY UPDATE OF e SKIP LOCKED
),
paid AS (
  SELECT n.id, a->>'invoiceId' AS invoice_id FROM news n CROSS JOIN LATERAL jsonb_array_elements(n.content->'applications') a
  UNION SELECT n.id, a->>'invoiceId' FROM news n JOIN quickbooks_payment p ON p.company_id = $1 AND p.quickbooks_id = n.id
    CROSS JOIN LATERAL jsonb_array_elements(p.content->'applications') a
),
targets AS (
  SELECT p.id, k.quickbooks_id AS invoice_id FROM paid p JOIN link k ON k.company_id = $1 AND k.quickbooks_id = p.invoice_id
  UNION SELECT p.quickbooks_id, k.quickbooks_id FROM payment p JOIN news n ON n.id = p.quickbooks_id JOIN link k ON k.id = p.link_id
    WHERE p.company_id = $1 AND p.state = 'PAIRED' AND k.quickbooks_id IS NOT NULL
),
seen AS (
  INSERT INTO quickbooks_payment AS p (company_id, quickbooks_id, content, raw, fresh, captured_at)
  SELECT $1, n.id, n.content, n.raw, true, clock_timestamp() FROM news n
  WHERE n.content IS NOT NULL AND EXISTS (SELECT 1 FROM targets t WHERE t.id = n.id)
  ON CONFLICT (company_id, quickbooks_id) DO UPDATE SET content = excluded.content, raw = excluded.raw, fresh = true,
    captured_at = excluded.captured_at
),
-- Known and not readable now: whoever needs it looks by its id.
outdated AS (
  UPDATE quickbooks_payment p SET fresh = false,
    content = CASE WHEN n.gone THEN p.content || '{"existence": "deleted", "applications": []}' ELSE p.content END
  FROM news n WHERE p.company_id = $1 AND p.quickbooks_id = n.id AND n.content IS NULL
),
derived AS (
  INSERT INTO outbox_event (id, company_id, source, event_key, direction, kind, subject_side, subject_kind, subject_id,
    subject_invoice_id, stage, stage_history, derived_from_id, actor, occurred_at, received_at, available_at, correlation_id, payload)
  SELECT gen_random_uuid(), w.company_id, w.source, w.event_key || ':' || t.invoice_id, w.direction, w.kind, w.subject_side, w.subject_kind,
    w.subject_id, t.invoice_id, 'QUEUED', w.stage_history, w.id, w.actor, w.occurred_at, w.received_at, clock_timestamp(), w.correlation_id,
    w.payload
  FROM waiting w JOIN targets t ON t.id = w.subject_id
  ON CONFLICT (company_id, source, event_key) DO NOTHING
  RETURNING id, company_id, kind, subject_id, subject_invoice_id, correlation_id
),
counted AS (
  SELECT w.id, w.company_id, w.subject_id, w.correlation_id, CASE count(t.invoice_id)
      WHEN 0 THEN coalesce(n.note, 'It concerns nothing that the bridge carries.')
      WHEN 1 THEN 'Passed on to 1 invoice.'
      ELSE 'Passed on to ' || count(t.invoice_id) || ' invoices.' END AS note
  FROM waiting w JOIN news n ON n.id = w.subject_id LEFT JOIN targets t ON t.id = w.subject_id
  GROUP BY w.id, w.company_id, w.subject_id, w.correlation_id, n.note
),
ended AS (
  UPDATE outbox_event e SET stage = 'SKIPPED', ended_at = clock_timestamp(), version = e.version + 1,
    stage_history = e.stage_history || jsonb_build_object('stage', 'SKIPPED', 'at', floor(extract(epoch FROM clock_timestamp()) * 1000),
      'note', c.note)
  FROM counted c WHERE e.id = c.id
),
announced AS (
  INSERT INTO stream_event (id, company_id, link_id, type, summary, detail, at, correlation_id)
  SELECT gen_random_uuid(), company_id, NULL::uuid, 'STAGE_CHANGED'::sync_event_type, 'Payment ' || subject_id || ' needed nothing by itself: ' || note,
    jsonb_build_object('eventId', id, 'from', 'QUEUED', 'to', 'SKIPPED', 'note', note), clock_timestamp(), correlation_id
  FROM counted
  UNION ALL
  SELECT gen_random_uuid(), d.company_id, k.id, 'STAGE_CHANGED'::sync_event_type,
    'Invoice ' || coalesce(k.number, d.subject_invoice_id) || ' has news of payment ' || d.subject_id || ' in QuickBooks.',
    jsonb_build_object('eventId', d.id, 'from', 'DETECTED', 'to', 'QUEUED', 'note', NULL), clock_timestamp(), d.correlation_id
  FROM derived d LEFT JOIN link k ON k.company_id = d.company_id AND k.quickbooks_id = d.subject_invoice_id
)
SELECT count(*)::int AS passed FROM waiting`);

/** Returns how many events were passed on or ended. */
export async function passPaymentsOn(
  pool: pg.Pool,
  { companyId, epoch }: Lease,
  news: readonly PaymentNews[],
): Promise<number> {
  const told = news.map(({ id, seen, isGone, note }) => ({
    id,
    content: seen?.payment ?? null,
    raw: seen?.raw ?? null,
    gone: isGone,
    note,
  }));
  const values = [companyId, epoch.toString(), JSON.stringify(told)];
  const { rows } = await pool.query<{ passed: number }>(passOn(values));
  return rows[0]?.passed ?? 0;
}
