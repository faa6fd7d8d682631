-- A person said that the two documents are not one invoice: neither is paired or created again by itself (contract, unlinkInvoice).
ALTER TABLE "link" ADD COLUMN "unlinked_from" TEXT;

CREATE INDEX "link_unlinked_from_idx" ON "link" ("company_id", "unlinked_from") WHERE "unlinked_from" IS NOT NULL;
