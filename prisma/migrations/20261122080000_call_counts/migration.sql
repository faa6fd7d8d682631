-- Calls to QuickBooks, counted before they leave, so that a successor knows what its company may still ask for
-- (architecture.md §5); and what a breaker that lets one link probe has to remember (architecture.md §3).

-- AlterTable
ALTER TABLE "company" ADD COLUMN "breaker_probing" BOOLEAN NOT NULL DEFAULT false;

-- CreateTable
CREATE TABLE "quickbooks_call" (
    "company_id" UUID NOT NULL,
    "second" TIMESTAMPTZ(0) NOT NULL,
    "calls" INTEGER NOT NULL,
    "reads" INTEGER NOT NULL,
    "batches" INTEGER NOT NULL,

    CONSTRAINT "quickbooks_call_pkey" PRIMARY KEY ("company_id", "second")
);

-- CreateTable
CREATE TABLE "quickbooks_reads" (
    "month" DATE NOT NULL,
    "company_id" UUID NOT NULL,
    "reads" INTEGER NOT NULL,

    CONSTRAINT "quickbooks_reads_pkey" PRIMARY KEY ("month", "company_id")
);

-- AddForeignKey
ALTER TABLE "quickbooks_call" ADD CONSTRAINT "quickbooks_call_company_id_fkey" FOREIGN KEY ("company_id") REFERENCES "company"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "quickbooks_reads" ADD CONSTRAINT "quickbooks_reads_company_id_fkey" FOREIGN KEY ("company_id") REFERENCES "company"("id") ON DELETE RESTRICT ON UPDATE CASCADE;
