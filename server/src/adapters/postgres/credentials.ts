import type pg from 'pg';
import { toInstant, type CompanyId } from '#core/brand.ts';
import type { Credentials, Tokens } from '#ports/credentials.ts';
import type { Secrets } from '#ports/secrets.ts';

type TokenRow = {
  access_token: Buffer;
  refresh_token: Buffer;
  previous_refresh_token: Buffer | null;
  access_expires_at: Date;
  refresh_expires_at: Date;
};

const select = `
SELECT access_token, refresh_token, previous_refresh_token, access_expires_at, refresh_expires_at
FROM quickbooks_credential WHERE company_id = $1`;

const upsert = `
INSERT INTO quickbooks_credential AS c (company_id, access_token, refresh_token, previous_refresh_token, access_expires_at, refresh_expires_at)
VALUES ($1, $2, $3, $4, to_timestamp($5::double precision / 1000), to_timestamp($6::double precision / 1000))
ON CONFLICT (company_id) DO UPDATE SET access_token = excluded.access_token, refresh_token = excluded.refresh_token,
  previous_refresh_token = excluded.previous_refresh_token, access_expires_at = excluded.access_expires_at,
  refresh_expires_at = excluded.refresh_expires_at, updated_at = clock_timestamp()`;

/** A renewal that ends after the company was disconnected must not bring its tokens back. */
const renewStored = `
UPDATE quickbooks_credential SET access_token = $2, refresh_token = $3, previous_refresh_token = $4,
  access_expires_at = to_timestamp($5::double precision / 1000), refresh_expires_at = to_timestamp($6::double precision / 1000),
  updated_at = clock_timestamp()
WHERE company_id = $1`;

const sealed = (secrets: Secrets, companyId: CompanyId, tokens: Tokens): readonly unknown[] => [
  companyId,
  secrets.seal(tokens.accessToken),
  secrets.seal(tokens.refreshToken),
  tokens.previousRefreshToken === null ? null : secrets.seal(tokens.previousRefreshToken),
  tokens.accessExpiresAt,
  tokens.refreshExpiresAt,
];

/** Stores the tokens of a consent, whatever was there before. */
export async function storeTokens(
  client: pg.Pool | pg.PoolClient,
  secrets: Secrets,
  companyId: CompanyId,
  tokens: Tokens,
): Promise<void> {
  await client.query(upsert, [...sealed(secrets, companyId, tokens)]);
}

/** Secrets of companies, sealed at rest. */
export function createCredentials(
  pool: pg.Pool,
  secrets: Secrets,
): Credentials & { store(companyId: CompanyId, tokens: Tokens): Promise<void> } {
  const store = (companyId: CompanyId, held: Tokens) => storeTokens(pool, secrets, companyId, held);
  const renewedTo = async (companyId: CompanyId, renewed: Tokens): Promise<void> => {
    const { rowCount } = await pool.query(renewStored, [...sealed(secrets, companyId, renewed)]);
    if (rowCount === 0) throw new Error('the company was disconnected meanwhile');
  };
  const tokens = async (companyId: CompanyId): Promise<Tokens | null> => {
    const { rows } = await pool.query<TokenRow>(select, [companyId]);
    return rows[0] === undefined ? null : tokensOf(rows[0], secrets);
  };
  return {
    store,
    tokens,
    rotate: (companyId, seen, refresh) =>
      rotate(pool, companyId, async () => {
        const held = await tokens(companyId);
        if (held === null) throw new Error('the company has no credentials to renew');
        // Somebody renewed them while we waited for our turn.
        if (held.accessToken !== seen.accessToken) return held;
        const renewed = await refresh(held);
        // Stored before anybody uses it: a crash in between would lose the connection (quickbooks.md §1.4).
        await renewedTo(companyId, renewed);
        return renewed;
      }),
    invoicing: async (companyId) => {
      const { rows } = await pool.query<{ invoicing_base_url: string; invoicing_token: Buffer }>(
        'SELECT invoicing_base_url, invoicing_token FROM company WHERE id = $1',
        [companyId],
      );
      const [row] = rows;
      if (row === undefined) throw new Error('no such company');
      return { baseUrl: row.invoicing_base_url, token: secrets.open(row.invoicing_token) };
    },
  };
}

/** One process at a time, by a session lock outside any transaction: the token server is waited for meanwhile. */
async function rotate(
  pool: pg.Pool,
  companyId: CompanyId,
  renew: () => Promise<Tokens>,
): Promise<Tokens> {
  const client = await pool.connect();
  const key = `quickbooks-token:${companyId}`;
  try {
    await client.query('SELECT pg_advisory_lock(hashtextextended($1, 0))', [key]);
    try {
      return await renew();
    } finally {
      await client.query('SELECT pg_advisory_unlock(hashtextextended($1, 0))', [key]);
    }
  } finally {
    client.release();
  }
}

const tokensOf = (row: TokenRow, secrets: Secrets): Tokens => ({
  accessToken: secrets.open(row.access_token),
  refreshToken: secrets.open(row.refresh_token),
  previousRefreshToken:
    row.previous_refresh_token === null ? null : secrets.open(row.previous_refresh_token),
  accessExpiresAt: toInstant(row.access_expires_at.getTime()),
  refreshExpiresAt: toInstant(row.refresh_expires_at.getTime()),
});
