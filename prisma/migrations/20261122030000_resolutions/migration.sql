-- Conflicts are settled by people: what was decided, from when on it may cross, and what the lists are sorted and searched by.
ALTER TABLE "conflict"
    ADD COLUMN "amount_at_stake" DECIMAL(24,4) NOT NULL DEFAULT 0,
    ADD COLUMN "pattern" TEXT NOT NULL DEFAULT '',
    ADD COLUMN "paths" TEXT[] NOT NULL DEFAULT ARRAY[]::TEXT[],
    ADD COLUMN "resolution" JSONB,
    ADD COLUMN "apply_after" TIMESTAMPTZ(3),
    ADD COLUMN "kept" JSONB;

-- CreateIndex
CREATE INDEX "conflict_stake_idx" ON "conflict"("company_id", "status", "amount_at_stake" DESC, "id");

-- CreateIndex
CREATE INDEX "conflict_pattern_idx" ON "conflict"("company_id", "pattern", "status");
