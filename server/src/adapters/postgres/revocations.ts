import type pg from 'pg';
import { toCompanyId } from '#core/brand.ts';
import type { Revocation, Revocations } from '#ports/revocations.ts';
import type { Ids } from '#ports/ids.ts';
import type { Secrets } from '#ports/secrets.ts';

/** A claim is due again by itself when whoever made it dies; the call's own deadline is far shorter. */
const claim = `
UPDATE token_revocation SET due_at = clock_timestamp() + interval '60 seconds' WHERE id = (
  SELECT id FROM token_revocation WHERE due_at <= clock_timestamp() ORDER BY due_at LIMIT 1 FOR UPDATE SKIP LOCKED)
RETURNING id, company_id, token`;

/** Giving a token back ends the whole connection to that realm, so it is dropped where a company holds the realm again. */
const dropReconnected = `
DELETE FROM token_revocation t USING company was, company holder
WHERE was.id = t.company_id AND holder.realm_id = was.realm_id AND holder.status <> 'DISCONNECTED'`;

const done = `
WITH given_back AS (DELETE FROM token_revocation WHERE id = $1 RETURNING company_id)
SELECT append_audit(company_id::text, company_id, jsonb_build_array(jsonb_build_object(
  'actor', jsonb_build_object('kind', 'system', 'name', 'worker'), 'action', 'COMPANY_CHANGED',
  'summary', 'The access to QuickBooks was given back to Intuit.', 'subject', jsonb_build_object('type', 'Company', 'id', company_id),
  'linkId', NULL, 'note', NULL, 'correlationId', $2::text, 'changes', '[]'::jsonb))) FROM given_back`;

/** From 30 s doubling to 6 h. */
const later = `
UPDATE token_revocation SET failures = failures + 1,
  due_at = clock_timestamp() + least(30 * 2 ^ least(failures, 20), 21600) * interval '1 second'
WHERE id = $1`;

/** Tokens to give back, on PostgreSQL. */
export const createRevocations = (pool: pg.Pool, secrets: Secrets, ids: Ids): Revocations => ({
  next: async (revoke) => {
    await pool.query(dropReconnected);
    const revocation = await claimNext(pool, secrets);
    if (revocation === null) return false;
    const outcome = await revoke(revocation);
    if (outcome === 'given-back') await pool.query(done, [revocation.id, ids.next()]);
    else await pool.query(later, [revocation.id]);
    return true;
  },
});

async function claimNext(pool: pg.Pool, secrets: Secrets): Promise<Revocation | null> {
  type Row = { id: string; company_id: string; token: Buffer };
  const { rows } = await pool.query<Row>(claim);
  const [row] = rows;
  if (row === undefined) return null;
  return {
    id: row.id,
    companyId: toCompanyId(row.company_id),
    token: secrets.open(row.token),
  };
}
