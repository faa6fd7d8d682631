import type { CompanyId } from '#core/brand.ts';
import type { NumberHolder } from '#core/resolution/check-values.ts';

/** Which invoice numbers are in use. */
export interface NumbersTaken {
  /** Documents of other links that have one of these numbers on their side, as seen last; deleted ones have none. */
  numbersTaken(
    companyId: CompanyId,
    numbers: readonly string[],
    exceptLinkId: string,
  ): Promise<readonly NumberHolder[]>;
}
