-- Every reconcile is a run that a person can see (architecture.md section 5): the regular poll leaves a row too, with what it
-- looked at, what it cost and what it found. Polls in a row that found nothing share one.
CREATE TYPE "reconcile_trigger" AS ENUM ('POLL', 'DAILY', 'PERSON');

ALTER TABLE "reconcile_run"
  ADD COLUMN "trigger" "reconcile_trigger" NOT NULL DEFAULT 'PERSON',
  ADD COLUMN "polls" INTEGER NOT NULL DEFAULT 0,
  ADD COLUMN "quickbooks_reads" INTEGER NOT NULL DEFAULT 0,
  ADD COLUMN "changes" INTEGER NOT NULL DEFAULT 0;

UPDATE "reconcile_run" SET "trigger" = 'DAILY' WHERE "started_by"->>'kind' = 'system';

-- The newest poll, and those that are too old to keep.
CREATE INDEX "reconcile_run_poll_idx" ON "reconcile_run"("company_id", "started_at" DESC) WHERE "trigger" = 'POLL';
