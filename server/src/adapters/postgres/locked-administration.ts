import type { PoolClient } from 'pg';
import { toCompanyId, type CompanyId } from '#core/brand.ts';
import type { Company } from '#core/company/company.ts';
import type {
  AdministeredCompany,
  CompanyChange,
  LockedAdministration,
} from '#ports/administration.ts';
import type { NotificationKind, QuietHours } from '#core/notification/notifications.ts';
import { insertCompany } from './companies.ts';
import { findCompany } from './company.ts';

const select = `
SELECT id, version, name, status, invoicing_base_url, notify_emails, notify_webhook_url, notify_kinds::text[] AS notify_kinds,
  notify_digest_minutes, notify_quiet_hours
FROM company WHERE id = $1 FOR NO KEY UPDATE`;

/** What is not named stays; what may be empty is told from what was left out by its key. */
const change = `
UPDATE company SET version = version + 1,
  create_missing_references = coalesce((s->>'createMissingReferences')::boolean, create_missing_references),
  import_from_quickbooks = coalesce((s->>'importFromQuickbooks')::boolean, import_from_quickbooks),
  go_live_date = CASE WHEN s ? 'goLiveDate' THEN (s->>'goLiveDate')::date ELSE go_live_date END,
  tax_variance_tolerance = coalesce((s->>'taxVarianceTolerance')::numeric, tax_variance_tolerance),
  undo_window_seconds = coalesce((s->>'undoWindowSeconds')::int, undo_window_seconds),
  mark_documents = coalesce((s->>'markDocuments')::boolean, mark_documents),
  income_account_id = CASE WHEN s ? 'incomeAccountId' THEN s->>'incomeAccountId' ELSE income_account_id END,
  notify_emails = CASE WHEN n ? 'emails' THEN ARRAY(SELECT jsonb_array_elements_text(n->'emails')) ELSE notify_emails END,
  notify_webhook_url = CASE WHEN n ? 'webhookUrl' THEN n->>'webhookUrl' ELSE notify_webhook_url END,
  notify_kinds = CASE WHEN n ? 'kinds' THEN ARRAY(SELECT jsonb_array_elements_text(n->'kinds'))::notification_kind[] ELSE notify_kinds END,
  notify_digest_minutes = coalesce((n->>'digestMinutes')::int, notify_digest_minutes),
  notify_quiet_hours = CASE WHEN n ? 'quietHours' THEN nullif(n->'quietHours', 'null') ELSE notify_quiet_hours END,
  notify_after = CASE WHEN n = '{}' THEN notify_after ELSE clock_timestamp() END,
  notify_webhook_secret = coalesce($8::bytea, notify_webhook_secret),
  invoicing_base_url = coalesce($4, invoicing_base_url),
  invoicing_token = coalesce($5, invoicing_token),
  invoicing_previous_secret = CASE WHEN $6::bytea IS NULL THEN invoicing_previous_secret
    WHEN $7::timestamptz IS NOT NULL THEN invoicing_webhook_secret END,
  invoicing_secret_overlap_until = CASE WHEN $6::bytea IS NULL THEN invoicing_secret_overlap_until ELSE $7::timestamptz END,
  invoicing_webhook_secret = coalesce($6::bytea, invoicing_webhook_secret)
FROM (SELECT $2::jsonb AS s, $3::jsonb AS n) AS change WHERE id = $1`;

/**
 * No call leaves for the company from here on: its tokens are gone but for the one to give back, and whoever holds the
 * lease has lost it, so that nothing more is recorded under it.
 */
const disconnect = `
WITH disconnected AS (UPDATE company SET status = 'DISCONNECTED', version = version + 1 WHERE id = $1 RETURNING id),
given_up AS (DELETE FROM quickbooks_credential WHERE company_id = $1 RETURNING refresh_token),
fenced AS (
  UPDATE company_lease SET epoch = epoch + 1, holder = NULL, expires_at = clock_timestamp() WHERE company_id = $1
),
dropped AS (DELETE FROM company_authorization WHERE company_id = $1 AND used_at IS NULL)
INSERT INTO token_revocation (id, company_id, token) SELECT gen_random_uuid(), $1, refresh_token FROM given_up`;

type Row = {
  readonly id: string;
  readonly version: number;
  readonly name: string;
  readonly status: Company['status'];
  readonly invoicing_base_url: string;
  readonly notify_emails: readonly string[];
  readonly notify_webhook_url: string | null;
  readonly notify_kinds: readonly NotificationKind[];
  readonly notify_digest_minutes: number;
  readonly notify_quiet_hours: QuietHours | null;
};

/** Companies on the connection of one request. */
export const lockedAdministration = (client: PoolClient): LockedAdministration => ({
  find: (id) => lockCompany(client, id),
  add: (company, audit) => insertCompany(client, company, audit),
});

async function lockCompany(client: PoolClient, id: string): Promise<AdministeredCompany | null> {
  const { rows } = await client.query<Row>(select, [id]);
  const company = rows[0] === undefined ? null : await findCompany(client, toCompanyId(id));
  const [row] = rows;
  if (row === undefined || company === null) return null;
  return {
    id: company.id,
    version: row.version,
    name: row.name,
    status: row.status,
    mode: company.mode,
    settings: company.settings,
    invoicingBaseUrl: row.invoicing_base_url,
    notifications: {
      emails: row.notify_emails,
      webhookUrl: row.notify_webhook_url,
      kinds: row.notify_kinds,
      digestMinutes: row.notify_digest_minutes,
      quietHours: row.notify_quiet_hours,
    },
  };
}

/** Writes what an administrator changed. */
export async function changeCompany(
  client: PoolClient,
  companyId: CompanyId,
  { settings, notifications, disconnected, ...invoicing }: CompanyChange,
): Promise<void> {
  if (disconnected === true) {
    await client.query(disconnect, [companyId]);
    return;
  }
  await client.query(change, [
    companyId,
    JSON.stringify(settings ?? {}),
    JSON.stringify(notifications ?? {}),
    invoicing.invoicingBaseUrl ?? null,
    invoicing.invoicingToken ?? null,
    invoicing.invoicingWebhookSecret?.sealed ?? null,
    invoicing.invoicingWebhookSecret?.overlapUntil ?? null,
    invoicing.notificationSecret ?? null,
  ]);
}
