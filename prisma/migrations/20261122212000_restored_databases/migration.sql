-- A database that was restored from a backup does not know what the bridge did since (architecture.md section 3, "Uncertain"): it
-- writes nothing until a full sweep has matched what exists on both sides. What it runs on is kept, so that a start on another
-- server, another timeline or another copy is noticed; whoever restores in a way that leaves no trace calls mark_restored().
ALTER TYPE "reconcile_trigger" ADD VALUE 'RESTORE';

CREATE TABLE "database_mark" (
    "id" INTEGER NOT NULL DEFAULT 1,
    "known_as" JSONB NOT NULL,
    "seen_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "restored_at" TIMESTAMPTZ(3),

    CONSTRAINT "database_mark_pkey" PRIMARY KEY ("id"),
    CONSTRAINT "database_mark_single" CHECK ("id" = 1)
);

-- Set for good: each create of a restored company looks first for what may have been made before. Writing waits while the second is set.
ALTER TABLE "company" ADD COLUMN "restored_at" TIMESTAMPTZ(3), ADD COLUMN "writes_held_until" TIMESTAMPTZ(3);

-- Holds every company until both sides were compared: not before a write of the lost time could have landed at the latest.
CREATE FUNCTION "mark_restored"("p_why" TEXT, "p_commit_wait_seconds" INTEGER DEFAULT 130) RETURNS INTEGER LANGUAGE plpgsql AS $$
DECLARE
    "v_company" UUID;
    "v_run" UUID;
    "v_correlation" TEXT;
    "v_summary" TEXT := p_why || ' Nothing is written until both sides have been compared, so that what was done since the backup is not done twice.';
    "v_actor" JSONB := jsonb_build_object('kind', 'system', 'name', 'restore');
    "v_until" TIMESTAMPTZ := clock_timestamp() + "p_commit_wait_seconds" * INTERVAL '1 second';
    "v_count" INTEGER := 0;
BEGIN
    UPDATE "database_mark" SET "restored_at" = clock_timestamp();
    -- Cursors of the lost time lead nowhere any more.
    UPDATE "stream_head" SET "generation" = gen_random_uuid();
    -- No epoch of the lost time comes again.
    UPDATE "company_lease" SET "epoch" = "epoch" + 1000000, "holder" = NULL, "expires_at" = clock_timestamp();
    UPDATE "link" SET "quickbooks_fresh" = false, "quickbooks_news" = "quickbooks_news" + 1 WHERE "quickbooks_id" IS NOT NULL;
    UPDATE "quickbooks_payment" SET "fresh" = false;
    DELETE FROM "reconcile_item";
    UPDATE "reconcile_run" SET "status" = 'CANCELLED', "finished_at" = clock_timestamp(), "version" = "version" + 1
        WHERE "status" IN ('QUEUED', 'RUNNING');
    FOR "v_company" IN SELECT "id" FROM "company" ORDER BY "id" LOOP
        "v_run" := gen_random_uuid();
        "v_correlation" := gen_random_uuid()::text;
        UPDATE "company" SET "restored_at" = clock_timestamp(), "writes_held_until" = "v_until", "version" = "version" + 1 WHERE "id" = "v_company";
        INSERT INTO "reconcile_run" ("id", "company_id", "scope", "trigger", "started_by", "correlation_id", "started_at", "due_at")
            VALUES ("v_run", "v_company", 'FULL', 'RESTORE', "v_actor", "v_correlation", clock_timestamp(), "v_until");
        INSERT INTO "stream_event" ("id", "company_id", "type", "summary", "detail", "at", "correlation_id")
            VALUES (gen_random_uuid(), "v_company", 'COMPANY_CHANGED', "v_summary", jsonb_build_object('companyId', "v_company"), clock_timestamp(), "v_correlation");
        PERFORM "append_audit"("v_company"::text, "v_company", jsonb_build_array(jsonb_build_object(
            'actor', "v_actor", 'action', 'COMPANY_CHANGED', 'summary', "v_summary",
            'subject', jsonb_build_object('type', 'Company', 'id', "v_company"), 'linkId', NULL, 'note', NULL, 'correlationId', "v_correlation",
            'changes', jsonb_build_array(jsonb_build_object('path', 'writesHeldUntil', 'side', NULL, 'before', NULL, 'after', "v_until")))));
        "v_count" := "v_count" + 1;
    END LOOP;
    RETURN "v_count";
END
$$;
