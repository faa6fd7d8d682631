-- The first schema: companies and their leases, events, links with their base, observations, attempts, intents,
-- dead letters, conflicts, references, the audit chain and the stream. What Prisma cannot say stands at the end:
-- partial indexes, checks, the audit chain with its append-only trigger.

-- CreateSchema
CREATE SCHEMA IF NOT EXISTS "public";

-- CreateEnum
CREATE TYPE "company_status" AS ENUM ('AWAITING_AUTHORIZATION', 'ACTIVE', 'PAUSED', 'NEEDS_RECONNECT', 'DISCONNECTED');

-- CreateEnum
CREATE TYPE "company_mode" AS ENUM ('SHADOW', 'LIVE');

-- CreateEnum
CREATE TYPE "side" AS ENUM ('INTERNAL', 'QUICKBOOKS');

-- CreateEnum
CREATE TYPE "direction" AS ENUM ('TO_QUICKBOOKS', 'TO_INTERNAL');

-- CreateEnum
CREATE TYPE "event_source" AS ENUM ('INVOICING_WEBHOOK', 'QUICKBOOKS_WEBHOOK', 'POLL', 'RECONCILE', 'OPERATOR');

-- CreateEnum
CREATE TYPE "change_kind" AS ENUM ('CREATED', 'UPDATED', 'PAYMENT_APPLIED', 'PAYMENT_CHANGED', 'PAYMENT_REMOVED', 'REFERENCE_CHANGED', 'OTHER', 'VOIDED', 'DELETED');

-- CreateEnum
CREATE TYPE "sync_stage" AS ENUM ('DETECTED', 'QUEUED', 'CLAIMED', 'MAPPED', 'COMPARED', 'SENDING', 'ACKNOWLEDGED', 'VERIFIED', 'SETTLED', 'RETRY_SCHEDULED', 'HELD', 'DEAD_LETTERED', 'SKIPPED');

-- CreateEnum
CREATE TYPE "invoice_sync_status" AS ENUM ('IN_SYNC', 'PENDING', 'IN_FLIGHT', 'UNCERTAIN', 'CONFLICT', 'DEAD_LETTERED', 'UNLINKED', 'PAUSED');

-- CreateEnum
CREATE TYPE "attempt_outcome" AS ENUM ('SUCCEEDED', 'RETRYABLE', 'THROTTLED', 'STALE', 'REJECTED', 'UNKNOWN');

-- CreateEnum
CREATE TYPE "intent_state" AS ENUM ('PREPARED', 'SENT', 'ACKNOWLEDGED', 'REFUSED', 'UNCERTAIN');

-- CreateEnum
CREATE TYPE "object_kind" AS ENUM ('Invoice', 'Payment', 'Customer', 'Item', 'Term');

-- CreateEnum
CREATE TYPE "dead_letter_reason" AS ENUM ('RETRIES_EXHAUSTED', 'VALIDATION', 'PERIOD_CLOSED', 'MISSING_REFERENCE', 'DUPLICATE_NUMBER', 'AUTHORIZATION', 'MAPPING', 'AMBIGUOUS_WRITE');

-- CreateEnum
CREATE TYPE "dead_letter_status" AS ENUM ('OPEN', 'REPLAYING', 'REPLAYED', 'DISCARDED', 'SUPERSEDED');

-- CreateEnum
CREATE TYPE "replay_safety" AS ENUM ('SAFE', 'RECHECKED', 'POINTLESS', 'RISKY');

-- CreateEnum
CREATE TYPE "reference_kind" AS ENUM ('CUSTOMER', 'ITEM', 'TAX_CODE', 'TERMS', 'PAYMENT_METHOD', 'INCOME_ACCOUNT');

-- CreateEnum
CREATE TYPE "reference_status" AS ENUM ('MATCHED', 'AMBIGUOUS', 'MISSING');

-- CreateEnum
CREATE TYPE "conflict_status" AS ENUM ('OPEN', 'UNDO_WINDOW', 'APPLYING', 'RESOLVED', 'SUPERSEDED');

-- CreateEnum
CREATE TYPE "sync_event_type" AS ENUM ('STAGE_CHANGED', 'CONFLICT_OPENED', 'CONFLICT_CHANGED', 'DEAD_LETTERED', 'DEAD_LETTER_CHANGED', 'RECONCILE_CHANGED', 'COMPANY_CHANGED', 'POLICY_CHANGED', 'BULK_CHANGED', 'INVOICE_CHANGED', 'REFERENCE_CHANGED', 'DRIFT_CHANGED');

-- CreateTable
CREATE TABLE "company" (
    "id" UUID NOT NULL,
    "version" INTEGER NOT NULL DEFAULT 1,
    "name" TEXT NOT NULL,
    "status" "company_status" NOT NULL DEFAULT 'AWAITING_AUTHORIZATION',
    "mode" "company_mode" NOT NULL DEFAULT 'SHADOW',
    "demo" BOOLEAN NOT NULL DEFAULT false,
    "realm_id" TEXT,
    "environment" TEXT,
    "api_base_url" TEXT,
    "home_currency" TEXT,
    "quickbooks_facts" JSONB,
    "books_closed_through" DATE,
    "invoicing_base_url" TEXT NOT NULL,
    "invoicing_token" BYTEA NOT NULL,
    "invoicing_webhook_secret" BYTEA NOT NULL,
    "invoicing_previous_secret" BYTEA,
    "invoicing_secret_overlap_until" TIMESTAMPTZ(3),
    "invoicing_last_seen_at" TIMESTAMPTZ(3),
    "last_webhook_at" TIMESTAMPTZ(3),
    "last_poll_at" TIMESTAMPTZ(3),
    "create_missing_references" BOOLEAN NOT NULL DEFAULT true,
    "import_from_quickbooks" BOOLEAN NOT NULL DEFAULT false,
    "go_live_date" DATE,
    "tax_variance_tolerance" DECIMAL(20,7) NOT NULL DEFAULT 0.05,
    "undo_window_seconds" INTEGER NOT NULL DEFAULT 20,
    "mark_documents" BOOLEAN NOT NULL DEFAULT true,
    "income_account_id" TEXT,
    "paused_directions" "direction"[] DEFAULT ARRAY[]::"direction"[],
    "throttled_until" TIMESTAMPTZ(3),
    "breaker_failures" INTEGER NOT NULL DEFAULT 0,
    "breaker_open_until" TIMESTAMPTZ(3),
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "company_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "quickbooks_credential" (
    "company_id" UUID NOT NULL,
    "access_token" BYTEA NOT NULL,
    "refresh_token" BYTEA NOT NULL,
    "previous_refresh_token" BYTEA,
    "access_expires_at" TIMESTAMPTZ(3) NOT NULL,
    "refresh_expires_at" TIMESTAMPTZ(3) NOT NULL,
    "updated_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "quickbooks_credential_pkey" PRIMARY KEY ("company_id")
);

-- CreateTable
CREATE TABLE "company_lease" (
    "company_id" UUID NOT NULL,
    "epoch" BIGINT NOT NULL DEFAULT 0,
    "holder" TEXT,
    "expires_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "renewed_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "company_lease_pkey" PRIMARY KEY ("company_id")
);

-- CreateTable
CREATE TABLE "link" (
    "id" UUID NOT NULL,
    "company_id" UUID NOT NULL,
    "version" INTEGER NOT NULL DEFAULT 1,
    "internal_id" TEXT,
    "quickbooks_id" TEXT,
    "due_at" TIMESTAMPTZ(3),
    "claim_epoch" BIGINT,
    "claimed_at" TIMESTAMPTZ(3),
    "failures" INTEGER NOT NULL DEFAULT 0,
    "first_failed_at" TIMESTAMPTZ(3),
    "crash_marks" INTEGER NOT NULL DEFAULT 0,
    "paused" BOOLEAN NOT NULL DEFAULT false,
    "uncertain" BOOLEAN NOT NULL DEFAULT false,
    "open_dead_letter_id" UUID,
    "open_conflict_id" UUID,
    -- The first that holds, as core/link/status.ts says it; kept by the database so that it can never disagree.
    "status" "invoice_sync_status" NOT NULL GENERATED ALWAYS AS (
        CASE
            WHEN "uncertain" THEN 'UNCERTAIN'::"invoice_sync_status"
            WHEN "claim_epoch" IS NOT NULL THEN 'IN_FLIGHT'::"invoice_sync_status"
            WHEN "paused" THEN 'PAUSED'::"invoice_sync_status"
            WHEN "open_dead_letter_id" IS NOT NULL THEN 'DEAD_LETTERED'::"invoice_sync_status"
            WHEN "open_conflict_id" IS NOT NULL THEN 'CONFLICT'::"invoice_sync_status"
            WHEN "due_at" IS NOT NULL THEN 'PENDING'::"invoice_sync_status"
            WHEN "internal_id" IS NULL OR "quickbooks_id" IS NULL THEN 'UNLINKED'::"invoice_sync_status"
            ELSE 'IN_SYNC'::"invoice_sync_status"
        END
    ) STORED,
    "status_reason" TEXT NOT NULL,
    "base_internal" JSONB,
    "base_quickbooks" JSONB,
    "internal_observation_id" UUID,
    "quickbooks_observation_id" UUID,
    "quickbooks_fresh" BOOLEAN NOT NULL DEFAULT false,
    "tax_variance" JSONB,
    "next_sequence" INTEGER NOT NULL DEFAULT 1,
    "number" TEXT,
    "customer_name" TEXT,
    "memo" TEXT,
    "currency" TEXT,
    "total" DECIMAL(24,4),
    "due_date" DATE,
    "changed_at" TIMESTAMPTZ(3) NOT NULL,
    "last_in_sync_at" TIMESTAMPTZ(3),
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "link_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "observation" (
    "id" UUID NOT NULL,
    "company_id" UUID NOT NULL,
    "link_id" UUID NOT NULL,
    "side" "side" NOT NULL,
    "external_id" TEXT NOT NULL,
    "external_version" TEXT NOT NULL,
    "content" JSONB NOT NULL,
    "raw" JSONB NOT NULL,
    "content_hash" TEXT NOT NULL,
    "captured_at" TIMESTAMPTZ(3) NOT NULL,
    "modified_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "observation_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "outbox_event" (
    "id" UUID NOT NULL,
    "company_id" UUID NOT NULL,
    "version" INTEGER NOT NULL DEFAULT 1,
    "source" "event_source" NOT NULL,
    "event_key" TEXT NOT NULL,
    "duplicate_count" INTEGER NOT NULL DEFAULT 0,
    "direction" "direction" NOT NULL,
    "kind" "change_kind" NOT NULL,
    "subject_side" "side" NOT NULL,
    "subject_kind" TEXT NOT NULL,
    "subject_id" TEXT NOT NULL,
    "subject_invoice_id" TEXT,
    "link_id" UUID,
    "sequence" INTEGER,
    "stage" "sync_stage" NOT NULL,
    "stage_history" JSONB NOT NULL,
    "derived_from_id" UUID,
    "coalesced_into_id" UUID,
    "changed_paths" TEXT[] DEFAULT ARRAY[]::TEXT[],
    "actor" JSONB NOT NULL,
    "occurred_at" TIMESTAMPTZ(3),
    "received_at" TIMESTAMPTZ(3) NOT NULL,
    "available_at" TIMESTAMPTZ(3) NOT NULL,
    "ended_at" TIMESTAMPTZ(3),
    "correlation_id" TEXT NOT NULL,
    "payload" JSONB,

    CONSTRAINT "outbox_event_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "attempt" (
    "id" UUID NOT NULL,
    "company_id" UUID NOT NULL,
    "link_id" UUID NOT NULL,
    "event_id" UUID NOT NULL,
    "number" INTEGER NOT NULL,
    "epoch" BIGINT NOT NULL,
    "started_at" TIMESTAMPTZ(3) NOT NULL,
    "ended_at" TIMESTAMPTZ(3),
    "outcome" "attempt_outcome",
    "decision" JSONB,
    "fault" JSONB,
    "next_attempt_at" TIMESTAMPTZ(3),

    CONSTRAINT "attempt_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "intent" (
    "id" UUID NOT NULL,
    "company_id" UUID NOT NULL,
    "link_id" UUID NOT NULL,
    "attempt_id" UUID NOT NULL,
    "side" "side" NOT NULL,
    "object_kind" "object_kind" NOT NULL,
    "object_key" TEXT NOT NULL,
    "operation" "change_kind" NOT NULL,
    "state" "intent_state" NOT NULL,
    "epoch" BIGINT NOT NULL,
    "body" TEXT NOT NULL,
    "body_hash" TEXT NOT NULL,
    "rests_on_version" TEXT,
    "external_id" TEXT,
    "sent_at" TIMESTAMPTZ(3)[] DEFAULT ARRAY[]::TIMESTAMPTZ(3)[],
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "settled_at" TIMESTAMPTZ(3),
    "evidence" TEXT,
    "http_status" INTEGER,
    "fault" JSONB,
    "trace_id" TEXT,
    "response" JSONB,

    CONSTRAINT "intent_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "dead_letter" (
    "id" UUID NOT NULL,
    "company_id" UUID NOT NULL,
    "link_id" UUID NOT NULL,
    "event_id" UUID NOT NULL,
    "version" INTEGER NOT NULL DEFAULT 1,
    "status" "dead_letter_status" NOT NULL DEFAULT 'OPEN',
    "reason" "dead_letter_reason" NOT NULL,
    "explanation" TEXT NOT NULL,
    "suggested_fix" TEXT[],
    "fingerprint" TEXT NOT NULL,
    "fault" JSONB,
    "safety" "replay_safety" NOT NULL,
    "safety_reason" TEXT NOT NULL,
    "currency" TEXT,
    "amount" DECIMAL(24,4),
    "died_at" TIMESTAMPTZ(3) NOT NULL,
    "ended_at" TIMESTAMPTZ(3),

    CONSTRAINT "dead_letter_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "conflict" (
    "id" UUID NOT NULL,
    "company_id" UUID NOT NULL,
    "link_id" UUID NOT NULL,
    "version" INTEGER NOT NULL DEFAULT 1,
    "status" "conflict_status" NOT NULL DEFAULT 'OPEN',
    "fields" JSONB NOT NULL,
    "detected_at" TIMESTAMPTZ(3) NOT NULL,
    "ended_at" TIMESTAMPTZ(3),

    CONSTRAINT "conflict_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "reference" (
    "id" UUID NOT NULL,
    "company_id" UUID NOT NULL,
    "version" INTEGER NOT NULL DEFAULT 1,
    "kind" "reference_kind" NOT NULL,
    "status" "reference_status" NOT NULL,
    "internal_id" TEXT,
    "internal_name" TEXT,
    "quickbooks_id" TEXT,
    "quickbooks_name" TEXT,
    "candidates" JSONB NOT NULL DEFAULT '[]',
    "updated_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "reference_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "audit_entry" (
    "id" UUID NOT NULL,
    "chain" TEXT NOT NULL,
    "sequence" BIGINT NOT NULL,
    "content" JSONB NOT NULL,
    "hash" TEXT NOT NULL,
    "previous_hash" TEXT NOT NULL,
    "company_id" UUID,
    "at" TIMESTAMPTZ(3) NOT NULL GENERATED ALWAYS AS (to_timestamp(("content"->>'atMs')::double precision / 1000)) STORED,
    "action" TEXT NOT NULL GENERATED ALWAYS AS ("content"->>'action') STORED,
    "summary" TEXT NOT NULL GENERATED ALWAYS AS ("content"->>'summary') STORED,
    "subject_type" TEXT NOT NULL GENERATED ALWAYS AS ("content"#>>'{subject,type}') STORED,
    "subject_id" TEXT NOT NULL GENERATED ALWAYS AS ("content"#>>'{subject,id}') STORED,
    "link_id" TEXT GENERATED ALWAYS AS ("content"->>'linkId') STORED,
    "actor_id" TEXT GENERATED ALWAYS AS ("content"#>>'{actor,id}') STORED,
    "correlation_id" TEXT NOT NULL GENERATED ALWAYS AS ("content"->>'correlationId') STORED,

    CONSTRAINT "audit_entry_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "audit_head" (
    "chain" TEXT NOT NULL,
    "sequence" BIGINT NOT NULL,
    "hash" TEXT NOT NULL,

    CONSTRAINT "audit_head_pkey" PRIMARY KEY ("chain")
);

-- CreateTable
CREATE TABLE "stream_event" (
    "seq" BIGSERIAL NOT NULL,
    "id" UUID NOT NULL,
    "position" BIGINT,
    "company_id" UUID NOT NULL,
    "link_id" UUID,
    "type" "sync_event_type" NOT NULL,
    "summary" TEXT NOT NULL,
    "detail" JSONB NOT NULL,
    "at" TIMESTAMPTZ(3) NOT NULL,
    "correlation_id" TEXT NOT NULL,

    CONSTRAINT "stream_event_pkey" PRIMARY KEY ("seq")
);

-- CreateTable
CREATE TABLE "stream_head" (
    "id" INTEGER NOT NULL DEFAULT 1,
    "generation" UUID NOT NULL,
    "position" BIGINT NOT NULL DEFAULT 0,
    "tail_position" BIGINT NOT NULL DEFAULT 0,
    "complete_until" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "stream_head_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "api_client" (
    "id" UUID NOT NULL,
    "display_name" TEXT NOT NULL,
    "scopes" TEXT[],
    "company_ids" UUID[],
    "all_companies" BOOLEAN NOT NULL DEFAULT true,
    "key_prefix" TEXT NOT NULL,
    "key_hash" TEXT NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "last_used_at" TIMESTAMPTZ(3),
    "revoked_at" TIMESTAMPTZ(3),

    CONSTRAINT "api_client_pkey" PRIMARY KEY ("id")
);

-- CreateIndex
CREATE INDEX "link_changed_idx" ON "link"("company_id", "changed_at" DESC, "id");

-- CreateIndex
CREATE INDEX "link_status_idx" ON "link"("company_id", "status");

-- CreateIndex
CREATE UNIQUE INDEX "link_company_internal_key" ON "link"("company_id", "internal_id");

-- CreateIndex
CREATE UNIQUE INDEX "link_company_quickbooks_key" ON "link"("company_id", "quickbooks_id");

-- CreateIndex
CREATE INDEX "observation_link_idx" ON "observation"("link_id", "captured_at");

-- CreateIndex
CREATE INDEX "outbox_event_link_idx" ON "outbox_event"("link_id", "sequence");

-- CreateIndex
CREATE INDEX "outbox_event_received_idx" ON "outbox_event"("company_id", "received_at" DESC, "id");

-- CreateIndex
CREATE UNIQUE INDEX "outbox_event_key" ON "outbox_event"("company_id", "source", "event_key");

-- CreateIndex
CREATE INDEX "attempt_link_idx" ON "attempt"("link_id", "started_at");

-- CreateIndex
CREATE UNIQUE INDEX "attempt_event_number_key" ON "attempt"("event_id", "number");

-- CreateIndex
CREATE INDEX "intent_link_idx" ON "intent"("link_id");

-- CreateIndex
CREATE INDEX "dead_letter_open_idx" ON "dead_letter"("company_id", "status", "died_at" DESC, "id");

-- CreateIndex
CREATE INDEX "dead_letter_link_idx" ON "dead_letter"("link_id");

-- CreateIndex
CREATE INDEX "conflict_open_idx" ON "conflict"("company_id", "status", "detected_at" DESC, "id");

-- CreateIndex
CREATE INDEX "conflict_link_idx" ON "conflict"("link_id");

-- CreateIndex
CREATE INDEX "reference_quickbooks_idx" ON "reference"("company_id", "kind", "quickbooks_id");

-- CreateIndex
CREATE UNIQUE INDEX "reference_internal_key" ON "reference"("company_id", "kind", "internal_id");

-- CreateIndex
CREATE INDEX "audit_entry_link_idx" ON "audit_entry"("link_id", "sequence" DESC);

-- CreateIndex
CREATE INDEX "audit_entry_correlation_idx" ON "audit_entry"("correlation_id");

-- CreateIndex
CREATE UNIQUE INDEX "audit_entry_chain_key" ON "audit_entry"("chain", "sequence");

-- CreateIndex
CREATE UNIQUE INDEX "stream_event_position_key" ON "stream_event"("position");

-- CreateIndex
CREATE INDEX "stream_event_link_idx" ON "stream_event"("link_id", "position");

-- CreateIndex
CREATE UNIQUE INDEX "stream_event_id_key" ON "stream_event"("id");

-- CreateIndex
CREATE UNIQUE INDEX "api_client_key_hash_key" ON "api_client"("key_hash");

-- AddForeignKey
ALTER TABLE "quickbooks_credential" ADD CONSTRAINT "quickbooks_credential_company_id_fkey" FOREIGN KEY ("company_id") REFERENCES "company"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "company_lease" ADD CONSTRAINT "company_lease_company_id_fkey" FOREIGN KEY ("company_id") REFERENCES "company"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "link" ADD CONSTRAINT "link_company_id_fkey" FOREIGN KEY ("company_id") REFERENCES "company"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "link" ADD CONSTRAINT "link_internal_observation_id_fkey" FOREIGN KEY ("internal_observation_id") REFERENCES "observation"("id") ON DELETE SET NULL ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "link" ADD CONSTRAINT "link_quickbooks_observation_id_fkey" FOREIGN KEY ("quickbooks_observation_id") REFERENCES "observation"("id") ON DELETE SET NULL ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "observation" ADD CONSTRAINT "observation_link_id_fkey" FOREIGN KEY ("link_id") REFERENCES "link"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "outbox_event" ADD CONSTRAINT "outbox_event_company_id_fkey" FOREIGN KEY ("company_id") REFERENCES "company"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "outbox_event" ADD CONSTRAINT "outbox_event_link_id_fkey" FOREIGN KEY ("link_id") REFERENCES "link"("id") ON DELETE SET NULL ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "outbox_event" ADD CONSTRAINT "outbox_event_derived_from_id_fkey" FOREIGN KEY ("derived_from_id") REFERENCES "outbox_event"("id") ON DELETE SET NULL ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "outbox_event" ADD CONSTRAINT "outbox_event_coalesced_into_id_fkey" FOREIGN KEY ("coalesced_into_id") REFERENCES "outbox_event"("id") ON DELETE SET NULL ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "attempt" ADD CONSTRAINT "attempt_company_id_fkey" FOREIGN KEY ("company_id") REFERENCES "company"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "attempt" ADD CONSTRAINT "attempt_link_id_fkey" FOREIGN KEY ("link_id") REFERENCES "link"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "attempt" ADD CONSTRAINT "attempt_event_id_fkey" FOREIGN KEY ("event_id") REFERENCES "outbox_event"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "intent" ADD CONSTRAINT "intent_company_id_fkey" FOREIGN KEY ("company_id") REFERENCES "company"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "intent" ADD CONSTRAINT "intent_link_id_fkey" FOREIGN KEY ("link_id") REFERENCES "link"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "intent" ADD CONSTRAINT "intent_attempt_id_fkey" FOREIGN KEY ("attempt_id") REFERENCES "attempt"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "dead_letter" ADD CONSTRAINT "dead_letter_company_id_fkey" FOREIGN KEY ("company_id") REFERENCES "company"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "dead_letter" ADD CONSTRAINT "dead_letter_link_id_fkey" FOREIGN KEY ("link_id") REFERENCES "link"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "dead_letter" ADD CONSTRAINT "dead_letter_event_id_fkey" FOREIGN KEY ("event_id") REFERENCES "outbox_event"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "conflict" ADD CONSTRAINT "conflict_company_id_fkey" FOREIGN KEY ("company_id") REFERENCES "company"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "conflict" ADD CONSTRAINT "conflict_link_id_fkey" FOREIGN KEY ("link_id") REFERENCES "link"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "reference" ADD CONSTRAINT "reference_company_id_fkey" FOREIGN KEY ("company_id") REFERENCES "company"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "audit_entry" ADD CONSTRAINT "audit_entry_company_id_fkey" FOREIGN KEY ("company_id") REFERENCES "company"("id") ON DELETE SET NULL ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "stream_event" ADD CONSTRAINT "stream_event_company_id_fkey" FOREIGN KEY ("company_id") REFERENCES "company"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "stream_event" ADD CONSTRAINT "stream_event_link_id_fkey" FOREIGN KEY ("link_id") REFERENCES "link"("id") ON DELETE SET NULL ON UPDATE CASCADE;

-- At most one write under way for an object (architecture.md section 3, step 7; invariant I3).
CREATE UNIQUE INDEX "intent_open_key" ON "intent"("company_id", "side", "object_kind", "object_key")
    WHERE "state" IN ('PREPARED', 'SENT', 'UNCERTAIN');
CREATE INDEX "intent_object_idx" ON "intent"("company_id", "side", "object_kind", "object_key");

-- The claim looks only at what waits.
CREATE INDEX "link_due_idx" ON "link"("company_id", "due_at") WHERE "due_at" IS NOT NULL AND "claim_epoch" IS NULL;
CREATE INDEX "link_claimed_idx" ON "link"("company_id", "claim_epoch") WHERE "claim_epoch" IS NOT NULL;
CREATE INDEX "outbox_event_unresolved_idx" ON "outbox_event"("company_id", "received_at") WHERE "link_id" IS NULL AND "ended_at" IS NULL;
CREATE INDEX "outbox_event_open_idx" ON "outbox_event"("link_id") WHERE "ended_at" IS NULL;
CREATE INDEX "stream_event_unpublished_idx" ON "stream_event"("seq") WHERE "position" IS NULL;
-- A reference known from QuickBooks alone is one record too.
CREATE UNIQUE INDEX "reference_quickbooks_key" ON "reference"("company_id", "kind", "quickbooks_id")
    WHERE "internal_id" IS NULL;
-- One living connection per realm.
CREATE UNIQUE INDEX "company_realm_key" ON "company"("realm_id") WHERE "status" <> 'DISCONNECTED';

ALTER TABLE "link" ADD CONSTRAINT "link_has_a_side" CHECK ("internal_id" IS NOT NULL OR "quickbooks_id" IS NOT NULL);
ALTER TABLE "company" ADD CONSTRAINT "company_undo_window" CHECK ("undo_window_seconds" BETWEEN 0 AND 120);
ALTER TABLE "stream_head" ADD CONSTRAINT "stream_head_single" CHECK ("id" = 1);

INSERT INTO "stream_head" ("id", "generation", "complete_until") VALUES (1, gen_random_uuid(), clock_timestamp());

-- Hot rows change often and in place.
ALTER TABLE "link" SET (fillfactor = 70);
ALTER TABLE "outbox_event" SET (fillfactor = 80);
ALTER TABLE "company_lease" SET (fillfactor = 50);

-- SHA-256 over the previous hash, the chain, the position and the content; jsonb prints the same text for the same content.
CREATE FUNCTION "audit_hash"("previous" TEXT, "chain" TEXT, "sequence" BIGINT, "content" JSONB) RETURNS TEXT
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    RETURN encode(sha256(convert_to("previous" || E'\n' || "chain" || E'\n' || "sequence"::text || E'\n' || "content"::text, 'UTF8')), 'hex');

-- Appends entries (a JSON array) to a chain and returns the new head's position. The head's row lock, held to the end
-- of the transaction, is what keeps the chain free of gaps and forks.
CREATE FUNCTION "append_audit"("p_chain" TEXT, "p_company" UUID, "p_entries" JSONB) RETURNS BIGINT
    LANGUAGE plpgsql AS $$
DECLARE
    "v_sequence" BIGINT;
    "v_hash" TEXT;
    "v_next" TEXT;
    "v_entry" JSONB;
BEGIN
    INSERT INTO "audit_head" ("chain", "sequence", "hash") VALUES ("p_chain", 0, repeat('0', 64)) ON CONFLICT DO NOTHING;
    SELECT "sequence", "hash" INTO "v_sequence", "v_hash" FROM "audit_head" WHERE "chain" = "p_chain" FOR UPDATE;
    FOR "v_entry" IN SELECT * FROM jsonb_array_elements("p_entries") LOOP
        "v_sequence" := "v_sequence" + 1;
        "v_entry" := "v_entry" || jsonb_build_object('atMs', floor(extract(epoch FROM clock_timestamp()) * 1000)::bigint);
        "v_next" := "audit_hash"("v_hash", "p_chain", "v_sequence", "v_entry");
        INSERT INTO "audit_entry" ("id", "chain", "sequence", "content", "hash", "previous_hash", "company_id")
            VALUES (gen_random_uuid(), "p_chain", "v_sequence", "v_entry", "v_next", "v_hash", "p_company");
        "v_hash" := "v_next";
    END LOOP;
    UPDATE "audit_head" SET "sequence" = "v_sequence", "hash" = "v_hash" WHERE "chain" = "p_chain";
    RETURN "v_sequence";
END
$$;

CREATE FUNCTION "refuse_change"() RETURNS TRIGGER LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'audit entries are append-only: % refused', TG_OP USING ERRCODE = 'insufficient_privilege';
END
$$;
CREATE TRIGGER "audit_entry_append_only" BEFORE UPDATE OR DELETE ON "audit_entry"
    FOR EACH ROW EXECUTE FUNCTION "refuse_change"();
CREATE TRIGGER "audit_entry_no_truncate" BEFORE TRUNCATE ON "audit_entry"
    FOR EACH STATEMENT EXECUTE FUNCTION "refuse_change"();
