import { companyChanges, type CompanyObjects } from './company-load.ts';
import { demoHistory } from './demo-history.ts';
import { demoMasters } from './seed.ts';
import { demoRealm, secondRealm, type QuickBooksSimulator } from './simulator.ts';

export type ResetWish = { readonly seed: string; readonly history: boolean };

/** Fresh companies and honest controls; the same seed on the same day gives the same companies. */
export function resetSimulator(simulator: QuickBooksSimulator, wish: ResetWish): void {
  simulator.resetControls();
  for (const realm of simulator.realms()) simulator.replaceCompany(realm, []);
  seedSimulator(simulator, wish);
}

/** The demo company, and a second one whose ids are the same: mirrors must tell them apart (quickbooks.md §1.1). */
export function seedSimulator(simulator: QuickBooksSimulator, { seed, history }: ResetWish): void {
  for (const realm of [demoRealm, secondRealm]) {
    simulator.replaceCompany(realm, companyChanges(realm, demoMasters(simulator.nowMs)));
    if (history) demoHistory(simulator, realm, `${seed} ${realm}`);
  }
}

/** A recorded company in the place of the demo company. */
export function seedRecorded(simulator: QuickBooksSimulator, objects: CompanyObjects): void {
  simulator.replaceCompany(demoRealm, companyChanges(demoRealm, objects));
  simulator.replaceCompany(secondRealm, companyChanges(secondRealm, demoMasters(simulator.nowMs)));
}
