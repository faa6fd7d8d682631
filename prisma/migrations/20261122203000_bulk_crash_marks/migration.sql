-- An item of a bulk operation that kills its process is left alone after three times, as a link is (architecture.md section 3).
ALTER TABLE "bulk_item" ADD COLUMN "crash_marks" INTEGER NOT NULL DEFAULT 0;
