-- The full sweep over both sides (architecture.md §5): one run a company at a time, its rows while it compares, and the
-- disagreements it found. A run keeps its place in a row, so that another worker goes on where one stopped.

-- CreateEnum
CREATE TYPE "reconcile_scope" AS ENUM ('FULL', 'INCREMENTAL', 'WINDOW');
CREATE TYPE "reconcile_status" AS ENUM ('QUEUED', 'RUNNING', 'CLEAN', 'DRIFT_FOUND', 'CANCELLED', 'FAILED');
CREATE TYPE "drift_kind" AS ENUM ('MISSING_IN_QUICKBOOKS', 'MISSING_INTERNALLY', 'FIELD_MISMATCH', 'SUSPECTED_DUPLICATE', 'BROKEN_LINK', 'BEFORE_GO_LIVE', 'UNEXPLAINED_TOTAL');
CREATE TYPE "drift_status" AS ENUM ('OPEN', 'REPAIRING', 'REPAIRED', 'ACCEPTED');

-- AlterTable: when the next daily sweep begins.
ALTER TABLE "company" ADD COLUMN "reconcile_due_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP + INTERVAL '1 day';

-- CreateTable
CREATE TABLE "reconcile_run" (
    "id" UUID NOT NULL,
    "company_id" UUID NOT NULL,
    "version" INTEGER NOT NULL DEFAULT 1,
    "scope" "reconcile_scope" NOT NULL,
    "from_date" DATE,
    "to_date" DATE,
    "since" TIMESTAMPTZ(3),
    "status" "reconcile_status" NOT NULL DEFAULT 'QUEUED',
    "started_by" JSONB NOT NULL,
    "correlation_id" TEXT NOT NULL,
    "started_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "finished_at" TIMESTAMPTZ(3),
    "due_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "phase" TEXT NOT NULL DEFAULT 'internal',
    "cursor" TEXT,
    "failures" INTEGER NOT NULL DEFAULT 0,
    "expected" INTEGER NOT NULL DEFAULT 0,
    "progress" DOUBLE PRECISION NOT NULL DEFAULT 0,
    "compared" INTEGER NOT NULL DEFAULT 0,
    "matched" INTEGER NOT NULL DEFAULT 0,
    "drift_count" INTEGER NOT NULL DEFAULT 0,
    "control_totals" JSONB NOT NULL DEFAULT '[]',
    "residual" JSONB NOT NULL DEFAULT '[]',

    CONSTRAINT "reconcile_run_pkey" PRIMARY KEY ("id")
);

-- CreateTable: a document of either side as a running sweep saw it; emptied when the run ends.
CREATE TABLE "reconcile_item" (
    "run_id" UUID NOT NULL,
    "side" "side" NOT NULL,
    "external_id" TEXT NOT NULL,
    "link_id" UUID,
    "existence" TEXT NOT NULL,
    "number" TEXT,
    "customer_id" TEXT,
    "counterpart_id" TEXT,
    "currency" TEXT,
    "total" DECIMAL(24,4),
    "issue_date" DATE,
    "in_scope" BOOLEAN NOT NULL,
    "content" JSONB,
    "reason" TEXT,
    "staged_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "reconcile_item_pkey" PRIMARY KEY ("run_id", "side", "external_id")
);

-- CreateTable
CREATE TABLE "drift" (
    "id" UUID NOT NULL,
    "company_id" UUID NOT NULL,
    "version" INTEGER NOT NULL DEFAULT 1,
    "run_id" UUID,
    "seen_run_id" UUID,
    "link_id" UUID,
    "kind" "drift_kind" NOT NULL,
    "status" "drift_status" NOT NULL DEFAULT 'OPEN',
    "subject_key" TEXT NOT NULL,
    "fingerprint" TEXT NOT NULL,
    "internal_id" TEXT,
    "quickbooks_id" TEXT,
    "event_id" UUID,
    "amount" DECIMAL(24,4) NOT NULL,
    "currency" TEXT NOT NULL,
    "proposed_repair" TEXT NOT NULL,
    "evidence" JSONB NOT NULL,
    "accepted_reason" TEXT,
    "accepted_by" JSONB,
    "found_at" TIMESTAMPTZ(3) NOT NULL,
    "ended_at" TIMESTAMPTZ(3),
    "correlation_id" TEXT NOT NULL,

    CONSTRAINT "drift_pkey" PRIMARY KEY ("id")
);

-- CreateIndex: one run of a company at a time.
CREATE UNIQUE INDEX "reconcile_run_open_key" ON "reconcile_run"("company_id") WHERE "status" IN ('QUEUED', 'RUNNING');
CREATE INDEX "reconcile_run_started_idx" ON "reconcile_run"("company_id", "started_at" DESC, "id");
CREATE INDEX "reconcile_item_number_idx" ON "reconcile_item"("run_id", "number");
CREATE INDEX "reconcile_item_counterpart_idx" ON "reconcile_item"("run_id", "counterpart_id");
CREATE INDEX "reconcile_item_link_idx" ON "reconcile_item"("run_id", "link_id");
-- CreateIndex: what is not settled is raised once, however often it is seen.
CREATE UNIQUE INDEX "drift_standing_key" ON "drift"("company_id", "kind", "subject_key") WHERE "status" IN ('OPEN', 'REPAIRING');
CREATE INDEX "drift_accepted_idx" ON "drift"("company_id", "subject_key") WHERE "status" = 'ACCEPTED';
CREATE INDEX "drift_repairing_idx" ON "drift"("company_id") WHERE "status" = 'REPAIRING';
CREATE INDEX "drift_run_idx" ON "drift"("run_id");
CREATE INDEX "drift_seen_run_idx" ON "drift"("seen_run_id");
CREATE INDEX "drift_link_idx" ON "drift"("link_id");

-- AddForeignKey
ALTER TABLE "reconcile_run" ADD CONSTRAINT "reconcile_run_company_id_fkey" FOREIGN KEY ("company_id") REFERENCES "company"("id") ON DELETE RESTRICT ON UPDATE CASCADE;
ALTER TABLE "reconcile_item" ADD CONSTRAINT "reconcile_item_run_id_fkey" FOREIGN KEY ("run_id") REFERENCES "reconcile_run"("id") ON DELETE RESTRICT ON UPDATE CASCADE;
ALTER TABLE "drift" ADD CONSTRAINT "drift_company_id_fkey" FOREIGN KEY ("company_id") REFERENCES "company"("id") ON DELETE RESTRICT ON UPDATE CASCADE;
ALTER TABLE "drift" ADD CONSTRAINT "drift_run_id_fkey" FOREIGN KEY ("run_id") REFERENCES "reconcile_run"("id") ON DELETE SET NULL ON UPDATE CASCADE;
ALTER TABLE "drift" ADD CONSTRAINT "drift_seen_run_id_fkey" FOREIGN KEY ("seen_run_id") REFERENCES "reconcile_run"("id") ON DELETE SET NULL ON UPDATE CASCADE;
ALTER TABLE "drift" ADD CONSTRAINT "drift_link_id_fkey" FOREIGN KEY ("link_id") REFERENCES "link"("id") ON DELETE SET NULL ON UPDATE CASCADE;
