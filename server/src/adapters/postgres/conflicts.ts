import type { Pool, PoolClient } from 'pg';
import { z } from 'zod';
import { toCompanyId, toCurrency, type CompanyId } from '#core/brand.ts';
import type { Resolution } from '#core/resolution/decision.ts';
import type { Disputed } from '#core/resolution/dispute.ts';
import type { PastConflict } from '#core/resolution/rehearse-policy.ts';
import type { ConflictStatus, KnownConflict } from '#ports/change-requests.ts';
import { findCompany } from './company.ts';
import { readLink } from './locked-link.ts';

type ConflictRow = {
  readonly id: string;
  readonly company_id: string;
  readonly version: number;
  readonly status: ConflictStatus;
  readonly fields: unknown;
  readonly resolution: unknown;
};

const select = `SELECT id, company_id, version, status, fields, resolution FROM conflict WHERE id = $1`;

/** What the engine and people's requests wrote comes back as it was written; only its being there is looked at. */
const storedDisputes = z.custom<readonly Disputed[]>(Array.isArray);
const storedResolution = z.custom<Resolution>(
  (value) => typeof value === 'object' && value !== null,
);

/** A conflict with its invoice and its company; the link is locked before what hangs on it. */
export async function readConflict(
  client: Pool | PoolClient,
  id: string,
  isLocked: boolean,
): Promise<KnownConflict | null> {
  const found = await client.query<{ link_id: string }>(
    'SELECT link_id FROM conflict WHERE id = $1',
    [id],
  );
  const [place] = found.rows;
  const link = place === undefined ? null : await readLink(client, place.link_id, isLocked);
  if (link === null) return null;
  const { rows } = await client.query<ConflictRow>(
    isLocked ? `${select} FOR NO KEY UPDATE` : select,
    [id],
  );
  const [row] = rows;
  const company = await findCompany(client, link.companyId);
  if (row === undefined || company === null) return null;
  return {
    id: row.id,
    companyId: toCompanyId(row.company_id),
    link,
    version: row.version,
    status: row.status,
    disputes: storedDisputes.parse(row.fields),
    resolution: row.resolution === null ? null : storedResolution.parse(row.resolution),
    company,
  };
}

const selectPast = `
SELECT c.id, coalesce(k.currency, '') AS currency, c.fields, c.resolution FROM conflict c JOIN link k ON k.id = c.link_id
WHERE c.company_id = $1 ORDER BY c.detected_at DESC, c.id LIMIT $2`;

type PastRow = Pick<ConflictRow, 'id' | 'fields' | 'resolution'> & { readonly currency: string };

/** Conflicts of a company, whatever became of them, newest first. */
export async function findPastConflicts(
  client: PoolClient,
  companyId: CompanyId,
  limit: number,
): Promise<readonly PastConflict[]> {
  const { rows } = await client.query<PastRow>(selectPast, [companyId, limit]);
  return rows.map((row) => ({
    id: row.id,
    currency: toCurrency(row.currency),
    disputes: storedDisputes.parse(row.fields),
    decisions: row.resolution === null ? [] : storedResolution.parse(row.resolution).decisions,
  }));
}
