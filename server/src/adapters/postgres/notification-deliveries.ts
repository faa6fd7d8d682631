import type pg from 'pg';
import { z } from 'zod';
import { toCompanyId } from '#core/brand.ts';
import type { Message } from '#core/notification/message.ts';
import type { Delivery } from '#ports/notifications.ts';
import type { Secrets } from '#ports/secrets.ts';

/** A claim is due again by itself when whoever made it dies; a delivery's own deadline is far shorter. */
const claim = `
WITH taken AS (
  UPDATE notification_delivery SET due_at = clock_timestamp() + interval '60 seconds' WHERE id = (
    SELECT id FROM notification_delivery WHERE due_at <= clock_timestamp() ORDER BY due_at LIMIT 1 FOR UPDATE SKIP LOCKED)
  RETURNING id, notification_id, channel, address
)
SELECT t.id, t.channel, t.address, n.message, c.id AS company_id, c.name, c.notify_webhook_secret AS secret
FROM taken t JOIN notification n ON n.id = t.notification_id JOIN company c ON c.id = n.company_id`;

/** Says in the trail what became of delivery $1; an address is shown by its mail domain or its host alone. */
const audited = (delivery: string, words: string) => `
SELECT append_audit(n.company_id::text, n.company_id, jsonb_build_array(jsonb_build_object(
  'actor', jsonb_build_object('kind', 'system', 'name', 'worker'), 'action', 'COMPANY_CHANGED',
  'summary', ${words}, 'subject', jsonb_build_object('type', 'Company', 'id', n.company_id),
  'linkId', NULL, 'note', n.message->>'subject', 'correlationId', $2::text, 'changes', '[]'::jsonb)))
FROM ${delivery} d JOIN notification n ON n.id = d.notification_id`;

const whom = `CASE d.channel WHEN 'MAIL' THEN d.address ELSE split_part(split_part(d.address, '://', 2), '/', 1) END`;

/** It was sent. */
export const sent = `
WITH done AS (
  UPDATE notification_delivery SET sent_at = clock_timestamp(), due_at = NULL, fault = NULL WHERE id = $1
  RETURNING notification_id, channel, address
)
${audited('done', `'People were told at ' || ${whom} || '.'`)}`;

/** It could not be sent: tried again, from 30 s doubling to an hour. */
export const later = `
UPDATE notification_delivery SET failures = failures + 1, fault = $2,
  due_at = clock_timestamp() + least(30 * 2 ^ least(failures, 20), 3600) * interval '1 second'
WHERE id = $1`;

/** What could not be sent for a day is given up; the pages show what waits all the same. */
export const givenUp = `
WITH ended AS (
  UPDATE notification_delivery d SET due_at = NULL FROM notification n
  WHERE d.id = $1 AND n.id = d.notification_id AND n.created_at < clock_timestamp() - interval '1 day'
  RETURNING d.notification_id, d.channel, d.address, d.fault
)
${audited('ended', `'People could not be told at ' || ${whom} || ' for a day: ' || d.fault || '.'`)}`;

type Row = {
  readonly id: string;
  readonly channel: 'MAIL' | 'WEBHOOK';
  readonly address: string;
  readonly message: unknown;
  readonly company_id: string;
  readonly name: string;
  readonly secret: Buffer | null;
};

/** We wrote it ourselves; only its being an object is looked at. */
const stored = z.custom<Message>((value) => typeof value === 'object' && value !== null);

/** The delivery that has waited longest, ours for a minute. */
export async function takeDelivery(pool: pg.Pool, secrets: Secrets): Promise<Delivery | null> {
  const { rows } = await pool.query<Row>(claim);
  const [row] = rows;
  if (row === undefined) return null;
  return {
    id: row.id,
    companyId: toCompanyId(row.company_id),
    companyName: row.name,
    message: stored.parse(row.message),
    to:
      row.channel === 'MAIL'
        ? { channel: 'mail', address: row.address }
        : { channel: 'webhook', url: row.address, secret: openSecret(row, secrets) },
  };
}

/** An address is never stored without its secret. */
function openSecret({ company_id: companyId, secret }: Row, secrets: Secrets): string {
  if (secret === null)
    throw new Error(`company ${companyId} has an address to post to, and no secret`);
  return secrets.open(secret);
}
