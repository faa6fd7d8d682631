import { createHash, randomBytes } from 'node:crypto';
import type pg from 'pg';
import { toInstant } from '#core/brand.ts';
import type { Caller, OpenedSession, Sessions } from '#ports/access.ts';
import type { Ids } from '#ports/ids.ts';
import { callerOfRow, noteUse, type ClientRow } from './api-keys.ts';

/** How long each kind lasts (http.md §2 for the playground's). */
const sessionLimits = { cookieMinutes: 12 * 60, playgroundMinutes: 60 } as const;

/** A key that counts opens one; a few that are long over go along. */
const open = `
WITH over AS (
  DELETE FROM session WHERE id IN (
    SELECT id FROM session WHERE expires_at < clock_timestamp() - interval '1 day' LIMIT 20 FOR UPDATE SKIP LOCKED)
),
holder AS (
  SELECT id, display_name, scopes, company_ids, all_companies FROM api_client
  WHERE revoked_at IS NULL AND (key_hash = $4 OR id::text = $4)
),
opened AS (
  INSERT INTO session (id, kind, token_hash, api_client_id, expires_at)
  SELECT $1, $2, $3, id, clock_timestamp() + $5 * interval '1 minute' FROM holder
  RETURNING id, expires_at
)
SELECT h.*, o.id AS session_id, o.expires_at FROM holder h CROSS JOIN opened o`;

const find = `
WITH found AS (
  SELECT c.id, c.display_name, c.scopes, c.company_ids, c.all_companies, c.last_used_at, s.id AS session_id
  FROM session s JOIN api_client c ON c.id = s.api_client_id
  WHERE s.kind = $1 AND s.token_hash = $2 AND s.expires_at > clock_timestamp() AND c.revoked_at IS NULL
), ${noteUse}
SELECT id, display_name, scopes, company_ids, all_companies, session_id FROM found`;

type SessionRow = ClientRow & { readonly session_id: string };

const hashOf = (token: string): string => createHash('sha256').update(token, 'utf8').digest('hex');

/** Tokens tell their kind, so that one is never taken for the other. */
const prefixes = { cookie: 'lbs_', playground: 'lbp_' } as const;
type Kind = keyof typeof prefixes;

/** Sessions in the database, by the hash of their token. */
export function createSessions(pool: pg.Pool, ids: Ids): Sessions {
  const openFor = async (kind: Kind, holder: string): Promise<OpenedSession | null> => {
    const token = `${prefixes[kind]}${randomBytes(32).toString('base64url')}`;
    const { rows } = await pool.query<SessionRow & { readonly expires_at: Date }>(open, [
      ids.next(),
      kind,
      hashOf(token),
      holder,
      kind === 'cookie' ? sessionLimits.cookieMinutes : sessionLimits.playgroundMinutes,
    ]);
    const [row] = rows;
    const caller = holderIn(kind, row);
    if (row === undefined || caller === null) return null;
    return { token, expiresAt: toInstant(row.expires_at.getTime()), caller };
  };
  return {
    open: (key) => openFor('cookie', hashOf(key)),
    openPlayground: (caller) => openFor('playground', caller.id),
    holderOf: async (kind, token) => {
      if (!token.startsWith(prefixes[kind])) return null;
      const { rows } = await pool.query<SessionRow>(find, [kind, hashOf(token)]);
      return holderIn(kind, rows[0]);
    },
    close: async (token) => {
      await pool.query('DELETE FROM session WHERE token_hash = $1', [hashOf(token)]);
    },
  };
}

function holderIn(kind: Kind, row: SessionRow | undefined): Caller | null {
  const caller = callerOfRow(row);
  if (row === undefined || caller === null) return null;
  const documents = kind === 'cookie' ? 'trusted' : 'open';
  return { ...caller, documents, sessionId: row.session_id };
}
