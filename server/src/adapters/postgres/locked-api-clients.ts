import type { PoolClient } from 'pg';
import type { AuditEntry } from '#core/audit/entry.ts';
import type { LockedApiClients } from '#ports/api-clients.ts';

/** Administrators are few; all of them are locked, so that two cannot revoke each other at once. */
const lockAdministrators = `
SELECT id FROM api_client WHERE revoked_at IS NULL AND all_companies AND 'ADMIN' = ANY (scopes) ORDER BY id FOR UPDATE`;

const find = `
SELECT id, display_name, company_ids, all_companies, revoked_at IS NOT NULL AS revoked FROM api_client WHERE id = $1 FOR UPDATE`;

const add = `
INSERT INTO api_client (id, display_name, scopes, company_ids, all_companies, key_prefix, key_hash)
VALUES ($1, $2, $3, coalesce($4::uuid[], '{}'), $4 IS NULL, $5, $6)`;

/** A session is nothing without its key; deleting it tells every process. */
const revoke = `
WITH ended AS (DELETE FROM session WHERE api_client_id = $1)
UPDATE api_client SET revoked_at = clock_timestamp() WHERE id = $1`;

const log = `SELECT append_audit('system', NULL, $1::jsonb)`;

type Row = {
  readonly id: string;
  readonly display_name: string;
  readonly company_ids: readonly string[];
  readonly all_companies: boolean;
  readonly revoked: boolean;
};

/** API clients on the connection of one request. */
export function lockedApiClients(client: PoolClient): LockedApiClients {
  const audited = (entry: AuditEntry) => client.query(log, [JSON.stringify([entry])]);
  return {
    find: async (id) => {
      const administrators = await client.query<{ id: string }>(lockAdministrators);
      const { rows } = await client.query<Row>(find, [id]);
      const [row] = rows;
      if (row === undefined) return null;
      const [only, ...others] = administrators.rows;
      return {
        id: row.id,
        displayName: row.display_name,
        companyIds: row.all_companies ? null : row.company_ids,
        isRevoked: row.revoked,
        isLastAdministrator: only?.id === row.id && others.length === 0,
      };
    },
    knownCompanies: async (ids) => {
      const { rows } = await client.query<{ id: string }>(
        'SELECT id FROM company WHERE id = ANY ($1::uuid[])',
        [ids],
      );
      return rows.map((row) => row.id);
    },
    add: async ({ id, displayName, scopes, companyIds, key }, entry) => {
      await client.query(add, [id, displayName, scopes, companyIds, key.prefix, key.hash]);
      await audited(entry);
    },
    revoke: async (id, entry) => {
      await client.query(revoke, [id]);
      await audited(entry);
    },
  };
}
