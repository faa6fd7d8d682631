import type pg from 'pg';
import { toLinkId, type CompanyId, type LinkId } from '#core/brand.ts';
import type { Side } from '#core/side.ts';
import type { JoinedLinks } from '#ports/joins.ts';
import type { Lease } from '#ports/store.ts';

const byInternalId = `
SELECT id, coalesce(quickbooks_id, unlinked_from) AS quickbooks_id FROM link WHERE company_id = $1 AND internal_id = $2`;

const byNumber = `
SELECT internal_id FROM link WHERE company_id = $1 AND number = $2 AND id <> $3 AND internal_id IS NOT NULL
ORDER BY created_at LIMIT 1`;

/** The link that holds an internal invoice. */
export async function linkOfInternal(
  pool: pg.Pool,
  companyId: CompanyId,
  internalId: string,
): Promise<{ readonly id: LinkId; readonly quickbooksId: string | null } | null> {
  const { rows } = await pool.query<{ id: string; quickbooks_id: string | null }>(byInternalId, [
    companyId,
    internalId,
  ]);
  const [row] = rows;
  return row === undefined ? null : { id: toLinkId(row.id), quickbooksId: row.quickbooks_id };
}

/** Internal id of the invoice that a QuickBooks one is linked to. */
export async function internalIdOf(
  pool: pg.Pool,
  companyId: CompanyId,
  quickbooksId: string,
): Promise<string | null> {
  const { rows } = await pool.query<{ internal_id: string | null }>(
    'SELECT internal_id FROM link WHERE company_id = $1 AND quickbooks_id = $2',
    [companyId, quickbooksId],
  );
  return rows[0]?.internal_id ?? null;
}

/** Whether a drift about that QuickBooks document waits for a person. */
export async function isInDoubt(
  pool: pg.Pool,
  companyId: CompanyId,
  quickbooksId: string,
): Promise<boolean> {
  const { rowCount } = await pool.query(
    `SELECT 1 FROM drift WHERE company_id = $1 AND quickbooks_id = $2 AND status = 'OPEN' LIMIT 1`,
    [companyId, quickbooksId],
  );
  return rowCount === 1;
}

/** Internal id of another link's invoice of that number. */
export async function internalIdNumbered(
  pool: pg.Pool,
  companyId: CompanyId,
  number: string,
  except: LinkId,
): Promise<string | null> {
  const { rows } = await pool.query<{ internal_id: string }>(byNumber, [companyId, number, except]);
  return rows[0]?.internal_id ?? null;
}

const held = `SELECT 1 FROM company_lease WHERE company_id = $1 AND epoch = $2 FOR SHARE`;

/** In the order of ids, as everywhere, so that two that join cannot wait for each other. */
const lockBoth = {
  quickbooks: `
SELECT id, id = $2 AS into FROM link
WHERE company_id = $1 AND (id = $2 OR (quickbooks_id = $3 AND internal_id IS NULL)) ORDER BY id FOR UPDATE`,
  internal: `
SELECT id, id = $2 AS into FROM link
WHERE company_id = $1 AND (id = $2 OR (internal_id = $3 AND quickbooks_id IS NULL)) ORDER BY id FOR UPDATE`,
} as const satisfies Record<Side, string>;

const takeEvents = `
UPDATE outbox_event e SET link_id = $2, sequence = t.next_sequence + p.place, version = e.version + 1
FROM link t, (SELECT id, (row_number() OVER (ORDER BY sequence, id) - 1)::int AS place FROM outbox_event WHERE link_id = $1) p
WHERE t.id = $2 AND p.id = e.id`;

/** Everything that hangs on a link of one side; payments, bases and replaced documents belong to pairs. */
const dependants = ['stream_event', 'observation', 'attempt', 'intent', 'dead_letter', 'conflict'];

const endLetters = `
UPDATE dead_letter SET status = 'SUPERSEDED', ended_at = clock_timestamp(), version = version + 1
WHERE link_id = $1 AND status IN ('OPEN', 'REPLAYING')`;

/** An earlier create is adopted by the crossing itself, with what it was decided on; only without one is the id enough. */
const nudge = `
WITH was AS (SELECT status FROM link WHERE id = $1)
UPDATE link SET version = version + 1, due_at = least(due_at, clock_timestamp()), quickbooks_fresh = false,
  quickbooks_news = quickbooks_news + 1, next_sequence = next_sequence + $2, status_reason = $3,
  quickbooks_id = coalesce(quickbooks_id, CASE WHEN unlinked_from IS NULL AND NOT EXISTS (
    SELECT 1 FROM intent n WHERE n.link_id = link.id AND n.side = 'QUICKBOOKS' AND n.object_kind = 'Invoice' AND n.operation = 'CREATED')
    THEN $4::text END)
WHERE id = $1 RETURNING (SELECT status FROM was) AS before, status AS after`;

const tell = `
WITH told AS (
  INSERT INTO stream_event (id, company_id, link_id, type, summary, detail, at, correlation_id)
  VALUES (gen_random_uuid(), $1::uuid, $2::uuid, 'INVOICE_CHANGED', $3, '{}', clock_timestamp(), $4)
)
SELECT append_audit($1::text, $1::uuid, jsonb_build_array(jsonb_build_object(
  'actor', jsonb_build_object('kind', 'system', 'name', 'worker'), 'action', 'LINK_CHANGED', 'summary', $3::text,
  'subject', jsonb_build_object('type', 'Invoice', 'id', $2::uuid), 'linkId', $2::uuid, 'note', NULL, 'correlationId', $4::text,
  'changes', jsonb_build_array(jsonb_build_object('path', $6::text, 'side', NULL, 'before', NULL, 'after', $5::text))
    || CASE WHEN $7::text = $8::text THEN '[]' ELSE jsonb_build_array(jsonb_build_object('path', 'status', 'side', NULL,
      'before', $7::text, 'after', $8::text)) END)))`;

/** Joins two links that turned out to be one invoice, in one transaction. */
export const joinLinks = (pool: pg.Pool, lease: Lease, join: JoinedLinks): Promise<boolean> =>
  committed(pool, (client) => joined(client, lease, join));

const nudgeHere = `
WITH was AS (SELECT status FROM link WHERE id = $1)
UPDATE link SET version = version + 1, due_at = least(due_at, clock_timestamp()), next_sequence = next_sequence + $2, status_reason = $3
WHERE id = $1 RETURNING (SELECT status FROM was) AS before, status AS after`;

type Nudged = { before: string; after: string };

/** A link of internal invoicing alone, whose document turned out to have been made in place of another link's. */
export type Stray = Omit<JoinedLinks, 'quickbooksId'> & { readonly internalId: string };

/** Joins such a link to the one that its document belongs to, in one transaction. */
export const joinStrayHere = (pool: pg.Pool, lease: Lease, stray: Stray): Promise<boolean> =>
  committed(pool, async (client) => {
    const { intoId, internalId, because, correlationId } = stray;
    const moved = await taken(client, lease, 'internal', intoId, internalId);
    if (moved === null) return false;
    const { companyId } = lease;
    const { rows } = await client.query<Nudged>(nudgeHere, [intoId, moved, because]);
    const told = [companyId, intoId, because, correlationId, internalId, 'internalId'];
    await client.query(tell, [...told, rows[0]?.before, rows[0]?.after]);
    return true;
  });

async function committed(
  pool: pg.Pool,
  work: (client: pg.PoolClient) => Promise<boolean>,
): Promise<boolean> {
  const client = await pool.connect();
  try {
    await client.query('BEGIN');
    const done = await work(client);
    await client.query(done ? 'COMMIT' : 'ROLLBACK');
    return done;
  } catch (error) {
    await client.query('ROLLBACK').catch(() => undefined);
    throw error;
  } finally {
    client.release();
  }
}

async function joined(
  client: pg.PoolClient,
  lease: Lease,
  { intoId, quickbooksId, because, correlationId }: JoinedLinks,
): Promise<boolean> {
  const moved = await taken(client, lease, 'quickbooks', intoId, quickbooksId);
  if (moved === null) return false;
  const { companyId } = lease;
  const { rows } = await client.query<Nudged>(nudge, [intoId, moved, because, quickbooksId]);
  const told = [companyId, intoId, because, correlationId, quickbooksId, 'quickbooksId'];
  await client.query(tell, [...told, rows[0]?.before, rows[0]?.after]);
  return true;
}

/** How many events came along with the link that holds the document alone; null when the lease is no longer ours. */
async function taken(
  client: pg.PoolClient,
  { companyId, epoch }: Lease,
  side: Side,
  intoId: LinkId,
  externalId: string,
): Promise<number | null> {
  const holds = await client.query(held, [companyId, epoch.toString()]);
  if (holds.rowCount !== 1) return null;
  const { rows } = await client.query<{ id: string; into: boolean }>(lockBoth[side], [
    companyId,
    intoId,
    externalId,
  ]);
  const fromId = rows.find(({ into }) => !into)?.id ?? null;
  return fromId === null ? 0 : absorb(client, fromId, intoId);
}

/** Moves all that hangs on the one link to the other one and ends it; answers how many events came along. */
export async function absorb(
  client: pg.PoolClient,
  fromId: string,
  intoId: LinkId,
): Promise<number> {
  const events = await client.query(takeEvents, [fromId, intoId]);
  await client.query(endLetters, [fromId]);
  for (const table of dependants)
    await client.query(`UPDATE ${table} SET link_id = $2 WHERE link_id = $1`, [fromId, intoId]);
  await client.query('DELETE FROM link WHERE id = $1', [fromId]);
  return events.rowCount ?? 0;
}
