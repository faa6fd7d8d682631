import type pg from 'pg';
import { z } from 'zod';
import { toCompanyId, type CompanyId } from '#core/brand.ts';
import type { AuditEntry } from '#core/audit/entry.ts';
import type { SealedCompany } from '#ports/administration.ts';
import type { Companies, Connection, NewCompany, WebhookCompany } from '#ports/companies.ts';
import type { Ids } from '#ports/ids.ts';
import type { Secrets } from '#ports/secrets.ts';

const insert = `
WITH made AS (
  INSERT INTO company (id, name, demo, mode, go_live_date, invoicing_base_url, invoicing_token, invoicing_webhook_secret)
  VALUES ($1, $2, $3, $4, $5, $6, $7, $8) RETURNING id
),
watched AS (
  INSERT INTO watermark (company_id, side, since, starts_at, due_at)
  SELECT id, sides.side, clock_timestamp(), clock_timestamp(), clock_timestamp() FROM made CROSS JOIN unnest(enum_range(NULL::side)) AS sides(side)
),
told AS (
  INSERT INTO stream_event (id, company_id, type, summary, detail, at, correlation_id)
  SELECT gen_random_uuid(), id, 'COMPANY_CHANGED', $10, jsonb_build_object('companyId', id), clock_timestamp(), $11 FROM made
)
SELECT append_audit(id::text, id, $9::jsonb) FROM made`;

const connect = `
WITH connected AS (
  UPDATE company SET realm_id = $2, environment = $3, api_base_url = $4, status = 'ACTIVE', version = version + 1 WHERE id = $1 RETURNING id
),
told AS (
  INSERT INTO stream_event (id, company_id, type, summary, detail, at, correlation_id)
  SELECT gen_random_uuid(), id, 'COMPANY_CHANGED', $5, jsonb_build_object('companyId', id), clock_timestamp(), $6 FROM connected
)
SELECT append_audit(id::text, id, $7::jsonb) FROM connected`;

const webhookCompany = `
SELECT id, invoicing_webhook_secret, CASE WHEN invoicing_secret_overlap_until > clock_timestamp() THEN invoicing_previous_secret END AS previous
FROM company WHERE id = $1 AND status <> 'DISCONNECTED'`;

/** Companies on PostgreSQL. */
export function createCompanies(pool: pg.Pool, secrets: Secrets, ids: Ids): Companies {
  return {
    create: (company) => create(pool, secrets, ids, company),
    connect: (id, connection) => connectCompany(pool, ids, id, connection),
    forInvoicingWebhook: (id) => findForWebhook(pool, secrets, id),
    byRealm: (realmIds) => findByRealm(pool, realmIds),
    demo: async () => {
      const { rows } = await pool.query<{ id: string; connected: boolean }>(
        `SELECT id, realm_id IS NOT NULL AS connected FROM company WHERE demo ORDER BY created_at LIMIT 1`,
      );
      const [row] = rows;
      return row === undefined ? null : { id: toCompanyId(row.id), connected: row.connected };
    },
    importHistory: async (id) => {
      const { rowCount } = await pool.query(importHistory, [id]);
      return rowCount === 1;
    },
    newsOnItsWay: async (id, internalIds) => {
      const { rows } = await pool.query<{ found: boolean }>(newsOnItsWay, [id, internalIds]);
      return rows[0]?.found === true;
    },
    hasForeign: async () => {
      const { rows } = await pool.query<{ found: boolean }>(
        'SELECT EXISTS (SELECT 1 FROM company WHERE NOT demo) AS found',
      );
      return rows[0]?.found === true;
    },
    refuseOtherEnvironments: async (environment, apiBaseUrl) => {
      const { rowCount } = await pool.query(
        `UPDATE company SET status = 'NEEDS_RECONNECT', version = version + 1
         WHERE status = 'ACTIVE' AND (environment IS DISTINCT FROM $1 OR api_base_url IS DISTINCT FROM $2)`,
        [environment, apiBaseUrl],
      );
      return rowCount ?? 0;
    },
  };
}

const importHistory = `
UPDATE company SET import_from_quickbooks = true, reconcile_due_at = clock_timestamp(), version = version + 1 WHERE id = $1 AND demo
  AND NOT EXISTS (SELECT 1 FROM reconcile_run r WHERE r.company_id = company.id AND r.status IN ('QUEUED', 'RUNNING'))`;

const newsOnItsWay = `
SELECT EXISTS (
  SELECT 1 FROM link WHERE company_id = $1 AND internal_id = ANY ($2::text[]) AND (due_at IS NOT NULL OR claim_epoch IS NOT NULL)
) OR EXISTS (
  SELECT 1 FROM outbox_event WHERE company_id = $1 AND link_id IS NULL AND ended_at IS NULL AND subject_side = 'INTERNAL'
    AND coalesce(subject_invoice_id, subject_id) = ANY ($2::text[])
) AS found`;

/** Makes a company with its watermarks and its first entry in the audit trail. */
export async function insertCompany(
  client: pg.Pool | pg.PoolClient,
  company: SealedCompany,
  entry: AuditEntry,
): Promise<void> {
  await client.query(insert, [
    company.id,
    company.name,
    company.demo,
    company.mode,
    company.goLiveDate,
    company.invoicingBaseUrl,
    company.invoicingToken,
    company.invoicingWebhookSecret,
    JSON.stringify([entry]),
    entry.summary,
    entry.correlationId,
  ]);
}

async function create(
  pool: pg.Pool,
  secrets: Secrets,
  ids: Ids,
  company: NewCompany,
): Promise<void> {
  const entry = changed(
    company.id,
    ids.next(),
    `${company.name} was made from its internal books.`,
    null,
    'AWAITING_AUTHORIZATION',
  );
  const sealed = {
    ...company,
    invoicingToken: secrets.seal(company.invoicingToken),
    invoicingWebhookSecret: secrets.seal(company.invoicingWebhookSecret),
  };
  await insertCompany(pool, sealed, entry);
}

async function connectCompany(
  pool: pg.Pool,
  ids: Ids,
  id: CompanyId,
  { realmId, environment, apiBaseUrl }: Connection,
): Promise<void> {
  const correlationId = ids.next();
  const summary = `QuickBooks company ${realmId} was connected.`;
  const entry = changed(id, correlationId, summary, 'AWAITING_AUTHORIZATION', 'ACTIVE');
  await pool.query(connect, [
    id,
    realmId,
    environment,
    apiBaseUrl,
    summary,
    correlationId,
    JSON.stringify([entry]),
  ]);
}

const changed = (
  id: CompanyId,
  correlationId: string,
  summary: string,
  before: string | null,
  after: string,
): AuditEntry => ({
  actor: { kind: 'system', name: 'onboarding' },
  action: 'COMPANY_CHANGED',
  summary,
  subject: { type: 'Company', id },
  linkId: null,
  changes: [{ path: 'status', side: null, before, after }],
  note: null,
  correlationId,
});

const uuid = z.uuid();

async function findForWebhook(
  pool: pg.Pool,
  secrets: Secrets,
  id: string,
): Promise<WebhookCompany | null> {
  if (!uuid.safeParse(id).success) return null;
  const { rows } = await pool.query<{
    id: string;
    invoicing_webhook_secret: Buffer;
    previous: Buffer | null;
  }>(webhookCompany, [id]);
  const [row] = rows;
  if (row === undefined) return null;
  const previous = row.previous === null ? [] : [secrets.open(row.previous)];
  return {
    id: toCompanyId(row.id),
    secrets: [secrets.open(row.invoicing_webhook_secret), ...previous],
  };
}

async function findByRealm(
  pool: pg.Pool,
  realmIds: readonly string[],
): Promise<ReadonlyMap<string, CompanyId>> {
  const { rows } = await pool.query<{ id: string; realm_id: string }>(
    `SELECT id, realm_id FROM company WHERE realm_id = ANY ($1) AND status <> 'DISCONNECTED'`,
    [realmIds],
  );
  return new Map(rows.map((row) => [row.realm_id, toCompanyId(row.id)]));
}
