import type pg from 'pg';
import { toCompanyId, toInstant } from '#core/brand.ts';
import { noticesMax, type Message, type Notice } from '#core/notification/message.ts';
import type { NotificationKind, QuietHours } from '#core/notification/notifications.ts';
import type {
  CompanyToTell,
  Delivery,
  DeliveryOutcome,
  Notifications,
} from '#ports/notifications.ts';
import type { Ids } from '#ports/ids.ts';
import type { Secrets } from '#ports/secrets.ts';
import { givenUp, later, sent, takeDelivery } from './notification-deliveries.ts';

/** Days before the end of QuickBooks access at which people are warned. */
const warnDays = 'ARRAY[2, 7, 14]';

/** What waits for a person in company `c`, whether somebody was told or not. */
const waiting = `(
  SELECT 'CONFLICT'::notification_kind AS kind, id::text AS subject_id, link_id, detected_at AS since, NULL::numeric AS amount, NULL AS currency,
    'Both sides changed ' || CASE cardinality(paths) WHEN 1 THEN 'a field' ELSE cardinality(paths) || ' fields' END
      || ' to different values. Choose which of them holds.' AS sentence
  FROM conflict WHERE company_id = c.id AND status = 'OPEN'
  UNION ALL
  SELECT 'DEAD_LETTER', id::text, link_id, died_at, amount, currency, explanation FROM dead_letter WHERE company_id = c.id AND status = 'OPEN'
  UNION ALL
  SELECT 'DRIFT', id::text, link_id, found_at, amount, currency, 'A reconcile found that the books differ. Proposed: ' || proposed_repair
  FROM drift WHERE company_id = c.id AND status = 'OPEN'
  UNION ALL
  SELECT 'ACCESS', 'lapsed:' || coalesce(floor(extract(epoch FROM q.updated_at))::text, ''), NULL, clock_timestamp(), NULL, NULL,
    'The access to QuickBooks has lapsed. Nothing crosses until somebody connects the company again; nothing is lost meanwhile.'
  FROM (SELECT 1) AS one LEFT JOIN quickbooks_credential q ON q.company_id = c.id WHERE c.status = 'NEEDS_RECONNECT'
  UNION ALL
  SELECT 'ACCESS', 'ends:' || stage.days || ':' || (q.refresh_expires_at AT TIME ZONE 'UTC')::date, NULL, clock_timestamp(), NULL, NULL,
    'The access to QuickBooks ends on ' || to_char(q.refresh_expires_at AT TIME ZONE 'UTC', 'FMDD FMMonth YYYY') || '. Connect the company again before then, and nothing stops.'
  FROM quickbooks_credential q CROSS JOIN LATERAL (
    SELECT min(days) AS days FROM unnest(${warnDays}) AS days WHERE q.refresh_expires_at < clock_timestamp() + days * interval '1 day') stage
  WHERE q.company_id = c.id AND c.status IN ('ACTIVE', 'PAUSED') AND stage.days IS NOT NULL
)`;

const untold = `w.kind = ANY (c.notify_kinds)
  AND NOT EXISTS (SELECT 1 FROM notification_told t WHERE t.company_id = c.id AND t.kind = w.kind AND t.subject_id = w.subject_id)`;

/** Whoever can only be mailed to waits until there is a mail server ($1). */
const claim = `
SELECT c.id, c.name, c.notify_quiet_hours AS quiet_hours FROM company c
WHERE c.notify_after <= clock_timestamp() AND c.status <> 'DISCONNECTED'
  AND (($1 AND cardinality(c.notify_emails) > 0) OR c.notify_webhook_url IS NOT NULL)
  AND EXISTS (SELECT 1 FROM ${waiting} w WHERE ${untold})
ORDER BY c.notify_after LIMIT 1 FOR NO KEY UPDATE OF c SKIP LOCKED`;

const list = `
SELECT w.kind, w.subject_id, coalesce(l.number, l.internal_id, l.quickbooks_id) AS invoice, l.customer_name AS customer,
  round(coalesce(w.amount, l.total), 2)::text AS amount, coalesce(w.currency, l.currency) AS currency, w.sentence, w.since, count(*) OVER ()::int AS total
FROM company c CROSS JOIN LATERAL ${waiting} w LEFT JOIN link l ON l.id = w.link_id
WHERE c.id = $1 AND ${untold} ORDER BY w.since, w.subject_id LIMIT ${noticesMax}`;

/** What no longer waits is forgotten, so that it is told again should it wait again. */
const forget = `
DELETE FROM notification_told t USING company c WHERE t.company_id = c.id
  AND NOT EXISTS (SELECT 1 FROM ${waiting} w WHERE w.kind = t.kind AND w.subject_id = t.subject_id)`;

const file = `
WITH told AS (
  INSERT INTO notification_told (company_id, kind, subject_id)
  SELECT c.id, w.kind, w.subject_id FROM company c CROSS JOIN LATERAL ${waiting} w WHERE c.id = $1 AND ${untold}
),
made AS (INSERT INTO notification (id, company_id, message) VALUES ($2, $1, $3) RETURNING id),
addressed AS (
  INSERT INTO notification_delivery (id, notification_id, channel, address)
  SELECT gen_random_uuid(), made.id, a.channel, a.address FROM made CROSS JOIN company c CROSS JOIN LATERAL (
    SELECT 'MAIL'::notification_channel AS channel, address FROM unnest(c.notify_emails) AS address WHERE $4
    UNION ALL SELECT 'WEBHOOK', c.notify_webhook_url WHERE c.notify_webhook_url IS NOT NULL) a
  WHERE c.id = $1
)
UPDATE company SET notify_after = clock_timestamp() + notify_digest_minutes * interval '1 minute' WHERE id = $1`;

const putOff = `UPDATE company SET notify_after = clock_timestamp() + interval '1 minute' WHERE id = $1`;

const clearOld = `DELETE FROM notification WHERE created_at < clock_timestamp() - interval '30 days'`;

type CompanyRow = {
  readonly id: string;
  readonly name: string;
  readonly quiet_hours: QuietHours | null;
};
type NoticeRow = Omit<Notice, 'subjectId' | 'since' | 'kind'> & {
  readonly kind: NotificationKind;
  readonly subject_id: string;
  readonly since: Date;
  readonly total: number;
};

type Options = {
  readonly pool: pg.Pool;
  readonly secrets: Secrets;
  readonly ids: Ids;
  /** Whether there is a mail server. */
  readonly canMail: boolean;
};

/** Messages to people, on PostgreSQL. */
export const createNotifications = (options: Options): Notifications => ({
  gather: (compose) => gather(options, compose),
  deliver: (send) => deliver(options, send),
});

/** The company's row is held meanwhile, so that one process makes the message; nothing waits on the network. */
async function gather(
  { pool, ids, canMail }: Options,
  compose: (company: CompanyToTell) => Message | null,
): Promise<boolean> {
  const client = await pool.connect();
  try {
    await client.query(forget);
    await client.query('BEGIN');
    const { rows } = await client.query<CompanyRow>(claim, [canMail]);
    const [company] = rows;
    if (company !== undefined) {
      const listed = await client.query<NoticeRow>(list, [company.id]);
      const message = compose(companyOf(company, listed.rows));
      if (message === null) await client.query(putOff, [company.id]);
      else await client.query(file, [company.id, ids.next(), JSON.stringify(message), canMail]);
      await client.query(clearOld);
    }
    await client.query('COMMIT');
    return company !== undefined;
  } catch (error) {
    await client.query('ROLLBACK').catch(() => undefined); // the first error is the one to tell
    throw error;
  } finally {
    client.release();
  }
}

const companyOf = (company: CompanyRow, notices: readonly NoticeRow[]): CompanyToTell => ({
  companyId: toCompanyId(company.id),
  name: company.name,
  quietHours: company.quiet_hours,
  notices: notices.map(({ subject_id: subjectId, since, total: _total, ...notice }) => ({
    ...notice,
    subjectId,
    since: toInstant(since.getTime()),
  })),
  total: notices[0]?.total ?? 0,
});

async function deliver(
  { pool, secrets, ids }: Options,
  send: (delivery: Delivery) => Promise<DeliveryOutcome>,
): Promise<boolean> {
  const delivery = await takeDelivery(pool, secrets);
  if (delivery === null) return false;
  const outcome = await send(delivery);
  if (outcome.kind === 'sent') await pool.query(sent, [delivery.id, ids.next()]);
  else {
    await pool.query(later, [delivery.id, outcome.fault]);
    await pool.query(givenUp, [delivery.id, ids.next()]);
  }
  return true;
}
