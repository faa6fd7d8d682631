-- Bulk operations are rows: the set of items is frozen when the operation is accepted, each item keeps what became of it,
-- and any worker goes on where another one stopped.

-- CreateEnum
CREATE TYPE "bulk_kind" AS ENUM ('REPLAY_DEAD_LETTERS', 'RESOLVE_CONFLICTS', 'APPLY_FIELD_POLICY', 'REPAIR_DRIFTS');

-- CreateEnum
CREATE TYPE "bulk_status" AS ENUM ('QUEUED', 'RUNNING', 'SUCCEEDED', 'PARTIAL', 'CANCELLED');

-- CreateEnum
CREATE TYPE "bulk_item_state" AS ENUM ('WAITING', 'SUCCEEDED', 'FAILED', 'SKIPPED');

-- CreateTable
CREATE TABLE "bulk_operation" (
    "id" UUID NOT NULL,
    "version" INTEGER NOT NULL DEFAULT 1,
    "kind" "bulk_kind" NOT NULL,
    "label" TEXT NOT NULL,
    "status" "bulk_status" NOT NULL DEFAULT 'QUEUED',
    "company_ids" UUID[] NOT NULL,
    "parameters" JSONB NOT NULL,
    "rate_per_minute" INTEGER NOT NULL,
    "total" INTEGER NOT NULL,
    "succeeded" INTEGER NOT NULL DEFAULT 0,
    "failed" INTEGER NOT NULL DEFAULT 0,
    "skipped" INTEGER NOT NULL DEFAULT 0,
    "caller" JSONB NOT NULL,
    "idempotency_key" TEXT NOT NULL,
    "correlation_id" TEXT NOT NULL,
    "next_at" TIMESTAMPTZ(3) NOT NULL,
    "told_at" TIMESTAMPTZ(3) NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "finished_at" TIMESTAMPTZ(3),

    CONSTRAINT "bulk_operation_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "bulk_item" (
    "operation_id" UUID NOT NULL,
    "position" INTEGER NOT NULL,
    "company_id" UUID NOT NULL,
    "subject_id" UUID NOT NULL,
    "subject_version" INTEGER NOT NULL,
    "state" "bulk_item_state" NOT NULL DEFAULT 'WAITING',
    "message" TEXT,
    "ended_at" TIMESTAMPTZ(3),

    CONSTRAINT "bulk_item_pkey" PRIMARY KEY ("operation_id","position")
);

-- CreateIndex
CREATE INDEX "bulk_operation_created_idx" ON "bulk_operation"("created_at" DESC, "id");

-- CreateIndex
CREATE UNIQUE INDEX "bulk_item_subject_key" ON "bulk_item"("operation_id", "subject_id");

-- AddForeignKey
ALTER TABLE "bulk_item" ADD CONSTRAINT "bulk_item_operation_id_fkey" FOREIGN KEY ("operation_id") REFERENCES "bulk_operation"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- Only what is still to do is looked for, again and again.
CREATE INDEX "bulk_operation_next_idx" ON "bulk_operation" ("next_at") WHERE "status" IN ('QUEUED', 'RUNNING');
CREATE INDEX "bulk_item_waiting_idx" ON "bulk_item" ("operation_id", "position") WHERE "state" = 'WAITING';
CREATE INDEX "bulk_item_failed_idx" ON "bulk_item" ("operation_id", "position") WHERE "state" = 'FAILED';

ALTER TABLE "bulk_operation" ADD CONSTRAINT "bulk_operation_counts" CHECK ("succeeded" + "failed" + "skipped" <= "total");
