import type pg from 'pg';
import { z } from 'zod';

/**
 * What is still to do, in words; empty when every event has ended or waits for a person, and no link is due, claimed or
 * has an open intent. A link whose dead letter or conflict waits for a person is settled; so is work that the company's
 * status forbids, but nothing is said about it then, so ask for the status too.
 */
const leftovers = `
SELECT 'event ' || e.kind || ' of ' || coalesce(k.number, k.internal_id, e.subject_id) || ' is ' || e.stage AS what
FROM outbox_event e LEFT JOIN link k ON k.id = e.link_id
WHERE e.ended_at IS NULL AND NOT (e.stage = 'HELD' AND k.open_conflict_id IS NOT NULL)
UNION ALL
SELECT 'link ' || coalesce(number, internal_id, quickbooks_id) || ' is ' || status || ': ' || status_reason FROM link
WHERE due_at IS NOT NULL OR claim_epoch IS NOT NULL
UNION ALL
SELECT 'intent ' || operation || ' ' || object_kind || ' ' || object_key || ' is ' || state FROM intent
WHERE state IN ('PREPARED', 'SENT', 'UNCERTAIN')`;

export async function whatIsLeft(pool: pg.Pool): Promise<readonly string[]> {
  const { rows } = await pool.query(leftovers);
  return z
    .array(z.object({ what: z.string() }))
    .parse(rows)
    .map(({ what }) => what);
}
