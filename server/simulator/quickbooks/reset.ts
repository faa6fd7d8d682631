import { companyChanges, readCompanyFolder } from './company-load.ts';
import { demoHistory } from './demo-history.ts';
import { demoMasters } from './seed.ts';
import { demoRealm, secondRealm, type QuickBooksSimulator } from './simulator.ts';

export type CompanyWish = {
  readonly seed: string;
  /** A year of invoices in the demo company. */
  readonly history: boolean;
  /** A folder of recorded objects in the place of the demo company. */
  readonly seedDir: string | undefined;
};

/** Fresh companies and honest controls; the same seed on the same day gives the same companies. */
export function resetSimulator(simulator: QuickBooksSimulator, wish: CompanyWish): void {
  simulator.resetControls();
  for (const realm of simulator.realms()) simulator.replaceCompany(realm, []);
  seedSimulator(simulator, wish);
}

/** The demo company, and a second one whose ids are the same: mirrors must tell them apart (quickbooks.md §1.1). */
export function seedSimulator(simulator: QuickBooksSimulator, wish: CompanyWish): void {
  const recorded = wish.seedDir === undefined ? undefined : readCompanyFolder(wish.seedDir);
  for (const realm of [demoRealm, secondRealm]) {
    const isRecorded = recorded !== undefined && realm === demoRealm;
    const objects = isRecorded ? recorded : demoMasters(simulator.nowMs);
    simulator.replaceCompany(realm, companyChanges(realm, objects));
    if (wish.history && !isRecorded) demoHistory(simulator, realm, `${wish.seed} ${realm}`);
  }
}
