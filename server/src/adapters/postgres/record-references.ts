/**
 * The parts of a statement that store pairings, once `gate` (a CTE with `company_id`) has a row. A pairing found stays,
 * unless the change rests on the very version that the row still has. A record
 * that only QuickBooks had keeps its row when its counterpart comes, unless the counterpart has one already.
 */
export const recordingReferences = (gate: string, pairings: string): string => `
pairing AS (
  SELECT t.*, k.company_id FROM jsonb_to_recordset(${pairings}) AS t(kind reference_kind, status reference_status, "internalId" text,
    "internalName" text, "quickbooksId" text, "quickbooksName" text, candidates jsonb, request reference_request, version int)
    CROSS JOIN ${gate} k
),
known_there AS (
  SELECT r.id, t."internalId", t."internalName", t."quickbooksName",
    EXISTS (SELECT 1 FROM reference o WHERE o.company_id = t.company_id AND o.kind = t.kind AND o.internal_id = t."internalId") AS is_double
  FROM pairing t JOIN reference r ON r.company_id = t.company_id AND r.kind = t.kind AND r.internal_id IS NULL AND r.quickbooks_id = t."quickbooksId"
  WHERE t.status = 'MATCHED' AND t."internalId" IS NOT NULL
),
completed AS (
  UPDATE reference r SET status = 'MATCHED', internal_id = n."internalId", internal_name = n."internalName",
    quickbooks_name = coalesce(n."quickbooksName", r.quickbooks_name), candidates = '[]', request = NULL, version = r.version + 1,
    updated_at = clock_timestamp()
  FROM known_there n WHERE r.id = n.id AND NOT n.is_double
  RETURNING r.kind, r.internal_id
),
folded AS (DELETE FROM reference r USING known_there n WHERE r.id = n.id AND n.is_double),
paired AS (
  INSERT INTO reference AS r (id, company_id, kind, status, internal_id, internal_name, quickbooks_id, quickbooks_name, candidates, request, updated_at)
  SELECT gen_random_uuid(), t.company_id, t.kind, t.status, t."internalId", t."internalName", t."quickbooksId", t."quickbooksName",
    t.candidates, t.request, clock_timestamp()
  FROM pairing t WHERE t."internalId" IS NOT NULL
    AND NOT EXISTS (SELECT 1 FROM completed c WHERE c.kind = t.kind AND c.internal_id = t."internalId")
  ON CONFLICT (company_id, kind, internal_id) DO UPDATE SET status = excluded.status, internal_name = excluded.internal_name,
    quickbooks_id = excluded.quickbooks_id, quickbooks_name = excluded.quickbooks_name, candidates = excluded.candidates,
    request = excluded.request, version = r.version + 1, updated_at = clock_timestamp()
    WHERE r.version = coalesce((
      SELECT t.version FROM pairing t WHERE t.kind = r.kind AND t."internalId" = r.internal_id LIMIT 1),
      CASE WHEN r.status <> 'MATCHED' THEN r.version END)
),
unpaired AS (
  UPDATE reference r SET status = t.status, internal_id = NULL, internal_name = NULL, candidates = t.candidates, request = NULL,
    version = r.version + 1, updated_at = clock_timestamp()
  FROM pairing t WHERE t."internalId" IS NULL AND r.company_id = t.company_id AND r.kind = t.kind AND r.quickbooks_id = t."quickbooksId"
    AND r.internal_id IS NOT NULL AND r.request = 'CHECK' AND r.version = t.version
  RETURNING r.kind, r.quickbooks_id
),
lacking AS (
  INSERT INTO reference AS r (id, company_id, kind, status, quickbooks_id, quickbooks_name, candidates, request, updated_at)
  SELECT gen_random_uuid(), t.company_id, t.kind, t.status, t."quickbooksId", t."quickbooksName", t.candidates, t.request, clock_timestamp()
  FROM pairing t WHERE t."internalId" IS NULL
    AND NOT EXISTS (SELECT 1 FROM unpaired u WHERE u.kind = t.kind AND u.quickbooks_id = t."quickbooksId")
  ON CONFLICT (company_id, kind, quickbooks_id) WHERE internal_id IS NULL DO UPDATE SET status = excluded.status,
    quickbooks_name = excluded.quickbooks_name, candidates = excluded.candidates, request = excluded.request, version = r.version + 1,
    updated_at = clock_timestamp()
    WHERE r.version = coalesce((SELECT t.version FROM pairing t WHERE t.kind = r.kind AND t."quickbooksId" = r.quickbooks_id LIMIT 1), r.version)
)`;
