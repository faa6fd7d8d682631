-- People pair records of the two sides, or have the bridge make one; invoices that wait for a record name it, so that they
-- go on by themselves once it is there.

-- CreateEnum
CREATE TYPE "reference_request" AS ENUM ('CHECK', 'MAKE');

-- AlterTable
ALTER TABLE "reference" ADD COLUMN "request" "reference_request";

-- AlterTable
ALTER TABLE "dead_letter" ADD COLUMN "waits_for" TEXT[] DEFAULT ARRAY[]::TEXT[];

-- Few dead letters are open, fewer wait for a record; those are looked through at the end of every drain.
CREATE INDEX "dead_letter_waiting_idx" ON "dead_letter" ("company_id") WHERE "status" = 'OPEN' AND "waits_for" <> '{}';
CREATE INDEX "dead_letter_waits_for_idx" ON "dead_letter" USING gin ("waits_for") WHERE "status" = 'OPEN';
