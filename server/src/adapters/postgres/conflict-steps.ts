/**
 * Parts of the statement that records a step (record-step.ts), for the conflict a claim came with: `$3` the link, `$2` the
 * epoch, `$16` the disputed fields, `$20` the rarer parts of the step.
 */

const to = `$20::jsonb#>>'{conflict,to}'`;
const id = `($20::jsonb#>>'{conflict,id}')::uuid`;

/** Whether the step leaves decisions alone. */
export const takesUpNothing = `coalesce(${to} NOT IN ('APPLYING', 'RESOLVED'), true)`;

/**
 * A decision is taken up by the statement that writes its intents, or that settles without a write: only after the undo
 * window, by database time (architecture.md §4, "Resolutions"). The link is locked first, as everywhere; an undo that
 * holds the conflict is waited for, and once it has committed there is nothing to take up.
 */
export const takenConflict = `own AS (
  SELECT l.id FROM link l WHERE l.id = $3 AND l.claim_epoch = $2 AND EXISTS (SELECT 1 FROM held) FOR NO KEY UPDATE OF l
),
taken AS (
  UPDATE conflict c SET status = (${to})::conflict_status, version = c.version + 1,
    ended_at = CASE WHEN ${to} = 'RESOLVED' THEN clock_timestamp() END
  FROM own WHERE c.id = ${id} AND c.link_id = own.id AND NOT ${takesUpNothing}
    AND (c.status = 'APPLYING' OR (c.status = 'UNDO_WINDOW' AND c.apply_after <= clock_timestamp()))
  RETURNING c.id
)`;

/** Opens a conflict, keeps its values up to date, and opens it again with the choices that still hold. */
export const disputedConflict = `disputed AS (
  INSERT INTO conflict (id, company_id, link_id, fields, amount_at_stake, pattern, paths, kept, detected_at)
  SELECT ($5::jsonb->>'openConflictId')::uuid, k.company_id, k.id, $16::jsonb, ($20::jsonb->>'amountAtStake')::numeric,
    $20::jsonb#>>'{dispute,pattern}', ARRAY(SELECT jsonb_array_elements_text($20::jsonb#>'{dispute,paths}')),
    $20::jsonb#>'{conflict,kept}', clock_timestamp()
  FROM the_link k WHERE $16::jsonb IS NOT NULL
  ON CONFLICT (id) DO UPDATE SET fields = excluded.fields, amount_at_stake = excluded.amount_at_stake, pattern = excluded.pattern,
    paths = excluded.paths, version = conflict.version + 1,
    status = CASE WHEN ${to} = 'OPEN' THEN 'OPEN' ELSE conflict.status END,
    resolution = CASE WHEN ${to} = 'OPEN' THEN NULL ELSE conflict.resolution END,
    apply_after = CASE WHEN ${to} = 'OPEN' THEN NULL ELSE conflict.apply_after END,
    kept = CASE WHEN ${to} = 'OPEN' THEN excluded.kept ELSE conflict.kept END
    WHERE conflict.fields IS DISTINCT FROM excluded.fields OR ${to} = 'OPEN'
)`;

/** Later changes made the sides agree: nobody has to decide any more. */
export const supersededConflict = `superseded AS (
  UPDATE conflict c SET status = 'SUPERSEDED', ended_at = clock_timestamp(), version = c.version + 1
  FROM the_link k WHERE c.id = ${id} AND c.link_id = k.id AND ${to} = 'SUPERSEDED'
    AND c.status IN ('OPEN', 'UNDO_WINDOW', 'APPLYING')
)`;
