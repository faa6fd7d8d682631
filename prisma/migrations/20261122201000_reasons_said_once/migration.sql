-- The reasons of a residual (core/reconcile/run.ts), said once for reconcile and for evidence reports.

-- What stands in the way of a link; a pause and a doubt come before what is only late. Null where nothing does.
CREATE FUNCTION standing_reason(l link) RETURNS text LANGUAGE sql STABLE AS $$
  SELECT CASE
    WHEN l.uncertain OR l.claim_epoch IS NOT NULL THEN 'in flight'
    WHEN l.paused THEN 'paused'
    -- News that the worker has not taken up yet: few rows, and gone after its next turn.
    WHEN l.due_at IS NOT NULL OR EXISTS (SELECT 1 FROM outbox_event e WHERE e.company_id = l.company_id AND e.link_id IS NULL
      AND e.ended_at IS NULL AND coalesce(e.subject_invoice_id, e.subject_id) IN (l.internal_id, l.quickbooks_id)) THEN 'in flight'
    WHEN l.open_dead_letter_id IS NOT NULL THEN (
      SELECT CASE d.reason WHEN 'PERIOD_CLOSED' THEN 'closed period' ELSE 'dead letter' END
      FROM dead_letter d WHERE d.id = l.open_dead_letter_id)
    WHEN l.open_conflict_id IS NOT NULL THEN 'conflict'
  END
$$;

-- What a drift that has not ended explains.
CREATE FUNCTION drift_reason(d drift) RETURNS text LANGUAGE sql STABLE AS $$
  SELECT CASE
    WHEN d.status = 'REPAIRING' THEN 'being repaired'
    WHEN d.status = 'ACCEPTED' THEN 'accepted'
    WHEN d.kind = 'BEFORE_GO_LIVE' THEN 'before go-live'
    WHEN d.kind = 'SUSPECTED_DUPLICATE' THEN 'suspected duplicate'
    WHEN d.kind = 'BROKEN_LINK' THEN 'broken link'
    WHEN d.kind = 'FIELD_MISMATCH' THEN 'not understood'
    WHEN d.kind = 'UNEXPLAINED_TOTAL' THEN 'unexplained'
    ELSE 'unlinked'
  END
$$;
