import type { Company } from '#core/company/company.ts';
import type { AccountingSpelling, AccountingSystem } from './accounting-system.ts';
import type { InvoicingSpelling, InvoicingSystem } from './invoicing-system.ts';
import type { Lease } from './store.ts';

/** The two systems of a company, connected. */
export interface Sides {
  readonly spelling: AccountingSpelling;
  readonly invoicingSpelling: InvoicingSpelling;
  /** QuickBooks, called under the lease: no call leaves once somebody else holds it. */
  accounting(company: Company, lease: Lease): AccountingSystem;
  invoicing(company: Company): Promise<InvoicingSystem>;
}
