import type { CompanyId } from '#core/brand.ts';

/** Wakes a worker for a company; a lost ring costs at most one sweep, never work. */
export interface Doorbell {
  /** Rung after commit; rings of the same company within a few ms become one. `afterMs` for later. */
  ring(companyId: CompanyId, afterMs?: number): void;
}
