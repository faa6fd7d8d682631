import type pg from 'pg';
import { z } from 'zod';
import { toInstant } from '#core/brand.ts';
import type { ConnectionStates } from '#ports/connection-states.ts';
import { resting } from './breaker.ts';

const select = `
SELECT c.invoicing_base_url, c.last_webhook_at, ${resting} AS is_resting,
  (SELECT q.refresh_expires_at FROM quickbooks_credential q WHERE q.company_id = c.id) AS access_expires_at,
  (SELECT max(e.received_at) FROM outbox_event e WHERE e.company_id = c.id AND e.source = 'INVOICING_WEBHOOK') AS invoicing_webhook_at,
  coalesce((SELECT jsonb_agg(jsonb_build_object('kind', kind, 'matched', matched, 'waiting', waiting) ORDER BY kind) FROM (
    SELECT r.kind, count(*) FILTER (WHERE r.status = 'MATCHED')::int AS matched, count(*) FILTER (WHERE r.status <> 'MATCHED')::int AS waiting
    FROM reference r WHERE r.company_id = c.id GROUP BY r.kind) counted), '[]') AS "references"
FROM company c WHERE c.id = $1`;

const counted = z.array(
  z.object({
    kind: z.enum(['CUSTOMER', 'ITEM', 'TAX_CODE', 'TERMS', 'PAYMENT_METHOD', 'INCOME_ACCOUNT']),
    matched: z.number(),
    waiting: z.number(),
  }),
);

type Row = {
  readonly invoicing_base_url: string;
  readonly last_webhook_at: Date | null;
  readonly is_resting: boolean | null;
  readonly access_expires_at: Date | null;
  readonly invoicing_webhook_at: Date | null;
  readonly references: unknown;
};

const instantOf = (at: Date | null) => (at === null ? null : toInstant(at.getTime()));

/** What PostgreSQL holds about connections. */
export const createConnectionStates = (pool: pg.Pool): ConnectionStates => ({
  of: async (companyId) => {
    const { rows } = await pool.query<Row>(select, [companyId]);
    const [row] = rows;
    if (row === undefined) return null;
    return {
      accessExpiresAt: instantOf(row.access_expires_at),
      lastQuickbooksWebhookAt: instantOf(row.last_webhook_at),
      lastInvoicingWebhookAt: instantOf(row.invoicing_webhook_at),
      invoicingBaseUrl: row.invoicing_base_url,
      isResting: row.is_resting === true,
      references: counted.parse(row.references),
    };
  },
});
