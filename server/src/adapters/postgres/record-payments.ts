import type { PaymentsChange } from '#ports/stored-payments.ts';

/** Parts of the statement that records a step: what it remembers of payments, out of `$20`. */
export const recordingPayments = `
payments_paired AS (
  INSERT INTO payment AS p (id, company_id, link_id, key, internal_id, quickbooks_id, base_internal, base_quickbooks, made_in)
  SELECT gen_random_uuid(), k.company_id, k.id, t.key, t."internalId", t."quickbooksId", t.base->'internal', t.base->'quickbooks', t."madeIn"
  FROM jsonb_to_recordset($20::jsonb#>'{payments,paired}') AS t(key text, "internalId" text, "quickbooksId" text, base jsonb, "madeIn" side)
    CROSS JOIN the_link k
  ON CONFLICT (company_id, internal_id) WHERE state = 'PAIRED' DO UPDATE SET base_internal = excluded.base_internal,
    base_quickbooks = excluded.base_quickbooks, version = p.version + 1
),
payments_ended AS (
  UPDATE payment p SET state = 'ENDED', ended_at = clock_timestamp(), version = p.version + 1
  FROM the_link k WHERE p.link_id = k.id AND p.state = 'PAIRED'
    AND p.key IN (SELECT jsonb_array_elements_text($20::jsonb#>'{payments,ended}'))
),
payments_seen AS (
  INSERT INTO quickbooks_payment (company_id, quickbooks_id, content, raw, fresh, captured_at)
  SELECT k.company_id, t.id, t.content, t.raw, t.fresh, clock_timestamp()
  FROM jsonb_to_recordset($20::jsonb#>'{payments,seen}') AS t(id text, content jsonb, raw jsonb, fresh boolean) CROSS JOIN the_link k
  ON CONFLICT (company_id, quickbooks_id) DO UPDATE SET content = excluded.content, raw = excluded.raw, fresh = excluded.fresh,
    captured_at = excluded.captured_at
),
payments_stale AS (
  UPDATE quickbooks_payment p SET fresh = false
  FROM the_link k WHERE p.company_id = k.company_id
    AND p.quickbooks_id IN (SELECT jsonb_array_elements_text($20::jsonb#>'{payments,stale}'))
    AND p.quickbooks_id NOT IN (SELECT value->>'id' FROM jsonb_array_elements($20::jsonb#>'{payments,seen}'))
)`;

/** The change as the statement takes it; one that is seen and stale at once is stored as stale. */
export const paymentsRow = ({
  paired = [],
  ended = [],
  seen = [],
  stale = [],
}: PaymentsChange = {}) => ({
  paired: paired.map((pair) => ({ ...pair, madeIn: pair.madeIn?.toUpperCase() ?? null })),
  ended,
  seen: seen.map(({ payment, raw }) => ({
    id: payment.id,
    content: payment,
    raw,
    fresh: !stale.includes(payment.id),
  })),
  stale,
});
