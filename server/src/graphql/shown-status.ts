import { Prisma, type Direction } from '#generated/prisma/client.ts';
import type { InvoiceSyncStatusEnum } from './enums/invoice.ts';
import type { CompanyStatusEnum } from './enums/company.ts';

type InvoiceStatus = typeof InvoiceSyncStatusEnum.$inferType;
type CompanyStatus = typeof CompanyStatusEnum.$inferType;

/** A company that is paused both ways is paused; rows keep what the connection is, so that a lapse is noticed meanwhile. */
const isWholly = (paused: readonly Direction[]): boolean => paused.length === 2;

const whollyPaused = Prisma.sql`(SELECT "p"."id" FROM "company" AS "p" WHERE cardinality("p"."paused_directions") = 2)`;

export const shownCompanyStatus = (
  status: CompanyStatus,
  paused: readonly Direction[],
): CompanyStatus => (status === 'ACTIVE' && isWholly(paused) ? 'PAUSED' : status);

/** The same in SQL, of company "c". */
export const companyStatusSql = Prisma.sql`CASE WHEN "c"."status" = 'ACTIVE' AND cardinality("c"."paused_directions") = 2
  THEN 'PAUSED' ELSE "c"."status" END`;

/** What is under way is shown so first, then a pause of the invoice or of its company (architecture.md §4, "Status"). */
export const shownStatus = (status: InvoiceStatus, paused: readonly Direction[]): InvoiceStatus =>
  isWholly(paused) && status !== 'UNCERTAIN' && status !== 'IN_FLIGHT' ? 'PAUSED' : status;

/** The same in SQL, of link "l". */
export const invoiceStatusSql = Prisma.sql`CASE WHEN "l"."status" NOT IN ('UNCERTAIN', 'IN_FLIGHT') AND "l"."company_id" IN ${whollyPaused}
  THEN 'PAUSED' ELSE "l"."status" END`;

/** Why an invoice is shown paused and what happens next; null while it is not. */
export function whyShownPaused(
  status: InvoiceStatus,
  pausedBy: string | null,
  paused: readonly Direction[],
): string | null {
  if (shownStatus(status, paused) !== 'PAUSED') return null;
  if (status === 'PAUSED')
    return `Paused by ${pausedBy ?? 'a person'}; what changes meanwhile waits until it is restarted.`;
  return 'The company is paused; what changes meanwhile waits until it is restarted.';
}
