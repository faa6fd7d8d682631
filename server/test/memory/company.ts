import type { SeededRandom } from '../../simulator/control/random.ts';
import { brandDecimal, toCompanyId, type CompanyId } from '#core/brand.ts';
import type { Company } from '#core/company/company.ts';
import type { Ids } from '#ports/ids.ts';

export const companyId = toCompanyId('company');

/** The one company of a memory world, live and without facts of its QuickBooks. */
export const companyOf = (id: CompanyId): Company => ({
  id,
  name: 'Acme Books',
  mode: 'LIVE',
  status: 'ACTIVE',
  realmId: '9130000000000001',
  settings: {
    createMissingReferences: true,
    importFromQuickbooks: false,
    goLiveDate: null,
    taxVarianceTolerance: brandDecimal('0.05'),
    undoWindowSeconds: 20,
    markDocuments: true,
    incomeAccountId: null,
  },
  facts: null,
  restoredOn: null,
  holdsWrites: false,
});

/** Ids in the order they are drawn, and chance from the seed. */
export function seededIds(random: SeededRandom): Ids {
  let count = 0;
  return {
    next: () => {
      count += 1;
      return `00000000-0000-7000-8000-${count.toString(16).padStart(12, '0')}`;
    },
    chance: () => random.next(),
  };
}
