-- Last time internal invoicing told us anything by webhook; QuickBooks has its own column.
ALTER TABLE "company" ADD COLUMN "last_internal_webhook_at" TIMESTAMPTZ(3);
