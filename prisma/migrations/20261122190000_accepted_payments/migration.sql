-- What both sides showed of an invoice's payments when a person discarded its dead letter: the next event that shows the same
-- raises nothing again (architecture.md section 4, "Discard and accept are remembered").
ALTER TABLE "link" ADD COLUMN "accepted_payments" JSONB;
