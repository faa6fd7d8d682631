import type { Pool, PoolClient } from 'pg';
import { toCompanyId, toInstant, type CompanyId } from '#core/brand.ts';
import type { Side } from '#core/side.ts';
import { isGone } from '#core/invoice/invoice.ts';
import type { BaseHalves } from '#core/plan/advance-base.ts';
import type { LockedLink } from '#ports/change-requests.ts';
import { storedInvoice, storedVariance } from './row.ts';

const selectLink = `
SELECT l.id, l.company_id, l.version, l.internal_id, l.quickbooks_id, l.number, l.status_reason, l.open_dead_letter_id,
  l.uncertain, l.claim_epoch IS NOT NULL AS claimed, l.paused, l.paused_by, l.open_conflict_id IS NOT NULL AS in_conflict, l.due_at IS NOT NULL AS due,
  CASE WHEN l.due_at > clock_timestamp() THEN l.due_at END AS next_try_at,
  l.base_internal, l.base_quickbooks, l.tax_variance,
  (SELECT d.reason FROM dead_letter d WHERE d.id = l.open_dead_letter_id) AS open_dead_letter_reason,
  (SELECT o.content FROM observation o WHERE o.id = l.internal_observation_id) AS internal_content,
  (SELECT o.content FROM observation o WHERE o.id = l.quickbooks_observation_id) AS quickbooks_content,
  (SELECT c.id FROM conflict c WHERE c.link_id = l.id AND c.status = 'APPLYING' LIMIT 1) AS applying_conflict_id
FROM link l WHERE l.id = $1`;

/** `NO KEY`: rows that only refer to this one are written meanwhile. */
const lockLink = `${selectLink} FOR NO KEY UPDATE OF l`;

/** A link with what requests look at; locked on demand. */
export async function readLink(
  client: Pool | PoolClient,
  id: string,
  isLocked: boolean,
): Promise<LockedLink | null> {
  const { rows } = await client.query<LinkRow>(isLocked ? lockLink : selectLink, [id]);
  const [row] = rows;
  return row === undefined ? null : linkOf(row);
}

/** The id of the link that holds a side's document. */
export async function findHolding(
  client: PoolClient,
  companyId: CompanyId,
  side: Side,
  externalId: string,
): Promise<string | null> {
  const column = side === 'internal' ? 'internal_id' : 'quickbooks_id';
  const { rows } = await client.query<{ id: string }>(
    `SELECT id FROM link WHERE company_id = $1 AND ${column} = $2`,
    [companyId, externalId],
  );
  return rows[0]?.id ?? null;
}

type LinkRow = {
  readonly id: string;
  readonly company_id: string;
  readonly version: number;
  readonly internal_id: string | null;
  readonly quickbooks_id: string | null;
  readonly number: string | null;
  readonly status_reason: string;
  readonly open_dead_letter_id: string | null;
  readonly open_dead_letter_reason: LockedLink['openDeadLetterReason'];
  readonly uncertain: boolean;
  readonly claimed: boolean;
  readonly paused: boolean;
  readonly paused_by: string | null;
  readonly in_conflict: boolean;
  readonly due: boolean;
  readonly next_try_at: Date | null;
  readonly base_internal: unknown;
  readonly base_quickbooks: unknown;
  readonly internal_content: unknown;
  readonly quickbooks_content: unknown;
  readonly tax_variance: unknown;
  readonly applying_conflict_id: string | null;
};

const linkOf = (row: LinkRow): LockedLink => ({
  id: row.id,
  companyId: toCompanyId(row.company_id),
  version: row.version,
  internalId: row.internal_id,
  quickbooksId: row.quickbooks_id,
  number: row.number,
  facts: {
    uncertain: row.uncertain,
    claimed: row.claimed,
    paused: row.paused,
    deadLettered: row.open_dead_letter_id !== null,
    inConflict: row.in_conflict,
    due: row.due,
    onBothSides: row.internal_id !== null && row.quickbooks_id !== null,
  },
  statusReason: row.status_reason,
  nextTryAt: row.next_try_at === null ? null : toInstant(row.next_try_at.getTime()),
  pausedBy: row.paused_by,
  openDeadLetterId: row.open_dead_letter_id,
  openDeadLetterReason: row.open_dead_letter_reason,
  base: halvesOf(row.base_internal, row.base_quickbooks),
  present: halvesOf(row.internal_content, row.quickbooks_content),
  isGone: row.internal_content !== null && isGone(storedInvoice.parse(row.internal_content)),
  taxVariance: row.tax_variance === null ? null : storedVariance.parse(row.tax_variance),
  applyingConflictId: row.applying_conflict_id,
});

const halvesOf = (internal: unknown, quickbooks: unknown): BaseHalves | null =>
  internal === null || quickbooks === null
    ? null
    : { internal: storedInvoice.parse(internal), quickbooks: storedInvoice.parse(quickbooks) };
