-- Rules a company makes for its fields. A row is never deleted: its version goes on growing, and a rule that was taken back
-- or removed is one that says nothing. Until `in_force_at` what held before still holds.

-- CreateEnum
CREATE TYPE "field_rule" AS ENUM ('ASK', 'LATEST_WINS', 'INTERNAL_WINS', 'QUICKBOOKS_WINS', 'READ_ONLY');

-- CreateTable
CREATE TABLE "field_policy" (
    "id" UUID NOT NULL,
    "company_id" UUID NOT NULL,
    "pattern" TEXT NOT NULL,
    "version" INTEGER NOT NULL,
    "rule" "field_rule",
    "tolerance" DECIMAL(20,7),
    "former_rule" "field_rule",
    "former_tolerance" DECIMAL(20,7),
    "in_force_at" TIMESTAMPTZ(3) NOT NULL,
    "updated_at" TIMESTAMPTZ(3) NOT NULL,
    "updated_by" JSONB NOT NULL,

    CONSTRAINT "field_policy_pkey" PRIMARY KEY ("id")
);

-- CreateIndex
CREATE UNIQUE INDEX "field_policy_pattern_key" ON "field_policy"("company_id", "pattern");

-- AddForeignKey
ALTER TABLE "field_policy" ADD CONSTRAINT "field_policy_company_id_fkey" FOREIGN KEY ("company_id") REFERENCES "company"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- How often a rule decided in the last 30 days.
CREATE INDEX "conflict_resolved_idx" ON "conflict" ("company_id", "ended_at") WHERE "status" = 'RESOLVED';
