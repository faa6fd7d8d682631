import type pg from 'pg';
import { toInstant, type CompanyId } from '#core/brand.ts';
import type { Invoice } from '#core/invoice/invoice.ts';
import type { Side } from '#core/side.ts';
import type { Feed } from '#ports/feed.ts';
import type { Lease } from '#ports/store.ts';
import type { PolledNews, Watermark, WatermarkMove, Watermarks } from '#ports/watermarks.ts';
import { resting } from './breaker.ts';
import { storingEvents, toldAs } from './ingest.ts';
import { storedInvoice, storedObject } from './row.ts';
import { prepared } from './prepared.ts';

const due = prepared(`
SELECT w.side, w.since, w.starts_at FROM watermark w JOIN company c ON c.id = w.company_id
WHERE w.company_id = $1 AND w.due_at <= clock_timestamp() AND c.status = 'ACTIVE' AND NOT ${resting}
  AND EXISTS (SELECT 1 FROM company_lease l WHERE l.company_id = w.company_id AND l.epoch = $2)`);

const held = `held AS (
  SELECT company_id FROM company_lease WHERE company_id = $2 AND epoch = $3 AND expires_at > clock_timestamp() FOR SHARE
)`;

/** One statement, so that the watermark never passes a change that is not stored. Without $6 it stays where it is. */
const store = prepared(`
WITH ${held}, ${storingEvents('WHERE EXISTS (SELECT 1 FROM held)')},
outdated AS (
  -- Also one that is not fresh: a crossing in flight may be about to say that it is.
  UPDATE link SET quickbooks_fresh = false, quickbooks_news = quickbooks_news + 1
  WHERE company_id = $2 AND quickbooks_id = ANY ($5::text[]) AND EXISTS (SELECT 1 FROM held)
),
moved AS (
  UPDATE watermark w SET since = to_timestamp($6::double precision / 1000), polled_at = clock_timestamp(),
    due_at = clock_timestamp() + $7::double precision * interval '1 millisecond'
  FROM held WHERE w.company_id = held.company_id AND w.side = $4::side AND $6::double precision IS NOT NULL
  RETURNING w.company_id, w.side
),
seen AS (
  UPDATE company SET
    last_poll_at = CASE WHEN moved.side = 'QUICKBOOKS' THEN clock_timestamp() ELSE last_poll_at END,
    invoicing_last_seen_at = CASE WHEN moved.side = 'INTERNAL' THEN clock_timestamp() ELSE invoicing_last_seen_at END
  FROM moved WHERE company.id = moved.company_id
)
SELECT (SELECT count(*) FROM held)::int AS held, (SELECT count(*) FILTER (WHERE is_new) FROM stored)::int AS accepted`);

const putOff = prepared(`
WITH ${held.replace('$2', '$1').replace('$3', '$2')}
UPDATE watermark w SET due_at = clock_timestamp() + $4::double precision * interval '1 millisecond'
FROM held WHERE w.company_id = held.company_id AND w.side = $3::side`);

const observedOn = (side: Side): string => `
SELECT k.${side}_id AS id, o.content FROM link k JOIN observation o ON o.id = k.${side}_observation_id
WHERE k.company_id = $1 AND k.${side}_id = ANY ($2::text[])`;

const matchedNames = `
SELECT quickbooks_id AS id, quickbooks_name AS name FROM reference
WHERE company_id = $1 AND kind = $2::reference_kind AND status = 'MATCHED' AND quickbooks_id = ANY ($3::text[]) AND quickbooks_name IS NOT NULL`;

const freshPayments = `
SELECT quickbooks_id AS id, raw FROM quickbooks_payment WHERE company_id = $1 AND quickbooks_id = ANY ($2::text[]) AND fresh`;

const linkedIds = `
SELECT k.quickbooks_id AS id FROM link k LEFT JOIN observation o ON o.id = k.quickbooks_observation_id
WHERE k.company_id = $1 AND k.quickbooks_id > $2 AND coalesce(o.content->>'existence', 'present') <> 'deleted'
ORDER BY k.quickbooks_id LIMIT $3`;

/** The rows of the change poll on PostgreSQL. */
export function createWatermarks(pool: pg.Pool, feed: Feed): Watermarks {
  return {
    due: (lease) => findDue(pool, lease),
    store: async (lease, news, move) => {
      const stored = await storeNews(pool, lease, news, move);
      feed.announce();
      return stored;
    },
    putOff: async ({ companyId, epoch }, side, ms) => {
      await pool.query(putOff([companyId, epoch.toString(), side.toUpperCase(), ms]));
    },
    observed: (companyId, side, ids) => findObserved(pool, companyId, side, ids),
    matchedNames: async (companyId, kind, ids) => {
      if (ids.length === 0) return new Map();
      const { rows } = await pool.query<{ id: string; name: string }>(matchedNames, [
        companyId,
        kind,
        ids,
      ]);
      return new Map(rows.map(({ id, name }) => [id, name]));
    },
    payments: async (companyId, ids) => {
      if (ids.length === 0) return new Map();
      const { rows } = await pool.query<{ id: string; raw: unknown }>(freshPayments, [
        companyId,
        ids,
      ]);
      return new Map(rows.map(({ id, raw }) => [id, storedObject.parse(raw)]));
    },
    linkedIds: async (companyId, after, limit) => {
      const { rows } = await pool.query<{ id: string }>(linkedIds, [companyId, after, limit]);
      return rows.map(({ id }) => id);
    },
  };
}

async function findDue(pool: pg.Pool, lease: Lease): Promise<readonly Watermark[]> {
  const { rows } = await pool.query<{ side: string; since: Date; starts_at: Date }>(
    due([lease.companyId, lease.epoch.toString()]),
  );
  return rows.map((row) => ({
    side: row.side === 'INTERNAL' ? 'internal' : 'quickbooks',
    since: toInstant(row.since.getTime()),
    startsAt: toInstant(row.starts_at.getTime()),
  }));
}

async function storeNews(
  pool: pg.Pool,
  { companyId, epoch }: Lease,
  { side, events, staleIds }: PolledNews,
  move: WatermarkMove | null,
): ReturnType<Watermarks['store']> {
  const { rows } = await pool.query<{ held: number; accepted: number }>(
    store([
      toldAs(events),
      companyId,
      epoch.toString(),
      side.toUpperCase(),
      staleIds,
      move?.since ?? null,
      move?.dueInMs ?? null,
    ]),
  );
  const [row] = rows;
  return {
    outcome: row?.held === 1 ? 'stored' : 'fenced',
    accepted: row?.accepted ?? 0,
  };
}

async function findObserved(
  pool: pg.Pool,
  companyId: CompanyId,
  side: Side,
  ids: readonly string[],
): Promise<ReadonlyMap<string, Invoice>> {
  if (ids.length === 0) return new Map();
  const { rows } = await pool.query<{ id: string; content: unknown }>(observedOn(side), [
    companyId,
    ids,
  ]);
  return new Map(rows.map(({ id, content }) => [id, storedInvoice.parse(content)]));
}
