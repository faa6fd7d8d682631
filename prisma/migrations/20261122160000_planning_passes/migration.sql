-- Shadow mode (architecture.md §5): a planning pass looks at every document of both sides, matches what is one, and keeps what
-- would be written as a snapshot that a person approves by going live. What a link would write stands beside the link and moves
-- with it; the snapshot does not.

-- CreateEnum
CREATE TYPE "planning_status" AS ENUM ('QUEUED', 'RUNNING', 'WHOLE', 'FAILED', 'SUPERSEDED');

-- CreateTable
CREATE TABLE "planning_pass" (
    "id" UUID NOT NULL,
    "company_id" UUID NOT NULL,
    "status" "planning_status" NOT NULL DEFAULT 'QUEUED',
    "phase" TEXT NOT NULL DEFAULT 'internal',
    "cursor" TEXT,
    "failures" INTEGER NOT NULL DEFAULT 0,
    "due_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "requested_by" JSONB NOT NULL,
    "requested_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "correlation_id" TEXT NOT NULL,
    "terms" TEXT,
    "planned_at" TIMESTAMPTZ(3),
    "approved_at" TIMESTAMPTZ(3),
    "write_count" INTEGER NOT NULL DEFAULT 0,
    "left_out" JSONB NOT NULL DEFAULT '[]',

    CONSTRAINT "planning_pass_pkey" PRIMARY KEY ("id")
);

-- CreateTable: a document of either side as a running pass saw it; emptied when the pass ends.
CREATE TABLE "planning_document" (
    "pass_id" UUID NOT NULL,
    "side" "side" NOT NULL,
    "external_id" TEXT NOT NULL,
    "existence" TEXT NOT NULL,
    "number" TEXT,
    "customer_id" TEXT,
    "counterpart_id" TEXT,
    "currency" TEXT,
    "total" DECIMAL(24,4),
    "issue_date" DATE,
    "content" JSONB,
    "left_out" TEXT,
    "event_id" UUID,

    CONSTRAINT "planning_document_pkey" PRIMARY KEY ("pass_id", "side", "external_id")
);

-- CreateTable: two documents that look alike; what a pass found, until the next one.
CREATE TABLE "match_suggestion" (
    "id" UUID NOT NULL,
    "company_id" UUID NOT NULL,
    "pass_id" UUID NOT NULL,
    "internal_id" TEXT NOT NULL,
    "quickbooks_id" TEXT NOT NULL,
    "internal" JSONB NOT NULL,
    "quickbooks" JSONB NOT NULL,
    "score" DOUBLE PRECISION NOT NULL,
    "reason" TEXT NOT NULL,
    "found_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "match_suggestion_pkey" PRIMARY KEY ("id")
);

-- CreateTable: what a link would write if the company were live, as it was last planned.
CREATE TABLE "link_plan" (
    "link_id" UUID NOT NULL,
    "company_id" UUID NOT NULL,
    "planned_at" TIMESTAMPTZ(3) NOT NULL,
    "hash" TEXT NOT NULL,
    "writes" JSONB NOT NULL,
    "left_out" TEXT,
    "alike_ids" TEXT[] NOT NULL DEFAULT '{}',
    "approved_pass_id" UUID,

    CONSTRAINT "link_plan_pkey" PRIMARY KEY ("link_id")
);

-- CreateTable: a write of a snapshot, in the order it is shown.
CREATE TABLE "planned_write" (
    "id" UUID NOT NULL,
    "company_id" UUID NOT NULL,
    "pass_id" UUID NOT NULL,
    "position" INTEGER NOT NULL,
    "link_id" UUID,
    "reference_id" UUID,
    "side" "side" NOT NULL,
    "kind" "change_kind" NOT NULL,
    "changes" JSONB NOT NULL,
    "reason" TEXT NOT NULL,
    "problem" TEXT,
    "amount" DECIMAL(24,4),
    "currency" TEXT,
    "hash" TEXT,

    CONSTRAINT "planned_write_pkey" PRIMARY KEY ("id")
);

-- CreateIndex: one pass of a company at a time.
CREATE UNIQUE INDEX "planning_pass_open_key" ON "planning_pass"("company_id") WHERE "status" IN ('QUEUED', 'RUNNING');
CREATE INDEX "planning_pass_requested_idx" ON "planning_pass"("company_id", "requested_at" DESC, "id");
CREATE INDEX "planning_document_number_idx" ON "planning_document"("pass_id", "number");
CREATE INDEX "planning_document_customer_idx" ON "planning_document"("pass_id", "customer_id");
CREATE INDEX "planning_document_total_idx" ON "planning_document"("pass_id", "currency", "total");
CREATE INDEX "match_suggestion_score_idx" ON "match_suggestion"("pass_id", "score" DESC, "id");
CREATE INDEX "link_plan_company_idx" ON "link_plan"("company_id");
CREATE UNIQUE INDEX "planned_write_position_key" ON "planned_write"("pass_id", "position");
CREATE INDEX "planned_write_link_idx" ON "planned_write"("link_id");
CREATE INDEX "planned_write_reference_idx" ON "planned_write"("reference_id");

-- AddForeignKey
ALTER TABLE "planning_pass" ADD CONSTRAINT "planning_pass_company_id_fkey" FOREIGN KEY ("company_id") REFERENCES "company"("id") ON DELETE RESTRICT ON UPDATE CASCADE;
ALTER TABLE "planning_document" ADD CONSTRAINT "planning_document_pass_id_fkey" FOREIGN KEY ("pass_id") REFERENCES "planning_pass"("id") ON DELETE RESTRICT ON UPDATE CASCADE;
ALTER TABLE "match_suggestion" ADD CONSTRAINT "match_suggestion_pass_id_fkey" FOREIGN KEY ("pass_id") REFERENCES "planning_pass"("id") ON DELETE RESTRICT ON UPDATE CASCADE;
ALTER TABLE "link_plan" ADD CONSTRAINT "link_plan_link_id_fkey" FOREIGN KEY ("link_id") REFERENCES "link"("id") ON DELETE CASCADE ON UPDATE CASCADE;
ALTER TABLE "planned_write" ADD CONSTRAINT "planned_write_pass_id_fkey" FOREIGN KEY ("pass_id") REFERENCES "planning_pass"("id") ON DELETE RESTRICT ON UPDATE CASCADE;
ALTER TABLE "planned_write" ADD CONSTRAINT "planned_write_link_id_fkey" FOREIGN KEY ("link_id") REFERENCES "link"("id") ON DELETE SET NULL ON UPDATE CASCADE;
ALTER TABLE "planned_write" ADD CONSTRAINT "planned_write_reference_id_fkey" FOREIGN KEY ("reference_id") REFERENCES "reference"("id") ON DELETE SET NULL ON UPDATE CASCADE;
