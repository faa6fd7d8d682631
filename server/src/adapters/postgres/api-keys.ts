import { createHash, randomBytes } from 'node:crypto';
import type pg from 'pg';
import { scopes, type ApiKeys, type Caller, type KeyIssuer, type Scope } from '#ports/access.ts';
import type { Ids } from '#ports/ids.ts';

/** The columns a caller is made from. */
export type ClientRow = {
  readonly id: string;
  readonly display_name: string;
  readonly scopes: readonly string[];
  readonly company_ids: readonly string[];
  readonly all_companies: boolean;
};

/** Characters of a key that are kept in the open, to recognise it by. */
const prefixLength = 10;

/** Last use, by the key or by a session of it, is noted once a minute at the most: a busy key is not a busy row. */
export const noteUse = `used AS (
    UPDATE api_client SET last_used_at = clock_timestamp() FROM found
    WHERE api_client.id = found.id
      AND coalesce(found.last_used_at < clock_timestamp() - interval '1 minute', true)
  )`;

const holder = `
  WITH found AS (
    SELECT id, display_name, scopes, company_ids, all_companies, last_used_at FROM api_client
    WHERE key_hash = $1 AND revoked_at IS NULL
  ), ${noteUse}
  SELECT id, display_name, scopes, company_ids, all_companies FROM found`;

/** Only while there is none at all; the table lock lets ten processes start at once. */
const register = `
  INSERT INTO api_client (id, display_name, scopes, all_companies, key_prefix, key_hash)
  SELECT $1, 'Bootstrap administrator', ARRAY['READ', 'OPERATE', 'ADMIN'], true, $2, $3
  WHERE NOT EXISTS (SELECT 1 FROM api_client) RETURNING id`;

const hashOf = (key: string): string => createHash('sha256').update(key, 'utf8').digest('hex');

/** 256 bits of chance; the prefix says whose key it is when it turns up somewhere. */
const newKey = (): string => `lb_${randomBytes(32).toString('base64url')}`;

const widest = (held: readonly string[]): Scope | null =>
  scopes.findLast((scope) => held.includes(scope)) ?? null;

/** The holder of a key as a caller; null without any right. */
export function callerOfRow(row: ClientRow | undefined): Caller | null {
  const scope = row === undefined ? null : widest(row.scopes);
  if (row === undefined || scope === null) return null;
  const companyIds = row.all_companies ? null : row.company_ids;
  return {
    kind: 'client',
    id: row.id,
    name: row.display_name,
    scope,
    companyIds,
    documents: 'open',
    sessionId: null,
  };
}

/** Keys as they are handed out. */
export const keyIssuer: KeyIssuer = {
  issue: () => {
    const key = newKey();
    return { key, prefix: key.slice(0, prefixLength), hash: hashOf(key) };
  },
  signingSecret: () => `whsec_${randomBytes(32).toString('base64')}`,
};

/** API keys in the database, by their hash. */
export function createApiKeys(pool: pg.Pool, ids: Ids): ApiKeys {
  return {
    holderOf: async (key) => {
      const { rows } = await pool.query<ClientRow>(holder, [hashOf(key)]);
      return callerOfRow(rows[0]);
    },
    bootstrap: async (given) => {
      const key = given ?? newKey();
      const client = await pool.connect();
      try {
        await client.query('BEGIN');
        await client.query('LOCK TABLE api_client IN SHARE ROW EXCLUSIVE MODE');
        const { rowCount } = await client.query(register, [
          ids.next(),
          key.slice(0, prefixLength),
          hashOf(key),
        ]);
        await client.query('COMMIT');
        return rowCount === 1 && given === null ? { generated: key } : null;
      } catch (error) {
        await client.query('ROLLBACK').catch(() => {});
        throw error;
      } finally {
        client.release();
      }
    },
  };
}
