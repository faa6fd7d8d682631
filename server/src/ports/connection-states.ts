import type { CompanyId } from '#core/brand.ts';
import type { ConnectionState } from '#core/onboarding/findings.ts';

/** What is stored about the connection of a company. */
export interface ConnectionStates {
  of(companyId: CompanyId): Promise<ConnectionState | null>;
}
