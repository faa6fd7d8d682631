-- Counts what QuickBooks told of an invoice, so that a crossing that ends knows whether what it read is old by then. News of
-- internal invoicing, such as the echo of our own write there, makes the link due and leaves what was read of QuickBooks fresh.
ALTER TABLE "link" ADD COLUMN "quickbooks_news" INTEGER NOT NULL DEFAULT 0;
