-- How far the change poll has read each side of a company, and when it reads on (architecture.md §5). The rows are born
-- with the company; a company that was there before starts at the moment of this migration: its history is not imported.

-- CreateTable
CREATE TABLE "watermark" (
    "company_id" UUID NOT NULL,
    "side" "side" NOT NULL,
    "since" TIMESTAMPTZ(3) NOT NULL,
    "starts_at" TIMESTAMPTZ(3) NOT NULL,
    "due_at" TIMESTAMPTZ(3) NOT NULL,
    "polled_at" TIMESTAMPTZ(3),

    CONSTRAINT "watermark_pkey" PRIMARY KEY ("company_id", "side")
);

-- AddForeignKey
ALTER TABLE "watermark" ADD CONSTRAINT "watermark_company_id_fkey" FOREIGN KEY ("company_id") REFERENCES "company"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

INSERT INTO "watermark" ("company_id", "side", "since", "starts_at", "due_at")
SELECT "company"."id", "sides"."side", clock_timestamp(), clock_timestamp(), clock_timestamp()
FROM "company" CROSS JOIN unnest(enum_range(NULL::"side")) AS "sides"("side");
