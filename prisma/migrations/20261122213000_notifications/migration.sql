-- People are told of what waits for them (architecture.md section 2): what is new is gathered into a message, one delivery for
-- each address, in the transaction that notes it as told. What nobody was told about is found by its absence here, so nothing that
-- commits late is missed.
ALTER TABLE "company"
    ADD COLUMN "notify_quiet_hours" JSONB,
    ADD COLUMN "notify_webhook_secret" BYTEA,
    ADD COLUMN "notify_after" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP;

CREATE TYPE "notification_channel" AS ENUM ('MAIL', 'WEBHOOK');

CREATE TABLE "notification" (
    "id" UUID NOT NULL,
    "company_id" UUID NOT NULL,
    "message" JSONB NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "notification_pkey" PRIMARY KEY ("id"),
    CONSTRAINT "notification_company_id_fkey" FOREIGN KEY ("company_id") REFERENCES "company"("id") ON DELETE RESTRICT ON UPDATE CASCADE
);
CREATE INDEX "notification_age_idx" ON "notification"("created_at");

CREATE TABLE "notification_delivery" (
    "id" UUID NOT NULL,
    "notification_id" UUID NOT NULL,
    "channel" "notification_channel" NOT NULL,
    "address" TEXT NOT NULL,
    "failures" INTEGER NOT NULL DEFAULT 0,
    "due_at" TIMESTAMPTZ(3) DEFAULT CURRENT_TIMESTAMP,
    "sent_at" TIMESTAMPTZ(3),
    "fault" TEXT,

    CONSTRAINT "notification_delivery_pkey" PRIMARY KEY ("id"),
    CONSTRAINT "notification_delivery_notification_id_fkey" FOREIGN KEY ("notification_id") REFERENCES "notification"("id") ON DELETE CASCADE ON UPDATE CASCADE
);
CREATE INDEX "notification_delivery_due_idx" ON "notification_delivery"("due_at");
CREATE INDEX "notification_delivery_notification_idx" ON "notification_delivery"("notification_id");

CREATE TABLE "notification_told" (
    "company_id" UUID NOT NULL,
    "kind" "notification_kind" NOT NULL,
    "subject_id" TEXT NOT NULL,
    "told_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "notification_told_pkey" PRIMARY KEY ("company_id", "kind", "subject_id"),
    CONSTRAINT "notification_told_company_id_fkey" FOREIGN KEY ("company_id") REFERENCES "company"("id") ON DELETE RESTRICT ON UPDATE CASCADE
);
