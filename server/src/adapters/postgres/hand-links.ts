import type { PoolClient } from 'pg';
import { toLinkId, type CompanyId } from '#core/brand.ts';
import type { RequestedCutting, RequestedJoining } from '#ports/hand-links.ts';
import { absorb } from './links.ts';

/** Neither id is held by another link: the unique indexes see to it, and a request that comes too late fails whole. */
const join = `
INSERT INTO link AS k (id, company_id, internal_id, quickbooks_id, changed_at, status_reason)
VALUES ($1, $2, $3, $4, clock_timestamp(), 'Linked by a person; both sides are compared.')
ON CONFLICT (id) DO UPDATE SET internal_id = excluded.internal_id, quickbooks_id = excluded.quickbooks_id, unlinked_from = NULL,
  next_sequence = k.next_sequence + $5, quickbooks_fresh = false, quickbooks_news = k.quickbooks_news + 1, quickbooks_observation_id = NULL,
  changed_at = excluded.changed_at
WHERE (k.internal_id IS NULL OR k.internal_id = $3) AND (k.quickbooks_id IS NULL OR k.quickbooks_id = $4)
RETURNING id`;

/** Links two documents; both are read by the worker afterwards. */
export async function joinByHand(
  client: PoolClient,
  companyId: CompanyId,
  { linkId, internalId, quickbooksId, absorbsId }: RequestedJoining,
): Promise<void> {
  const moved = absorbsId === null ? 0 : await absorb(client, absorbsId, toLinkId(linkId));
  const { rowCount } = await client.query(join, [
    linkId,
    companyId,
    internalId,
    quickbooksId,
    moved,
  ]);
  if (rowCount !== 1) throw new Error(`one of ${internalId} and ${quickbooksId} is linked already`);
}

/** What waits for the link has nothing to wait for any more; payments were paired because the invoices were. */
const endAll = [
  `UPDATE conflict SET status = 'SUPERSEDED', ended_at = clock_timestamp(), version = version + 1
   WHERE link_id = $1 AND status IN ('OPEN', 'UNDO_WINDOW')`,
  `UPDATE dead_letter SET status = 'SUPERSEDED', ended_at = clock_timestamp(), version = version + 1
   WHERE link_id = $1 AND status IN ('OPEN', 'REPLAYING')`,
  `UPDATE payment SET state = 'ENDED', ended_at = clock_timestamp(), version = version + 1 WHERE link_id = $1 AND state = 'PAIRED'`,
] as const;

const cut = `
UPDATE link k SET unlinked_from = quickbooks_id, quickbooks_id = NULL, base_internal = NULL, base_quickbooks = NULL,
  accepted_payments = NULL,
  quickbooks_observation_id = NULL, quickbooks_fresh = false, quickbooks_news = k.quickbooks_news + 1, tax_variance = NULL, open_conflict_id = NULL,
  open_dead_letter_id = NULL, due_at = NULL, failures = 0, first_failed_at = NULL, crash_marks = 0, version = k.version + 1,
  changed_at = clock_timestamp(), status_reason = $2
WHERE id = $1 AND claim_epoch IS NULL AND NOT EXISTS (
  SELECT 1 FROM intent n WHERE n.link_id = k.id AND n.state IN ('PREPARED', 'SENT', 'UNCERTAIN'))`;

/** Cuts a link and ends what hangs on it; answers the events that waited for it. */
export async function cutByHand(
  client: PoolClient,
  { linkId, because }: RequestedCutting,
): Promise<readonly string[]> {
  const { rows } = await client.query<{ id: string }>(
    'SELECT id FROM outbox_event WHERE link_id = $1 AND ended_at IS NULL ORDER BY id',
    [linkId],
  );
  for (const statement of endAll) await client.query(statement, [linkId]);
  const { rowCount } = await client.query(cut, [linkId, because]);
  if (rowCount !== 1) throw new Error(`a write of link ${linkId} is under way`);
  return rows.map(({ id }) => id);
}
