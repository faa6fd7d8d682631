import { createHash, randomBytes } from 'node:crypto';
import type pg from 'pg';
import { toCompanyId } from '#core/brand.ts';
import type { AuditEntry } from '#core/audit/entry.ts';
import type {
  Authorization,
  Authorizations,
  ConnectOutcome,
  NewAuthorization,
  OpenedAuthorization,
  TakenAuthorization,
} from '#ports/authorizations.ts';
import type { Connection } from '#ports/companies.ts';
import type { Tokens } from '#ports/credentials.ts';
import type { Feed } from '#ports/feed.ts';
import type { Ids } from '#ports/ids.ts';
import type { Secrets } from '#ports/secrets.ts';
import { storeTokens } from './credentials.ts';
import { firstPass } from './locked-planning.ts';

/** How long a state counts (http.md §2). */
const stateMinutes = 10;

/** A few that are long over go along. */
const open = `
WITH over AS (
  DELETE FROM company_authorization WHERE id IN (
    SELECT id FROM company_authorization WHERE expires_at < clock_timestamp() - interval '1 day' LIMIT 20 FOR UPDATE SKIP LOCKED)
)
INSERT INTO company_authorization (id, company_id, api_client_id, nonce_hash, return_path, expires_at)
VALUES ($1, $2, $3, $4, $5, clock_timestamp() + $6 * interval '1 minute')`;

/** One statement, so that of two who come back with one state one finds it used. */
const take = `
WITH found AS (
  SELECT a.id, a.company_id, a.return_path, a.api_client_id, c.display_name, a.used_at IS NOT NULL AS used,
    a.expires_at <= clock_timestamp() AS expired, a.nonce_hash IS NOT NULL AND a.nonce_hash IS DISTINCT FROM $2 AS foreign_browser,
    c.revoked_at IS NOT NULL OR NOT 'ADMIN' = ANY (c.scopes) OR NOT (c.all_companies OR a.company_id = ANY (c.company_ids)) AS barred
  FROM company_authorization a JOIN api_client c ON c.id = a.api_client_id WHERE a.id = $1 FOR UPDATE OF a
),
taken AS (
  UPDATE company_authorization a SET used_at = clock_timestamp() FROM found f
  WHERE a.id = f.id AND NOT (f.used OR f.expired OR f.foreign_browser OR f.barred)
)
SELECT * FROM found`;

/** A company that was never connected goes live with what is dated from today on (architecture.md §4). */
const connect = `
WITH connected AS (
  UPDATE company SET realm_id = $2, environment = $3, api_base_url = $4, status = 'ACTIVE', version = version + 1,
    go_live_date = CASE WHEN realm_id IS NULL THEN coalesce(go_live_date, current_date) ELSE go_live_date END
  WHERE id = $1 RETURNING id
),
due AS (UPDATE watermark SET due_at = clock_timestamp() WHERE company_id = $1),
told AS (
  INSERT INTO stream_event (id, company_id, type, summary, detail, at, correlation_id)
  SELECT gen_random_uuid(), id, 'COMPANY_CHANGED', $5, jsonb_build_object('companyId', id), clock_timestamp(), $6 FROM connected
)
SELECT append_audit(id::text, id, $7::jsonb) FROM connected`;

type FoundRow = {
  readonly company_id: string;
  readonly return_path: string;
  readonly api_client_id: string;
  readonly display_name: string;
  readonly used: boolean;
  readonly expired: boolean;
  readonly foreign_browser: boolean;
  readonly barred: boolean;
};

type CompanyRow = {
  readonly name: string;
  readonly status: string;
  readonly realm_id: string | null;
  readonly realm_name: string | null;
};

type Parts = {
  readonly pool: pg.Pool;
  readonly secrets: Secrets;
  readonly ids: Ids;
  readonly feed: Feed;
};

const hashOf = (nonce: string): string => createHash('sha256').update(nonce, 'utf8').digest('hex');

/** Marks of other things made with the same key are no states. */
const marked = (id: string): string => `quickbooks-authorization:${id}`;

/** Authorizations on PostgreSQL; a state is the id of its row with the mark of our key. */
export function createAuthorizations(parts: Parts): Authorizations {
  return {
    open: (authorization) => openAuthorization(parts, authorization),
    take: (state, nonce) => takeAuthorization(parts, state, nonce),
    connect: (authorization, connection, tokens) =>
      connectCompany(parts, authorization, connection, tokens),
  };
}

async function openAuthorization(
  { pool, secrets, ids }: Parts,
  { companyId, caller, returnPath }: NewAuthorization,
): Promise<OpenedAuthorization> {
  const id = ids.next();
  const nonce = caller.sessionId === null ? null : randomBytes(32).toString('base64url');
  const nonceHash = nonce === null ? null : hashOf(nonce);
  await pool.query(open, [id, companyId, caller.id, nonceHash, returnPath, stateMinutes]);
  return { state: `${id}.${secrets.mark(marked(id))}`, nonce };
}

const stateForm = /^([\da-f-]{36})\.([\w-]{43})$/;

async function takeAuthorization(
  { pool, secrets }: Parts,
  state: string,
  nonce: string | null,
): Promise<TakenAuthorization> {
  const [, id = '', mark = ''] = stateForm.exec(state) ?? [];
  if (id === '' || !secrets.isMarkOf(marked(id), mark)) return { kind: 'refused', why: 'forged' };
  const { rows } = await pool.query<FoundRow>(take, [id, nonce === null ? null : hashOf(nonce)]);
  const [row] = rows;
  // A signed state without a row is one whose company was disconnected meanwhile, or one that is long over.
  if (row === undefined || row.expired) return { kind: 'refused', why: 'expired' };
  if (row.used) return { kind: 'refused', why: 'used' };
  if (row.foreign_browser) return { kind: 'refused', why: 'other-browser' };
  if (row.barred) return { kind: 'refused', why: 'no-rights' };
  const authorization = {
    companyId: toCompanyId(row.company_id),
    returnPath: row.return_path,
    clientId: row.api_client_id,
    clientName: row.display_name,
  };
  return { kind: 'taken', authorization };
}

/** Two companies that come back with one realm at the same moment wait for each other here. */
const lockRealm = `SELECT pg_advisory_xact_lock(hashtextextended('quickbooks-realm:' || $1, 0))`;
const lockCompany = `
SELECT name, status, realm_id, quickbooks_facts->>'companyName' AS realm_name FROM company WHERE id = $1 FOR NO KEY UPDATE`;
const findPaired = `SELECT name FROM company WHERE realm_id = $1 AND id <> $2 AND status <> 'DISCONNECTED'`;

async function connectCompany(
  parts: Parts,
  authorization: Authorization,
  connection: Connection,
  tokens: Tokens,
): Promise<ConnectOutcome> {
  const client = await parts.pool.connect();
  try {
    await client.query('BEGIN');
    const outcome = await connectLocked(client, parts, authorization, connection, tokens);
    await client.query(outcome.kind === 'connected' ? 'COMMIT' : 'ROLLBACK');
    if (outcome.kind === 'connected') parts.feed.announce();
    return outcome;
  } catch (error) {
    await client.query('ROLLBACK').catch(() => undefined); // the first error is the one to tell
    throw error;
  } finally {
    client.release();
  }
}

async function connectLocked(
  client: pg.PoolClient,
  { secrets, ids }: Parts,
  authorization: Authorization,
  { realmId, environment, apiBaseUrl }: Connection,
  tokens: Tokens,
): Promise<ConnectOutcome> {
  const { companyId } = authorization;
  await client.query(lockRealm, [realmId]);
  const { rows } = await client.query<CompanyRow>(lockCompany, [companyId]);
  const [company] = rows;
  if (company === undefined) return { kind: 'gone' };
  const { name, realm_id: firstRealmId, realm_name: firstName } = company;
  if (firstRealmId !== null && firstRealmId !== realmId)
    return { kind: 'other-realm', name, firstRealmId, firstName };
  const paired = await client.query<{ name: string }>(findPaired, [realmId, companyId]);
  if (paired.rows[0] !== undefined)
    return { kind: 'paired', name, pairedName: paired.rows[0].name };
  await storeTokens(client, secrets, companyId, tokens);
  // A token that waited to be given back would take the new connection along.
  await client.query('DELETE FROM token_revocation WHERE company_id = $1', [companyId]);
  const correlationId = ids.next();
  const summary = `${authorization.clientName} connected ${name} to QuickBooks company ${realmId}.`;
  const entry = entryOf(authorization, company.status, summary, correlationId);
  const told = [summary, correlationId, JSON.stringify([entry])];
  await client.query(connect, [companyId, realmId, environment, apiBaseUrl, ...told]);
  await client.query(firstPass, [companyId, correlationId]);
  return { kind: 'connected', returnPath: authorization.returnPath };
}

const entryOf = (
  { companyId, clientId, clientName }: Authorization,
  before: string,
  summary: string,
  correlationId: string,
): AuditEntry => ({
  actor: { kind: 'client', id: clientId, name: clientName },
  action: 'COMPANY_CHANGED',
  summary,
  subject: { type: 'Company', id: companyId },
  linkId: null,
  changes: [{ path: 'status', side: null, before, after: 'ACTIVE' }],
  note: null,
  correlationId,
});
