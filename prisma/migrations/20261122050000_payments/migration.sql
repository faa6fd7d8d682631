-- Payments cross as records of their own (architecture.md section 4, "Payments"): which internal payment is which
-- application of a QuickBooks payment, with what each showed when they last agreed; and QuickBooks' payments as last seen,
-- so that one over three invoices is read once and not three times.

-- CreateEnum
CREATE TYPE "payment_state" AS ENUM ('PAIRED', 'ENDED');

-- CreateTable
CREATE TABLE "payment" (
    "id" UUID NOT NULL,
    "company_id" UUID NOT NULL,
    "link_id" UUID NOT NULL,
    "version" INTEGER NOT NULL DEFAULT 1,
    "key" TEXT NOT NULL,
    "state" "payment_state" NOT NULL DEFAULT 'PAIRED',
    "internal_id" TEXT NOT NULL,
    "quickbooks_id" TEXT NOT NULL,
    "base_internal" JSONB NOT NULL,
    "base_quickbooks" JSONB NOT NULL,
    "made_in" "side",
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "ended_at" TIMESTAMPTZ(3),

    CONSTRAINT "payment_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "quickbooks_payment" (
    "company_id" UUID NOT NULL,
    "quickbooks_id" TEXT NOT NULL,
    "content" JSONB NOT NULL,
    "raw" JSONB NOT NULL,
    "fresh" BOOLEAN NOT NULL DEFAULT true,
    "captured_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "quickbooks_payment_pkey" PRIMARY KEY ("company_id", "quickbooks_id")
);

-- CreateIndex
CREATE INDEX "payment_link_idx" ON "payment"("link_id");

-- CreateIndex
CREATE INDEX "payment_quickbooks_idx" ON "payment"("company_id", "quickbooks_id");

-- AddForeignKey
ALTER TABLE "payment" ADD CONSTRAINT "payment_company_id_fkey" FOREIGN KEY ("company_id") REFERENCES "company"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "payment" ADD CONSTRAINT "payment_link_id_fkey" FOREIGN KEY ("link_id") REFERENCES "link"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "quickbooks_payment" ADD CONSTRAINT "quickbooks_payment_company_id_fkey" FOREIGN KEY ("company_id") REFERENCES "company"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- One internal payment, and what one QuickBooks payment gives to one invoice, are paired once at a time.
CREATE UNIQUE INDEX "payment_internal_key" ON "payment"("company_id", "internal_id") WHERE "state" = 'PAIRED';
CREATE UNIQUE INDEX "payment_application_key" ON "payment"("link_id", "quickbooks_id") WHERE "state" = 'PAIRED';
