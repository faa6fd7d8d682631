import type { Pool, PoolClient } from 'pg';
import { z } from 'zod';
import { toCompanyId } from '#core/brand.ts';
import type { Resolution } from '#core/resolution/decision.ts';
import type { Disputed } from '#core/resolution/dispute.ts';
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
