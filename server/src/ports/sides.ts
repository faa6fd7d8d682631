import type { Company } from '#core/company/company.ts';
import type { AccountingSpelling, AccountingSystem } from './accounting-system.ts';
import type { InvoicingSpelling, InvoicingSystem } from './invoicing-system.ts';

/** The two systems of a company, connected. */
export interface Sides {
  readonly spelling: AccountingSpelling;
  readonly invoicingSpelling: InvoicingSpelling;
  accounting(company: Company): AccountingSystem;
  invoicing(company: Company): Promise<InvoicingSystem>;
}
