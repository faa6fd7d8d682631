-- What a person's request leaves behind: the key that makes its repeat harmless, the right to take it back, who paused an
-- invoice, who discarded a dead letter, which event replays which dead letter. And invoice numbers in natural order.

-- CreateTable
CREATE TABLE "idempotency_key" (
    "caller" TEXT NOT NULL,
    "mutation" TEXT NOT NULL,
    "key" TEXT NOT NULL,
    "input_hash" TEXT NOT NULL,
    "result" JSONB NOT NULL,
    "first_used_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "idempotency_key_pkey" PRIMARY KEY ("caller", "mutation", "key")
);

-- CreateTable
CREATE TABLE "undo" (
    "token" UUID NOT NULL,
    "company_id" UUID NOT NULL,
    "caller" TEXT NOT NULL,
    "subject_type" TEXT NOT NULL,
    "subject_id" UUID NOT NULL,
    "label" TEXT NOT NULL,
    "before" JSONB NOT NULL,
    "expires_at" TIMESTAMPTZ(3) NOT NULL,
    "used_at" TIMESTAMPTZ(3),

    CONSTRAINT "undo_pkey" PRIMARY KEY ("token")
);

-- AlterTable
ALTER TABLE "link" ADD COLUMN "paused_by" TEXT;

-- AlterTable
ALTER TABLE "dead_letter" ADD COLUMN "discard" JSONB;

-- AlterTable
ALTER TABLE "outbox_event" ADD COLUMN "replay_of_id" UUID;

-- CreateIndex
CREATE INDEX "idempotency_key_age_idx" ON "idempotency_key"("first_used_at");

-- CreateIndex
CREATE INDEX "undo_subject_idx" ON "undo"("subject_id");

-- AddForeignKey
ALTER TABLE "undo" ADD CONSTRAINT "undo_company_id_fkey" FOREIGN KEY ("company_id") REFERENCES "company"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "outbox_event" ADD CONSTRAINT "outbox_event_replay_of_id_fkey" FOREIGN KEY ("replay_of_id") REFERENCES "dead_letter"("id") ON DELETE SET NULL ON UPDATE CASCADE;

-- Replays of a dead letter are few among many events.
CREATE INDEX "outbox_event_replay_idx" ON "outbox_event" ("replay_of_id") WHERE "replay_of_id" IS NOT NULL;

-- The first event of an invoice is announced before its link exists; it gets the link when the subject is resolved.
CREATE INDEX "stream_event_unlinked_idx" ON "stream_event" (("detail"->>'eventId')) WHERE "link_id" IS NULL;

-- INV-9 before INV-10: runs of digits compare as numbers.
CREATE COLLATION "natural_number" (provider = icu, locale = 'und-u-kn-true');
